"""The tus resumable upload protocol, version 1.0.0, as far as it is about headers: what is asked, what is answered.

Core protocol with the extensions creation, termination, expiration and checksum (https://tus.io/protocols/resumable-upload).
Where the bytes go and who may send them is the business of the feature whose views use this.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.http import http_date

from app.core.errors import RuleBroken
from app.core.incoming import Checksum, PartBusy, PartGone, WrongChecksum
from app.core.storage import DiskFull
from app.web.files import no_room

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 4096
HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}  # SHA-1 is the one that the protocol demands
CHECKSUM_MISMATCH = 460  # the protocol's own status


class Refused(Exception):  # noqa: N818 - it is a refusal, not a fault
    """The request is answered with `status` and a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def answer(status: int, headers: dict[str, str] | None = None, sentence: str = "") -> Response:
    """An answer of the protocol; never kept by anybody."""
    given = {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **(headers or {})}
    return Response(sentence, status, given, content_type="text/plain; charset=utf-8")


def capabilities(most: int) -> Response:
    """What this server speaks, for OPTIONS."""
    headers = {
        "Tus-Version": VERSION, "Tus-Extension": "creation,termination,expiration,checksum", "Tus-Max-Size": str(most),
        "Tus-Checksum-Algorithm": ",".join(HASHES),
    }  # fmt: skip
    return answer(204, headers)


def check_version() -> None:
    """Raises Refused for a client that speaks another version."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused(412, f"Tus-Resumable: {VERSION} is spoken here.")


def asked_length() -> int:
    """How long the upload will be, in bytes. Raises Refused."""
    if "Upload-Defer-Length" in request.headers:
        raise Refused(400, "Upload-Length has to be known from the beginning.")
    return _whole_number("Upload-Length")


def asked_offset() -> int:
    """Where the client believes that its piece belongs. Raises Refused."""
    if request.mimetype != CHUNK_TYPE:
        raise Refused(415, f"Content-Type has to be {CHUNK_TYPE}.")
    return _whole_number("Upload-Offset")


def _whole_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Refused(400, f"{header} has to be a whole number.")
    return int(text)


def asked_metadata() -> dict[str, str]:
    """Upload-Metadata: names with values in base64, which hold UTF-8. Raises Refused."""
    text = request.headers.get("Upload-Metadata", "")
    if len(text) > LONGEST_METADATA:
        raise Refused(400, "Upload-Metadata is too long.")
    found = {}
    for pair in filter(None, (pair.strip() for pair in text.split(","))):
        name, _blank, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode().replace("\x00", "")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(400, f"Upload-Metadata: {name[:40]} is not UTF-8 in base64.") from None
    return found


def asked_checksum() -> Checksum | None:
    """What the piece should hash to, where the client says so. Raises Refused."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    name, _blank, value = text.partition(" ")
    if name not in HASHES:
        raise Refused(400, f"Upload-Checksum: one of {', '.join(HASHES)} is understood.")
    try:
        return Checksum(HASHES[name], base64.b64decode(value, validate=True))
    except binascii.Error:
        raise Refused(400, "Upload-Checksum is not base64.") from None


def expires(when: datetime) -> dict[str, str]:
    return {"Upload-Expires": http_date(when)}


SILENCE = 30.0  # seconds without a byte after which a sender is taken to be gone, and the file let go for its next try


@contextmanager
def body() -> Iterator[IO[bytes]]:
    """The piece itself, read as it comes.

    A sender who falls silent, or whose network went away without a word, gives TimeoutError, and does not keep a thread for ever.
    """
    stream: Any = request.stream
    connection = request.environ.get("gunicorn.socket")
    if connection is None:
        yield stream
        return
    before = connection.gettimeout()
    connection.settimeout(SILENCE)
    try:
        yield stream
    finally:
        connection.settimeout(before)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn whatever stops an upload into the protocol's status with a sentence."""
    try:
        yield
    except PartGone:
        raise Refused(410, _("This upload was ended or has expired. Choose the file once more.")) from None
    except PartBusy:
        raise Refused(423, _("Another page is sending this file at the moment.")) from None
    except WrongChecksum:
        raise Refused(CHECKSUM_MISMATCH, _("Part of the file arrived damaged and is sent again.")) from None
    except DiskFull:
        raise Refused(507, no_room()) from None
    except RuleBroken as refused:
        raise Refused(403, refused.sentence) from None


def told(refused: Refused) -> Response:
    """The answer to a request that is refused."""
    return answer(refused.status, sentence=refused.sentence)
