"""Which file somebody may read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import OrganizationKind, User
from app.applications.content import SubmittedDocument, read_submission
from app.applications.models import Application, Document
from app.applications.queries.own import list_submissions
from app.applications.queries.shared import get_shared_application_for
from app.applications.states import ApplicationState
from app.applications.writing.rules import is_own
from app.challenges.models import Challenge
from app.challenges.rules import is_sealed, may_observe
from app.core.database import db


@dataclass(frozen=True)
class ReadableFile:
    sha256: str
    filename: str
    media_type: str
    size: int


def get_document_for(user: User, application_id: UUID, document_id: UUID, now: datetime) -> ReadableFile | None:
    """The file behind a document, where the person may read it: the startup's people theirs, whether in the draft or sent;
    the organizer's what was sent, is not withdrawn and not behind a seal; a sponsor's what was shared. None for anybody else.
    """
    query = sa.select(Application).where(Application.id == application_id).options(joinedload(Application.challenge))
    application = db.session.scalar(query)
    if application is None:
        return None
    if is_own(application, user):
        document = db.session.scalar(
            sa.select(Document).where(Document.id == document_id, Document.application_id == application_id)
        )
        return _readable(document) if document is not None else _sent(application, document_id)
    if may_observe(user, application.challenge):
        withdrawn = application.state is ApplicationState.WITHDRAWN or not application.is_standing
        return None if withdrawn or is_sealed(application.challenge, now) else _sent(application, document_id)
    if user.organization_ids(OrganizationKind.SPONSOR):
        return _shared(user, application.challenge, application_id, document_id, now)
    return None


def _sent(application: Application, document_id: UUID) -> ReadableFile | None:
    for submission in list_submissions(application):
        document = read_submission(submission, whole=True).document(document_id)
        if document is not None:
            return _readable(document)
    return None


def _shared(
    user: User, challenge: Challenge, application_id: UUID, document_id: UUID, now: datetime
) -> ReadableFile | None:
    found = get_shared_application_for(user, challenge, application_id, now)
    document = read_submission(found[1], whole=False).document(document_id) if found is not None else None
    return _readable(document) if document is not None else None


def _readable(document: Document | SubmittedDocument) -> ReadableFile:
    return ReadableFile(document.sha256, document.filename, document.media_type, document.size)
