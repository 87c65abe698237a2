"""gunicorn's worker of threads, which dates each request when it has arrived, not when a thread is free for it.

In the last minute before a close requests stand in line. What came in time is in time, however long it waits: so the moment
counts at which the whole request, head and body, lay in the server's hands. Nothing that a client says goes into it, and a
connection opened before the close gains nothing for a request that is sent after it.
"""

import re
import selectors
import socket
import struct
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped] # it has no types

from app.web.clock import arrival

PEEKED = 64 * 1024  # bytes: a form of that size at most is dated on arrival; a larger one when it is taken up
# Seconds that a thread waits between two bytes of a request; the kernel counts them, since gunicorn makes the socket blocking.
PATIENT = struct.pack("ll", 20, 0)
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
NAMED = re.compile(rb"\r\n(?:content-length|transfer-encoding)", re.IGNORECASE)


def is_whole(received: bytes) -> bool:
    """Whether these bytes hold all of one request."""
    head, blank_line, body = received.partition(b"\r\n\r\n")
    if not blank_line:
        return False
    length = LENGTH.search(head + b"\r\n")
    # A length that is none to us, given twice, or left to chunks, is for the server to judge: nothing is dated by it.
    if len(NAMED.findall(head)) != (1 if length else 0):
        return False
    return len(body) >= (int(length[1]) if length else 0)


def _held(conn: Any) -> bytes:
    """What an earlier request of a kept connection brought along and gunicorn has read already: the next one begins with it."""
    unreader = getattr(getattr(conn, "parser", None), "unreader", None)
    return bytes(unreader.buf.getvalue()) if unreader is not None else b""


class DatedWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Looks at what a connection has sent, without taking it, before the connection waits for a thread."""

    def enqueue_req(self, conn: Any) -> None:
        """Date the request if all of it is here; let a connection that has sent nothing yet wait without a thread."""
        conn.arrived_at = None
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, PATIENT)
        held = _held(conn)
        try:
            received = conn.sock.recv(PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            if not held:
                self._wait_for_first_byte(conn)
                return
            received = b""
        except (OSError, ValueError):
            received = b""
        if is_whole(held + received):
            conn.arrived_at = datetime.now(UTC)
        conn.data_ready = True
        super().enqueue_req(conn)

    def _wait_for_first_byte(self, conn: Any) -> None:
        conn.sock.settimeout(0)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        token = arrival.set(conn.arrived_at)
        try:
            return super().handle(conn)
        finally:
            arrival.reset(token)
