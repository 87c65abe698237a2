"""Running jobs: here, one after another, or wherever a broker hands out their ids."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from app.core.clock import Clock
from app.core.database import db
from app.core.jobs import queue
from app.core.jobs.registry import JobRun, handler_for

if TYPE_CHECKING:
    from flask import Flask

log = structlog.get_logger()
RENEW_EVERY = 10.0  # seconds; a third of the lease
IDLE = 0.5  # seconds between looks at an empty table


def run_one(app: "Flask", clock: Clock, *, job_id: UUID | None = None) -> bool:
    """Take one due job and run it to its end. False when there was none."""
    with app.app_context():
        job = queue.claim(clock(), job_id=job_id)
        if job is None or job.lease_token is None:
            return False
        run = JobRun(job.id, job.lease_token, dict(job.payload), clock())
        kind = job.kind
        db.session.rollback()  # nothing held while the handler begins
        with _renewing(app, clock, run):
            try:
                handler_for(kind)(run)
                if queue.finish(run.job_id, run.token, clock()):
                    db.session.commit()
                else:  # another worker has it; its effects count, not ours
                    db.session.rollback()
                    log.warning("job.lease_lost", job=str(run.job_id), kind=kind)
            except Exception as error:  # noqa: BLE001 - whatever a handler raises, the table must say so
                db.session.rollback()
                log.warning("job.failed", job=str(run.job_id), kind=kind, error=repr(error))
                queue.fail(run.job_id, run.token, repr(error)[:2000], clock())
                db.session.commit()
        return True


class _renewing:  # noqa: N801 - reads as a verb where it is used
    """Keeps the lease while the handler works, from a thread of its own."""

    def __init__(self, app: "Flask", clock: Clock, run: JobRun) -> None:
        self.app, self.clock, self.run = app, clock, run
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._keep, daemon=True)

    def _keep(self) -> None:
        while not self.done.wait(RENEW_EVERY):
            with self.app.app_context():
                if not queue.renew_lease(self.run.job_id, self.run.token, self.clock()):
                    return

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()


def work(
    app: "Flask", clock: Clock, *, chores: list[Callable[[], None]], resend: Callable[[list[UUID]], None] | None
) -> None:
    """Serve until SIGTERM or SIGINT: run what is due (or, with a broker, send it again), and do the chores every few seconds."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    next_chores = clock()
    while not stop.is_set():
        try:
            if clock() >= next_chores:
                next_chores = clock() + timedelta(seconds=3)
                _do_chores(app, clock, chores, resend)
            if resend is not None or not run_one(app, clock):
                stop.wait(IDLE)
        except Exception as error:  # noqa: BLE001 - the database may be away for a while; the work waits in it
            log.warning("worker.stumbled", error=repr(error))
            stop.wait(5)


def _do_chores(
    app: "Flask", clock: Clock, chores: list[Callable[[], None]], resend: Callable[[list[UUID]], None] | None
) -> None:
    with app.app_context():
        for chore in chores:
            try:
                chore()
            except Exception as error:  # noqa: BLE001 - one that fails must not keep calls from closing
                db.session.rollback()
                log.warning("chore.failed", chore=getattr(chore, "__name__", ""), error=repr(error))
        if resend is not None and (late := queue.due_ids(clock(), older_than=timedelta(seconds=5))):
            resend(late)
        db.session.rollback()
