"""What the worker does for challenges every few seconds: closing the calls whose last second is over."""

import sqlalchemy as sa

from app.challenges import queries, services
from app.challenges.models import Challenge
from app.core.database import db, writes
from app.core.errors import RuleBroken
from app.web.clock import now
from app.web.commands import CHORES


def close_due_challenges() -> None:
    """Close each in a transaction of its own; one that somebody else closed meanwhile is left alone."""
    token = writes.set(True)
    try:
        for challenge_id in queries.due_to_close(now()):
            db.session.rollback()
            challenge = db.session.scalar(sa.select(Challenge).where(Challenge.id == challenge_id))
            if challenge is None:
                continue
            try:
                services.close_challenge(challenge, actor=None, now=now())
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
        db.session.rollback()
    finally:
        writes.reset(token)


if close_due_challenges not in CHORES:
    CHORES.append(close_due_challenges)
