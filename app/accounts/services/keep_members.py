"""Who belongs to an organization, and as what."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import rules
from app.accounts.models import Membership, MembershipRole, Organization, User
from app.accounts.services.keep_organizations import lock_organization
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def add_member(
    organization: Organization, user: User, *, role: MembershipRole, actor: User | None, now: datetime
) -> Membership:
    """Make `user` a member without asking: for accepted invitations, commands and the sample. Raises RuleBroken."""
    lock_organization(organization)
    if find_membership(organization, user) is not None:
        raise RuleBroken(_("%(name)s is a member already.", name=user.name))
    membership = Membership(user=user, organization=organization, role=role, created_at=now)
    db.session.add(membership)
    record(
        "accounts.add_member", subject=organization, actor=actor, now=now,
        details={"user_id": str(user.id), "role": role.value},
    )  # fmt: skip
    return membership


def change_member_role(membership: Membership, role: MembershipRole, *, actor: User, now: datetime) -> None:
    """Make a member an admin or the other way round. Raises RuleBroken."""
    organization = membership.organization
    if reason := rules.why_not_manage_members(organization, actor):
        raise RuleBroken(reason)
    lock_organization(organization)
    if reason := rules.why_not_change_role(membership, role, admins=count_admins(organization)):
        raise RuleBroken(reason)
    if membership.role is role:
        return
    before, membership.role = membership.role, role
    record(
        "accounts.change_member_role", subject=organization, actor=actor, now=now,
        details={"user_id": str(membership.user_id), "before": before.value, "after": role.value},
    )  # fmt: skip
    if membership.user_id != actor.id:
        _tell(membership, "accounts/role_changed", now=now, role=role.value, actor=actor)


def remove_member(membership: Membership, *, actor: User, now: datetime) -> None:
    """End a membership: an admin's doing, or the member leaves. Raises RuleBroken."""
    organization, user = membership.organization, membership.user
    lock_organization(organization)
    if reason := rules.why_not_remove(membership, actor, admins=count_admins(organization)):
        raise RuleBroken(reason)
    record(
        "accounts.remove_member", subject=organization, actor=actor, now=now,
        details={"user_id": str(user.id), "role": membership.role.value},
    )  # fmt: skip
    if user.id != actor.id:
        _tell(membership, "accounts/member_removed", now=now, actor=actor)
    db.session.delete(membership)
    db.session.flush()
    db.session.expire(user, ["memberships"])


def find_membership(organization: Organization, user: User) -> Membership | None:
    query = sa.select(Membership).where(Membership.organization_id == organization.id, Membership.user_id == user.id)
    return db.session.scalar(query)


def count_admins(organization: Organization) -> int:
    query = sa.select(sa.func.count()).where(
        Membership.organization_id == organization.id, Membership.role == MembershipRole.ADMIN
    )
    return db.session.scalar(query) or 0


def count_people(user: User) -> dict[UUID, rules.Headcount]:
    """Of each organization that the person belongs to. One statement."""
    admins = sa.func.count().filter(Membership.role == MembershipRole.ADMIN)
    query = (
        sa.select(Membership.organization_id, sa.func.count(), admins)
        .where(Membership.organization_id.in_([m.organization_id for m in user.memberships]))
        .group_by(Membership.organization_id)
    )
    return {row[0]: rules.Headcount(row[1], row[2]) for row in db.session.execute(query)}


def _tell(membership: Membership, template: str, *, now: datetime, actor: User, role: str = "") -> None:
    user = membership.user
    queue_mail(
        user.email, template, language=user.language, now=now, name=user.name, actor_name=actor.name, role=role,
        organization=membership.organization,
    )  # fmt: skip
