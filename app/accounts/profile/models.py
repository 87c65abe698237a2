"""A startup's profile: facts by columns that rules can ask, its people, its documents."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.accounts.profile.codes import DocumentKind, Industry, InvestmentStage, Region
from app.core.bilingual import Bilingual, bilingual
from app.core.database import Base, UtcDateTime, UuidKey, enum_column


class StartupProfile(Base):
    """What one startup says about itself beside its registration. A row comes with the first save; None and "" are unsaid."""

    __tablename__ = "startup_profiles"
    __table_args__ = (
        sa.CheckConstraint("employees >= 0", name="employees_not_negative"),
        sa.CheckConstraint("capital_krw >= 0", name="capital_not_negative"),
    )

    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[Region | None] = mapped_column(enum_column(Region, length=8))
    industry: Mapped[Industry | None] = mapped_column(enum_column(Industry, length=1))
    employees: Mapped[int | None]  # with employment insurance, the representative not counted
    capital_krw: Mapped[int | None] = mapped_column(sa.BigInteger)
    investment_stage: Mapped[InvestmentStage | None] = mapped_column(enum_column(InvestmentStage, length=16))
    one_line: Mapped[Bilingual] = bilingual("one_line", 120)
    description: Mapped[Bilingual] = bilingual("description")
    products: Mapped[Bilingual] = bilingual("products")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    organization: Mapped[Organization] = relationship()
    revenues: Mapped[list["YearlyRevenue"]] = relationship(
        order_by="YearlyRevenue.year.desc()", lazy="selectin", cascade="all, delete-orphan"
    )
    team: Mapped[list["TeamMember"]] = relationship(
        order_by="TeamMember.position, TeamMember.id", lazy="selectin", cascade="all, delete-orphan"
    )
    documents: Mapped[list["ProfileDocument"]] = relationship(
        order_by="ProfileDocument.kind, ProfileDocument.uploaded_at.desc()",
        lazy="selectin",
        cascade="all, delete-orphan",
    )


class YearlyRevenue(Base):
    """The revenue of one business year, in won."""

    __tablename__ = "yearly_revenues"
    __table_args__ = (
        sa.CheckConstraint("year BETWEEN 1900 AND 2200", name="year_sensible"),
        sa.CheckConstraint("revenue_krw >= 0", name="revenue_not_negative"),
    )

    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("startup_profiles.organization_id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revenue_krw: Mapped[int] = mapped_column(sa.BigInteger)


class TeamMember(Base):
    """One of the people whom the startup presents. Personal data: who is erased here stands on only in what was sent."""

    __tablename__ = "team_members"
    __table_args__ = (sa.CheckConstraint("name <> ''", name="named"),)

    id: Mapped[UuidKey]
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("startup_profiles.organization_id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(100))
    role: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    career: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class ProfileDocument(Base):
    """A document that the startup keeps for its applications, with the dates that calls ask about."""

    __tablename__ = "profile_documents"
    __table_args__ = (sa.CheckConstraint("expires_on >= issued_on", name="expires_after_issue"),)

    id: Mapped[UuidKey]
    organization_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("startup_profiles.organization_id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind))
    filename: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
