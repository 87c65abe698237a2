"""Decisions, published results, prizes given, and certificates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import Application
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge, Prize
from app.core.bilingual import Bilingual
from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column


class Decision(Base):
    """What the committee decided on one application, with the prize where there is one."""

    __tablename__ = "decisions"
    __table_args__ = (
        sa.UniqueConstraint("application_id"),
        sa.CheckConstraint("(outcome = 'reserve') = (reserve_rank IS NOT NULL)", name="reserve_has_a_rank"),
        sa.CheckConstraint("prize_id IS NULL OR outcome = 'selected'", name="prize_for_the_selected"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id"))
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    reserve_rank: Mapped[int | None]
    prize_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("prizes.id"))
    reason: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    prize: Mapped[Prize | None] = relationship()


class DecisionDesk(Base):
    """One challenge's sheet of decisions: its version, so that a stale tab is noticed, and when it was last saved."""

    __tablename__ = "decision_desks"

    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    saved_by: Mapped[User | None] = relationship()


class ResultSet(Base):
    """The results as published: a frozen copy under its SHA-256. A correction is a new set with a reason; the old stays.

    The applicants are told at `published_at`; everybody else may read them from `public_at` on.
    """

    __tablename__ = "result_sets"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("number = 1 OR reason <> ''", name="reason_for_a_correction"),
        sa.CheckConstraint("public_at >= published_at", name="applicants_first"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    challenge: Mapped[Challenge] = relationship()


class CertificateRegister(Base):
    """The last printed number of one host in one year; its row is the lock that leaves no gaps."""

    __tablename__ = "certificate_registers"

    host_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)


class SigningKey(Base):
    """The key with which a host's certificates are signed. A newer one takes its place; old ones stay, to check what they signed.

    `sealed` is PKCS#12 under a password that derives from the application's secret: the database alone signs nothing.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (
        sa.Index(
            "one_signing_key_in_use", "host_id", unique=True,
            sqlite_where=sa.text("retired_at IS NULL"), postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UuidKey]
    host_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"))
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)  # X.509, DER
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_here: Mapped[bool]  # false: the host brought it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Certificate(Base):
    """A certificate: its place in the register, its unguessable code, the words on it, and the PDF once it is made.

    `words` is frozen when the certificate is issued, so that a renamed company changes nothing that was given.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        sa.UniqueConstraint("host_id", "year", "number"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("decision_id", "language", "edition"),
        sa.CheckConstraint("state = 'requested' OR sha256 IS NOT NULL", name="made_once_issued"),
        sa.CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_at_when_revoked"),
        sa.CheckConstraint("state <> 'revoked' OR revoked_reason <> ''", name="revoked_for_a_reason"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"), index=True)
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decisions.id"))
    host_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"))
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20))  # Crockford's base 32, no hyphens
    language: Mapped[str] = mapped_column(sa.String(2))
    edition: Mapped[int] = mapped_column(default=1)  # a reissue is the next one
    style: Mapped[str] = mapped_column(sa.String(20))
    words: Mapped[dict[str, Any]] = mapped_column(Json)
    awarded_on: Mapped[date]
    state: Mapped[CertificateState] = mapped_column(enum_column(CertificateState), default=CertificateState.REQUESTED)
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    size: Mapped[int | None]
    signing_key_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("signing_keys.id"), index=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")

    decision: Mapped[Decision] = relationship()
    challenge: Mapped[Challenge] = relationship()

    @property
    def facts(self) -> dict[str, Bilingual]:
        """What it says, as it was frozen, in both languages: recipient, challenge, theme, prize, host, sponsor."""
        return {name: Bilingual.from_dict(texts) for name, texts in self.words["facts"].items()}

    @property
    def serial(self) -> str:
        """The number as it is printed: 제 2022-0001 호, or No. 2022-0001."""
        return str(self.words["print"]["serial"])
