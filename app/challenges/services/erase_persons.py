"""What a challenge's retention period ends: each feature takes the persons out of what it holds, a batch at a time."""

from datetime import datetime

import sqlalchemy as sa

from app.challenges.models import Challenge
from app.challenges.retention import is_due
from app.core.audit.trail import record
from app.core.database import db
from app.core.persons import keepers

BATCH = 50


def list_due(now: datetime) -> list[Challenge]:
    """The challenges whose retention period has ended and that still hold persons. One statement."""
    ended = sa.func.coalesce(Challenge.results_at, Challenge.cancelled_at)
    query = sa.select(Challenge).where(Challenge.erased_at.is_(None), ended <= now).order_by(ended, Challenge.id)
    return [challenge for challenge in db.session.scalars(query) if is_due(challenge, now)]


def erase_batch(challenge: Challenge, *, now: datetime, limit: int = BATCH) -> dict[str, int]:
    """Erase at most `limit` things of each feature; what each found, and {} once nothing is left.

    Begun again after a break, it goes on where it was: what is erased is not found again.
    """
    found = {keeper.feature: keeper.erase_challenge(challenge.id, now=now, limit=limit) for keeper in keepers()}
    return {feature: count for feature, count in found.items() if count}


def end_erasing(challenge: Challenge, found: dict[str, int], *, now: datetime) -> None:
    """Note that the challenge holds no persons any more."""
    challenge.erased_at = now
    record(
        "challenges.erase_persons", subject=challenge, actor=None, now=now, challenge_id=challenge.id,
        details={"found": found, "retention_years": challenge.retention_years},
    )  # fmt: skip
