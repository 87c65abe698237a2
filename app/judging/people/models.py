"""A judge's profile in one challenge, and the versions of the pledge with who signed which."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.bilingual import Bilingual, bilingual
from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column
from app.judging.models import Judge
from app.judging.people.states import Familiarity, TieKind


class JudgeProfile(Base):
    """What one judge says of themselves for one challenge. A row comes with the first save; None and "" are unsaid."""

    __tablename__ = "judge_profiles"
    __table_args__ = (
        sa.CheckConstraint("cap BETWEEN 1 AND 999", name="cap_sane"),
        sa.CheckConstraint("length(employer_number) = 10", name="employer_number_ten_digits"),
    )

    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judges.id", ondelete="CASCADE"), primary_key=True)
    keywords: Mapped[list[str]] = mapped_column(Json, default=list)
    employer: Mapped[str] = mapped_column(sa.String(150), default="", server_default="")
    employer_number: Mapped[str | None] = mapped_column(sa.String(10))  # digits only
    cap: Mapped[int | None]  # entries in one round; None: as many as the organizer needs
    availability: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    judge: Mapped[Judge] = relationship()
    levels: Mapped[list["ThemeLevel"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    absences: Mapped[list["Absence"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    ties: Mapped[list["JudgeTie"]] = relationship(
        order_by="JudgeTie.position", lazy="selectin", cascade="all, delete-orphan"
    )


class ThemeLevel(Base):
    """How well the judge knows one theme; no row: not said."""

    __tablename__ = "judge_theme_levels"

    judge_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("judge_profiles.judge_id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[UUID] = mapped_column(sa.ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True)
    level: Mapped[Familiarity] = mapped_column(enum_column(Familiarity))


class Absence(Base):
    """A round in which the judge has no time."""

    __tablename__ = "judge_absences"

    judge_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("judge_profiles.judge_id", ondelete="CASCADE"), primary_key=True
    )
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True, index=True)


class JudgeTie(Base):
    """A company that the judge has or had to do with. Its number finds it where its name was written otherwise."""

    __tablename__ = "judge_ties"
    __table_args__ = (
        sa.CheckConstraint("company <> '' OR business_number IS NOT NULL", name="names_a_company"),
        sa.CheckConstraint("length(business_number) = 10", name="business_number_ten_digits"),
        sa.CheckConstraint("until BETWEEN 1950 AND 2200", name="until_sensible"),
    )

    id: Mapped[UuidKey]
    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judge_profiles.judge_id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    company: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    business_number: Mapped[str | None] = mapped_column(sa.String(10))
    kind: Mapped[TieKind] = mapped_column(enum_column(TieKind))
    until: Mapped[int | None]  # the year in which it ended; None: it stands


class Pledge(Base):
    """One version of the pledge of a challenge, as it was shown. Versions are never changed, only followed by another."""

    __tablename__ = "pledges"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("text_ko <> '' OR text_en <> ''", name="says_something"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[Bilingual] = bilingual("text")  # a sentence to a line
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))


class PledgeSignature(Base):
    """A judge's word on one version of the pledge; signing again after another invitation makes another row."""

    __tablename__ = "pledge_signatures"

    id: Mapped[UuidKey]
    judge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("judges.id", ondelete="CASCADE"), index=True)
    pledge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pledges.id"), index=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    pledge: Mapped[Pledge] = relationship()
