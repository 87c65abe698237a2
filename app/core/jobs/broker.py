"""Celery as transport: it carries ids of jobs, and whatever it loses the sweep sends again."""

import time
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog

from app.core.clock import Clock
from app.core.jobs.worker import run_one
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import celery
    from celery import Celery
    from flask import Flask
else:
    celery = Lazily("celery")

log = structlog.get_logger()
TASK = "madang.run_job"
LEFT_ALONE = 5.0  # seconds in which a broker that was away is not asked again
_left_alone_until: "WeakKeyDictionary[Celery, float]" = WeakKeyDictionary()


def make_celery(app: "Flask", clock: Clock, broker_url: str) -> "Celery":
    """A Celery application whose one task runs the job of a given id."""
    sender = celery.Celery("madang", broker=broker_url)
    sender.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options={"max_retries": 1, "interval_start": 0, "interval_step": 0},  # of whoever sends
        task_default_queue=app.config["BROKER_QUEUE"],
    )

    @sender.task(name=TASK)  # type: ignore[untyped-decorator] # Celery ships no types
    def run_job(job_id: str) -> None:
        run_one(app, clock, job_id=UUID(job_id))

    return sender


def send_to(sender: "Celery", ids: list[UUID]) -> None:
    """Hand over the ids. A broker that is away is no error: the jobs are in the table, and the sweep comes by.

    Nobody's request waits for it a second time: after a failure it is left alone for a while.
    """
    if time.monotonic() < _left_alone_until.get(sender, 0.0):
        return
    try:
        for job_id in ids:
            sender.send_task(TASK, args=[str(job_id)], retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker says, the commit stands and the jobs are in the table
        _left_alone_until[sender] = time.monotonic() + LEFT_ALONE
        log.warning("broker.away", error=repr(error))
