"""Server-sent events of a pitch day: that something changed, not what; the page then asks for itself, under its own rules.

A stream takes a thread for as long as it lives, so it ends soon and the browser comes back; and of the threads only a few may be
taken this way. Whoever finds them taken is answered at once and asked to come back a little later, which is polling.
"""

import threading
import time
from collections.abc import Iterator
from uuid import UUID

from flask import Flask

from app.core.database import db, writes
from app.judging.pitch.queries import stamp_of

STREAMS = threading.BoundedSemaphore(6)  # of 24 threads in each process
LOOK_EVERY, LATER = 0.5, 4000  # seconds between two looks; milliseconds after which one comes back who found no thread


def events(app: Flask, round_id: UUID, *, seconds: float) -> Iterator[str]:
    """The stamp of the day at once and whenever it has changed, for so many seconds."""
    if not STREAMS.acquire(blocking=False):
        yield f"retry: {LATER}\n\n{_told(_look(app, round_id))}"
        return
    try:
        yield "retry: 1000\n\n"
        ends, told, quiet = time.monotonic() + seconds, "", 0
        while True:
            stamp = _look(app, round_id)
            quiet = 0 if stamp != told else quiet + 1
            if stamp != told:
                yield _told(stamp)
            elif quiet % 20 == 0:
                yield ": still here\n\n"  # a browser that has gone is noticed by this
            told = stamp
            if time.monotonic() + LOOK_EVERY > ends:
                return
            time.sleep(LOOK_EVERY)
    finally:
        STREAMS.release()


def _told(stamp: str) -> str:
    return f"event: changed\ndata: {stamp}\n\n"


def _look(app: Flask, round_id: UUID) -> str:
    """Read in a transaction of its own, which holds nothing between two looks."""
    token = writes.set(False)
    try:
        with app.app_context():
            try:
                return stamp_of(round_id)
            finally:
                db.session.remove()
    finally:
        writes.reset(token)
