"""Static files under addresses that change with their content, so that browsers may keep them for good."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

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


def init_static(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (version := version_of(folder, values.get("filename", ""))):
            values["v"] = version

    @app.after_request
    def _keep(response: Response) -> Response:
        """Keep for a year what is asked for under its present version; anything else is asked for again."""
        if request.endpoint == "static" and response.status_code in (200, 304):
            filename = (request.view_args or {}).get("filename", "")
            asked = request.args.get("v")
            current = asked and asked == version_of(folder, filename)
            keep = f"public, max-age={YEAR}, immutable" if current else "no-cache"
            # Fonts are named by a style sheet that is not ours, without a version.
            response.headers["Cache-Control"] = f"public, max-age={MONTH}" if filename.endswith(".woff2") else keep
        return response
