"""The step from the closed call to judging."""

from datetime import datetime

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.queries import count_checked


def start_judging(challenge: Challenge, *, actor: User, now: datetime) -> None:
    """Every application has been checked: judges can be given entries from now on. Raises RuleBroken."""
    db.session.refresh(challenge, ["state"], with_for_update=True)
    counts = count_checked(challenge.id)
    if reason := rules.why_not_start(
        challenge, unchecked=counts.unchecked, eligible=counts.eligible, actor=actor, now=now
    ):
        raise RuleBroken(reason)
    challenge.state = ChallengeState.JUDGING
    record(
        "judging.start_judging", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"eligible": counts.eligible},
    )  # fmt: skip
