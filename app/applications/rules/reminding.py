"""When those with an unsent draft are reminded of the close, and who is not."""

from datetime import datetime, timedelta

from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.rules import takes_applications

STEPS = (timedelta(days=7), timedelta(days=1), timedelta(hours=3))  # before the close


def due_step(closes_at: datetime, now: datetime) -> timedelta | None:
    """The reminder whose time has come and which no later one has overtaken; None before the first and after the close.

    A worker that was away sends the one that fits the time left, not all that it missed.
    """
    if now > closes_at:
        return None
    return min((step for step in STEPS if closes_at - step <= now), default=None)


def is_to_be_reminded(application: Application, *, step: timedelta, closes_at: datetime, now: datetime) -> bool:
    """Whether the reminder planned for `closes_at` still fits: the call is open until then, and the draft, which was there
    when the reminder fell due, was never sent.
    """
    challenge = application.challenge
    return (
        application.state is ApplicationState.DRAFT
        and not application.is_standing
        and application.created_at <= closes_at - step
        and challenge.closes_at == closes_at
        and takes_applications(challenge, now)
    )
