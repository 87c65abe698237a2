"""Numbers that stand for names, the organizer's choices of words to hide, and the copies that judges read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column
from app.judging.blind.states import CopyState


class BlindNumber(Base):
    """What an entry is called in one blind round. Drawn by lot, so that it tells nothing of the order of receipt."""

    __tablename__ = "blind_numbers"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("number >= 1", name="counted_from_one"),
    )

    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    number: Mapped[int]


class BlindChoice(Base):
    """What the organizer decided on words in an application: to let stand what was found at one place, or to hide more.

    `place` is the code of a question, empty for all of them; `key` is the words folded (see `finder.key_of`), `text` as written.
    """

    __tablename__ = "blind_choices"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "place", "key"),
        sa.CheckConstraint("key <> ''", name="words_given"),
        sa.CheckConstraint("hidden OR place <> ''", name="let_stand_at_a_place"),
    )

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    key: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.String(300))
    hidden: Mapped[bool]
    chosen_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BlindCopy(Base):
    """A document without what names its applicant; the original stays as it was sent.

    `found` lists what was taken out (kind, key, page, the words around), `doubts` why somebody has to look (code, page).
    `made_with` is the hash of the clues and choices that it was made with.
    """

    __tablename__ = "blind_copies"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "source_sha256"),
        sa.CheckConstraint("state NOT IN ('ready', 'allowed') OR sha256 IS NOT NULL", name="readable_where_there_is_one"),
        sa.CheckConstraint("(state = 'allowed') = (allowed_at IS NOT NULL)", name="allowed_by_somebody"),
        sa.CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name="size_of_a_file"),
    )  # fmt: skip

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    source_sha256: Mapped[str] = mapped_column(sa.String(64))
    place: Mapped[str] = mapped_column(sa.String(40))  # the code of the question that it answers
    media_type: Mapped[str] = mapped_column(sa.String(100))
    state: Mapped[CopyState] = mapped_column(enum_column(CopyState), default=CopyState.WAITING)
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    found: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    made_with: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # a copy of the organizer's own
    allowed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    allowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
