"""What a call promises: themes, dates, eligibility, the form that applicants fill, the rubric with its rule, prizes."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization, User
from app.challenges.form.codec import form_by_hash, form_sha256, write_form
from app.challenges.form.model import Form
from app.challenges.states import ChallengeState, GateRule, GoesOn, InquiryState, MilestoneKind, Scale
from app.core.bilingual import Bilingual, bilingual
from app.core.database import Base, Json, Score, UtcDateTime, UuidKey, enum_column


class Challenge(Base):
    """A contest on themes that sponsors ask for, run by a host.

    Never assign `state` by hand; the services stamp the time and the trail with it. `version` counts edits, so that a
    stale page is noticed. The counts are kept by the services that change what they count.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        sa.CheckConstraint(
            "(state IN ('draft', 'sponsor_review')) OR published_at IS NOT NULL OR state = 'cancelled'",
            name="published_at_once_public",
        ),
        sa.CheckConstraint("poc_budget_krw_each >= 0 AND poc_places >= 0", name="poc_not_negative"),
        sa.CheckConstraint("retention_years BETWEEN 1 AND 10", name="retention_sane"),
        sa.CheckConstraint("employees_least >= 0 AND revenue_most_krw >= 0 AND entries_most >= 1", name="limits_sane"),
        sa.CheckConstraint("employees_most >= COALESCE(employees_least, 0)", name="employees_in_order"),
        sa.Index("ix_challenges_state_closes", "state", "closes_at"),
    )

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(sa.String(80))
    host_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    title: Mapped[Bilingual] = bilingual("title", 150)
    summary: Mapped[Bilingual] = bilingual("summary", 400)
    description: Mapped[Bilingual] = bilingual("description")  # Markdown
    receipt_prefix: Mapped[str] = mapped_column(sa.String(12))  # SF-2022 makes receipt numbers SF-2022-001
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Seoul")
    state: Mapped[ChallengeState] = mapped_column(enum_column(ChallengeState), default=ChallengeState.DRAFT)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)  # a submission at this very second is in time
    # Whether nobody but the applicant's own people reads an application before the close (see rules.is_sealed).
    questions_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: until the close
    sealed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    results_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    # Eligibility; empty means that the call does not ask.
    founded_within_years: Mapped[int | None]
    reference_date: Mapped[date | None]
    region: Mapped[Bilingual] = bilingual("region", 200)
    exclusions: Mapped[Bilingual] = bilingual("exclusions")  # one to a line
    pre_founders_allowed: Mapped[bool] = mapped_column(default=True)
    regions: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")  # codes of the head office's
    relocation_allowed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    employees_least: Mapped[int | None]
    employees_most: Mapped[int | None]
    revenue_most_krw: Mapped[int | None] = mapped_column(sa.BigInteger)
    sme_only: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    industries: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")  # codes; empty: any
    industries_excluded: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    entries_most: Mapped[int | None]  # of one company, over all themes
    terms: Mapped[Bilingual] = bilingual("terms")  # rights in ideas, misconduct, cancellation; Markdown
    poc_places: Mapped[int] = mapped_column(default=0)
    poc_budget_krw_each: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    release_comments: Mapped[bool] = mapped_column(default=True)  # whether applicants read the judges' comments
    retention_years: Mapped[int] = mapped_column(default=3, server_default="3")  # after the results, persons are erased
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when they were
    # The application form as form/codec.py writes it, and its hash; assign `form`, which sets both. Lists leave it unread.
    form_content: Mapped[dict[str, Any]] = mapped_column(
        "form", Json, default=lambda: write_form(Form()), deferred=True
    )
    form_sha256: Mapped[str] = mapped_column(sa.String(64), default=lambda: form_sha256(Form()))
    version: Mapped[int] = mapped_column(default=1)
    receipts_given: Mapped[int] = mapped_column(default=0)
    submitted_count: Mapped[int] = mapped_column(default=0)
    winner_count: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    host: Mapped[Organization] = relationship()
    themes: Mapped[list["Theme"]] = relationship(back_populates="challenge", order_by="Theme.position")
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.starts_at")
    prizes: Mapped[list["Prize"]] = relationship(order_by="Prize.position")
    rounds: Mapped[list["Round"]] = relationship(back_populates="challenge", order_by="Round.position")
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id")
    staff: Mapped[list["ChallengeStaff"]] = relationship(order_by="ChallengeStaff.id")
    reviews: Mapped[list["SponsorReview"]] = relationship(order_by="SponsorReview.asked_at, SponsorReview.id")

    @property
    def form(self) -> Form:
        """What applicants are asked; the same object for all who ask under one hash."""
        return form_by_hash(self.form_sha256, lambda: self.form_content)

    @form.setter
    def form(self, form: Form) -> None:
        self.form_content, self.form_sha256 = write_form(form), form_sha256(form)


class Theme(Base):
    """A task that a sponsor wants solved, with its own number of winners."""

    __tablename__ = "themes"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "code"),
        sa.CheckConstraint("winners >= 0", name="winners_not_negative"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    sponsor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(12))
    title: Mapped[Bilingual] = bilingual("title", 150)
    summary: Mapped[Bilingual] = bilingual("summary", 600)
    winners: Mapped[int]

    challenge: Mapped[Challenge] = relationship(back_populates="themes")
    sponsor: Mapped[Organization] = relationship()


class Milestone(Base):
    """One step of the time line; a step of one day begins and ends on it."""

    __tablename__ = "milestones"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "kind"),
        sa.CheckConstraint("ends_at >= starts_at", name="ends_after_it_starts"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    kind: Mapped[MilestoneKind] = mapped_column(enum_column(MilestoneKind))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Prize(Base):
    __tablename__ = "prizes"
    __table_args__ = (sa.CheckConstraint("count >= 1 AND amount_krw >= 0", name="sane"),)

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[Bilingual] = bilingual("title", 60)
    count: Mapped[int]
    amount_krw: Mapped[int] = mapped_column(sa.BigInteger)


class Aggregate(StrEnum):
    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"
    MEDIAN = "median"


class Trim(StrEnum):
    TOTALS = "totals"
    CRITERIA = "criteria"


class Round(Base):
    """One round of judging with its rubric and its scoring rule, as the call publishes them.

    `goes_on` says who comes into the next round; the last one has none. Which entries it has, judging keeps.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "position"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        sa.CheckConstraint("sheets_per_entry >= 1", name="sheets_at_least_one"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name="decimals_sane"),
        sa.CheckConstraint(
            "(goes_on_number IS NOT NULL) = (goes_on IS NOT NULL AND goes_on IN ('top', 'theme'))",
            name="number_goes_on_where_it_counts",
        ),
        sa.CheckConstraint("goes_on_number >= 1", name="one_goes_on_at_least"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[Bilingual] = bilingual("title", 80)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sheets_per_entry: Mapped[int]
    aggregate: Mapped[Aggregate] = mapped_column(enum_column(Aggregate))
    trim: Mapped[Trim] = mapped_column(enum_column(Trim), default=Trim.TOTALS)
    trim_floor: Mapped[int] = mapped_column(default=4)
    pass_mark: Mapped[Decimal | None] = mapped_column(Score)
    pass_mark_sees_bonus: Mapped[bool] = mapped_column(default=False)
    bonus_cap: Mapped[Decimal] = mapped_column(Score, default=Decimal(0))
    decimals: Mapped[int] = mapped_column(default=2)
    tie_break: Mapped[list[str]] = mapped_column(Json)  # criterion codes, then perhaps "chair"
    blind: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false()
    )  # judges do not learn whose entry it is
    goes_on: Mapped[GoesOn | None] = mapped_column(enum_column(GoesOn))
    goes_on_number: Mapped[int | None]

    challenge: Mapped[Challenge] = relationship(back_populates="rounds")
    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position")


class Criterion(Base):
    """What is looked at. Criteria of one `group` stand together; `comment_below` is a mark of the scale."""

    __tablename__ = "criteria"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "code"),
        sa.CheckConstraint("points >= 0 AND (points = 0) = (scale = 'gate')", name="points_unless_a_gate"),
        sa.CheckConstraint("NOT (optional AND scale = 'gate')", name="no_gate_is_optional"),
    )

    id: Mapped[UuidKey]
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rounds.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[Bilingual] = bilingual("title", 80)
    description: Mapped[Bilingual] = bilingual("description", 400)
    points: Mapped[Decimal] = mapped_column(Score)
    group: Mapped[Bilingual] = bilingual("group", 80)
    scale: Mapped[Scale] = mapped_column(enum_column(Scale), default=Scale.POINTS, server_default="points")
    half_points: Mapped[bool] = mapped_column(default=True, server_default=sa.true())  # else whole marks only
    anchors: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict, server_default="{}")  # mark -> text
    optional: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # left out, it never counts as 0
    comment_below: Mapped[Decimal | None] = mapped_column(Score)
    gate_rule: Mapped[GateRule] = mapped_column(
        enum_column(GateRule), default=GateRule.MAJORITY, server_default="majority"
    )


class Attachment(Base):
    """A file that the call offers for download."""

    __tablename__ = "attachments"

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(sa.BigInteger)


class RulesVersion(Base):
    """The rules as they were published: a frozen copy under a hash, with the reason of each version after the first."""

    __tablename__ = "rules_versions"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("number = 1 OR reason <> ''", name="reason_for_a_change"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    material: Mapped[bool] = mapped_column(default=True)  # a typing error is not
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))


class ChallengeRole(StrEnum):
    ORGANIZER = "organizer"
    OBSERVER = "observer"  # reads what the organizer reads, changes nothing


class ChallengeStaff(Base):
    """A person with a role in one challenge beside those that their organizations give them."""

    __tablename__ = "challenge_staff"
    __table_args__ = (sa.UniqueConstraint("challenge_id", "user_id"),)

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[ChallengeRole] = mapped_column(enum_column(ChallengeRole))

    user: Mapped[User] = relationship()


class SponsorVerdict(StrEnum):
    APPROVED = "approved"
    CHANGES = "changes"


class SponsorReview(Base):
    """One sponsor's answer to the draft that it was shown; asked anew each time that the draft is sent."""

    __tablename__ = "sponsor_reviews"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "sponsor_id", "asked_at"),
        sa.CheckConstraint("(verdict IS NULL) = (answered_at IS NULL)", name="answered_whole"),
        sa.CheckConstraint("verdict IS NULL OR verdict <> 'changes' OR note <> ''", name="changes_say_what"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    sponsor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[SponsorVerdict | None] = mapped_column(enum_column(SponsorVerdict))
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    sponsor: Mapped[Organization] = relationship()
    answered_by: Mapped[User | None] = relationship()


class FormDraft(Base):
    """The working copy of a call's form, which its organizers compose before they put it in force; one for each call.

    `version` counts every change, so that a stale tab is noticed; `at` is the number of the step that it shows; `base_sha256` is
    the hash of the form in force that it began from.
    """

    __tablename__ = "form_drafts"

    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[int] = mapped_column(default=0)
    base_sha256: Mapped[str] = mapped_column(sa.String(64))


class FormStep(Base):
    """The working copy as it was after one change: what undo goes back to, and redo forward. The oldest are forgotten."""

    __tablename__ = "form_steps"
    __table_args__ = (sa.UniqueConstraint("challenge_id", "number"),)

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("form_drafts.challenge_id", ondelete="CASCADE"))
    number: Mapped[int]
    verb: Mapped[str] = mapped_column(sa.String(20))  # what was done: see labels.step_label
    code: Mapped[str] = mapped_column(sa.String(42), default="", server_default="")  # to which item: "q.team", "s.plan"
    name: Mapped[Bilingual] = bilingual("name", 200)  # what the item was called
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))

    edited_by: Mapped[User | None] = relationship()


class Inquiry(Base):
    """A question that somebody asked about a call, and what became of it.

    `text` is as it was asked and its asker's alone with the organizer; what the public reads is `published` and `answer`, under
    a `number` that counts the call's answers and stays. Who asked is shown to nobody.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "number"),
        sa.CheckConstraint("(state = 'answered') = (number IS NOT NULL)", name="numbered_when_answered"),
        sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered_at_when_answered"),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        sa.CheckConstraint("(state = 'declined') = (reason <> '')", name="declined_with_a_reason"),
        sa.CheckConstraint("state <> 'answered' OR answer_ko <> '' OR answer_en <> ''", name="answer_says_something"),
        sa.Index("ix_inquiries_challenge_state", "challenge_id", "state"),
    )

    id: Mapped[UuidKey]
    challenge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("challenges.id", ondelete="CASCADE"))
    asked_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    text: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[InquiryState] = mapped_column(enum_column(InquiryState), default=InquiryState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[int | None]
    published: Mapped[Bilingual] = bilingual("published")
    answer: Mapped[Bilingual] = bilingual("answer")  # Markdown
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of an answer that was worded anew
    merged_into_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("inquiries.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
