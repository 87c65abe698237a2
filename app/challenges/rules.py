"""Who may do what with a challenge, and when it takes applications."""

from datetime import datetime

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState


def is_organizer_of(user: User | None, challenge: Challenge) -> bool:
    """Whether `user` belongs to the host that runs `challenge`."""
    return user is not None and user.belongs_to(challenge.host_id)


def is_sponsor_of(user: User | None, challenge: Challenge) -> bool:
    """Whether `user` belongs to a sponsor of one of the themes."""
    return user is not None and any(user.belongs_to(theme.sponsor_id) for theme in challenge.themes)


def takes_applications(challenge: Challenge, now: datetime) -> bool:
    """From the opening to the very second of the close, by the server's clock (17:00 includes 17:00:00)."""
    return (
        challenge.state is ChallengeState.PUBLISHED
        and challenge.opens_at <= now
        and now.replace(microsecond=0) <= challenge.closes_at
    )
