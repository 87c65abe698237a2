"""Counts that decide what comes next."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.core.database import db
from app.judging.models import Judge
from app.judging.states import JudgeState


@dataclass(frozen=True)
class CheckCounts:
    """How far the eligibility check is: `unchecked` are handed in without an end to their check."""

    unchecked: int
    eligible: int


def count_checked(challenge_id: UUID) -> CheckCounts:
    query = (
        sa.select(Application.state, sa.func.count().label("how_many"))
        # A reopened draft stands with what was sent: it waits for its check, too.
        .where(
            Application.challenge_id == challenge_id,
            sa.or_(Application.state != ApplicationState.DRAFT, Application.submitted_at.is_not(None)),
        )
        .group_by(Application.state)
    )
    counts = {row.state: row.how_many for row in db.session.execute(query)}
    waiting = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.CORRECTION)
    unchecked = sum(counts.get(state, 0) for state in waiting)
    return CheckCounts(unchecked, counts.get(ApplicationState.ELIGIBLE, 0))


def judges_somewhere(user: User) -> bool:
    """Whether the person has accepted to judge in any challenge."""
    mine = sa.exists().where(Judge.user_id == user.id, Judge.state == JudgeState.ACCEPTED)
    return bool(db.session.scalar(sa.select(mine)))
