"""For judging without a connection: the worker that keeps a judge's pages on the device, and the token to send drafts with."""

from pathlib import Path
from typing import Any

from flask import Response, current_app
from flask_wtf.csrf import generate_csrf

from app.judging.views import bp
from app.web.access import access, anyone, signed_in


@bp.get("/judging/worker.js")
@access(anyone)
def service_worker() -> Response:
    """From here, not from among the static files: a worker answers only for addresses beneath its own, or that it is allowed."""
    script = Path(current_app.static_folder or "", "js/judging-worker.js").read_text()
    response = Response(script, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/judging"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/judging/outbox")
@access(signed_in)
def show_outbox() -> Any:
    """The session's token: pages that were kept may hold that of an earlier session."""
    return {"token": generate_csrf()}
