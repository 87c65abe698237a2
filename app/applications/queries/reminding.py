"""Whose drafts are not sent yet, and who wants to hear of it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.applications.models import Application, ReminderStop
from app.applications.states import ApplicationState
from app.core.database import db


def list_unsent_drafts(challenge_id: UUID, *, before: datetime) -> list[UUID]:
    """The drafts that were begun by `before` and never sent, or withdrawn and begun anew. One statement."""
    query = sa.select(Application.id).where(
        Application.challenge_id == challenge_id,
        Application.state == ApplicationState.DRAFT,
        Application.submitted_at.is_(None),
        Application.created_at <= before,
    )
    return list(db.session.scalars(query.order_by(Application.id)))


def get_reminded_application(application_id: UUID) -> Application | None:
    """The application that a reminder's link names; whoever has the link had the mail."""
    return db.session.get(Application, application_id)


def wants_reminders(application: Application, email: str) -> bool:
    return db.session.get(ReminderStop, (application.id, email)) is None
