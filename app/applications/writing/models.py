"""Rights that differ from the startup's own order, co-writers from outside, who writes now, and the versions of a draft."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.applications.writing.states import Right, VersionKind
from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column


class ApplicationRight(Base):
    """What one person may do with one application, where it is not what the role in the startup gives anyway.

    A guest is no member of the startup and sees this application alone. A member's row counts only while the membership lasts.
    """

    __tablename__ = "application_rights"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    held: Mapped[Right] = mapped_column(enum_column(Right, length=8))
    is_guest: Mapped[bool] = mapped_column(default=False)
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CoWriterInvitation(Base):
    """An invitation by mail to write one application; the link is usable once. Inviting again goes over the same row."""

    __tablename__ = "co_writer_invitations"
    __table_args__ = (sa.UniqueConstraint("token_sha256"), sa.UniqueConstraint("application_id", "email"))

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    offered: Mapped[Right] = mapped_column(enum_column(Right, length=8))
    token_sha256: Mapped[str] = mapped_column(sa.String(64))
    invited_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    invited_by: Mapped[User | None] = relationship()


class EditingPresence(Base):
    """Somebody has a section open and writes: true until `expires_at`, unless the page says so again. No part of the record."""

    __tablename__ = "editing_presences"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    section: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftVersion(Base):
    """What one person changed in a draft within a few minutes: field -> {"before", "after"}, as it stood before and after.

    What a draft said at a version is read backwards from what stands, so no version holds the whole text again.
    """

    __tablename__ = "draft_versions"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "number"),
        sa.CheckConstraint("saved_at >= began_at", name="ends_after_it_began"),
    )

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(enum_column(VersionKind, length=16))
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    restored_number: Mapped[int | None]
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    saved_by: Mapped[User | None] = relationship()
