"""The mails of a challenge as its organizers read them: what reveals who drafts, or what a seal covers, is left out."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.challenges.models import Challenge
from app.challenges.rules import is_sealed
from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.mail.kinds import all_kinds
from app.mail.models import Mail
from app.mail.queries import Delivery, deliveries
from app.mail.states import MailState

# What organizers read besides the kinds that they may word. A mail of any other template stays closed to them.
READABLE = frozenset(
    {
        "applications/message",
        "awards/appeal_answered",
        "awards/certificate",
        "awards/certificate_revoked",
        "awards/published_to_sponsor",
        "challenges/review_answered",
        "challenges/review_asked",
        "challenges/staff_added",
    }
)
STATES = ("held", "queued", "failed", "sent", "excluded", "withdrawn")


def readable_mails(challenge: Challenge, now: datetime) -> sa.ColumnElement[bool]:
    """Mails whose addressees the organizer may know: none of a kind that also goes to those who draft or that nobody has
    opened, and behind a seal none to applicants at all.
    """
    opened = READABLE | {kind.template for kind in all_kinds() if not kind.private}
    mine = sa.and_(Mail.challenge_id == challenge.id, Mail.template.in_(sorted(opened)))
    if is_sealed(challenge, now):
        return sa.and_(mine, Mail.about_id.is_(None), Mail.template.not_like("applications/%"))
    return mine


def list_outbox(
    challenge: Challenge, now: datetime, *, batch_id: UUID | None = None, state: str = "", text: str = "", offset: int = 0,
    limit: int = 250,
) -> tuple[list[Delivery], int]:  # fmt: skip
    """One page of the mails with their tries, newest first (of a batch in its own order), and how many there are. Two statements."""
    query = sa.select(Mail).where(readable_mails(challenge, now))
    if batch_id is not None:
        query = query.where(Mail.batch_id == batch_id)
    if text:
        query = query.where(
            sa.or_(Mail.to_address.icontains(text, autoescape=True), Mail.subject.icontains(text, autoescape=True))
        )
    tried = aliased(Job)
    dead = sa.exists().where(tried.id == Mail.job_id, tried.state == JobState.DEAD)
    under_way = Mail.state.in_((MailState.QUEUED, MailState.SENDING))
    if state == "failed":
        query = query.where(under_way, dead)
    elif state == "queued":
        query = query.where(under_way, ~dead)
    elif state in STATES:
        query = query.where(Mail.state == MailState(state))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    order = (Mail.to_address, Mail.id) if batch_id is not None else (Mail.created_at.desc(), Mail.id.desc())
    return deliveries(query.order_by(*order).offset(offset).limit(limit)), total


def get_outbox_mail(challenge: Challenge, mail_id: UUID, now: datetime) -> Delivery | None:
    """One of these mails. One statement."""
    found = deliveries(sa.select(Mail).where(Mail.id == mail_id, readable_mails(challenge, now)))
    return found[0] if found else None


def count_unreadable(challenge: Challenge, now: datetime) -> int:
    """How many mails of the challenge only their addressees know of."""
    query = sa.select(sa.func.count()).select_from(Mail)
    return db.session.scalar(query.where(Mail.challenge_id == challenge.id, ~readable_mails(challenge, now))) or 0
