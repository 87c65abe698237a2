"""What happens around every request: its write intent for the database, its origin for the trail, its headers."""

import sys
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from flask import Flask, Request, Response, abort, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.core.audit.trail import origin
from app.core.database import writes
from app.web.clock import arrival, present
from app.web.security import add_security_headers

READING = frozenset({"GET", "HEAD", "OPTIONS"})
PIECE = "application/offset+octet-stream"  # of a file that comes in pieces (tus)


class Typed(ImmutableMultiDict[str, Any]):
    """What a form or an address's query holds, without the character nought: nobody types it, and PostgreSQL refuses it."""

    def __init__(self, mapping: Any = None) -> None:
        given = MultiDict(mapping).items(multi=True)
        super().__init__(
            [(name, value.replace("\x00", "") if isinstance(value, str) else value) for name, value in given]
        )


class TypedRequest(Request):
    parameter_storage_class = Typed

    def _get_file_stream(self, *_sizes_and_names: object, **_more: object) -> IO[bytes]:
        """Spool files that a form sends to the data folder's disk: the system's folder for such things may be memory."""
        folder = current_app.config["DATA_FOLDER"] / "spool"
        folder.mkdir(exist_ok=True)
        return TemporaryFile("w+b", dir=folder)


View = TypeVar("View", bound=Callable[..., Any])


def reads_first(view: View) -> View:
    """For a view that reads much and writes a little, or waits for the network: its first transaction takes no lock to write.

    What it writes, it writes after `begin_writing()`.
    """
    view.reads_first = True  # type: ignore[attr-defined] # looked for when a request begins
    return view


def takes_up_to(megabytes: int | None) -> Callable[[View], View]:
    """For a view whose body may be larger than most: one with a large file. None: the view has a limit of its own."""

    def mark(view: View) -> View:
        view.largest_body = sys.maxsize if megabytes is None else megabytes * 1024 * 1024  # type: ignore[attr-defined] # as above
        return view

    return mark


def _limit_body(view: Callable[..., Any] | None) -> None:
    """Let a body be as large as its view allows; only one that nobody reads as a form may be without a limit."""
    limit = getattr(view, "largest_body", None)
    if limit is not None and (limit != sys.maxsize or request.mimetype == PIECE):
        request.max_content_length = limit
    if "Transfer-Encoding" in request.headers and request.mimetype == "application/x-www-form-urlencoded":
        abort(411)  # its length is held to a limit only where it is known


def init_requests(app: Flask) -> None:
    app.request_class = TypedRequest

    @app.before_request
    def _begin() -> None:
        g.arrived_at = arrival.get() or present()
        view = current_app.view_functions.get(request.endpoint or "")
        reads = request.method in READING or getattr(view, "reads_first", False)
        g.writes_before = writes.set(not reads)
        if "\x00" in request.path:
            abort(404)  # PostgreSQL cannot even be asked for it
        _limit_body(view)
        if arrival.get() is None and request.method not in READING and not hasattr(view, "largest_body"):
            _ = (
                request.form
            )  # a form has arrived when its body has: a head sent before a close brings in no words written after it
            g.arrived_at = present()
        origin.set({"address": request.remote_addr or "", "browser": request.user_agent.string[:200]})

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        g.pop("arrived_at", None)
        if "writes_before" in g:
            writes.reset(g.pop("writes_before"))
        origin.set(None)

    @app.after_request
    def _headers(response: Response) -> Response:
        return add_security_headers(response)
