"""A message of the organizer to a group of applicants: written down once, rendered for each by a job, held until it is let go."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.applications.mails import recipients
from app.applications.mails.kinds import MESSAGE
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.rules import is_sealed, seal_sentence, why_not_organize
from app.core.audit.trail import record
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.jobs.queue import enqueue
from app.mail.models import Mail, MailBatch
from app.mail.rendering import render_wording
from app.mail.rules import wording_faults
from app.mail.services import open_batch
from app.mail.services import write_message as put_message
from app.mail.states import BatchState


@dataclass(frozen=True)
class Message:
    """Subject and body in both languages; where one is empty, everybody reads the other. `states` and `theme_id` say to whom:
    empty, to all whose application stands.
    """

    subject: Bilingual
    body: Bilingual
    states: tuple[ApplicationState, ...] = ()
    theme_id: UUID | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "subject": asdict(self.subject), "body": asdict(self.body), "states": [state.value for state in self.states],
            "theme_id": str(self.theme_id) if self.theme_id else None,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Message":
        return cls(
            Bilingual.from_dict(data["subject"]), Bilingual.from_dict(data["body"]), tuple(map(ApplicationState, data["states"])),
            UUID(data["theme_id"]) if data["theme_id"] else None,
        )  # fmt: skip


def why_not_write(challenge: Challenge, actor: User | None, now: datetime) -> str | None:
    """Why no message can go to the applicants now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    return seal_sentence(challenge) if is_sealed(challenge, now) else None


def message_faults(message: Message) -> list[tuple[str, str]]:
    """What is wrong with the words: (field, sentence)."""
    languages = [x for x in ("ko", "en") if getattr(message.subject, x).strip() or getattr(message.body, x).strip()]
    if not languages:
        return [("subject_ko", _("Write the message in Korean, in English, or in both."))]
    return [
        (f"{field}_{language}", sentence)
        for language in languages
        for field, sentence in wording_faults(
            MESSAGE, getattr(message.subject, language), getattr(message.body, language)
        )
    ]


def addressed(challenge_id: UUID, message: Message) -> sa.Select[Any]:
    """The applications whose people the message goes to; a draft that was never handed in is nobody's but theirs."""
    query = sa.select(Application).where(
        Application.challenge_id == challenge_id,
        Application.submitted_at.is_not(None),
        Application.state != ApplicationState.WITHDRAWN,
    )
    if message.states:
        query = query.where(Application.state.in_(message.states))
    return query.where(Application.theme_id == message.theme_id) if message.theme_id else query


def count_addressed(challenge_id: UUID, message: Message) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(addressed(challenge_id, message).subquery())) or 0


def write_message(challenge: Challenge, message: Message, *, actor: User, now: datetime) -> MailBatch:
    """Open a held batch for the message; a job fills it. Raises RuleBroken with the field to mend."""
    if reason := why_not_write(challenge, actor, now):
        raise RuleBroken(reason)
    for field, sentence in message_faults(message):
        raise RuleBroken(sentence, field=field)
    count = count_addressed(challenge.id, message)
    if not count:
        raise RuleBroken(_("No application is in this group."), field="states")
    batch = open_batch(challenge.id, MESSAGE.template, now=now, held=True)
    record(
        "applications.write_message", subject=batch, actor=actor, now=now, challenge_id=challenge.id,
        details={**message.as_dict(), "applications": count},
    )  # fmt: skip
    payload = {"batch_id": str(batch.id), "message": message.as_dict()}
    enqueue("applications.fill_message", payload, key=f"applications.message:{batch.id}", now=now)
    return batch


def fill_message(batch: MailBatch, message: Message, *, now: datetime, limit: int) -> int:
    """Render the message for up to `limit` applications that have none yet; returns how many were left for it to do."""
    db.session.refresh(batch, with_for_update=True)
    if batch.state is BatchState.DISCARDED:
        return 0
    done = sa.select(Mail.about_id).where(Mail.batch_id == batch.id, Mail.about_id == Application.id)
    query = addressed(batch.challenge_id, message).where(~done.exists()).order_by(Application.id).limit(limit)
    parts = (joinedload(Application.theme), joinedload(Application.startup), joinedload(Application.challenge))
    applications = list(db.session.scalars(query.options(*parts)))
    for application in applications:
        for person in recipients(application):
            context = {"application": application, "challenge": application.challenge, "person": person}
            subject, body = message.subject.in_language(person.language), message.body.in_language(person.language)
            words = render_wording(MESSAGE, subject, body, language=person.language, context=context)
            put_message(
                person.email, words, MESSAGE.template, language=person.language, batch=batch, about_id=application.id, now=now
            )  # fmt: skip
    return len(applications)
