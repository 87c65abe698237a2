"""An application for Celery workers in processes of their own, with jobs that write what they do into a folder, and short leases."""

import os
import time
from datetime import timedelta
from pathlib import Path

from app import create_app
from app.core.jobs import queue, worker
from app.core.jobs.registry import JobRun, job_handler

queue.LEASE = timedelta(seconds=1)
worker.RENEW_EVERY = 0.3
FOLDER = Path(os.environ["MADANG_DATA"])


@job_handler("test.note")
def note(run: JobRun) -> None:
    """Say that it began; wait while a file says so; say that it ended."""
    with (FOLDER / "begun").open("a") as file:
        file.write(f"{run.payload['n']}\n")
    while (FOLDER / "hold").exists():
        time.sleep(0.02)
    with (FOLDER / "ended").open("a") as file:
        file.write(f"{run.payload['n']}\n")


app = create_app()
celery = app.extensions["celery"]
