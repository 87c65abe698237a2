"""The files of a draft: handed in one by one, replaced, dated, removed."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application, Document
from app.applications.services.locking import lock_application
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Kind, Question
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.filetypes import safe_filename
from app.core.storage import DiskFull, Storage, TooLarge
from app.web.files import no_room
from app.web.filters import filesize


def _open(application: Application, question: Question, actor: User, now: datetime) -> Document | None:
    """The document that stands for `question`, with the application locked and found to be open. Raises RuleBroken."""
    lock_application(application)
    field = f"doc-{question.code}"
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason, field=field)
    asked = for_theme(application.challenge.form, application.theme.code).question(question.code)
    if asked is None or asked.kind is not Kind.FILE:
        raise RuleBroken(_("This call does not ask for this document."), field=field)
    return db.session.scalar(
        sa.select(Document).where(Document.application_id == application.id, Document.question == question.code)
    )


class Unfit(RuleBroken):
    """The file is not taken, and would not be if it were sent again."""


@dataclass(frozen=True)
class StoredDocument:
    """A file that was found to suit its question and is whole in the storage, but belongs to nothing yet."""

    filename: str
    media_type: str
    sha256: str
    size: int


def store_document(
    question: Question, file: IO[bytes], filename: str, *, storage: Storage, path: Path | None = None
) -> StoredDocument:
    """Look at the content and store it, with no row locked meanwhile: a large file takes its time.

    `file` is seekable and read in pieces; `path` is where it lies, if it can be adopted without a copy. Raises RuleBroken for
    a content, an ending or a size that is not taken, and where the disk is full.
    """
    field = f"doc-{question.code}"
    kind, refusal = rules.why_not_document(question, file, filename)
    if kind is None:
        raise Unfit(refusal, field=field)
    limit = question.max_mb * 1024 * 1024
    try:
        stored = storage.adopt(path) if path is not None else storage.save(file, max_bytes=limit)
    except TooLarge as error:
        raise RuleBroken(_("The file is larger than %(limit)s.", limit=filesize(limit)), field=field) from error
    except DiskFull as error:
        raise RuleBroken(no_room(), field=field) from error
    return StoredDocument(safe_filename(filename, fallback=question.code), kind.media_type, stored.sha256, stored.size)


def attach_document(
    application: Application, question: Question, *, stream: IO[bytes], filename: str, storage: Storage,
    actor: User, now: datetime, issued_on: date | None = None,
) -> Document:  # fmt: skip
    """Store a small file and attach it in one go. Raises RuleBroken, with the earlier file untouched."""
    _open(application, question, actor, now)
    stored = store_document(question, stream, filename, storage=storage)
    return attach_stored(application, question, stored, actor=actor, now=now, issued_on=issued_on)


def attach_stored(
    application: Application, question: Question, stored: StoredDocument, *, actor: User, now: datetime,
    issued_on: date | None = None,
) -> Document:  # fmt: skip
    """Make a stored file the document for `question`; an earlier one gives way, but stays readable in the submissions
    that hold it. A date of issue that does not suit is kept and marked, like any answer. Raises RuleBroken.
    """
    standing = _open(application, question, actor, now)
    if standing is not None:
        db.session.delete(standing)
        db.session.flush()
    document = Document(
        application_id=application.id, question=question.code, filename=stored.filename, media_type=stored.media_type,
        sha256=stored.sha256, size=stored.size, issued_on=issued_on, uploaded_at=now,
    )  # fmt: skip
    db.session.add(document)
    application.saved_at = now
    record(
        "applications.attach_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"question": question.code, "sha256": stored.sha256, "size": stored.size,
                 "replaces": standing.sha256 if standing is not None else None},
    )  # fmt: skip
    db.session.expire(application, ["documents"])
    return document


def date_document(application: Application, question: Question, *, issued_on: date, actor: User, now: datetime) -> None:
    """Give the uploaded document its date of issue. Raises RuleBroken."""
    document = _open(application, question, actor, now)
    if document is None:
        raise RuleBroken(_("Choose a file first."), field=f"doc-{question.code}")
    document.issued_on = issued_on
    application.saved_at = now
    record(
        "applications.date_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"question": question.code, "issued_on": issued_on.isoformat()},
    )  # fmt: skip


def remove_document(application: Application, question: Question, *, actor: User, now: datetime) -> None:
    """Take the document out of the draft; removing what is gone is no fault. Raises RuleBroken."""
    document = _open(application, question, actor, now)
    if document is None:
        return
    db.session.delete(document)
    application.saved_at = now
    record(
        "applications.remove_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"question": question.code, "sha256": document.sha256},
    )  # fmt: skip
    db.session.expire(application, ["documents"])
