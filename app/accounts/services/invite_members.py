"""Inviting people by mail into an organization, whether or not they have an account."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import rules
from app.accounts.models import Invitation, Membership, MembershipRole, Organization, User
from app.accounts.services.issue_tokens import token_sha256
from app.accounts.services.keep_members import add_member, find_membership
from app.accounts.services.keep_organizations import lock_organization
from app.accounts.services.sign_people_up import (
    account_by_mailed_link,
    checked_email,
    find_user,
)
from app.core.audit.trail import record
from app.core.bilingual import DEFAULT_LANGUAGE
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def invite_member(
    organization: Organization, email: str, role: MembershipRole, *, actor: User, now: datetime
) -> Invitation:
    """Mail somebody a link to join. Inviting again sends a new link and ends the old one. Raises RuleBroken."""
    if reason := rules.why_not_manage_members(organization, actor):
        raise RuleBroken(reason)
    invitation, _token = write_invitation(organization, email, role, actor=actor, now=now)
    return invitation


def write_invitation(
    organization: Organization, email: str, role: MembershipRole, *, actor: User | None, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and the token of its link; for commands, which nobody has to allow. Raises RuleBroken."""
    address = checked_email(email)
    lock_organization(organization)
    user = find_user(address)
    if user is not None and find_membership(organization, user) is not None:
        raise RuleBroken(_("%(email)s is a member already.", email=address), field="email")
    invitation = db.session.scalar(
        sa.select(Invitation).where(Invitation.organization_id == organization.id, Invitation.email == address)
    )
    if invitation is None:
        invitation = Invitation(organization=organization, email=address)
        db.session.add(invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_sha256, invitation.role, invitation.accepted_at = token_sha256(token), role, None
    invitation.invited_by_id = actor.id if actor is not None else None
    invitation.sent_at, invitation.expires_at = now, now + rules.INVITATION_VALID
    record(
        "accounts.invite_member", subject=invitation, actor=actor, now=now,
        details={"organization_id": str(organization.id), "role": role.value}, personal={"email": address},
    )  # fmt: skip
    language = user.language if user is not None else actor.language if actor is not None else DEFAULT_LANGUAGE
    queue_mail(
        address, "accounts/invitation", language=language, now=now, organization=organization, role=role.value, token=token,
        actor_name=actor.name if actor is not None else "", ends_at=invitation.expires_at,
    )  # fmt: skip
    return invitation, token


def cancel_invitation(invitation: Invitation, *, actor: User, now: datetime) -> None:
    """End an invitation before it is accepted; its link leads nowhere then. Raises RuleBroken."""
    if reason := rules.why_not_manage_members(invitation.organization, actor):
        raise RuleBroken(reason)
    lock_organization(invitation.organization)
    if invitation.accepted_at is not None:
        raise RuleBroken(_("This invitation has been accepted already."))
    record(
        "accounts.cancel_invitation", subject=invitation, actor=actor, now=now,
        details={"organization_id": str(invitation.organization_id)}, personal={"email": invitation.email},
    )  # fmt: skip
    db.session.delete(invitation)


def accept_membership(invitation: Invitation, *, actor: User, now: datetime) -> Membership:
    """Join with the account that the invitation was sent to. Raises RuleBroken."""
    if reason := rules.why_not_accept(invitation, actor):
        raise RuleBroken(reason)
    invitation.accepted_at = now
    record(
        "accounts.accept_membership", subject=invitation, actor=actor, now=now,
        details={"organization_id": str(invitation.organization_id)},
    )  # fmt: skip
    organization = invitation.organization
    membership = find_membership(organization, actor) or add_member(
        organization, actor, role=invitation.role, actor=actor, now=now
    )
    inviter = db.session.get(User, invitation.invited_by_id) if invitation.invited_by_id is not None else None
    if inviter is not None:
        queue_mail(
            inviter.email, "accounts/invitation_accepted", language=inviter.language, now=now, name=inviter.name,
            member_name=actor.name, organization=organization,
        )  # fmt: skip
    return membership


def join_as_new(invitation: Invitation, *, name: str, password: str, language: str, now: datetime) -> User:
    """Make the account that is missing, and join with it. Raises RuleBroken."""
    user = account_by_mailed_link(email=invitation.email, name=name, password=password, language=language, now=now)
    accept_membership(invitation, actor=user, now=now)
    return user
