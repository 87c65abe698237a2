"""Getting a blind round ready: numbers by lot, and copies of documents asked for."""

import secrets
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Round
from app.core.database import db
from app.judging.blind.models import BlindNumber


def number_entries(round_: Round, given: Collection[UUID]) -> None:
    """Give every entry that could be judged in the round its number there, `given` among them; those that have one keep it.

    All at once, so that whose sheets are given out first tells nothing. Two statements where all have theirs.
    """
    held = dict(
        db.session.execute(
            sa.select(BlindNumber.application_id, BlindNumber.number).where(BlindNumber.round_id == round_.id)
        ).tuples()
    )
    eligible = sa.select(Application.id).where(
        Application.challenge_id == round_.challenge_id, Application.state == ApplicationState.ELIGIBLE
    )
    if held.keys() >= set(given):
        return
    fresh = sorted({*db.session.scalars(eligible), *given} - held.keys())
    secrets.SystemRandom().shuffle(fresh)
    after = max(held.values(), default=0)
    db.session.execute(
        sa.insert(BlindNumber),
        [{"round_id": round_.id, "application_id": id_, "number": after + n} for n, id_ in enumerate(fresh, 1)],
    )


def prepare_entries(round_: Round, given: Collection[UUID]) -> None:
    """What entries that are given to judges need in a blind round; in another nothing."""
    if round_.blind and given:
        number_entries(round_, given)
