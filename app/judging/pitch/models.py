"""A round's pitch day and the place of each team in it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, UuidKey


class PitchDay(Base):
    """How long each team has; `version` grows with every change, so that screens notice."""

    __tablename__ = "pitch_days"
    __table_args__ = (
        sa.UniqueConstraint("round_id"),
        sa.CheckConstraint("talk_minutes BETWEEN 1 AND 180", name="talk_sane"),
        sa.CheckConstraint("question_minutes BETWEEN 0 AND 180", name="questions_sane"),
        sa.CheckConstraint("change_minutes BETWEEN 0 AND 180", name="change_sane"),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    talk_minutes: Mapped[int]
    question_minutes: Mapped[int]
    change_minutes: Mapped[int]  # from one team's end to the next one's beginning
    version: Mapped[int] = mapped_column(default=1)


class PitchSlot(Base):
    """A team's place. Its score sheets wait until it has begun; one team of a round is on at a time."""

    __tablename__ = "pitch_slots"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "application_id"),
        sa.CheckConstraint("questions_at IS NULL OR began_at IS NOT NULL", name="questions_after_it_began"),
        sa.CheckConstraint("ended_at IS NULL OR began_at IS NOT NULL", name="ended_after_it_began"),
        sa.Index(
            "uq_pitch_slots_one_on",
            "round_id",
            unique=True,
            sqlite_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("began_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    questions_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_on(self) -> bool:
        return self.began_at is not None and self.ended_at is None
