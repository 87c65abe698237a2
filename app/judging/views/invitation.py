"""Answering an invitation to judge, by its link."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.queries import has_account
from app.accounts.session import begin_session, user_or_none
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.forms import AnswerAsNewForm, AnswerForm
from app.judging.models import Judge
from app.judging.people.queries import pledge_text
from app.judging.people.services import pledge_sha256
from app.judging.views import bp
from app.web.access import access, anyone
from app.web.clock import now
from app.web.filters import current_language


@bp.route("/judging/invitations/<token>", methods=["GET", "POST"])
@access(anyone)
def answer_invitation(token: str) -> Any:
    """Opening the link changes nothing; the buttons do. The link proves the address, so an account made here is confirmed."""
    judge = queries.get_invitation(token) or abort(404)
    user = user_or_none()
    known = user is not None or has_account(judge.email)
    form = AnswerForm() if known else AnswerAsNewForm(data={"name": judge.name})
    if request.method == "GET":
        return _page(judge, form, known=known)
    if request.form.get("answer") == "decline":
        return _decline(judge, form, known=known)
    if user is None and known:
        return redirect(url_for("accounts.sign_in", next=request.path), code=303)
    if not form.validate():
        return _page(judge, form, known=known), 422
    try:
        accepted = _accept(judge, user, form)
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(judge, form, known=known), 422
    db.session.commit()
    if user is None:
        begin_session(accepted)
    flash(_("Thank you. You are a judge of this challenge."), "success")
    return redirect(url_for(".show_queue", challenge_id=judge.challenge_id), code=303)


def _accept(judge: Judge, user: User | None, form: AnswerForm | AnswerAsNewForm) -> User:
    if user is None and isinstance(form, AnswerAsNewForm):
        return services.accept_as_new(
            judge,
            name=form.name.data or "",
            password=form.password.data or "",
            language=current_language(),
            now=now(),
            shown_sha256=request.form.get("shown"),
        )
    actor = user or abort(404)
    services.accept_invitation(judge, actor=actor, now=now(), shown_sha256=request.form.get("shown"))
    return actor


def _decline(judge: Judge, form: AnswerForm | AnswerAsNewForm, *, known: bool) -> Any:
    try:
        services.decline_invitation(judge, actor=user_or_none(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(judge, form, known=known), 422
    db.session.commit()
    return _page(judge, form, known=known)


def _page(judge: Judge, form: AnswerForm | AnswerAsNewForm, *, known: bool) -> str:
    user = user_or_none()
    pledge = pledge_text(judge.challenge)
    return render_template(
        "judging/answer_invitation.html",
        judge=judge,
        challenge=judge.challenge,
        form=form,
        known=known,
        pledge=pledge,
        shown=pledge_sha256(pledge),
        over=rules.why_not_answer_invitation(judge, now()),
        why_not=rules.why_not_accept(judge, user, now()) if user else None,
        ends_at=judge.invited_at + rules.INVITATION_VALID,
        mine=user is not None and judge.user_id == user.id,
    )
