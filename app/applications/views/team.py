"""Who writes an application: rights given and taken, people from outside invited."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.forms.organizations import ROLES
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import INVITATIONS, wait_sentence
from app.applications.forms import CoWriterForm
from app.applications.labels import right_labels
from app.applications.models import Application
from app.applications.views import bp
from app.applications.views.form import Answer, _to
from app.applications.views.pages import own_or_404, page_values
from app.applications.writing import queries, rules, services
from app.applications.writing.states import Right
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/applications/<uuid:application_id>/team")
@access(signed_in)
def show_team(application_id: UUID) -> Answer:
    return team_page(own_or_404(application_id), CoWriterForm())


def team_page(application: Application, form: CoWriterForm, *, code: int = 200) -> tuple[str, int]:
    user, writers = signed_in_user(), queries.list_writers(application)
    submitters = sum(1 for writer in writers if writer.held is Right.SUBMIT)
    why_not_manage = rules.why_not_manage_team(application, user)
    html = render_template(
        "applications/writing/team.html",
        form=form,
        user=user,
        writers=[(w, rules.why_not_give_right(w.held, None, submitters=submitters)) for w in writers],
        invited=[] if why_not_manage else queries.list_invited(application),
        why_not_manage=why_not_manage,
        labels=right_labels(),
        roles=ROLES,
        **page_values(application),
    )
    return html, code


@bp.post("/applications/<uuid:application_id>/team/<uuid:user_id>")
@access(signed_in)
def give_right(application_id: UUID, user_id: UUID) -> Response:
    application = own_or_404(application_id)
    wanted = request.form.get("right", "")
    try:
        if wanted not in set(Right):
            raise RuleBroken(_("Choose what the person may do."))  # noqa: TRY301 - told like the service's own refusals
        services.give_right(application, user_id, Right(wanted), actor=signed_in_user(), now=now())
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    else:
        db.session.commit()
        flash(_("The right is changed."), "success")
    return _to("show_team", application)


@bp.post("/applications/<uuid:application_id>/team/<uuid:user_id>/remove")
@access(signed_in)
def take_right(application_id: UUID, user_id: UUID) -> Response:
    application = own_or_404(application_id)
    try:
        gone = services.take_right(application, user_id, actor=signed_in_user(), now=now())
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("show_team", application)
    db.session.commit()
    flash(_("This person no longer sees the application.") if gone else _("The right is changed."), "success")
    if user_id == signed_in_user().id:
        return redirect(url_for("applications.list_applications"), code=303)
    return _to("show_team", application)


@bp.post("/applications/<uuid:application_id>/team/invitations")
@access(signed_in)
def invite_co_writer(application_id: UUID) -> Answer:
    """Invite by mail; the same again sends a new link."""
    user, application, form = signed_in_user(), own_or_404(application_id), CoWriterForm()
    if form.right.data not in set(Right):
        form.add_error("right", _("Choose what the person may do."))
        return team_page(application, form, code=422)
    if not form.validate():
        return team_page(application, form, code=422)
    email = form.email.data or ""
    if wait := INVITATIONS.hit(user.email):
        form.add_error(None, wait_sentence(wait))
        return team_page(application, form, code=429)
    try:
        services.invite_co_writer(application, email, Right(form.right.data), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return team_page(own_or_404(application_id), form, code=422)
    db.session.commit()
    flash(_("The invitation is on its way to %(email)s.", email=email), "success")
    return _to("show_team", application)


@bp.post("/applications/<uuid:application_id>/team/invitations/<uuid:invitation_id>/cancel")
@access(signed_in)
def cancel_co_writer(application_id: UUID, invitation_id: UUID) -> Response:
    application = own_or_404(application_id)
    invitation = queries.get_invited(application, invitation_id) or abort(404)
    email = invitation.email
    try:
        services.cancel_co_writer(invitation, actor=signed_in_user(), now=now())
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("show_team", application)
    db.session.commit()
    flash(_("The invitation of %(email)s is cancelled.", email=email), "success")
    return _to("show_team", application)
