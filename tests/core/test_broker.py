"""Celery on RabbitMQ as transport, with a real broker and real worker processes."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from kombu import Connection

from app import create_app
from app.core.clock import utc_now
from app.core.database import Base, db, writes
from app.core.jobs import queue
from app.core.jobs.broker import send_to
from app.core.jobs.models import Job, JobState
from config import ROOT, Config
from tests.conftest import _create_database, _drop_database

BROKER = os.environ.get("TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:5672//")


def broker_answers() -> bool:
    try:
        with Connection(BROKER, connect_timeout=3) as connection:
            connection.connect()
    except Exception:  # noqa: BLE001 - whatever the reason, it does not answer
        return False
    return True


needs_broker = pytest.mark.skipif(not broker_answers(), reason=f"no RabbitMQ answers at {BROKER.rpartition('@')[2]}")
pytestmark = pytest.mark.broker


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def site(tmp_path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application of its own with a broker, a database and a queue, and the environment that makes another one of it."""
    server = os.environ.get("TEST_DATABASE_URL")
    config = Config()
    config.DATA_FOLDER = tmp_path
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{tmp_path / 'madang.db'}"
    if server:
        config.SQLALCHEMY_DATABASE_URI = f"{server.rstrip('/')}/madang_test_{secrets.token_hex(4)}"
        _create_database(config.SQLALCHEMY_DATABASE_URI)
    config.BROKER_URL, config.BROKER_QUEUE, config.RATELIMIT_ENABLED = (
        BROKER,
        f"madang-test-{secrets.token_hex(4)}",
        False,
    )
    application = create_app(config)
    with application.app_context():
        Base.metadata.create_all(db.engine)
        yield application, {
            **os.environ, "MADANG_DATA": str(tmp_path), "DATABASE_URL": config.SQLALCHEMY_DATABASE_URI if server else "",
            "BROKER_URL": BROKER, "BROKER_QUEUE": config.BROKER_QUEUE,
        }  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    if server:
        _drop_database(config.SQLALCHEMY_DATABASE_URI)


@pytest.fixture
def start_worker(site, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    workers = []

    def start() -> subprocess.Popen:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.core.broker_app:celery",
            "worker",
            "--pool",
            "solo",
            "--without-mingle",
            "--without-gossip",
            "-l",
            "WARNING",
        ]
        with (tmp_path / "worker.log").open("ab") as log:
            workers.append(subprocess.Popen(command, cwd=ROOT, env=site[1], stdout=log, stderr=log))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()
    with Connection(BROKER) as connection:
        connection.channel().queue_delete(site[0].config["BROKER_QUEUE"])


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def enqueue(n: int) -> None:
    """Write a job, in a transaction that writes from its beginning; the test's own session reads otherwise."""
    db.session.rollback()
    token = writes.set(True)
    queue.enqueue("test.note", {"n": n}, key=f"note:{n}", now=utc_now())
    db.session.commit()
    writes.reset(token)


def states() -> dict[str, JobState]:
    db.session.rollback()
    return {job.key: job.state for job in db.session.scalars(sa.select(Job))}


@needs_broker
def test_a_job_goes_through_the_broker_and_a_killed_workers_job_comes_back(site, start_worker, tmp_path):
    application, _environment = site
    hold = tmp_path / "hold"
    hold.touch()
    enqueue(1)
    first = start_worker()
    wait_for(lambda: lines(tmp_path / "begun") == ["1"])
    assert states() == {"note:1": JobState.RUNNING}
    first.send_signal(signal.SIGKILL)
    first.wait()
    hold.unlink()
    start_worker()
    # The broker delivers it again, but the lease may still be the dead worker's; then the sweep sends it once more.
    late = datetime.now(UTC) + timedelta(seconds=1)

    def swept_and_done() -> bool:
        if datetime.now(UTC) > late:
            send_to(application.extensions["celery"], queue.due_ids(utc_now(), older_than=timedelta(0)))
        return states() == {"note:1": JobState.DONE}

    wait_for(swept_and_done)
    assert (lines(tmp_path / "begun"), lines(tmp_path / "ended")) == (["1", "1"], ["1"])
    enqueue(2)
    wait_for(lambda: states()["note:2"] is JobState.DONE)  # straight through: nothing sweeps now
    assert lines(tmp_path / "ended") == ["1", "2"]


def test_a_broker_that_is_away_loses_nothing(site):
    application, _environment = site
    application.extensions["celery"].conf.broker_url = "amqp://guest:guest@127.0.0.1:1//"
    began = time.monotonic()
    enqueue(1)
    assert time.monotonic() - began < 3
    assert states() == {"note:1": JobState.QUEUED}
    assert len(queue.due_ids(utc_now(), older_than=timedelta(0))) == 1
