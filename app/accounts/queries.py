"""What pages show of accounts and organizations, filtered by who looks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Invitation, Membership, MembershipRole, Organization, User
from app.accounts.services.issue_tokens import token_sha256
from app.core.audit.models import AuditEvent
from app.core.database import db


@dataclass(frozen=True)
class Member:
    """A row of an organization's list of people."""

    user_id: UUID
    name: str
    email: str
    role: MembershipRole
    since: datetime


@dataclass(frozen=True)
class LastEdit:
    name: str
    at: datetime


def get_organization_for(user: User, organization_id: UUID) -> Organization | None:
    """The organization where the person belongs to it."""
    return next((m.organization for m in user.memberships if m.organization_id == organization_id), None)


def list_members(organization: Organization) -> list[Member]:
    """Everybody who belongs to the organization: admins first, then by name."""
    query = (
        sa.select(User.id, User.name, User.email, Membership.role, Membership.created_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization.id)
        .order_by(Membership.role, User.name, User.id)
    )
    return [Member(*row) for row in db.session.execute(query)]


def list_open_invitations(organization: Organization) -> list[Invitation]:
    """Invitations that nobody accepted yet, the latest first; those whose link ran out too, so that they can be resent."""
    query = sa.select(Invitation).where(Invitation.organization_id == organization.id, Invitation.accepted_at.is_(None))
    return list(db.session.scalars(query.order_by(Invitation.sent_at.desc(), Invitation.id)))


def get_invitation_of(organization: Organization, invitation_id: UUID) -> Invitation | None:
    query = sa.select(Invitation).where(Invitation.id == invitation_id, Invitation.organization_id == organization.id)
    return db.session.scalar(query)


def get_membership_of(organization: Organization, user_id: UUID) -> Membership | None:
    query = sa.select(Membership).where(Membership.organization_id == organization.id, Membership.user_id == user_id)
    return db.session.scalar(query)


def get_invitation(token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation behind a link, whatever its state."""
    query = sa.select(Invitation).where(Invitation.token_sha256 == token_sha256(token))
    if lock:
        query = query.with_for_update(of=Invitation).execution_options(populate_existing=True)
    return db.session.scalar(query)


def has_account(email: str) -> bool:
    """Whether a confirmed account stands under the address. Only for whoever proved to read its mail."""
    query = sa.select(User.id).where(User.email == email, User.confirmed_at.is_not(None))
    return db.session.scalar(query) is not None


def get_accent(organization_id: UUID) -> str | None:
    return db.session.scalar(sa.select(Organization.accent).where(Organization.id == organization_id)) or None


def last_edit(organization: Organization) -> LastEdit | None:
    """Who changed the organization's facts last, for whoever wrote over it from a stale tab."""
    query = (
        sa.select(User.name, AuditEvent.happened_at)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject_kind == "organization",
            AuditEvent.subject_id == organization.id,
            AuditEvent.action == "accounts.edit_organization",
        )
        .order_by(AuditEvent.happened_at.desc(), AuditEvent.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return LastEdit(*row) if row else None
