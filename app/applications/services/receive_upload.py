"""Files that come in pieces: begun, brought to their end, given up, and forgotten when nobody went on."""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application, Document, Upload
from app.applications.services.attach_document import StoredDocument, Unfit, attach_stored, store_document
from app.applications.services.locking import lock_application
from app.applications.states import UploadState
from app.challenges.form.model import Question
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.filetypes import safe_filename
from app.core.incoming import PartBusy, PartFiles, PartGone
from app.core.storage import DiskFull, Storage
from app.web.filters import filesize

KEPT_FOR = timedelta(days=2)  # from its beginning; an upload that has begun ends with the close, like everything else


def begin_upload(
    application: Application, question: Question, *, length: int, filename: str, parts: PartFiles, storage: Storage,
    actor: User, now: datetime,
) -> Upload:  # fmt: skip
    """A place for `length` bytes. The person's earlier unfinished upload for the same document gives way.

    Raises RuleBroken for what would not be taken in the end either, and DiskFull.
    """
    lock_application(application)
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    if reason := rules.why_not_announced(question, length, filename):
        raise RuleBroken(reason, field=f"doc-{question.code}")
    if not storage.has_room(length):
        raise DiskFull
    earlier = db.session.scalars(
        sa.select(Upload).where(
            Upload.application_id == application.id, Upload.question == question.code, Upload.by_id == actor.id,
            Upload.state == UploadState.RECEIVING,
        )
    )  # fmt: skip
    for upload in earlier.all():
        drop_upload(upload, parts=parts)
    db.session.flush()
    upload = Upload(
        application_id=application.id, question=question.code, by_id=actor.id, length=length, created_at=now,
        filename=safe_filename(filename, fallback=question.code), expires_at=now + KEPT_FOR,
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    parts.create(upload.id)
    return upload


def store_upload(upload: Upload, question: Question, *, parts: PartFiles, storage: Storage) -> StoredDocument:
    """The whole file, looked at and in the storage, not yet attached. A file that is not taken is thrown away.

    Raises RuleBroken; Unfinished where some of it has not arrived.
    """
    field = f"doc-{question.code}"
    try:
        with parts.hold(upload.id) as part:
            if part.size != upload.length:
                raise Unfinished(part.size, upload.length, field=field)
            with part.path.open("rb") as file:
                return store_document(question, file, upload.filename, storage=storage, path=part.path)
    except Unfit:
        parts.remove(upload.id)
        raise
    except PartGone:
        raise RuleBroken(_("This upload was ended or has expired. Choose the file once more."), field=field) from None
    except PartBusy:
        raise RuleBroken(_("Another page is sending this file at the moment."), field=field) from None


class Unfinished(RuleBroken):
    """A half-sent file is never attached; it can go on where it stopped."""

    def __init__(self, arrived: int, length: int, *, field: str) -> None:
        sentence = _(
            "Only %(arrived)s of %(length)s have arrived. Choose the file once more: it goes on where it stopped.",
            arrived=filesize(arrived),
            length=filesize(length),
        )
        super().__init__(sentence, field=field)


def finish_upload(
    upload: Upload, application: Application, question: Question, stored: StoredDocument, *, actor: User,
    now: datetime, issued_on: date | None = None,
) -> Document:  # fmt: skip
    """Make the stored file the document, and say so on the upload, in one transaction. Raises RuleBroken."""
    document = attach_stored(application, question, stored, actor=actor, now=now, issued_on=issued_on)
    upload.state, upload.sha256 = UploadState.ATTACHED, stored.sha256
    return document


def drop_upload(upload: Upload, *, parts: PartFiles) -> None:
    """Give it up, with what has arrived of it."""
    parts.remove(upload.id)
    db.session.delete(upload)


def expire_uploads(*, parts: PartFiles, now: datetime, limit: int = 200) -> int:
    """Forget what nobody finished in time, and the notes of what was finished; returns how many there were."""
    query = sa.select(Upload).where(Upload.expires_at <= now).order_by(Upload.expires_at).limit(limit)
    uploads = db.session.scalars(query).all()
    for upload in uploads:
        drop_upload(upload, parts=parts)
    return len(uploads)


def count_expired(*, now: datetime) -> int:
    """How many uploads the next sweep forgets."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Upload).where(Upload.expires_at <= now)) or 0


def known_uploads(ids: list[UUID]) -> set[UUID]:
    """Which of these files on their way belong to an upload that stands."""
    return set(db.session.scalars(sa.select(Upload.id).where(Upload.id.in_(ids)))) if ids else set()
