"""How the ids of new jobs reach whoever runs them: through the broker where there is one, else the worker looks itself."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app

from app.core.clock import Clock
from app.core.jobs.broker import make_celery, send_to
from app.core.jobs.queue import announce_to

if TYPE_CHECKING:
    from flask import Flask


def init_jobs(app: "Flask", clock: Clock) -> None:
    """Set up Celery where BROKER_URL names a broker. `app.extensions["celery"]` is None otherwise."""
    url = app.config["BROKER_URL"]
    app.extensions["celery"] = make_celery(app, clock, url) if url else None


def _send_by_the_present_application(ids: list[UUID]) -> None:
    """Several applications may share a process (tests); the one whose context it is has the broker."""
    if (celery := current_app.extensions["celery"]) is not None:
        send_to(celery, ids)


announce_to(_send_by_the_present_application)
