"""The application's clock; tests put their own in its place."""

from contextvars import ContextVar
from datetime import datetime, timedelta

from flask import current_app, g

# When all of the present request lay in the server's hands, where the server dates that (see web.server); None elsewhere.
arrival: ContextVar[datetime | None] = ContextVar("arrival", default=None)

LONGEST_WAIT = timedelta(minutes=1)  # in which whatever stood in line has been served, or its sender has given up


def now() -> datetime:
    """The moment at which the request at hand arrived, or the present one where there is none.

    What came in time stays in time, however long it waits for its turn to write.
    """
    arrived: datetime | None = g.get("arrived_at")
    return arrived or present()


def settled() -> datetime:
    """The moment before which everything that arrived has had its turn: what chores do at a close, they do by this one."""
    return present() - LONGEST_WAIT


def present() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
