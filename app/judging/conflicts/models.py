"""What a person decided about a suggested conflict."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column
from app.judging.conflicts.states import ReviewOutcome


class ConflictReview(Base):
    """One decision on a suggestion, with the grounds that were shown. What is suggested is computed anew each time; a pair with
    a ground that no review has seen yet is suggested again.
    """

    __tablename__ = "conflict_reviews"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[UuidKey]
    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judges.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[ReviewOutcome] = mapped_column(enum_column(ReviewOutcome))
    grounds: Mapped[list[list[str]]] = mapped_column(Json)  # [[ground, what it was found by], …]
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
