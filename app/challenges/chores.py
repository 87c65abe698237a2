"""What the worker does for challenges every few seconds: closing calls whose last second is over, and erasing persons when their time has come."""

from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from app.challenges import queries, services
from app.challenges.models import Challenge
from app.core.database import db, writes
from app.core.errors import RuleBroken
from app.web.clock import now, settled
from app.web.commands import CHORES


def close_due_challenges() -> None:
    """Close each in a transaction of its own; one that somebody else closed meanwhile is left alone.

    The clock closes a call for everybody at its second. Its state follows a minute later, when what came in time and
    stood in line has been served.
    """
    token = writes.set(True)
    try:
        for challenge_id in queries.due_to_close(settled()):
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


def erase_all(moment: datetime, *, dry_run: bool = False) -> dict[str, dict[str, int]]:
    """Erase persons where the retention period has ended; what was found, by the challenge's address and the feature.

    Every batch is a transaction of its own, so that a break loses none that was done. A dry run does the same and takes it
    all back.
    """
    told: dict[str, dict[str, int]] = {}
    for challenge_id in [challenge.id for challenge in services.list_due(moment)]:
        challenge = db.session.get_one(Challenge, challenge_id)
        slug, found = challenge.slug, Counter[str]()
        while batch := services.erase_batch(challenge, now=moment):
            found.update(batch)
            if not dry_run:
                db.session.commit()
        told[slug] = dict(found)
        if dry_run:
            db.session.rollback()
        else:
            services.end_erasing(challenge, dict(found), now=moment)
            db.session.commit()
    return told


def erase_due_persons() -> None:
    """As above, by the clock."""
    token = writes.set(True)
    try:
        erase_all(now())
        db.session.rollback()
    finally:
        writes.reset(token)


if erase_due_persons not in CHORES:
    CHORES.append(erase_due_persons)
if close_due_challenges not in CHORES:
    CHORES.append(close_due_challenges)
