"""Many workers on one table: a job is taken by one of them, whatever the database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from app.core.database import db, writes
from app.core.jobs import queue
from app.core.jobs.models import Job, JobState

WORKERS, JOBS = 4, 40


def enqueue_all(now) -> None:
    token = writes.set(True)
    for n in range(JOBS):
        queue.enqueue("test.nobody", {"n": n}, key=f"job:{n}", now=now)
    db.session.commit()
    writes.reset(token)


def test_two_workers_never_take_the_same_job(app, clock):
    enqueue_all(clock())
    start = Barrier(WORKERS)

    def take_all(_number: int) -> list:
        taken = []
        start.wait()
        with app.app_context():
            while (job := queue.claim(clock())) is not None or waiting():
                taken += [job.id] if job is not None else []
                db.session.rollback()
        return taken

    def waiting() -> int:
        count = db.session.scalar(sa.select(sa.func.count()).where(Job.state == JobState.QUEUED))
        db.session.rollback()
        return count

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = Counter(i for ids in pool.map(take_all, range(WORKERS)) for i in ids)
    assert len(taken) == JOBS
    assert set(taken.values()) == {1}


def test_one_of_two_workers_gets_a_lease_that_ran_out(app, clock):
    enqueue_all(clock())
    dead = queue.claim(clock()).id
    clock.advance(seconds=31)
    start = Barrier(2)

    def take(_number: int):
        start.wait()
        with app.app_context():
            job = queue.claim(clock(), job_id=dead)
            return job and (job.lease_token, job.attempts)

    with ThreadPoolExecutor(2) as pool:
        taken = [t for t in pool.map(take, range(2)) if t]
    assert len(taken) == 1
    assert taken[0][1] == 2


def test_a_lease_is_kept_or_lost_never_shared(app, clock):
    """Of a worker that renews and one that finds the lease run out, one wins; the table agrees with the winner."""
    enqueue_all(clock())
    slow = queue.claim(clock())
    slow_id, token = slow.id, slow.lease_token
    clock.advance(seconds=31)
    start = Barrier(2)

    def renew() -> bool:
        start.wait()
        with app.app_context():
            return queue.renew_lease(slow_id, token, clock())

    def take() -> bool:
        start.wait()
        with app.app_context():
            return queue.claim(clock(), job_id=slow_id) is not None

    with ThreadPoolExecutor(2) as pool:
        kept, lost = pool.submit(renew), pool.submit(take)
    assert kept.result() != lost.result()
