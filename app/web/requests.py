"""What happens around every request: its write intent for the database, its origin for the trail, its headers."""

from typing import Any

from flask import Flask, Request, Response, abort, g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.core.audit.trail import origin
from app.core.database import writes
from app.web.clock import present
from app.web.security import add_security_headers

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Typed(ImmutableMultiDict[str, Any]):
    """What a form or an address's query holds, without the character nought: nobody types it, and PostgreSQL refuses it."""

    def __init__(self, mapping: Any = None) -> None:
        given = MultiDict(mapping).items(multi=True)
        super().__init__(
            [(name, value.replace("\x00", "") if isinstance(value, str) else value) for name, value in given]
        )


class TypedRequest(Request):
    parameter_storage_class = Typed


def init_requests(app: Flask) -> None:
    app.request_class = TypedRequest

    @app.before_request
    def _begin() -> None:
        g.arrived_at = present()
        g.writes_before = writes.set(request.method not in READING)
        if "\x00" in request.path:
            abort(404)  # PostgreSQL cannot even be asked for it
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
