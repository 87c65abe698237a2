"""The application's clock; tests put their own in its place."""

from datetime import datetime

from flask import current_app


def now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
