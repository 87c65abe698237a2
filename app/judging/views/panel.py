"""The committee: who is invited, what they answered, and taking somebody out."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.conflicts.queries import suggested_pairs
from app.judging.forms import InviteForm
from app.judging.models import Judge
from app.judging.people.queries import list_profiles, newest_pledge, signed_versions
from app.judging.views import bp
from app.judging.views.managed import challenge_or_404, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/manage/<uuid:challenge_id>/judges")
@access(signed_in)
def list_judges(challenge_id: UUID) -> str:
    return _page(challenge_id, InviteForm(formdata=None))


@bp.post("/manage/<uuid:challenge_id>/judges")
@access(signed_in)
def invite_judge(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    form = InviteForm()
    if not form.validate():
        return _page(challenge_id, form), 422
    try:
        judge, _token = services.invite_judge(
            challenge,
            email=form.email.data or "",
            name=form.name.data or "",
            affiliation=form.affiliation.data or "",
            is_chair=form.is_chair.data,
            actor=signed_in_user(),
            now=now(),
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(challenge_id, form), 422
    name = judge.name
    db.session.commit()
    flash(_("%(name)s is invited; the link is on its way by mail.", name=name), "success")
    return redirect(url_for(".list_judges", challenge_id=challenge_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/judges/<uuid:judge_id>/invite-again")
@access(signed_in)
def invite_judge_again(challenge_id: UUID, judge_id: UUID) -> Any:
    judge = _judge_or_404(challenge_id, judge_id)
    name = judge.name
    try:
        services.invite_judge_again(judge, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("%(name)s gets a new link; the old one ended.", name=name), "success")
    return redirect(url_for(".list_judges", challenge_id=challenge_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/judges/<uuid:judge_id>/remove")
@access(signed_in)
def remove_judge(challenge_id: UUID, judge_id: UUID) -> Any:
    judge = _judge_or_404(challenge_id, judge_id)
    name = judge.name
    try:
        services.remove_judge(judge, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("%(name)s is no longer a judge. Signed sheets stay and count.", name=name), "success")
    return redirect(url_for(".list_judges", challenge_id=challenge_id), code=303)


def _judge_or_404(challenge_id: UUID, judge_id: UUID) -> Judge:
    organized_or_404(challenge_id)
    return queries.get_judge_of(challenge_id, judge_id) or abort(404)


def _page(challenge_id: UUID, form: InviteForm) -> str:
    challenge = challenge_or_404(challenge_id)
    user = signed_in_user()
    newest, signed = newest_pledge(challenge_id), signed_versions(challenge_id)
    first = challenge.rounds[0].id if challenge.rounds else None
    return render_template(
        "judging/list_judges.html",
        challenge=challenge,
        form=form,
        panel=queries.list_panel(challenge_id, first),
        suggested=len(suggested_pairs(challenge)),
        profiles=list_profiles(challenge_id),
        signed=signed,
        version=newest.number if newest else 0,
        may_change=rules.why_not_organize(challenge, user) is None,
        why_invite=rules.why_not_invite(challenge, user),
        valid=rules.INVITATION_VALID,
    )
