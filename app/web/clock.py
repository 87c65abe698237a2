"""The application's clock; tests put their own in its place."""

from datetime import datetime

from flask import current_app, g


def now() -> datetime:
    """The moment at which the request at hand arrived, or the present one where there is none.

    What came in time stays in time, however long it waits for its turn to write.
    """
    arrived: datetime | None = g.get("arrived_at")
    return arrived or present()


def present() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
