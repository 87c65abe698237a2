"""Who works on a challenge beside the host's own people."""

from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.forms import StaffForm
from app.challenges.models import ChallengeRole
from app.challenges.views.blueprint import bp
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


@bp.route("/manage/<uuid:challenge_id>/staff", methods=["GET", "POST"])
@access(signed_in)
def list_staff(challenge_id: UUID) -> Response:
    """The people with a role; POST gives one to somebody."""
    user = signed_in_user()
    challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    form, status = StaffForm(), 200
    if request.method == "POST":
        if form.validate():
            try:
                services.add_staff(
                    challenge, form.email.data or "", ChallengeRole(form.role.data), actor=user, now=now()
                )
            except RuleBroken as refused:
                db.session.rollback()
                form.add_error(refused.field, refused.sentence)
            else:
                db.session.commit()
                flash(_("The role is given; the person was told by mail."), "success")
                return redirect(url_for(".list_staff", challenge_id=challenge_id), code=303)
        status = 422
        challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    page = render_template(
        "challenges/list_staff.html",
        challenge=challenge,
        form=form,
        staff=queries.list_staff(challenge),
        members=queries.list_host_members(challenge),
        why=rules.why_not_organize(challenge, user),
    )
    return make_response(page, status)


@bp.post("/manage/<uuid:challenge_id>/staff/<uuid:user_id>/remove")
@access(signed_in)
def remove_staff(challenge_id: UUID, user_id: UUID) -> Response:
    actor = signed_in_user()
    challenge = queries.get_managed_challenge_for(actor, challenge_id) or abort(404)
    person = queries.get_user(user_id)
    if person is None or not any(s.user_id == user_id for s in challenge.staff):
        abort(404)
    try:
        services.remove_staff(challenge, person, actor=actor, now=now())
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    else:
        db.session.commit()
        flash(_("The role is taken away."), "success")
    if actor.id == user_id and queries.get_managed_challenge_for(actor, challenge_id) is None:
        return redirect(url_for("challenges.list_challenges"), code=303)
    return redirect(url_for(".list_staff", challenge_id=challenge_id), code=303)
