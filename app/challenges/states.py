"""The life of a challenge, as one table of legal moves."""

from enum import StrEnum


class ChallengeState(StrEnum):
    DRAFT = "draft"
    SPONSOR_REVIEW = "sponsor_review"
    PUBLISHED = "published"  # the call is out; whether it is open yet, the clock says
    CLOSED = "closed"
    JUDGING = "judging"
    DECIDED = "decided"
    RESULTS_OUT = "results_out"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"

    def can_become(self, target: "ChallengeState") -> bool:
        return target in TRANSITIONS[self]

    @property
    def is_public(self) -> bool:
        """Whether visitors may see the call."""
        return self not in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW)


S = ChallengeState

# Read as "from: may become". Final states stand with an empty set, so that nobody has to wonder whether one was forgotten.
TRANSITIONS: dict[ChallengeState, frozenset[ChallengeState]] = {
    S.DRAFT: frozenset({S.SPONSOR_REVIEW, S.PUBLISHED, S.CANCELLED}),
    S.SPONSOR_REVIEW: frozenset({S.DRAFT, S.PUBLISHED, S.CANCELLED}),
    S.PUBLISHED: frozenset({S.CLOSED, S.CANCELLED}),
    S.CLOSED: frozenset({S.JUDGING, S.CANCELLED}),
    S.JUDGING: frozenset({S.DECIDED, S.CANCELLED}),
    S.DECIDED: frozenset({S.JUDGING, S.RESULTS_OUT, S.CANCELLED}),
    S.RESULTS_OUT: frozenset({S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
    S.CANCELLED: frozenset(),
}


class MilestoneKind(StrEnum):
    """The steps of the public time line, in their usual order."""

    APPLICATIONS = "applications"
    ELIGIBILITY_CHECK = "eligibility_check"
    DOCUMENT_REVIEW = "document_review"
    FINALISTS_TOLD = "finalists_told"
    PITCH = "pitch"
    PUBLIC_REVIEW = "public_review"
    AWARD_CEREMONY = "award_ceremony"
    APPEALS = "appeals"
    AGREEMENT = "agreement"


class Section(StrEnum):
    """The sections of a call, as its editor shows them one after another."""

    BASICS = "basics"
    SCHEDULE = "schedule"
    THEMES = "themes"
    ELIGIBILITY = "eligibility"
    FORM = "form"
    RUBRIC = "rubric"
    PRIZES = "prizes"
    TERMS = "terms"
    ATTACHMENTS = "attachments"


_ALWAYS = frozenset({Section.BASICS, Section.SCHEDULE, Section.ATTACHMENTS})
# What may still be changed in which state; the rest stays as it was when applicants answered it, or judges scored by it.
EDITABLE: dict[ChallengeState, frozenset[Section]] = {
    S.DRAFT: frozenset(Section),
    S.SPONSOR_REVIEW: frozenset(),
    S.PUBLISHED: frozenset(Section),
    S.CLOSED: _ALWAYS | {Section.RUBRIC, Section.PRIZES, Section.TERMS},
    S.JUDGING: _ALWAYS,
    S.DECIDED: _ALWAYS,
    S.RESULTS_OUT: frozenset({Section.ATTACHMENTS}),
    S.ARCHIVED: frozenset(),
    S.CANCELLED: frozenset(),
}


class Scale(StrEnum):
    """On which marks a criterion is scored; whatever the scale, it counts by its points."""

    POINTS = "points"  # from nought to the criterion's points
    HUNDRED = "hundred"  # 0 to 100
    TEN = "ten"  # 0 to 10
    FIVE = "five"  # 1 to 5, each level with its written anchor
    GATE = "gate"  # yes or no; it has no points, and without it an entry does not pass


class GateRule(StrEnum):
    """When an entry fails a gate."""

    MAJORITY = "majority"  # more than half of its sheets say no
    ANY = "any"  # one sheet says no


class GoesOn(StrEnum):
    """By which rule entries go on from a round to the next."""

    TOP = "top"  # the best over all, so many
    THEME = "theme"  # the best of each theme, so many
    PASSED = "passed"  # all that pass
    HAND = "hand"  # the committee chooses, with a reason for each


class InquiryState(StrEnum):
    """What became of a question that was asked about a call."""

    OPEN = "open"
    ANSWERED = "answered"
    MERGED = "merged"  # another answer says it already
    DECLINED = "declined"  # not answered in public; the one who asked reads why

    def can_become(self, target: "InquiryState") -> bool:
        return target in INQUIRY_TRANSITIONS[self]


Q = InquiryState

# An answer may be worded anew, which leaves it an answer; what was merged or declined may be answered after all.
INQUIRY_TRANSITIONS: dict[InquiryState, frozenset[InquiryState]] = {
    Q.OPEN: frozenset({Q.ANSWERED, Q.MERGED, Q.DECLINED}),
    Q.ANSWERED: frozenset({Q.ANSWERED}),
    Q.MERGED: frozenset({Q.ANSWERED, Q.DECLINED}),
    Q.DECLINED: frozenset({Q.ANSWERED, Q.MERGED}),
}
