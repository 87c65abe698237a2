"""How long a challenge keeps what it knows of persons: so many years after its results, or after it was cancelled."""

from datetime import datetime

from app.challenges.eligibility.age import last_day_within
from app.challenges.models import Challenge
from app.web.filters import in_zone

LEAST_YEARS, MOST_YEARS = 1, 10


def kept_until(challenge: Challenge) -> datetime | None:
    """The moment from which persons are erased; None while the challenge has no end to count from."""
    end = challenge.results_at or challenge.cancelled_at
    if end is None:
        return None
    local = in_zone(end, challenge.timezone)
    last = last_day_within(local.date(), challenge.retention_years)
    return local.replace(year=last.year, month=last.month, day=last.day)


def is_due(challenge: Challenge, now: datetime) -> bool:
    until = kept_until(challenge)
    return challenge.erased_at is None and until is not None and until <= now
