"""Answering an invitation to judge, by its link."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import user_or_none
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.forms import AnswerForm
from app.judging.models import Judge
from app.judging.views import bp
from app.web.access import access, anyone
from app.web.clock import now


@bp.route("/judging/invitations/<token>", methods=["GET", "POST"])
@access(anyone)
def answer_invitation(token: str) -> Any:
    judge = queries.get_invitation(token) or abort(404)
    user = user_or_none()
    form = AnswerForm()
    if request.method == "POST" and request.form.get("answer") == "decline":
        return _decline(judge, form, token)
    if request.method == "POST":
        if user is None:
            return redirect(url_for("accounts.sign_in", next=request.path), code=303)
        if not form.validate():
            return _page(judge, form, token), 422
        try:
            services.accept_invitation(judge, actor=user, now=now())
        except RuleBroken as refusal:
            db.session.rollback()
            form.add_error(refusal.field, refusal.sentence)
            return _page(judge, form, token), 422
        db.session.commit()
        flash(_("Thank you. You are a judge of this challenge."), "success")
        return redirect(url_for(".show_queue", challenge_id=judge.challenge_id), code=303)
    return _page(judge, form, token)


def _decline(judge: Judge, form: AnswerForm, token: str) -> Any:
    try:
        services.decline_invitation(judge, actor=user_or_none(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(judge, form, token), 422
    db.session.commit()
    return _page(judge, form, token)


def _page(judge: Judge, form: AnswerForm, token: str) -> str:
    user = user_or_none()
    return render_template(
        "judging/answer_invitation.html",
        judge=judge,
        challenge=judge.challenge,
        form=form,
        token=token,
        over=rules.why_not_answer_invitation(judge, now()),
        why_not=rules.why_not_accept(judge, user, now()) if user else None,
        ends_at=judge.invited_at + rules.INVITATION_VALID,
        mine=user is not None and judge.user_id == user.id,
    )
