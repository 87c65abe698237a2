"""The questions about a call: those answered, for everybody; all of them, without their askers, for the organizer; one's own."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.models import Challenge, Inquiry
from app.challenges.queries.public import holds
from app.challenges.queries.trail import keep_back
from app.challenges.states import InquiryState
from app.core.audit.models import AuditEvent
from app.core.database import db


def list_answered(challenge_id: UUID, *, text: str = "") -> list[Inquiry]:
    """What was answered in public, in the order of the answers, those that hold `text`. One statement."""
    query = sa.select(Inquiry).where(Inquiry.challenge_id == challenge_id, Inquiry.state == InquiryState.ANSWERED)
    if text:
        c = Inquiry.__table__.c
        query = query.where(holds(text, c.published_ko, c.published_en, c.answer_ko, c.answer_en))
    return list(db.session.scalars(query.order_by(Inquiry.number)))


def list_inquiries(challenge_id: UUID) -> list[Inquiry]:
    """All questions about a call, the open ones first, each in the order in which they came. One statement."""
    query = sa.select(Inquiry).where(Inquiry.challenge_id == challenge_id)
    return list(db.session.scalars(query.order_by(Inquiry.state != InquiryState.OPEN, Inquiry.asked_at, Inquiry.id)))


def get_inquiry(challenge_id: UUID, inquiry_id: UUID) -> Inquiry | None:
    return db.session.scalar(sa.select(Inquiry).where(Inquiry.challenge_id == challenge_id, Inquiry.id == inquiry_id))


def list_own_inquiries(challenge_id: UUID, user: User) -> list[Inquiry]:
    """What the person asked about a call. One statement."""
    query = sa.select(Inquiry).where(Inquiry.challenge_id == challenge_id, Inquiry.asked_by_id == user.id)
    return list(db.session.scalars(query.order_by(Inquiry.asked_at, Inquiry.id)))


def count_waiting_of(challenge: Challenge, user: User) -> int:
    """How many of the person's questions about a call are not answered yet."""
    query = sa.select(sa.func.count()).select_from(Inquiry)
    mine = sa.and_(Inquiry.challenge_id == challenge.id, Inquiry.asked_by_id == user.id)
    return db.session.scalar(query.where(mine, Inquiry.state == InquiryState.OPEN)) or 0


def count_open(challenge_id: UUID) -> int:
    """How many questions wait for the organizer. One statement."""
    query = sa.select(sa.func.count()).select_from(Inquiry)
    return db.session.scalar(query.where(Inquiry.challenge_id == challenge_id, Inquiry.state == InquiryState.OPEN)) or 0


@keep_back
def asking_in_the_trail(_challenge_id: UUID, _now: datetime) -> sa.ColumnElement[bool]:
    """Who asked is nobody's to read, the organizer's either."""
    return AuditEvent.action == "challenges.ask_question"
