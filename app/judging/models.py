"""Judges, conflicts, score sheets with their scores, bonuses, and the chair's tie-breaks."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.challenges.models import Challenge, Criterion, Round
from app.core.database import Base, Json, Score, UtcDateTime, UuidKey, enum_column
from app.judging.rounds.models import RoundEntry, RoundMove
from app.judging.states import ConflictKind, JudgeState, SheetState


class Judge(Base):
    """A person asked to judge in one challenge; `user_id` is known once the invitation was accepted."""

    __tablename__ = "judges"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "email"),
        sa.UniqueConstraint("challenge_id", "user_id"),
        sa.CheckConstraint("state <> 'accepted' OR user_id IS NOT NULL", name="accepted_by_somebody"),
        sa.CheckConstraint(
            "(state = 'accepted') = (pledged_at IS NOT NULL) OR state = 'removed'", name="pledged_when_accepted"
        ),
        sa.UniqueConstraint("token_sha256"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    user_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    name: Mapped[str] = mapped_column(sa.String(100))
    affiliation: Mapped[str] = mapped_column(sa.String(150), default="", server_default="")
    is_chair: Mapped[bool] = mapped_column(default=False)
    state: Mapped[JudgeState] = mapped_column(enum_column(JudgeState), default=JudgeState.INVITED)
    token_sha256: Mapped[str] = mapped_column(sa.String(64))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # confidentiality and fairness, on accepting
    declared_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # conflicts gone through, before any entry is read

    challenge: Mapped[Challenge] = relationship()
    user: Mapped[User | None] = relationship()


class Conflict(Base):
    """A judge who must not judge, nor see, one application."""

    __tablename__ = "conflicts"
    __table_args__ = (sa.UniqueConstraint("judge_id", "application_id"),)

    id: Mapped[UuidKey]
    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judges.id", ondelete="CASCADE"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(enum_column(ConflictKind))
    reason: Mapped[str] = mapped_column(sa.String(500))
    pinned: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # the judge cannot take it back
    declared_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScoreSheet(Base):
    """One judge's sheet for one application in one round; the row is the assignment, too.

    `scores` are marks on the criteria's scales. `total` is kept with each save: the points so far, rounded to hundredths; None
    when there are none, never nought for none.
    """

    __tablename__ = "score_sheets"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "judge_id", "application_id"),
        sa.CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_at_when_signed"),
        sa.CheckConstraint("state <> 'signed' OR total IS NOT NULL", name="signed_with_a_total"),
        sa.Index("ix_score_sheets_judge", "judge_id", "round_id"),
        sa.Index("ix_score_sheets_application", "application_id"),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judges.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id"))
    state: Mapped[SheetState] = mapped_column(enum_column(SheetState), default=SheetState.OPEN)
    scores: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # criterion code -> decimal as text
    comments: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # criterion code -> comment
    comment: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # to the applicant, without a name
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # to the committee
    total: Mapped[Decimal | None] = mapped_column(Score)
    revisit: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false()
    )  # the judge's own mark; ends with signing
    version: Mapped[int] = mapped_column(default=1)
    saved_from: Mapped[str] = mapped_column(
        sa.String(40), default="", server_default=""
    )  # the page that wrote `version`
    rules_version_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("rules_versions.id"))  # signed under
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    judge: Mapped[Judge] = relationship()
    application: Mapped[Application] = relationship()
    round: Mapped[Round] = relationship()


class SignedSheetCopy(Base):
    """A signed sheet as it stood when the organizer reopened it, with the reason."""

    __tablename__ = "signed_sheet_copies"

    id: Mapped[UuidKey]
    sheet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("score_sheets.id", ondelete="CASCADE"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(sa.String(500))
    reopened_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    reopened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Bonus(Base):
    """Bonus points of one application in one round, each with its evidence; the cap is the round's."""

    __tablename__ = "bonuses"
    __table_args__ = (
        sa.CheckConstraint("evidence <> ''", name="evidence_given"),
        sa.CheckConstraint("points > 0", name="points_positive"),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id"), index=True)
    points: Mapped[Decimal] = mapped_column(Score)
    evidence: Mapped[str] = mapped_column(sa.String(500))
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChairDecision(Base):
    """The chair's order of entries that the declared chain left tied, with the reason for the minutes."""

    __tablename__ = "chair_decisions"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reason_given"),)

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    order: Mapped[list[str]] = mapped_column(Json)  # application ids, first to last
    reason: Mapped[str] = mapped_column(sa.String(1000))
    recorded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


__all__ = [
    "Bonus",
    "ChairDecision",
    "Conflict",
    "Criterion",
    "Judge",
    "RoundEntry",
    "RoundMove",
    "ScoreSheet",
    "SignedSheetCopy",
]
