from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.database import db
from app.core.jobs import queue, registry
from app.core.jobs.models import Job, JobState
from app.core.jobs.worker import run_one
from app.mail.models import Mail


@pytest.fixture
def handler(monkeypatch):
    """A kind of job whose runs are counted; it fails as long as `handler.error` is set."""

    class Counting:
        def __init__(self):
            self.payloads, self.error = [], None

        def __call__(self, run):
            self.payloads.append(run.payload)
            if self.error:
                raise self.error

    counting = Counting()
    monkeypatch.setitem(registry._HANDLERS, "test.count", counting)
    return counting


def the_job() -> Job:
    db.session.rollback()  # to see what the worker committed
    return db.session.scalars(sa.select(Job)).one()


def test_a_job_of_a_rolled_back_transaction_never_was(app, clock, handler):
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.rollback()
    assert not run_one(app, clock)
    assert handler.payloads == []


def test_a_second_job_with_the_same_key_is_the_first(clock):
    first = queue.enqueue("test.count", {}, key="a", now=clock())
    assert queue.enqueue("test.count", {}, key="a", now=clock()) == first


def test_a_job_runs_once_and_is_done(app, clock, handler):
    queue.enqueue("test.count", {"n": 1}, key="a", now=clock())
    db.session.commit()
    assert run_one(app, clock)
    assert not run_one(app, clock)
    assert handler.payloads == [{"n": 1}]
    assert (the_job().state, the_job().lease_token) == (JobState.DONE, None)


def test_a_job_waits_for_its_time(app, clock, handler):
    queue.enqueue("test.count", {}, key="a", now=clock(), run_at=clock() + timedelta(hours=1))
    db.session.commit()
    assert not run_one(app, clock)
    clock.advance(hours=1)
    assert run_one(app, clock)


def test_a_killed_workers_job_comes_back_when_its_lease_ends(app, clock, handler):
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.commit()
    assert queue.claim(clock()) is not None  # this worker dies here
    assert not run_one(app, clock)
    clock.advance(seconds=31)
    assert run_one(app, clock)
    assert the_job().state is JobState.DONE
    assert the_job().attempts == 2


def test_a_worker_that_lost_its_lease_cannot_finish(app, clock, handler):
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.commit()
    slow = queue.claim(clock())
    token = slow.lease_token
    clock.advance(seconds=31)
    assert queue.claim(clock()) is not None
    assert not queue.finish(slow.id, token, clock())
    assert not queue.renew_lease(slow.id, token, clock())


def test_a_failing_job_is_tried_again_later_and_then_is_a_dead_letter(app, clock, handler):
    handler.error = RuntimeError("no route to the mail server")
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.commit()
    waits = []
    for _ in range(queue.MOST_ATTEMPTS):
        assert run_one(app, clock)
        waits.append((the_job().run_at - clock()).total_seconds())
        clock.advance(hours=2)
    assert waits[:4] == [5, 10, 20, 40]
    assert the_job().state is JobState.DEAD
    assert "no route to the mail server" in the_job().last_error
    assert not run_one(app, clock)
    handler.error = None
    queue.retry(the_job(), now=clock())
    db.session.commit()
    assert run_one(app, clock)
    assert the_job().state is JobState.DONE


def test_what_a_failing_handler_wrote_is_rolled_back(app, clock, monkeypatch):
    def writes_then_fails(run):
        db.session.add(
            Mail(
                to_address="a@example.org",
                language="ko",
                template="x",
                subject="",
                text="",
                html="",
                created_at=run.now,
            )
        )
        db.session.flush()
        raise RuntimeError

    monkeypatch.setitem(registry._HANDLERS, "test.count", writes_then_fails)
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.commit()
    run_one(app, clock)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 0
    assert the_job().state is JobState.QUEUED


def test_an_unknown_kind_fails_and_says_so(app, clock):
    queue.enqueue("test.nobody", {}, key="a", now=clock())
    db.session.commit()
    assert run_one(app, clock)
    assert "test.nobody" in the_job().last_error


def test_the_sweep_finds_what_is_late(clock):
    queue.enqueue("test.count", {}, key="a", now=clock())
    db.session.commit()
    assert queue.due_ids(clock(), older_than=timedelta(seconds=5)) == []
    clock.advance(seconds=6)
    assert len(queue.due_ids(clock(), older_than=timedelta(seconds=5))) == 1
