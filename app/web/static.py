"""Static files under addresses that change with their content, so that browsers may keep them for good."""

from functools import lru_cache
from gzip import compress
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.security import safe_join

PACKED = (".css", ".js", ".svg")
YEAR, MONTH = 365 * 24 * 3600, 30 * 24 * 3600


@lru_cache(maxsize=512)
def _version(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def version_of(folder: Path, filename: str) -> str | None:
    """Twelve hex digits of the file's hash, or None where there is no such file; a change on disk is noticed."""
    path = folder / filename
    try:
        return _version(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _packed(path: Path, _version: str) -> bytes:
    return compress(path.read_bytes(), compresslevel=9, mtime=0)


class PageSessions(SecureCookieSessionInterface):
    """Sessions belong to pages: a static file neither sets a cookie nor differs by one, or browsers could not keep it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_static(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (version := version_of(folder, values.get("filename", ""))):
            values["v"] = version

    addresses: dict[tuple[str, str, str], str] = {}

    def url_on_page(endpoint: str, **values: Any) -> str:
        """Flask's url_for for templates; what is the same on every page, a file or a place without arguments, is built once."""
        if len(values) > 1 or (values and endpoint != "static") or endpoint.startswith("."):
            return app.url_for(endpoint, **values)
        filename = values.get("filename", "")
        version = version_of(folder, filename) if filename else ""
        if version is None or not has_request_context():
            return app.url_for(endpoint, **values)
        key = (request.script_root, endpoint, f"{filename}?{version}")
        if (found := addresses.get(key)) is None:
            found = addresses[key] = app.url_for(endpoint, **values)
        return found

    app.jinja_env.globals["url_for"] = url_on_page

    def send(filename: str) -> Response:
        """The file; style sheets and scripts packed, which no page is: those hold secrets beside what others may choose."""
        path = safe_join(str(folder), filename)
        version = version_of(folder, filename) if path else None
        if path and version and path.endswith(PACKED) and request.accept_encodings.quality("gzip") > 0:
            response = Response(_packed(Path(path), version), mimetype=guess_type(filename)[0])
            response.headers["Content-Encoding"] = "gzip"
            response.set_etag(f"{version}-gzip")
            response.make_conditional(request)
        else:
            response = app.send_static_file(filename)
        if filename.endswith(PACKED):
            response.vary.add("Accept-Encoding")
        # Fonts are named by a style sheet that is not ours, without a version.
        keep = MONTH if filename.endswith(".woff2") else YEAR if version and request.args.get("v") == version else 0
        response.headers["Cache-Control"] = (
            f"public, max-age={keep}{', immutable' if keep == YEAR else ''}" if keep else "no-cache"
        )
        return response

    app.view_functions["static"] = send
    app.session_interface = PageSessions()
