"""Drafts, what was submitted, its documents and consents, and the eligibility check."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization, User
from app.applications.states import ApplicationState, UploadState
from app.challenges.models import Challenge, Theme
from app.core.database import Base, Json, UtcDateTime, UuidKey, enum_column

if TYPE_CHECKING:  # its module imports this one
    from app.applications.writing.models import ApplicationRight


class Application(Base):
    """One startup's answer to one theme of a challenge.

    Never assign `state` by hand; the services stamp the time and the trail with it. `version` counts saves, so that a
    stale tab never overwrites newer text. What was sent stands in the submissions, untouched by later edits: whoever
    reopens an application and does not submit it again is in with the last submission (see services.settle).
    """

    __tablename__ = "applications"
    __table_args__ = (
        sa.UniqueConstraint("theme_id", "startup_id", name="one_application_per_theme"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR receipt_number IS NOT NULL", name="receipt_once_submitted"
        ),
        sa.CheckConstraint("(correction_due_at IS NOT NULL) = (state = 'correction')", name="correction_has_a_date"),
        sa.Index("ix_applications_challenge_state", "challenge_id", "state"),
        sa.UniqueConstraint("challenge_id", "receipt_number"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id"))
    theme_id: Mapped[UUID] = mapped_column(sa.ForeignKey("themes.id"))
    startup_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    created_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    # Text without a bound: what is too long is kept and marked, never cut off or lost.
    contact_name: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    contact_email: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # question code -> answer, as it was typed
    confirmed: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, server_default="{}"
    )  # key -> when and by whom
    form_sha256: Mapped[str] = mapped_column(
        sa.String(64)
    )  # the form that the answers were given to (see services.follow_form)
    kept: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, default=list
    )  # answers that a later form has no place for, each with its question
    unsent: Mapped[dict[str, Any] | None] = mapped_column(
        Json
    )  # what was typed after the last submission and not sent in time
    state: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState), default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    receipt_number: Mapped[str | None] = mapped_column(sa.String(24))  # given at the first submission, kept ever after
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the submission that stands
    correction_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_tab: Mapped[str | None] = mapped_column(
        sa.String(32)
    )  # the page that saved last: it is never stale to itself
    saved_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    # field -> {"by", "at", "tab"}: who changed it last and from which page, for whoever changes it at the same time
    touched: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # contact, answers and documents are gone since
    sharing_ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # the consent to share with the sponsor withdrawn

    challenge: Mapped[Challenge] = relationship()
    theme: Mapped[Theme] = relationship()
    startup: Mapped[Organization] = relationship()
    documents: Mapped[list["Document"]] = relationship(back_populates="application")
    consents: Mapped[list["GivenConsent"]] = relationship()
    submissions: Mapped[list["Submission"]] = relationship(order_by="Submission.number")
    rights: Mapped[list["ApplicationRight"]] = relationship(viewonly=True)

    @property
    def is_standing(self) -> bool:
        """Whether a submission counts: a reopened draft's last one does until it is withdrawn."""
        return self.submitted_at is not None


class Document(Base):
    """A file handed in for one question of the form, by its code; a newer one takes its place until the close."""

    __tablename__ = "documents"
    __table_args__ = (sa.UniqueConstraint("application_id", "question"),)

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(sa.String(40))
    filename: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    issued_on: Mapped[date | None]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="documents")


class Upload(Base):
    """A file on its way to be the document of one question. How much has arrived, the file itself says (core.incoming)."""

    __tablename__ = "uploads"
    __table_args__ = (
        sa.CheckConstraint("length > 0", name="length_positive"),
        sa.CheckConstraint("(state = 'attached') = (sha256 IS NOT NULL)", name="hash_once_attached"),
        # So that nobody fills the disk by beginning over and over: one for each person and question.
        sa.Index(
            "one_upload_on_its_way", "application_id", "question", "by_id", unique=True,
            sqlite_where=sa.text("state = 'receiving'"), postgresql_where=sa.text("state = 'receiving'"),
        ),
    )  # fmt: skip

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(sa.String(40))  # its code
    by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    filename: Mapped[str] = mapped_column(sa.String(200))
    length: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[UploadState] = mapped_column(enum_column(UploadState), default=UploadState.RECEIVING)
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    application: Mapped[Application] = relationship()


class GivenConsent(Base):
    """A consent given (or, where it is optional, refused), bound to the exact text that was shown."""

    __tablename__ = "given_consents"
    __table_args__ = (sa.UniqueConstraint("application_id", "question"),)

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(sa.String(40))  # the code of the form's consent
    given: Mapped[bool]
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    language: Mapped[str] = mapped_column(sa.String(2))
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Submission(Base):
    """What was sent, exactly: a frozen copy under its SHA-256, the hashes of the files included. Never changed."""

    __tablename__ = "submissions"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    rules_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rules_versions.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))


class CheckOutcome(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    CORRECTION = "correction"


class EligibilityCheck(Base):
    """One decision of the eligibility check; the latest is in force, the earlier ones stay."""

    __tablename__ = "eligibility_checks"
    __table_args__ = (
        sa.CheckConstraint("outcome = 'eligible' OR reason <> ''", name="reason_unless_eligible"),
        sa.CheckConstraint("(outcome = 'correction') = (due_at IS NOT NULL)", name="correction_has_a_date"),
    )

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[CheckOutcome] = mapped_column(enum_column(CheckOutcome))
    reason: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderStop(Base):
    """An address that wants no further reminders of one application before the close."""

    __tablename__ = "reminder_stops"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(320), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EligibilityOverride(Base):
    """An exception that the organizer made for one startup in one challenge: the rules it lifts, and why."""

    __tablename__ = "eligibility_overrides"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "startup_id"),
        sa.CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    startup_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id", ondelete="CASCADE"), index=True)
    rules: Mapped[list[str]] = mapped_column(Json)  # values of challenges.eligibility.Rule
    reason: Mapped[str] = mapped_column(sa.String(1000))
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    startup: Mapped[Organization] = relationship()
    given_by: Mapped[User | None] = relationship()
