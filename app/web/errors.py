"""Pages for what went wrong, each with one next step; nothing that was typed is lost on them."""

from flask import Flask, Response, current_app, flash, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.storage import FULL
from app.web.files import no_room
from app.web.filters import filesize

PAGES = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 500, 501, 503})
SECRETS = frozenset({"csrf_token", "current", "next"})  # beside every name that has "password" in it


def register_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RuleBroken, _refused)
    app.register_error_handler(StaleEdit, _stale)
    app.register_error_handler(OSError, _disk_full)
    app.register_error_handler(500, _fault)


def _http_error(error: HTTPException) -> Response | HTTPException:
    db.session.rollback()
    code = error.code or 500
    if code not in PAGES:
        return error
    if isinstance(error, CSRFError):
        return _page(400, kind="csrf", typed=typed_texts())
    limit = ""
    if isinstance(error, RequestEntityTooLarge):
        limit = filesize(request.max_content_length or 0)
        _read_to_the_end()
    response = _page(code, limit=limit, typed=typed_texts() if code == 401 else [])
    for name, value in error.get_headers():
        if name.lower() in ("retry-after", "allow"):
            response.headers[name] = value
    return response


def _refused(error: RuleBroken) -> Response:
    """A refusal that no view put beside a field: back to the page it came from, with the sentence."""
    db.session.rollback()
    if not typed_texts() and not _is_script() and (back := came_from()):
        flash(error.sentence, "error")
        return make_response(redirect(back, code=303))
    return _page(409, kind="refused", sentence=error.sentence, typed=typed_texts())


def _stale(_error: StaleEdit) -> Response:
    db.session.rollback()
    return _page(409, typed=typed_texts())


def _disk_full(error: OSError) -> Response:
    """A form's file found no room; any other error of the system is a fault of ours."""
    if error.errno not in FULL:
        raise error
    db.session.rollback()
    return _page(503, sentence=no_room())


def _fault(_error: Exception) -> Response:
    db.session.rollback()
    try:
        return _page(500, typed=typed_texts())
    except Exception:  # the frame needs the database, which may be what broke
        current_app.logger.exception("the page for a fault could not be drawn")
        return make_response(current_app.jinja_env.get_template("errors/plain.html").render(), 500)


def _page(
    code: int, *, kind: str = "", sentence: str = "", limit: str = "", typed: list[tuple[str, str]] | None = None
) -> Response:
    kind = kind or str(code)
    if _is_script():
        # The place that a script fills is small: one sentence, no page.
        response = make_response(
            render_template("errors/sentence.html", kind=kind, sentence=sentence, limit=limit), code
        )
        response.headers["X-Madang-Error"] = kind
        return response
    back = request.full_path.rstrip("?") if request.method == "GET" else came_from()
    page = render_template(
        "errors/error.html", code=code, kind=kind, sentence=sentence, limit=limit, typed=typed or [], back=back
    )
    return make_response(page, code)


def _is_script() -> bool:
    return "HX-Request" in request.headers


def typed_texts(*, at_least: int = 20) -> list[tuple[str, str]]:
    """What the person wrote into the form, to be copied out: texts of some length only, and never a password."""
    try:
        items = list(request.form.items(multi=True))
    except HTTPException:  # the form itself is what is wrong
        return []
    return [
        (name, text)
        for name, text in items
        if name not in SECRETS and "password" not in name and len(text.strip()) >= at_least
    ]


def _read_to_the_end() -> None:
    """Take what the browser is still sending, so that it listens to the answer; up to four times the limit."""
    limit, coming = request.max_content_length or 0, request.content_length or 0
    if coming <= limit:  # refused while it was being read; nobody knows how much is left
        return
    stream, left = request.environ["wsgi.input"], min(coming, 4 * limit)
    while left > 0 and (part := stream.read(min(left, 1 << 16))):
        left -= len(part)


def came_from() -> str | None:
    """The page of ours that sent this request, if it is not the same address once more."""
    referrer = request.referrer or ""
    if request.method != "POST" or not referrer.startswith(request.host_url):
        return None
    return "/" + referrer.removeprefix(request.host_url).lstrip("/\\")
