"""The entries of every round after the first, and the one act that brought them there."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, UtcDateTime, UuidKey, enum_column
from app.judging.rounds.states import Entered


class RoundMove(Base):
    """The act that closed a round and opened the next with its entries; at most one stands for each round."""

    __tablename__ = "round_moves"
    __table_args__ = (sa.UniqueConstraint("from_round_id"), sa.UniqueConstraint("to_round_id"))

    id: Mapped[UuidKey]
    from_round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    to_round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))


class RoundEntry(Base):
    """An application that came into a round after the first, or that was left out of it by hand.

    The first round has no rows: all eligible applications are its entries.
    """

    __tablename__ = "round_entries"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "application_id"),
        sa.CheckConstraint("entered = 'rule' OR reason <> ''", name="reason_where_by_hand"),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    entered: Mapped[Entered] = mapped_column(enum_column(Entered))
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
