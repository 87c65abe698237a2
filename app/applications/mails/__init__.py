"""Whom an application's mails go to, each in the person's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.models import Membership, User
from app.applications.models import Application
from app.applications.rules.completeness import EMAIL
from app.core.database import db
from app.mail.services import queue_mail


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    language: str


def members(startup_id: UUID) -> list[Recipient]:
    """The startup's people, in the order in which they came."""
    people = db.session.execute(
        sa.select(User.name, User.email, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == startup_id, User.confirmed_at.is_not(None))
        .order_by(User.created_at, User.id)
    ).all()
    return [Recipient(person.name, person.email, person.language) for person in people]


def recipients(application: Application) -> list[Recipient]:
    """The startup's people, and the contact person where that is somebody else; nobody twice."""
    found = {person.email: person for person in members(application.startup_id)}
    contact = application.contact_email.lower()
    if EMAIL.fullmatch(contact) and len(contact) <= 320 and contact not in found:
        language = next((r.language for r in found.values()), "ko")
        found[contact] = Recipient(application.contact_name, contact, language)
    return list(found.values())


def _reminder_links() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="applications.reminders")


def reminder_token(application_id: UUID, email: str) -> str:
    """What stands in the link by which one person ends the reminders of one application, without signing in."""
    return str(_reminder_links().dumps([str(application_id), email]))


def read_reminder_token(token: str) -> tuple[UUID, str] | None:
    """The application and the address, or None for what we did not write."""
    try:
        application_id, email = _reminder_links().loads(token)
        return UUID(application_id), email
    except (BadSignature, ValueError):
        return None


def tell_applicant(application: Application, template: str, *, now: datetime, **context: Any) -> None:
    """Mail `emails/applications/<template>.html` to everybody of the application; `not_before` and `undo_key` as in queue_mail."""
    for person in recipients(application):
        queue_mail(
            person.email,
            f"applications/{template}",
            language=person.language,
            now=now,
            challenge_id=application.challenge_id,
            about_id=application.id,
            application=application,
            challenge=application.challenge,
            person=person,
            **context,
        )
