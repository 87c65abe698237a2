"""What calendars and feeds read: public calls with the version of their rules in force."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.challenges.models import Challenge, RulesVersion, Theme
from app.challenges.queries.public import is_out, phase_of
from app.core.database import db

MOST = 200
_PARTS = (
    joinedload(Challenge.host),
    selectinload(Challenge.themes).joinedload(Theme.sponsor),
    selectinload(Challenge.milestones),
)


@dataclass(frozen=True)
class Announced:
    """A public call; `number` counts the versions of its rules, `changed_at` is when the latest was published."""

    challenge: Challenge
    number: int
    changed_at: datetime


def get_announced_call(slug: str) -> Announced | None:
    """A call that is or was public; four statements."""
    challenge = db.session.scalar(sa.select(Challenge).where(Challenge.slug == slug, is_out()).options(*_PARTS))
    return None if challenge is None else _announced([challenge])[0]


def list_announced_calls(now: datetime) -> list[Announced]:
    """The calls that are open or announced, the latest news first; four statements."""
    query = (
        sa.select(Challenge)
        .where(is_out(), phase_of(now).in_(("open", "coming")))
        .order_by(Challenge.published_at.desc(), Challenge.id)
        .limit(MOST)
    )
    return _announced(list(db.session.scalars(query.options(*_PARTS))))


def _announced(challenges: list[Challenge]) -> list[Announced]:
    versions = _latest_versions([challenge.id for challenge in challenges])
    return [
        # A cancelled call has news that no version of its rules tells: that it is cancelled.
        Announced(c, number + (c.cancelled_at is not None), max(filter(None, (changed_at, c.cancelled_at))))
        for c in challenges
        for number, changed_at in [versions.get(c.id, (0, c.published_at or c.created_at))]
    ]


def _latest_versions(ids: Collection[UUID]) -> dict[UUID, tuple[int, datetime]]:
    if not ids:
        return {}
    version = RulesVersion
    query = (
        sa.select(version.challenge_id, sa.func.max(version.number), sa.func.max(version.published_at))
        .where(version.challenge_id.in_(ids))
        .group_by(version.challenge_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
