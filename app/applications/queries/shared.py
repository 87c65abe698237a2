"""What a sponsor reads: applications to its own themes whose applicants agreed to that, after the close."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import OrganizationKind, User
from app.applications.content import shares_with_sponsor
from app.applications.models import Application, Submission
from app.applications.rules import is_closed
from app.challenges.models import Challenge, Theme
from app.challenges.rules import is_sealed, is_sponsor_of
from app.core.database import db

# What later features know of a person that keeps an application from them, whomever they belong to: a condition on Application.
Bar = Callable[[User], sa.ColumnElement[bool]]
_BARS: list[Bar] = []


def bar(condition: Bar) -> Bar:
    """Keep from a person's shared applications those that `condition` is true of."""
    if condition not in _BARS:
        _BARS.append(condition)
    return condition


def get_sponsored_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A published challenge with a theme of one of the person's companies, or None."""
    query = (
        sa.select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.host), selectinload(Challenge.themes))
    )
    challenge = db.session.scalar(query)
    if challenge is None or challenge.published_at is None or not is_sponsor_of(user, challenge):
        return None
    return challenge


def _shared(
    user: User, challenge: Challenge, now: datetime, *more: sa.ColumnElement[bool]
) -> list[tuple[Application, Submission]]:
    if not is_closed(challenge, now) or is_sealed(challenge, now):
        return []
    last = (
        sa.select(Submission.application_id, sa.func.max(Submission.number).label("number"))
        .group_by(Submission.application_id)
        .subquery()
    )
    query = (
        sa.select(Application, Submission)
        .join(Theme, Theme.id == Application.theme_id)
        .join(last, last.c.application_id == Application.id)
        .join(Submission, sa.and_(Submission.application_id == Application.id, Submission.number == last.c.number))
        .where(
            Application.challenge_id == challenge.id,
            Application.submitted_at.is_not(None),
            Application.sharing_ended_at.is_(None),  # the consent was taken back, whatever was sent with it
            Theme.sponsor_id.in_(user.organization_ids(OrganizationKind.SPONSOR)),
            *(~barred(user) for barred in _BARS),
            *more,
        )
        .options(joinedload(Application.theme), joinedload(Application.startup))
        .order_by(sa.func.length(Application.receipt_number), Application.receipt_number)
    )
    # Each submission says itself which consents it was sent with, and what they let the sponsor do.
    return [(a, s) for a, s in db.session.execute(query) if shares_with_sponsor(s.content)]


def list_shared_for(user: User, challenge: Challenge, now: datetime) -> list[tuple[Application, Submission]]:
    """What the person's company may read, by receipt number. One statement."""
    return _shared(user, challenge, now)


def get_shared_application_for(
    user: User, challenge: Challenge, application_id: UUID, now: datetime
) -> tuple[Application, Submission] | None:
    """One of those, or None."""
    return next(iter(_shared(user, challenge, now, Application.id == application_id)), None)
