"""The application's clock; tests put their own in its place."""

from datetime import datetime

from flask import current_app

from app.core.clock import Clock


def now() -> datetime:
    clock: Clock = current_app.extensions["clock"]
    return clock()
