"""The outbox of a challenge: batches that are held, on their way or out, and each mail with what became of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.forms.mails import HeldMailForm, ReleaseForm
from app.challenges.models import Challenge
from app.challenges.queries.outbox import STATES, count_unreadable, get_outbox_mail, list_outbox
from app.challenges.views.blueprint import bp
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.models import MailBatch
from app.mail.queries import BatchLine, Delivery, get_batch, list_batches
from app.mail.rendering import body_of, without_secrets
from app.mail.rules import why_not_edit_mail
from app.mail.wording import as_markdown
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.pagination import Page, asked_page


def _managed_or_404(challenge_id: UUID) -> tuple[Challenge, User]:
    user = signed_in_user()
    return queries.get_managed_challenge_for(user, challenge_id) or abort(404), user


def _batch_or_404(challenge: Challenge, batch_id: UUID) -> BatchLine:
    return get_batch(challenge.id, batch_id) or abort(404)


def _mail_or_404(challenge: Challenge, mail_id: UUID) -> Delivery:
    return get_outbox_mail(challenge, mail_id, now()) or abort(404)


@bp.get("/manage/<uuid:challenge_id>/mails")
@access(signed_in)
def list_mails(challenge_id: UUID) -> str:
    challenge, user = _managed_or_404(challenge_id)
    state, text, page = request.args.get("state", ""), request.args.get("q", "").strip()[:100], Page(asked_page(), 0)
    state = state if state in STATES else ""
    found, total = list_outbox(challenge, now(), state=state, text=text, offset=page.offset, limit=page.per_page)
    return render_template(
        "challenges/mails/list_mails.html", challenge=challenge, batches=list_batches(challenge.id), deliveries=found,
        page=Page(page.number, total), state=state, states=STATES, text=text, unreadable=count_unreadable(challenge, now()),
        why=rules.why_not_organize(challenge, user),
    )  # fmt: skip


@bp.get("/manage/<uuid:challenge_id>/mails/batches/<uuid:batch_id>")
@access(signed_in)
def show_batch(challenge_id: UUID, batch_id: UUID) -> Response:
    challenge, user = _managed_or_404(challenge_id)
    return _show_batch(challenge, user, _batch_or_404(challenge, batch_id), ReleaseForm(formdata=None))


def _show_batch(challenge: Challenge, user: User, line: BatchLine, form: ReleaseForm, *, status: int = 200) -> Response:
    page = Page(asked_page(), 0)
    found, total = list_outbox(challenge, now(), batch_id=line.batch.id, offset=page.offset, limit=page.per_page)
    html = render_template(
        "challenges/mails/show_batch.html", challenge=challenge, line=line, deliveries=found, page=Page(page.number, total),
        form=form, why=rules.why_not_organize(challenge, user),
    )  # fmt: skip
    return make_response(html, status)


@bp.post("/manage/<uuid:challenge_id>/mails/batches/<uuid:batch_id>/release")
@access(signed_in)
def release_mails(challenge_id: UUID, batch_id: UUID) -> Response:
    challenge, user = _managed_or_404(challenge_id)
    line, form = _batch_or_404(challenge, batch_id), ReleaseForm()
    try:
        at = _asked_time(form, challenge) if "later" in request.form else None
        count = services.release_mails(challenge, line.batch, at=at, actor=user, now=now())
    except RuleBroken as refused:
        db.session.rollback()
        challenge, user = _managed_or_404(challenge_id)
        form.add_error(refused.field, refused.sentence)
        return _show_batch(challenge, user, _batch_or_404(challenge, batch_id), form, status=422)
    db.session.commit()
    flash(
        ngettext("%(num)d mail goes out at that time.", "%(num)d mails go out at that time.", count)
        if at
        else ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", count),
        "success",
    )
    return redirect(url_for(".show_batch", challenge_id=challenge_id, batch_id=batch_id), code=303)


def _asked_time(form: ReleaseForm, challenge: Challenge) -> datetime:
    """The posted moment in the challenge's zone. Raises RuleBroken for what is no moment."""
    moment: datetime | None = form.at.data
    if moment is None:
        raise RuleBroken(_("This is not a date with a time. Write it as 2022-09-30T17:00."), field="at")
    return moment.replace(tzinfo=ZoneInfo(challenge.timezone))


def _with_batch(
    challenge_id: UUID, batch_id: UUID, act: Callable[[Challenge, MailBatch, User], object], done: str
) -> Response:
    challenge, user = _managed_or_404(challenge_id)
    act(challenge, _batch_or_404(challenge, batch_id).batch, user)
    db.session.commit()
    flash(done, "success")
    return redirect(url_for(".show_batch", challenge_id=challenge_id, batch_id=batch_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/mails/batches/<uuid:batch_id>/hold")
@access(signed_in)
def hold_mails_again(challenge_id: UUID, batch_id: UUID) -> Response:
    return _with_batch(
        challenge_id, batch_id,
        lambda challenge, batch, user: services.hold_mails_again(challenge, batch, actor=user, now=now()),
        _("The mails are held again; nothing goes out."),
    )  # fmt: skip


@bp.post("/manage/<uuid:challenge_id>/mails/batches/<uuid:batch_id>/discard")
@access(signed_in)
def discard_mails(challenge_id: UUID, batch_id: UUID) -> Response:
    return _with_batch(
        challenge_id, batch_id,
        lambda challenge, batch, user: services.discard_mails(challenge, batch, actor=user, now=now()),
        _("The mails are discarded and will never go out."),
    )  # fmt: skip


@bp.route("/manage/<uuid:challenge_id>/mails/<uuid:mail_id>", methods=["GET", "POST"])
@access(signed_in)
def show_mail(challenge_id: UUID, mail_id: UUID) -> Response:
    """One mail, what became of it, and while it is held its words to be changed (POST)."""
    challenge, user = _managed_or_404(challenge_id)
    delivery, form, status = _mail_or_404(challenge, mail_id), HeldMailForm(), 200
    if request.method == "POST":
        subject, body = form.subject.data or "", form.body.data or ""
        try:
            services.edit_held_mail(challenge, delivery.mail, subject=subject, body=body, actor=user, now=now())
        except RuleBroken as refused:
            db.session.rollback()
            challenge, user = _managed_or_404(challenge_id)
            delivery, status = _mail_or_404(challenge, mail_id), 422
            form.add_error(refused.field, refused.sentence)
        else:
            db.session.commit()
            flash(_("This mail has its new words."), "success")
            return redirect(url_for(".show_mail", challenge_id=challenge_id, mail_id=mail_id), code=303)
    else:
        form.subject.data, form.body.data = delivery.mail.subject, as_markdown(body_of(delivery.mail.html))
    page = render_template(
        "challenges/mails/show_mail.html", challenge=challenge, delivery=delivery, mail=delivery.mail, form=form,
        text=without_secrets(delivery.mail.text), why=rules.why_not_organize(challenge, user),
        why_not_edit=why_not_edit_mail(delivery.mail),
    )  # fmt: skip
    return make_response(page, status)


def _with_mail(
    challenge_id: UUID, mail_id: UUID, act: Callable[[Challenge, Delivery, User], object], done: str
) -> Response:
    """Do `act`, then go back to the batch that the mail is in, or to the mail."""
    challenge, user = _managed_or_404(challenge_id)
    delivery = _mail_or_404(challenge, mail_id)
    batch_id = delivery.mail.batch_id
    act(challenge, delivery, user)
    db.session.commit()
    flash(done, "success")
    target = (
        url_for(".show_batch", challenge_id=challenge_id, batch_id=batch_id)
        if batch_id
        else url_for(".show_mail", challenge_id=challenge_id, mail_id=mail_id)
    )
    return redirect(target, code=303)


@bp.post("/manage/<uuid:challenge_id>/mails/<uuid:mail_id>/exclude")
@access(signed_in)
def exclude_mail(challenge_id: UUID, mail_id: UUID) -> Response:
    excluded = request.form.get("excluded") != "no"
    return _with_mail(
        challenge_id, mail_id,
        lambda challenge, one, user: services.exclude_held_mail(challenge, one.mail, excluded=excluded, actor=user, now=now()),
        _("The mail is taken out and does not go with the others.") if excluded else _("The mail goes with the others again."),
    )  # fmt: skip


@bp.post("/manage/<uuid:challenge_id>/mails/<uuid:mail_id>/again")
@access(signed_in)
def send_mail_again(challenge_id: UUID, mail_id: UUID) -> Response:
    return _with_mail(
        challenge_id, mail_id,
        lambda challenge, one, user: services.send_mail_again(challenge, one.mail, actor=user, now=now()),
        _("The mail is on its way again."),
    )  # fmt: skip
