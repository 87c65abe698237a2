"""Pages for what went wrong, each with one next step."""

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.database import db

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500})


def register_error_pages(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response | HTTPException:
        db.session.rollback()
        code = error.code or 500
        if code not in PAGES:
            return error
        kind = "csrf" if isinstance(error, CSRFError) else str(code)
        # What the person typed is shown again where the session had ended under it, so that it can be copied out.
        typed = [(k, v) for k, v in request.form.items(multi=True) if len(v) > 40] if kind == "csrf" else []
        response = make_response(render_template("errors/error.html", code=code, kind=kind, typed=typed), code)
        for name, value in error.get_headers():
            if name.lower() in ("retry-after", "allow"):
                response.headers[name] = value
        return response

    @app.errorhandler(500)
    def _fault(_error: Exception) -> Response:
        db.session.rollback()
        return make_response(render_template("errors/error.html", code=500, kind="500", typed=[]), 500)
