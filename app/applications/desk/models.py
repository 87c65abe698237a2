"""What stands beside an application at the desk: its case, tags, notes, likenesses, bulk decisions and saved views.

None of it is the applicant's to read, and none of it is part of what was submitted.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.applications.models import CheckOutcome
from app.applications.states import ApplicationState
from app.core.database import Base, UtcDateTime, UuidKey, enum_column


class ScreeningCase(Base):
    """One application as the desk works on it: who screens it, and what was read from the submission that stands.

    All but the assignee is made anew by services.index_submissions whenever `submitted_at` is no more that of the application, or
    `call_version` no more that of the challenge.
    """

    __tablename__ = "screening_cases"
    __table_args__ = (sa.CheckConstraint("missing_documents >= 0", name="missing_not_negative"),)

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    assignee_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the submission that was read; None: not yet
    call_version: Mapped[int] = mapped_column(default=0)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")  # see desk.words.searchable
    name_key: Mapped[str] = mapped_column(sa.Text, default="")  # the company's names without legal form, one to a line
    business_number: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    proposal_text: Mapped[str] = mapped_column(sa.Text, default="")  # the long answers, as likeness compares them
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"")  # see desk.likeness.signature
    missing_documents: Mapped[int] = mapped_column(default=0)


class TagTone(StrEnum):
    """The colour of a tag, by its token; the tag's name always stands with it."""

    PLAIN = ""
    OPEN = "open"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class ScreeningTag(Base):
    __tablename__ = "screening_tags"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "name"),
        sa.CheckConstraint("name <> ''", name="named"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(30))
    tone: Mapped[TagTone] = mapped_column(enum_column(TagTone, length=8), default=TagTone.PLAIN)


class TaggedApplication(Base):
    __tablename__ = "tagged_applications"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("screening_tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ScreeningNote(Base):
    """What one of the staff wrote down for the others. Only its author changes it; an empty text takes it away."""

    __tablename__ = "screening_notes"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="says_something"),)

    id: Mapped[UuidKey]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User | None] = relationship()


class LikenessKind(StrEnum):
    NUMBER = "number"  # the same business registration number
    NAME = "name"
    TEXT = "text"


class Likeness(Base):
    """Two applications of one challenge that are alike in one way; the first has the smaller id, so that no pair stands twice."""

    __tablename__ = "likenesses"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id", "kind"),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name="percent_sane"),
        sa.CheckConstraint("first_id <> second_id", name="two_applications"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"))
    second_id: Mapped[UUID] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    kind: Mapped[LikenessKind] = mapped_column(enum_column(LikenessKind, length=8))
    percent: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkDecision(Base):
    """One outcome recorded for several applications at once. Until `undo_until` its mails wait, and it can be undone."""

    __tablename__ = "bulk_decisions"

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[CheckOutcome] = mapped_column(enum_column(CheckOutcome))
    decided_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undo_until: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    items: Mapped[list["BulkItem"]] = relationship(order_by="BulkItem.application_id")


class BulkItem(Base):
    """What a bulk decision did to one application, so that it can be put back; the check is gone once it was."""

    __tablename__ = "bulk_items"

    bulk_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bulk_decisions.id", ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    check_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("eligibility_checks.id", ondelete="SET NULL"), index=True
    )
    before: Mapped[ApplicationState] = mapped_column(enum_column(ApplicationState))
    version: Mapped[int]  # of the application right after the decision


class SavedView(Base):
    """Filters under a name. `query` is the canonical form of the address, so that one view is one text."""

    __tablename__ = "saved_views"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "owner_id", "name"),
        sa.CheckConstraint("name <> ''", name="named"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000), default="")
    shared: Mapped[bool] = mapped_column(default=False)
