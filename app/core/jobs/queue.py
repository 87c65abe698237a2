"""Writing work down, taking it with a lease, and saying how it ended."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.database import db, table_of
from app.core.jobs.models import Job, JobState

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
_FRESH = "jobs to announce"  # where a session notes the jobs that its commit makes real


def enqueue(kind: str, payload: Mapping[str, Any], *, key: str, now: datetime, run_at: datetime | None = None) -> UUID:
    """Write a job into the present transaction and return its id; that of the one that stands already if `key` is known."""
    session = db.session
    values = {"kind": kind, "payload": dict(payload), "key": key, "run_at": run_at or now, "created_at": now}
    job_id: UUID | None = session.scalar(_put_job(session.get_bind().dialect.name), values)
    if job_id is None:
        return session.scalars(sa.select(Job.id).where(Job.key == key)).one()
    session.info.setdefault(_FRESH, []).append(job_id)
    return job_id


@cache
def _put_job(dialect: str) -> sa.Insert:
    table = table_of(Job)
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return statement.on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)  # type: ignore[no-any-return] # either


def claim(now: datetime, *, job_id: UUID | None = None) -> Job | None:
    """Take the next due job (or `job_id`, where it is due) with a lease of our own, committed; None when there is none.

    Due is what is queued and its time has come, and what somebody took and let the lease run out.
    """
    due = sa.or_(
        sa.and_(Job.state == JobState.QUEUED, Job.run_at <= now),
        sa.and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
    query = sa.select(Job).where(due).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    if job_id is not None:
        query = query.where(Job.id == job_id)
    job = db.session.scalar(query)
    if job is None:
        db.session.rollback()
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _bury(job, "taken too often without an end", now)
        db.session.commit()
        return None
    job.state, job.lease_token, job.lease_until = JobState.RUNNING, uuid4(), now + LEASE
    job.attempts += 1
    db.session.commit()
    return job


def renew_lease(job_id: UUID, token: UUID, now: datetime) -> bool:
    """Keep a lease for another term, committed. False when it is no longer ours."""
    result = db.session.execute(
        sa.update(Job).where(Job.id == job_id, Job.lease_token == token).values(lease_until=now + LEASE)
    )
    db.session.commit()
    return bool(result.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def finish(job_id: UUID, token: UUID, now: datetime) -> bool:
    """Mark the job done in the present transaction, so that its effects and its end are one. False: the lease is gone."""
    result = db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.lease_token == token)
        .values(state=JobState.DONE, lease_token=None, lease_until=None, finished_at=now, last_error=None)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def fail(job_id: UUID, token: UUID, error: str, now: datetime) -> None:
    """Put the job back for a later try, each wait twice the last; after the last try it is a dead letter."""
    job = db.session.scalar(sa.select(Job).where(Job.id == job_id, Job.lease_token == token).with_for_update())
    if job is None:
        return
    if job.attempts >= MOST_ATTEMPTS:
        _bury(job, error, now)
        return
    job.state, job.lease_token, job.lease_until, job.last_error = JobState.QUEUED, None, None, error
    job.run_at = now + timedelta(seconds=5 * 2 ** (job.attempts - 1))


def retry(job: Job, *, now: datetime) -> None:
    """Give a dead letter a fresh set of tries."""
    job.state, job.attempts, job.run_at, job.finished_at = JobState.QUEUED, 0, now, None


def due_ids(now: datetime, *, older_than: timedelta, limit: int = 500) -> list[UUID]:
    """Jobs that should have run by now: for the sweep that sends them to the broker again."""
    late = now - older_than
    query = (
        sa.select(Job.id)
        .where(
            sa.or_(
                sa.and_(Job.state == JobState.QUEUED, Job.run_at <= late),
                sa.and_(Job.state == JobState.RUNNING, Job.lease_until < late),
            )
        )
        .order_by(Job.run_at)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _bury(job: Job, error: str, now: datetime) -> None:
    job.state, job.lease_token, job.lease_until = JobState.DEAD, None, None
    job.last_error, job.finished_at = error, now


@sa.event.listens_for(db.session, "after_commit")
def _committed(session: Session) -> None:
    if fresh := session.info.pop(_FRESH, None):
        _announce(fresh)


@sa.event.listens_for(db.session, "after_soft_rollback")
def _rolled_back(session: Session, _transaction: object) -> None:
    session.info.pop(_FRESH, None)


_announcers: list[Callable[[list[UUID]], None]] = []


def announce_to(send: Callable[[list[UUID]], None]) -> None:
    """Tell `send` the ids of new jobs whenever the transaction that wrote them has been committed."""
    _announcers.append(send)


def _announce(ids: list[UUID]) -> None:
    for send in _announcers:
        send(ids)
