"""A request is dated when all of it is here, and never by what a client says."""

import socket
import struct
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.clock import arrival
from app.web.server import DatedWorker, is_whole

BODY = b"csrf_token=abc&seen=0"
POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 21\r\n\r\n" + BODY


@pytest.mark.parametrize(
    ("received", "whole"),
    [
        (POST, True),
        (POST + b"GET /next", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\ncontent-length:0\r\n\r\n", True),
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 0000000000021\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 21\r\n\r\n", False),
        (b"POST / HTTP/1.1\r\nContent-Length : 21\r\n\r\n", False),
    ],
)
def test_a_whole_request_is_told_from_a_part(received, whole):
    assert is_whole(received) is whole


@given(st.integers(0, len(POST) - 1))
def test_no_part_of_a_request_is_whole(cut):
    assert not is_whole(POST[:cut])


class Worker(DatedWorker):
    """A worker whose threads are this one, and whose poller is a list."""

    def __init__(self):
        self.cfg = SimpleNamespace(keepalive=2)
        self.polled, self.pending_conns, self.taken = [], [], []
        self.poller = SimpleNamespace(register=lambda sock, *_: self.polled.append(sock))
        self.tpool = SimpleNamespace(
            submit=lambda _handle, conn: self.taken.append(conn) or SimpleNamespace(add_done_callback=lambda _: None)
        )


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield SimpleNamespace(sock=ours, data_ready=False, initialized=False), theirs


def test_a_request_is_dated_when_it_is_here(pair):
    conn, client = pair
    worker = Worker()
    client.sendall(POST)
    worker.enqueue_req(conn)
    assert worker.taken == [conn]
    assert datetime.now(UTC) - conn.arrived_at < timedelta(seconds=5)
    assert conn.sock.recv(1000) == POST  # it was only looked at


def test_a_connection_opened_early_gains_nothing(pair):
    conn, client = pair
    worker = Worker()
    worker.enqueue_req(conn)  # nothing has been sent
    assert (worker.taken, worker.polled, worker.pending_conns) == ([], [conn.sock], [conn])
    client.sendall(POST[:30])  # half of it
    worker.enqueue_req(conn)
    assert worker.taken == [conn]
    assert conn.arrived_at is None


def test_what_an_earlier_request_brought_along_belongs_to_the_next(pair):
    """Else a head sent with the request before it, and a body that looks like a request, would date what is sent after the close."""
    conn, client = pair
    head = b"POST /submit HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
    conn.parser = SimpleNamespace(unreader=SimpleNamespace(buf=BytesIO(head)))
    worker = Worker()
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")  # the first bytes of the body
    worker.enqueue_req(conn)
    assert (worker.taken, conn.arrived_at) == ([conn], None)


def test_a_request_that_has_been_read_whole_does_not_wait_for_more(pair):
    conn, _client = pair
    conn.parser = SimpleNamespace(unreader=SimpleNamespace(buf=BytesIO(POST)))
    worker = Worker()
    worker.enqueue_req(conn)
    assert worker.taken == [conn]
    assert conn.arrived_at is not None


def test_a_sender_who_stops_does_not_hold_a_thread_for_ever(pair):
    conn, client = pair
    client.sendall(POST[:5])
    Worker().enqueue_req(conn)
    seconds, _micro = struct.unpack("ll", conn.sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16))
    assert 0 < seconds <= 30


def test_the_view_sees_the_date_and_the_next_request_does_not(pair, monkeypatch):
    conn, _client = pair
    seen = []
    monkeypatch.setattr("gunicorn.workers.gthread.ThreadWorker.handle", lambda _self, _conn: seen.append(arrival.get()))
    conn.arrived_at = datetime(2022, 9, 23, 8, tzinfo=UTC)
    Worker().handle(conn)
    assert seen == [conn.arrived_at]
    assert arrival.get() is None
