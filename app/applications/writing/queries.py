"""Who writes an application, and who is invited to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Membership, MembershipRole, User
from app.accounts.services import token_sha256
from app.applications.models import Application
from app.applications.writing.models import ApplicationRight, CoWriterInvitation, DraftVersion, EditingPresence
from app.applications.writing.rules import default_right, right_by
from app.applications.writing.states import Right, VersionKind
from app.core.database import db


@dataclass(frozen=True)
class Writer:
    """A person of an application's team, with the right that counts."""

    user_id: UUID
    name: str
    email: str
    role: MembershipRole | None  # None: a guest
    held: Right


def list_writers(application: Application) -> list[Writer]:
    """Everybody who sees the application: the startup's people, admins first, then guests, by name. One statement."""
    query = (
        sa.select(User.id, User.name, User.email, Membership.role, ApplicationRight.held, ApplicationRight.is_guest)
        .outerjoin(
            Membership, sa.and_(Membership.user_id == User.id, Membership.organization_id == application.startup_id)
        )
        .outerjoin(
            ApplicationRight,
            sa.and_(ApplicationRight.user_id == User.id, ApplicationRight.application_id == application.id),
        )
        .where(sa.or_(Membership.id.is_not(None), ApplicationRight.is_guest))
        .order_by(Membership.role.is_(None), Membership.role, User.name, User.id)
    )
    return [
        Writer(row.id, row.name, row.email, row.role, row.held or default_right(row.role))
        for row in db.session.execute(query)
    ]


def list_invited(application: Application) -> list[CoWriterInvitation]:
    """Invitations that nobody accepted yet, the latest first; those whose link ran out too, so that they can be resent."""
    query = sa.select(CoWriterInvitation).where(
        CoWriterInvitation.application_id == application.id, CoWriterInvitation.accepted_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(CoWriterInvitation.sent_at.desc(), CoWriterInvitation.id)))


def get_invited(application: Application, invitation_id: UUID) -> CoWriterInvitation | None:
    query = sa.select(CoWriterInvitation).where(
        CoWriterInvitation.id == invitation_id, CoWriterInvitation.application_id == application.id
    )
    return db.session.scalar(query)


def get_invitation(token: str, *, lock: bool = False) -> CoWriterInvitation | None:
    """The invitation behind a link, whatever its state."""
    query = (
        sa.select(CoWriterInvitation)
        .where(CoWriterInvitation.token_sha256 == token_sha256(token))
        .options(
            joinedload(CoWriterInvitation.application).options(
                joinedload(Application.challenge), joinedload(Application.startup)
            )
        )
    )
    if lock:
        query = query.with_for_update(of=CoWriterInvitation).execution_options(populate_existing=True)
    return db.session.scalar(query)


def get_right(user: User, application_id: UUID) -> Right | None:
    """What the person may do with an application, in one statement and without loading it; for what is asked very often."""
    query = (
        sa.select(Application.startup_id, ApplicationRight.held, ApplicationRight.is_guest)
        .outerjoin(
            ApplicationRight,
            sa.and_(ApplicationRight.application_id == Application.id, ApplicationRight.user_id == user.id),
        )
        .where(Application.id == application_id)
    )
    row = db.session.execute(query).first()
    return right_by(user.role_in(row.startup_id), row.held, is_guest=bool(row.is_guest)) if row else None


@dataclass(frozen=True)
class Presence:
    section: str
    name: str


def list_present(application_id: UUID, *, besides: UUID, now: datetime) -> list[Presence]:
    """Who else writes in which section now. One statement."""
    query = (
        sa.select(EditingPresence.section, User.name)
        .join(User, User.id == EditingPresence.user_id)
        .where(
            EditingPresence.application_id == application_id,
            EditingPresence.user_id != besides,
            EditingPresence.expires_at > now,
        )
        .order_by(EditingPresence.section, User.name)
    )
    return [Presence(*row) for row in db.session.execute(query)]


def list_versions(application: Application) -> list[DraftVersion]:
    """All versions with who made them, the newest first. One statement."""
    query = sa.select(DraftVersion).where(DraftVersion.application_id == application.id)
    return list(
        db.session.scalars(query.options(joinedload(DraftVersion.saved_by)).order_by(DraftVersion.number.desc()))
    )


def get_version(application: Application, number: int) -> DraftVersion | None:
    query = sa.select(DraftVersion).where(DraftVersion.application_id == application.id, DraftVersion.number == number)
    return db.session.scalar(query.options(joinedload(DraftVersion.saved_by)))


def list_changes_after(application: Application, number: int) -> list[dict[str, Any]] | None:
    """What was changed after version `number`, the newest first; None where there is no such version of the draft."""
    query = (
        sa.select(DraftVersion.number, DraftVersion.changes)
        .where(
            DraftVersion.application_id == application.id,
            DraftVersion.number >= number,
            DraftVersion.kind != VersionKind.KEPT_ASIDE,
        )
        .order_by(DraftVersion.number.desc())
    )
    rows = db.session.execute(query).all()
    if not rows or rows[-1].number != number:
        return None
    return [row.changes for row in rows[:-1]]


def toucher(application: Application, field: str) -> str:
    """Who changed this field of the draft last."""
    by = application.touched.get(field, {}).get("by")
    return (db.session.scalar(sa.select(User.name).where(User.id == UUID(by))) if by else None) or "–"
