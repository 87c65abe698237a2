"""Every mail that Madang sends, as it was written."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, UuidKey, enum_column
from app.mail.states import BatchState, MailState


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
    batch_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("mail_batches.id", ondelete="SET NULL"), index=True)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # changed by hand while it was held
    # How often the sender vanished between handing the mail over and noting it: so often it may have arrived twice.
    interruptions: Mapped[int] = mapped_column(default=0, server_default="0")


class MailBatch(Base):
    """Mails that belong together and go together: held until somebody lets them go, or sent and followed on their way.

    One that `gathers` takes in each further mail of its kind for as long as it is held. `template` is the mails' kind.
    """

    __tablename__ = "mail_batches"
    __table_args__ = (
        sa.CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_at_when_released"),
        sa.CheckConstraint("state <> 'scheduled' OR release_at IS NOT NULL", name="scheduled_for_a_time"),
        sa.CheckConstraint("state <> 'held' OR release_at IS NULL", name="held_without_a_time"),
        sa.Index(
            "one_gathering_batch", "challenge_id", "template", unique=True,
            sqlite_where=sa.text("gathers"), postgresql_where=sa.text("gathers"),
        ),
        sa.CheckConstraint("NOT gathers OR state = 'held'", name="gathers_while_held"),
    )  # fmt: skip

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    template: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState), default=BatchState.HELD)
    gathers: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    release_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailHold(Base):
    """A kind of mail that a challenge holds until an organizer has read it."""

    __tablename__ = "mail_holds"

    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True)
    template: Mapped[str] = mapped_column(sa.String(80), primary_key=True)


class MailWording(Base):
    """An organizer's own text of one kind of mail in one language; `number` counts its versions, the trail keeps them all."""

    __tablename__ = "mail_wordings"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "template", "language"),
        sa.CheckConstraint("language IN ('ko', 'en')", name="a_language_of_ours"),
        sa.CheckConstraint("number >= 1", name="counted_from_one"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    template: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)  # Markdown with placeholders
    number: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
