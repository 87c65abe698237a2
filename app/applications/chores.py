"""What the worker does for applications by itself: reminders before a close are planned, and once an hour what nobody finished and
stored files that nothing names are swept away.
"""

from datetime import timedelta

import sqlalchemy as sa

from app.applications.rules.reminding import STEPS, due_step
from app.applications.services import expire_uploads, known_uploads
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.database import db, writes
from app.core.incoming import PartFiles
from app.core.jobs.models import Job
from app.core.jobs.queue import enqueue
from app.core.jobs.registry import JobRun, job_handler
from app.core.sweeping import OLD, sweep_storage
from app.web.clock import now
from app.web.commands import CHORES
from app.web.files import part_files, storage

_asked: dict[str, str] = {}  # the hour for which this process asked last, so that the table is not


def ask_for_sweep() -> None:
    """One job an hour, whichever process asks first."""
    hour = f"{now():%Y-%m-%dT%H}"
    if _asked.get("hour") == hour:
        return
    enqueue("applications.sweep", {}, key=f"applications.sweep:{hour}", now=now())
    db.session.commit()
    _asked["hour"] = hour


@job_handler("applications.sweep")
def sweep(run: JobRun) -> None:
    while expire_uploads(parts=part_files(), now=run.now):
        db.session.commit()
    db.session.rollback()
    before = writes.set(False)  # reading every table takes its time, and keeps nobody from writing
    try:
        sweep_parts(part_files(), dry_run=False)
        sweep_storage(storage(), dry_run=False)
    finally:
        db.session.rollback()
        writes.reset(before)


def sweep_parts(parts: PartFiles, *, dry_run: bool) -> int:
    """Remove files on their way whose upload is gone; returns how many there are."""
    old = parts.older_than(OLD)
    known = known_uploads(old)
    lost = [part_id for part_id in old if part_id not in known]
    for part_id in () if dry_run else lost:
        parts.remove(part_id)
    return len(lost)


def plan_reminders() -> None:
    """One job for each call and reminder that has fallen due.

    The close is part of the job's key: where it is moved, the reminders of the new one are planned, and those of the old one
    find that it no longer stands. Looking costs one statement while nothing is due.
    """
    moment = now()
    within = sa.and_(Challenge.closes_at >= moment, Challenge.closes_at <= moment + max(STEPS))
    query = sa.select(Challenge.id, Challenge.closes_at).where(Challenge.state == ChallengeState.PUBLISHED, within)
    token = writes.set(False)  # what is planned already needs no writer's place
    try:
        planned = {}
        for challenge_id, closes_at in db.session.execute(query):
            if (step := due_step(closes_at, moment)) is not None:
                key = f"applications.reminders:{challenge_id}:{hours(step)}:{int(closes_at.timestamp())}"
                payload = {
                    "challenge_id": str(challenge_id), "hours": hours(step), "closes_at": closes_at.isoformat(),
                }  # fmt: skip
                planned[key] = payload
        known = set(db.session.scalars(sa.select(Job.key).where(Job.key.in_(planned)))) if planned else set()
        db.session.rollback()
    finally:
        writes.reset(token)
    for key, payload in planned.items():
        if key not in known:
            enqueue("applications.remind_drafts", payload, key=key, now=moment)
    if planned.keys() - known:
        db.session.commit()


def hours(step: timedelta) -> int:
    return int(step.total_seconds()) // 3600


for _chore in (ask_for_sweep, plan_reminders):
    if _chore not in CHORES:
        CHORES.append(_chore)
