"""Every mail that Madang sends, as it was written."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, UuidKey, enum_column


class MailState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"


class Mail(Base):
    """One mail to one person, rendered when it was caused, in the language of the person."""

    __tablename__ = "mails"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        sa.Index("ix_mails_created", "created_at"),
    )

    id: Mapped[UuidKey]
    to_address: Mapped[str] = mapped_column(sa.String(320))
    language: Mapped[str] = mapped_column(sa.String(2))
    template: Mapped[str] = mapped_column(sa.String(80))
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    challenge_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
