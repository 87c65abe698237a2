"""Questions and answers: the page on which one asks, and the organizer's pages on which they are answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.challenges import inquiry_rules as rules
from app.challenges import queries, services
from app.challenges.forms.inquiries import AnswerForm, AskForm, UntilForm
from app.challenges.models import Challenge, Inquiry
from app.challenges.queries import inquiries as inquiry_queries
from app.challenges.rules import is_public
from app.challenges.states import InquiryState
from app.challenges.views.blueprint import bp
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import local
from app.web.forms import choices
from app.web.limits import Throttle
from app.web.panels import panel

ASKING = Throttle("questions", per_account="10 per hour", per_address="60 per hour")


@bp.route("/challenges/<slug>/questions", methods=["GET", "POST"])
@access(signed_in)
def ask_question(slug: str) -> Response:
    """One's own questions with what became of them, and the form for another."""
    challenge, user = queries.get_public_challenge(slug) or abort(404), signed_in_user()
    form, status = AskForm(), 200
    if request.method == "POST":
        try:
            _throttle(user)
            services.ask_question(challenge, form.text.data or "", actor=user, now=now())
        except RuleBroken as refused:
            db.session.rollback()
            challenge, user, status = queries.get_public_challenge(slug) or abort(404), signed_in_user(), 422
            form.add_error(refused.field, refused.sentence)
        else:
            db.session.commit()
            flash(_("Your question is with the organizer. You are told by mail once it is answered."), "success")
            return redirect(url_for(".ask_question", slug=slug), code=303)
    own = inquiry_queries.list_own_inquiries(challenge.id, user)
    waiting = sum(inquiry.state is InquiryState.OPEN for inquiry in own)
    page = render_template(
        "challenges/questions/ask.html", challenge=challenge, form=form, own=own, until=rules.asked_until(challenge),
        why=rules.why_not_ask(challenge, user, now(), waiting=waiting), accent_organization=challenge.host,
        answered={inquiry.id: inquiry for inquiry in inquiry_queries.list_answered(challenge.id)},
    )  # fmt: skip
    return make_response(page, status)


def _throttle(user: User) -> None:
    if ASKING.hit(str(user.id)) is not None:
        raise RuleBroken(_("You have asked much within a short time. Your text stays here; send it a little later."))


def _managed_or_404(challenge_id: UUID) -> tuple[Challenge, User]:
    user = signed_in_user()
    return queries.get_managed_challenge_for(user, challenge_id) or abort(404), user


@bp.route("/manage/<uuid:challenge_id>/questions", methods=["GET", "POST"])
@access(signed_in)
def list_inquiries(challenge_id: UUID) -> Response:
    """All questions, without their askers; POST sets until when they are taken."""
    challenge, user = _managed_or_404(challenge_id)
    form, status, zone = UntilForm(), 200, ZoneInfo(challenge.timezone)
    if request.method == "POST":
        try:
            services.set_questions_until(challenge, _asked_time(form, zone), actor=user, now=now())
        except RuleBroken as refused:
            db.session.rollback()
            challenge, user = _managed_or_404(challenge_id)
            form.add_error(refused.field, refused.sentence)
            status = 422
        else:
            db.session.commit()
            flash(_("The date is set."), "success")
            return redirect(url_for(".list_inquiries", challenge_id=challenge_id), code=303)
    elif challenge.questions_until is not None:
        form.until.data = challenge.questions_until.astimezone(zone).replace(tzinfo=None)
    page = render_template(
        "challenges/questions/list.html", challenge=challenge, inquiries=inquiry_queries.list_inquiries(challenge.id), form=form,
        why=rules.why_not_handle(challenge, user), until=rules.asked_until(challenge),
    )  # fmt: skip
    return make_response(page, status)


def _asked_time(form: UntilForm, zone: ZoneInfo) -> datetime | None:
    moment: datetime | None = form.until.data
    if moment is None:
        if (form.until.raw_data or [""])[0]:
            raise RuleBroken(_("This is not a date with a time. Write it as 2022-09-30T17:00."), field="until")
        return None
    return moment.replace(tzinfo=zone)


@bp.route("/manage/<uuid:challenge_id>/questions/<uuid:inquiry_id>", methods=["GET", "POST"])
@access(signed_in)
def answer_question(challenge_id: UUID, inquiry_id: UUID) -> Response:
    """One question with the ways to handle it; POST publishes the answer."""
    return _handle(challenge_id, inquiry_id, _answer, _("The answer is published; the one who asked is told by mail."))


@bp.post("/manage/<uuid:challenge_id>/questions/<uuid:inquiry_id>/merge")
@access(signed_in)
def merge_question(challenge_id: UUID, inquiry_id: UUID) -> Response:
    return _handle(challenge_id, inquiry_id, _merge, _("The one who asked is pointed to that answer by mail."))


@bp.post("/manage/<uuid:challenge_id>/questions/<uuid:inquiry_id>/decline")
@access(signed_in)
def decline_question(challenge_id: UUID, inquiry_id: UUID) -> Response:
    return _handle(
        challenge_id, inquiry_id, _decline, _("The one who asked is told the reason by mail; nobody else is.")
    )


def _answer(challenge: Challenge, inquiry: Inquiry, form: AnswerForm, user: User) -> None:
    published = Bilingual(form.published_ko.data or "", form.published_en.data or "")
    answer = Bilingual(form.answer_ko.data or "", form.answer_en.data or "")
    services.answer_question(
        challenge, inquiry, published=published, answer=answer, seen=form.seen.data or 0, actor=user, now=now()
    )  # fmt: skip


def _merge(challenge: Challenge, inquiry: Inquiry, form: AnswerForm, user: User) -> None:
    answered = inquiry_queries.list_answered(challenge.id)
    into = next((other for other in answered if str(other.id) == form.into.data), None)
    services.merge_question(challenge, inquiry, into, seen=form.seen.data or 0, actor=user, now=now())


def _decline(challenge: Challenge, inquiry: Inquiry, form: AnswerForm, user: User) -> None:
    services.decline_question(
        challenge, inquiry, form.reason.data or "", seen=form.seen.data or 0, actor=user, now=now()
    )  # fmt: skip


def _handle(
    challenge_id: UUID, inquiry_id: UUID, act: Callable[[Challenge, Inquiry, AnswerForm, User], None], done: str
) -> Response:  # fmt: skip
    challenge, user = _managed_or_404(challenge_id)
    inquiry = inquiry_queries.get_inquiry(challenge.id, inquiry_id) or abort(404)
    form, status = AnswerForm(), 200
    if request.method == "POST":
        try:
            act(challenge, inquiry, form, user)
        except (RuleBroken, StaleEdit) as refused:
            db.session.rollback()
            challenge, user = _managed_or_404(challenge_id)
            inquiry = inquiry_queries.get_inquiry(challenge.id, inquiry_id) or abort(404)
            status = _say(form, refused)
        else:
            db.session.commit()
            flash(done, "success")
            return redirect(url_for(".list_inquiries", challenge_id=challenge_id), code=303)
    else:
        _fill(form, inquiry)
    return make_response(_page(challenge, user, inquiry, form), status)


def _say(form: AnswerForm, refused: RuleBroken | StaleEdit) -> int:
    if isinstance(refused, StaleEdit):
        form.add_error(
            None,
            _(
                "A colleague has handled this question meanwhile. Your words stay here; see what stands now, then decide."
            ),
        )
        return 409
    form.add_error(refused.field, refused.sentence)
    return 422


def _fill(form: AnswerForm, inquiry: Inquiry) -> None:
    """What stands in public, or the question as it was asked, to begin from."""
    if inquiry.state is InquiryState.ANSWERED:
        form.published_ko.data, form.published_en.data = inquiry.published.ko, inquiry.published.en
        form.answer_ko.data, form.answer_en.data = inquiry.answer.ko, inquiry.answer.en
    else:
        form[f"published_{inquiry.language}"].data = inquiry.text
        form.reason.data = inquiry.reason


def _page(challenge: Challenge, user: User, inquiry: Inquiry, form: AnswerForm) -> str:
    others = [one for one in inquiry_queries.list_answered(challenge.id) if one.id != inquiry.id]
    form.into.choices = choices(
        [("", "–"), *((str(one.id), f"{one.number}. {local(one.published)[:80]}") for one in others)]
    )
    return render_template(
        "challenges/questions/answer.html", challenge=challenge, inquiry=inquiry, form=form, others=others,
        why=rules.why_not_handle(challenge, user), limit=rules.ANSWER_LIMIT,
    )  # fmt: skip


@panel("challenge.managed")
def questions_waiting(challenge: Any) -> str:
    """How many questions wait, on the organizer's overview."""
    if not is_public(challenge):
        return ""
    count = inquiry_queries.count_open(challenge.id)
    return render_template("challenges/questions/_panel.html", challenge=challenge, count=count) if count else ""
