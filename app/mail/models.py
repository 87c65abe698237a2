"""Every mail that Madang sends, as it was written."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, UuidKey, enum_column
from app.mail.states import MailState


class Mail(Base):
    """One mail to one person, rendered when it was caused, in the language of the person.

    Never assign `state` by hand; the services and the job move it. `about_id` is what the mail is about (an application),
    `undo_key` the act that can still take it back, and `job_id` the job that sends it, which knows the tries.
    """

    __tablename__ = "mails"
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        sa.CheckConstraint("interruptions >= 0", name="interruptions_not_negative"),
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
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_key: Mapped[str | None] = mapped_column(sa.String(120), index=True)
    job_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"), index=True)
    # How often the sender vanished between handing the mail over and noting it: so often it may have arrived twice.
    interruptions: Mapped[int] = mapped_column(default=0, server_default="0")
