"""The application's clock; tests put their own in its place."""

from contextvars import ContextVar
from datetime import datetime

from flask import current_app, g

# When all of the present request lay in the server's hands, where the server dates that (see web.server); None elsewhere.
arrival: ContextVar[datetime | None] = ContextVar("arrival", default=None)


def now() -> datetime:
    """The moment at which the request at hand arrived, or the present one where there is none.

    What came in time stays in time, however long it waits for its turn to write.
    """
    arrived: datetime | None = g.get("arrived_at")
    return arrived or present()


def present() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
