"""People, their organizations, and who belongs to which."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.bilingual import Bilingual, bilingual
from app.core.database import Base, UtcDateTime, UuidKey, enum_column


class User(Base):
    """A person. `session_epoch` moves when the password does, which ends every session begun before."""

    __tablename__ = "users"
    __table_args__ = (
        sa.UniqueConstraint("email"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("language IN ('ko', 'en')", name="language_known"),
        sa.CheckConstraint("erased_at IS NULL OR confirmed_at IS NULL", name="erased_account_is_nobodys"),
    )

    id: Mapped[UuidKey]
    email: Mapped[str] = mapped_column(sa.String(320))
    name: Mapped[str] = mapped_column(sa.String(100))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(2), default="ko")
    session_epoch: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # the row stays for what leans on it, without a person
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", lazy="selectin")

    # What Flask-Login asks of a user.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """The session's name for this person; it changes when all sessions have to end."""
        return f"{self.id}:{self.session_epoch}"

    def belongs_to(self, organization_id: UUID) -> bool:
        return any(m.organization_id == organization_id for m in self.memberships)

    def role_in(self, organization_id: UUID) -> "MembershipRole | None":
        return next((m.role for m in self.memberships if m.organization_id == organization_id), None)

    def organization_ids(self, kind: "OrganizationKind") -> list[UUID]:
        return [m.organization_id for m in self.memberships if m.organization.kind is kind]

    def organizations(self, kind: "OrganizationKind") -> "list[Organization]":
        return [m.organization for m in self.memberships if m.organization.kind is kind]


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"


class AccountToken(Base):
    """A link sent by mail: usable once, for a while. Only its hash is kept."""

    __tablename__ = "account_tokens"
    __table_args__ = (sa.UniqueConstraint("token_sha256"),)

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_column(TokenPurpose))
    token_sha256: Mapped[str] = mapped_column(sa.String(64))
    new_email: Mapped[str | None] = mapped_column(sa.String(320))
    browser_sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of the browser that signed up
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class OrganizationKind(StrEnum):
    HOST = "host"
    SPONSOR = "sponsor"
    STARTUP = "startup"


class LegalForm(StrEnum):
    """What a startup is in law; it decides from which day its age counts, and whether it has a number."""

    CORPORATION = "corporation"
    SOLE_TRADER = "sole_trader"
    PRE_FOUNDER = "pre_founder"
    FOREIGN = "foreign"


class Organization(Base):
    """A host (a centre), a sponsor (a company with a theme), or a startup.

    The registration number is no key: pre-founders and foreign companies have none.
    """

    __tablename__ = "organizations"
    __table_args__ = (
        sa.CheckConstraint("legal_form IS NOT NULL OR kind <> 'startup'", name="startup_has_legal_form"),
        sa.CheckConstraint("length(business_number) = 10", name="business_number_ten_digits"),
        sa.CheckConstraint("name_ko <> '' OR name_en <> ''", name="named"),
        sa.Index("ix_organizations_business_number", "business_number"),
    )

    id: Mapped[UuidKey]
    kind: Mapped[OrganizationKind] = mapped_column(enum_column(OrganizationKind))
    name: Mapped[Bilingual] = bilingual("name", 120)
    legal_form: Mapped[LegalForm | None] = mapped_column(enum_column(LegalForm))
    business_number: Mapped[str | None] = mapped_column(sa.String(10))  # digits only
    founded_on: Mapped[date | None]  # incorporation, or the opening date of a sole trader
    predecessor_opened_on: Mapped[
        date | None
    ]  # of the sole trader that turned into this company: the older date counts
    representative: Mapped[str] = mapped_column(sa.String(100), default="", server_default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    accent: Mapped[str] = mapped_column(sa.String(7), default="", server_default="")  # "#2146c7", for hosts
    certificate_post: Mapped[Bilingual] = bilingual(
        "certificate_post", 60
    )  # 대표 / CEO, beside the name on certificates
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organization")

    @property
    def counts_from(self) -> date | None:
        """The day from which the company's age counts."""
        dates = [d for d in (self.founded_on, self.predecessor_opened_on) if d is not None]
        return min(dates) if dates else None


class MembershipRole(StrEnum):
    ADMIN = "admin"
    MEMBER = "member"


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (sa.UniqueConstraint("user_id", "organization_id"),)

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    role: Mapped[MembershipRole] = mapped_column(enum_column(MembershipRole))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship(back_populates="memberships", lazy="joined")


class Invitation(Base):
    """An invitation by mail to join an organization; the link is usable once. Inviting again goes over the same row."""

    __tablename__ = "invitations"
    __table_args__ = (sa.UniqueConstraint("token_sha256"), sa.UniqueConstraint("organization_id", "email"))

    id: Mapped[UuidKey]
    organization_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(sa.String(320))
    role: Mapped[MembershipRole] = mapped_column(enum_column(MembershipRole))
    token_sha256: Mapped[str] = mapped_column(sa.String(64))
    invited_by_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL")
    )  # none: a command
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship(lazy="joined")
