"""Celery as transport: it carries ids of jobs, and whatever it loses the sweep sends again."""

from typing import TYPE_CHECKING
from uuid import UUID

from celery import Celery

from app.core.clock import Clock
from app.core.jobs.worker import run_one

if TYPE_CHECKING:
    from flask import Flask

TASK = "madang.run_job"


def make_celery(app: "Flask", clock: Clock, broker_url: str) -> Celery:
    """A Celery application whose one task runs the job of a given id."""
    celery = Celery("madang", broker=broker_url)
    celery.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        task_default_queue=app.config["BROKER_QUEUE"],
    )

    @celery.task(name=TASK)  # type: ignore[untyped-decorator] # Celery ships no types
    def run_job(job_id: str) -> None:
        run_one(app, clock, job_id=UUID(job_id))

    return celery


def send_to(celery: Celery, ids: list[UUID]) -> None:
    """Hand over the ids. A broker that is away is no error: the jobs are in the table, and the sweep comes by."""
    try:
        for job_id in ids:
            celery.send_task(TASK, args=[str(job_id)], retry=False)
    except celery_connection_errors(celery):
        return


def celery_connection_errors(celery: Celery) -> tuple[type[BaseException], ...]:
    with celery.connection_for_write() as connection:
        return (*connection.connection_errors, *connection.channel_errors, OSError)
