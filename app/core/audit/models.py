"""The trail: what was done, by whom, to what, linked into a chain of hashes that shows tampering."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime, UuidKey


class AuditEvent(Base):
    """One change that matters, written in the transaction that made it and sealed a few seconds later.

    Holds no personal data: that lies in AuditPersonal, and only its salted hash is part of the chain.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        sa.UniqueConstraint("position"),
        sa.CheckConstraint("(position IS NULL) = (chain_sha256 IS NULL)", name="sealed_whole"),
        sa.Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        sa.Index("ix_audit_events_challenge", "challenge_id", "happened_at"),
    )

    id: Mapped[UuidKey]
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None]  # no foreign key: erasing a person leaves the trail standing
    action: Mapped[str] = mapped_column(sa.String(80))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID]
    challenge_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    personal_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    position: Mapped[int | None]
    chain_sha256: Mapped[str | None] = mapped_column(sa.String(64))


class AuditPersonal(Base):
    """The personal part of an event, erasable without breaking the chain."""

    __tablename__ = "audit_personal"

    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("audit_events.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class AuditHead(Base):
    """How long the chain is and how it ends: one row, moved by the sealer with the links that it adds."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_head"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    chain_sha256: Mapped[str] = mapped_column(sa.String(64))
