"""The trail of one challenge, with the names of those who acted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.core.audit.models import AuditEvent
from app.core.database import db


@dataclass(frozen=True)
class TrailFilters:
    """What the trail of a challenge is narrowed to."""

    action: str = ""
    actor_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class TrailEntry:
    """One event of the trail with the name of who did it, None for the system, "" for somebody erased."""

    event: AuditEvent
    actor_name: str | None


# Is given the challenge and the time, and is true of the events that are not its organizer's to read.
KeptBack = Callable[[UUID, datetime], sa.ColumnElement[bool]]
_KEPT_BACK: list[KeptBack] = []


def keep_back(condition: KeptBack) -> KeptBack:
    """Leave what `condition` is true of out of what organizers read; the chain holds it all the same."""
    if condition not in _KEPT_BACK:
        _KEPT_BACK.append(condition)
    return condition


def _shown(challenge_id: UUID, now: datetime) -> sa.ColumnElement[bool]:
    kept = (~kept_back(challenge_id, now) for kept_back in _KEPT_BACK)
    return sa.and_(AuditEvent.challenge_id == challenge_id, *kept)


def _trail(challenge_id: UUID, filters: TrailFilters, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [_shown(challenge_id, now)]
    if filters.action:
        conditions.append(AuditEvent.action == filters.action)
    if filters.actor_id:
        conditions.append(AuditEvent.actor_id == filters.actor_id)
    if filters.since:
        conditions.append(AuditEvent.happened_at >= filters.since)
    if filters.until:
        conditions.append(AuditEvent.happened_at < filters.until)
    return conditions


def count_trail(challenge_id: UUID, filters: TrailFilters, *, now: datetime) -> int:
    query = sa.select(sa.func.count()).select_from(AuditEvent).where(*_trail(challenge_id, filters, now))
    return db.session.scalar(query) or 0


def list_trail(
    challenge_id: UUID, filters: TrailFilters, *, now: datetime, limit: int, offset: int = 0
) -> list[TrailEntry]:
    """The events of a challenge, the latest first, with who did them. One statement."""
    query = (
        sa.select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(*_trail(challenge_id, filters, now))
        .order_by(AuditEvent.happened_at.desc(), AuditEvent.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows: list[tuple[AuditEvent, str | None]] = [(row[0], row[1]) for row in db.session.execute(query)]
    return [TrailEntry(event, name if name or event.actor_id is None else "") for event, name in rows]


def list_trail_choices(challenge_id: UUID, *, now: datetime) -> tuple[list[str], list[tuple[UUID, str]]]:
    """The actions and the people that stand in the trail of a challenge, for its filters. Two statements."""
    own = _shown(challenge_id, now)
    actions = sa.select(AuditEvent.action).where(own).distinct().order_by(AuditEvent.action)
    people = sa.select(User.id, User.name).where(User.id.in_(sa.select(AuditEvent.actor_id).where(own)))
    return list(db.session.scalars(actions)), [(i, name) for i, name in db.session.execute(people.order_by(User.name))]
