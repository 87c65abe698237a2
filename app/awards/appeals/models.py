"""The public review of a decision, and what was said against it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.awards.appeals.states import AppealKind, AppealState
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column


@dataclass(frozen=True)
class Chosen:
    """One entry as the public review shows it."""

    application_id: UUID
    company: Bilingual
    theme: Bilingual


class PublicReview(Base):
    """Those chosen, shown to everybody before the results so that somebody may object. It ends with the judging reopened."""

    __tablename__ = "public_reviews"
    __table_args__ = (sa.CheckConstraint("ends_at > opened_at", name="ends_after_it_opens"),)

    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"), primary_key=True)
    content: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # as it was shown: application, company, theme
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    @property
    def id(self) -> UUID:
        """As the trail names it."""
        return self.challenge_id

    @property
    def chosen(self) -> list[Chosen]:
        return [
            Chosen(UUID(row["application_id"]), Bilingual.from_dict(row["company"]), Bilingual.from_dict(row["theme"]))
            for row in self.content
        ]


class Appeal(Base):
    """One objection to the decision on one application: an applicant's appeal, or anybody's concern in the public review."""

    __tablename__ = "appeals"
    __table_args__ = (
        sa.Index(
            "one_appeal_of_an_applicant", "application_id", unique=True,
            sqlite_where=sa.text("kind = 'appeal'"), postgresql_where=sa.text("kind = 'appeal'"),
        ),
        sa.Index(
            "one_concern_of_a_person_about_an_entry", "application_id", "filed_by_id", unique=True,
            sqlite_where=sa.text("kind = 'concern'"), postgresql_where=sa.text("kind = 'concern'"),
        ),
        sa.Index("ix_appeals_challenge", "challenge_id", "state"),
        sa.CheckConstraint("(state = 'filed') = (answered_at IS NULL)", name="answered_at_when_answered"),
        sa.CheckConstraint("state = 'filed' OR answer <> ''", name="answered_with_a_reason"),
    )  # fmt: skip

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id"))
    kind: Mapped[AppealKind] = mapped_column(enum_column(AppealKind))
    text: Mapped[str] = mapped_column(sa.Text)
    filed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[AppealState] = mapped_column(enum_column(AppealState), default=AppealState.FILED)
    answer: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    challenge: Mapped[Challenge] = relationship()
    application: Mapped[Application] = relationship()
    filed_by: Mapped[User | None] = relationship(foreign_keys=filed_by_id)
