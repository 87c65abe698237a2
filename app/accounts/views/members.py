"""Who belongs to an organization: inviting, roles, leaving."""

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries, services
from app.accounts.forms.organizations import InvitationForm, RoleForm
from app.accounts.models import MembershipRole, Organization
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import INVITATIONS, bp, wait_sentence
from app.accounts.views.organizations import organization_page, own_organization
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


def managed_organization(organization_id: UUID) -> Organization:
    """An organization whose admin the person is; for others there is nothing here."""
    organization = own_organization(organization_id)
    if signed_in_user().role_in(organization.id) is not MembershipRole.ADMIN:
        abort(404)
    return organization


def back_to(organization: Organization) -> ResponseReturnValue:
    return redirect(url_for(".show_organization", organization_id=organization.id), code=303)


@bp.post("/organizations/<uuid:organization_id>/invitations")
@access(signed_in)
def invite_member(organization_id: UUID) -> ResponseReturnValue:
    """Invite by mail; the same again sends a new link."""
    user, organization, form = signed_in_user(), managed_organization(organization_id), InvitationForm()
    if not form.validate():
        return organization_page(organization, user, form), 422
    email = form.email.data or ""
    if wait := INVITATIONS.hit(user.email):
        form.add_error(None, wait_sentence(wait))
        return organization_page(organization, user, form), 429
    try:
        services.invite_member(organization, email, MembershipRole(form.role.data), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return organization_page(organization, user, form), 422
    db.session.commit()
    flash(_("The invitation is on its way to %(email)s.", email=email), "success")
    return back_to(organization)


@bp.post("/organizations/<uuid:organization_id>/invitations/<uuid:invitation_id>/cancel")
@access(signed_in)
def cancel_invitation(organization_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    organization = managed_organization(organization_id)
    invitation = queries.get_invitation_of(organization, invitation_id) or abort(404)
    email = invitation.email
    try:
        services.cancel_invitation(invitation, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return back_to(organization)
    db.session.commit()
    flash(_("The invitation of %(email)s is cancelled.", email=email), "success")
    return back_to(organization)


@bp.post("/organizations/<uuid:organization_id>/members/<uuid:user_id>/role")
@access(signed_in)
def change_member_role(organization_id: UUID, user_id: UUID) -> ResponseReturnValue:
    organization, form = managed_organization(organization_id), RoleForm()
    membership = queries.get_membership_of(organization, user_id) or abort(404)
    if not form.validate():
        flash(_("Choose admin or member."), "error")
        return back_to(organization)
    try:
        services.change_member_role(membership, MembershipRole(form.role.data), actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return back_to(organization)
    db.session.commit()
    flash(_("The role is changed."), "success")
    return back_to(organization)


@bp.post("/organizations/<uuid:organization_id>/members/<uuid:user_id>/remove")
@access(signed_in)
def remove_member(organization_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """An admin removes somebody, or a member leaves."""
    user, organization = signed_in_user(), own_organization(organization_id)
    leaves = user.id == user_id
    if not leaves:
        managed_organization(organization_id)
    membership = queries.get_membership_of(organization, user_id) or abort(404)
    name = membership.user.name
    try:
        services.remove_member(membership, actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return back_to(organization)
    db.session.commit()
    if leaves:
        flash(_("You have left the organization."), "success")
        return redirect(url_for(".list_organizations"), code=303)
    flash(_("%(name)s is no longer a member.", name=name), "success")
    return back_to(organization)
