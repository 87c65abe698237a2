"""What a judge must not read where another role would show it: a sponsor's people who judge."""

import sqlalchemy as sa

from app.accounts.models import User
from app.applications.models import Application
from app.applications.queries.shared import bar
from app.challenges.models import Challenge, Round
from app.challenges.states import ChallengeState
from app.judging.models import Conflict, Judge
from app.judging.states import JudgeState


@bar
def in_conflict(user: User) -> sa.ColumnElement[bool]:
    """An application that the person, as a judge of it, has a conflict with."""
    return sa.exists().where(
        Conflict.judge_id == Judge.id,
        Conflict.application_id == Application.id,
        Judge.user_id == user.id,
        Judge.state == JudgeState.ACCEPTED,
    )


@bar
def judged_blindly(user: User) -> sa.ColumnElement[bool]:
    """All of a challenge that the person judges in a blind round, until it is decided."""
    return sa.exists().where(
        Judge.challenge_id == Application.challenge_id,
        Judge.user_id == user.id,
        Judge.state == JudgeState.ACCEPTED,
        Round.challenge_id == Judge.challenge_id,
        Round.blind,
        Challenge.id == Judge.challenge_id,
        Challenge.state.in_((ChallengeState.CLOSED, ChallengeState.JUDGING)),
    )
