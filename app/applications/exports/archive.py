"""One zip of all documents under readable names, checked against what was submitted while it is sent."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.applications.queries.asked import ReceivedFilter
from app.applications.queries.exported import ExportedFile, list_exported_files
from app.challenges.models import Challenge
from app.core.spreadsheets import Cell, Column, write_csv
from app.core.storage import Storage
from app.core.zipstream import Member, UniquePaths, path_part, stream_zip


@dataclass(frozen=True)
class _Words:
    """What the manifest says, in the language of whoever asked: the stream outlives the request that knows it."""

    manifest: str  # its own name
    columns: tuple[Column, ...]
    whole: str
    changed: str
    missing: str


@dataclass(frozen=True)
class Archive:
    """All documents of some applications. `stream` touches no database; its memory grows with their number, not their size."""

    files: list[ExportedFile]
    applications: int
    zone: ZoneInfo
    made_at: datetime
    words: _Words

    def stream(self, storage: Storage) -> Iterator[bytes]:
        """The zip in pieces. A file that the storage does not have is named in the list, and so is one whose content is not
        what was submitted; one that cannot be read to its end breaks the stream off.
        """
        return stream_zip(self._members(storage))

    def _members(self, storage: Storage) -> Iterator[Member]:
        lines: list[list[Cell]] = []
        paths = UniquePaths()
        for file in self.files:
            document, received = file.document, file.received
            path = paths.give(
                path_part(received.receipt_number, file.company.in_language("ko")),
                path_part(document.title.in_language("ko"), document.filename),
            )
            if storage.exists(document.sha256):
                digest = hashlib.sha256()
                moment = (received.submitted_at or self.made_at).astimezone(self.zone)
                yield Member(path, moment, document.size, _hashed(storage.read_chunks(document.sha256), digest))
                outcome = self.words.whole if digest.hexdigest() == document.sha256 else self.words.changed
            else:
                outcome = self.words.missing
            lines.append(
                [
                    received.receipt_number, file.company.in_language("ko"), received.theme_code,
                    document.title.in_language("ko"), path, document.filename, document.size, document.issued_on,
                    document.sha256, outcome,
                ]
            )  # fmt: skip
        manifest = io.BytesIO()
        write_csv(manifest, self.words.columns, lines)
        content = manifest.getvalue()
        yield Member(self.words.manifest, self.made_at.astimezone(self.zone), len(content), [content])


def _hashed(chunks: Iterator[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def make_archive(challenge: Challenge, asked: ReceivedFilter, *, now: datetime) -> Archive:
    """What the zip of the applications that fit `asked` will hold. One statement."""
    files, applications = list_exported_files(challenge, asked)
    titles = (
        _("Receipt number"), _("Company"), _("Theme code"), _("Document"), _("Path"), _("Name of the file as uploaded"),
        _("Bytes"), _("Issued on"), "SHA-256", _("Found"),
    )  # fmt: skip
    words = _Words(
        path_part(_("list.csv")),
        tuple(Column(title) for title in titles),
        whole=_("as submitted"),
        changed=_("NOT as submitted: the content has changed"),
        missing=_("NOT in the archive: the file is missing"),
    )
    return Archive(files, applications, ZoneInfo(challenge.timezone), now, words)
