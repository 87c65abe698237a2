"""Sweeping away, once an hour: uploads that nobody finished, and stored files that nothing names any more."""

from app.applications.services import expire_uploads, known_uploads
from app.core.database import db, writes
from app.core.incoming import PartFiles
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


if ask_for_sweep not in CHORES:
    CHORES.append(ask_for_sweep)
