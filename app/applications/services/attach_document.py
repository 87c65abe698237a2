"""The files of a draft: handed in one by one, replaced, dated, removed."""

from datetime import date, datetime
from typing import IO

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application, Document
from app.applications.services.locking import lock_application
from app.challenges.models import DocumentRequirement
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.filetypes import safe_filename
from app.core.storage import Storage, TooLarge
from app.web.filters import filesize


def _open(application: Application, requirement: DocumentRequirement, actor: User, now: datetime) -> Document | None:
    """The document that stands for `requirement`, with the application locked and found to be open. Raises RuleBroken."""
    lock_application(application)
    field = f"doc-{requirement.code}"
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason, field=field)
    if requirement.challenge_id != application.challenge_id:
        raise RuleBroken(_("This call does not ask for this document."), field=field)
    return db.session.scalar(
        sa.select(Document).where(Document.application_id == application.id, Document.requirement_id == requirement.id)
    )


def attach_document(
    application: Application, requirement: DocumentRequirement, *, stream: IO[bytes], filename: str, storage: Storage,
    actor: User, now: datetime, issued_on: date | None = None,
) -> Document:  # fmt: skip
    """Keep the file for `requirement`; an earlier one gives way, but stays readable in the submissions that hold it.

    `stream` is seekable and read in pieces. A date of issue that does not suit is kept and marked, like any answer.
    Raises RuleBroken, with the earlier file untouched, for a content, an ending or a size that is not taken.
    """
    field = f"doc-{requirement.code}"
    standing = _open(application, requirement, actor, now)
    kind, refusal = rules.why_not_document(requirement, stream, filename)
    if kind is None:
        raise RuleBroken(refusal, field=field)
    limit = requirement.max_mb * 1024 * 1024
    try:
        stored = storage.save(stream, max_bytes=limit)
    except TooLarge as error:
        raise RuleBroken(_("The file is larger than %(limit)s.", limit=filesize(limit)), field=field) from error
    if standing is not None:
        db.session.delete(standing)
        db.session.flush()
    document = Document(
        application_id=application.id, requirement_id=requirement.id, filename=safe_filename(filename, fallback=requirement.code),
        media_type=kind.media_type, sha256=stored.sha256, size=stored.size, issued_on=issued_on, uploaded_at=now,
    )  # fmt: skip
    db.session.add(document)
    application.saved_at = now
    record(
        "applications.attach_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"requirement": requirement.code, "sha256": stored.sha256, "size": stored.size,
                 "replaces": standing.sha256 if standing is not None else None},
    )  # fmt: skip
    db.session.expire(application, ["documents"])
    return document


def date_document(
    application: Application, requirement: DocumentRequirement, *, issued_on: date, actor: User, now: datetime
) -> None:
    """Give the uploaded document its date of issue. Raises RuleBroken."""
    document = _open(application, requirement, actor, now)
    if document is None:
        raise RuleBroken(_("Choose a file first."), field=f"doc-{requirement.code}")
    document.issued_on = issued_on
    application.saved_at = now
    record(
        "applications.date_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"requirement": requirement.code, "issued_on": issued_on.isoformat()},
    )  # fmt: skip


def remove_document(application: Application, requirement: DocumentRequirement, *, actor: User, now: datetime) -> None:
    """Take the document out of the draft; removing what is gone is no fault. Raises RuleBroken."""
    document = _open(application, requirement, actor, now)
    if document is None:
        return
    db.session.delete(document)
    application.saved_at = now
    record(
        "applications.remove_document", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"requirement": requirement.code, "sha256": document.sha256},
    )  # fmt: skip
    db.session.expire(application, ["documents"])
