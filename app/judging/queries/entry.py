"""An application as its judges read it: what the call lets judges see, and no more."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application, Document
from app.challenges.models import DocumentRequirement, Question
from app.core.bilingual import Bilingual
from app.core.database import db


@dataclass(frozen=True)
class EntryDocument:
    """A file of the application, under the title that the call gives it."""

    id: UUID
    title: Bilingual
    filename: str
    media_type: str
    sha256: str
    size: int

    @property
    def previewed(self) -> bool:
        """Whether a page can show it; other kinds are downloaded."""
        return self.media_type in ("application/pdf", "image/png", "image/jpeg")


def list_entry_answers(application: Application) -> list[tuple[Question, Any]]:
    """The questions that judges see, with the answers as submitted; None where there is none. One statement."""
    query = sa.select(Question).where(Question.challenge_id == application.challenge_id, Question.judges_see)
    questions = db.session.scalars(query.order_by(Question.position))
    return [(question, application.answers.get(question.code)) for question in questions]


def list_entry_documents(application_id: UUID) -> list[EntryDocument]:
    """The documents that judges see, in the order of the call. One statement."""
    query = (
        sa.select(
            Document.id,
            DocumentRequirement.title,
            Document.filename,
            Document.media_type,
            Document.sha256,
            Document.size,
        )
        .join(DocumentRequirement, DocumentRequirement.id == Document.requirement_id)
        .where(Document.application_id == application_id, DocumentRequirement.judges_see)
        .order_by(DocumentRequirement.position)
    )
    return [EntryDocument(*row) for row in db.session.execute(query)]


def get_entry_document(application_id: UUID, document_id: UUID) -> EntryDocument | None:
    """One of those documents, or None."""
    return next((document for document in list_entry_documents(application_id) if document.id == document_id), None)
