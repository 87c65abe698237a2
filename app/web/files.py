"""Sending stored files: always as attachments, in pieces, under headers that let nothing in them run."""

from urllib.parse import quote

from flask import Response, abort, current_app, request
from flask_babel import gettext as _

from app.core.filetypes import ending_of, safe_filename
from app.core.incoming import PartFiles
from app.core.storage import Storage

SANDBOX = "default-src 'none'; sandbox"
# What a browser's own reader of PDFs and pictures may do when a page of ours frames the file: show it, and nothing else.
PREVIEWED = frozenset({"application/pdf", "image/png", "image/jpeg"})
PREVIEW = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def storage() -> Storage:
    """Where this application keeps its files."""
    kept: Storage = current_app.extensions["storage"]
    return kept


def part_files() -> PartFiles:
    """Where this application keeps files that are on their way."""
    kept: PartFiles = current_app.extensions["parts"]
    return kept


def no_room() -> str:
    """The sentence for a full disk."""
    return _(
        "The server has no room left for this file. Nothing that was saved before is lost, and an earlier file stays. Try again later, or tell the organizer."
    )


def attachment_headers(filename: str, *, size: int | None = None) -> dict[str, str]:
    """Headers of a download: a name that Korean browsers read, no sniffing, no scripts, no cache shared with others."""
    name = safe_filename(filename)
    ending = ending_of(name)
    plain = name if name.isascii() and "%" not in name else f"file.{ending}" if ending.isascii() and ending else "file"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
    }
    if size is not None:
        headers["Content-Length"] = str(size)
    return headers


def send_stored(sha256: str, filename: str, media_type: str, *, size: int | None = None) -> Response:
    """Stream a stored file as a download; 404 where the storage does not have it."""
    kept = storage()
    if not kept.exists(sha256):
        abort(404)
    return Response(kept.read_chunks(sha256), content_type=media_type, headers=attachment_headers(filename, size=size))


def send_viewed(sha256: str, filename: str, media_type: str, *, size: int | None = None) -> Response:
    """The same, shown within a page of ours where the address asks for it (?view=1) and a browser's reader can."""
    response = send_stored(sha256, filename, media_type, size=size)
    if request.args.get("view") and media_type in PREVIEWED:
        response.headers["Content-Disposition"] = "inline"
        response.headers["Content-Security-Policy"] = PREVIEW
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
