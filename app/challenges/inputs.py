"""What the services that write a call are given: one plain record for each section, or for each row of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.challenges.models import Aggregate, Trim
from app.challenges.states import MilestoneKind
from app.core.bilingual import Bilingual
from app.core.errors import RuleBroken

EMPTY = Bilingual()


@dataclass(frozen=True)
class Basics:
    slug: str  # its place in the address, /challenges/<slug>
    receipt_prefix: str  # SF-2022 makes receipt numbers SF-2022-001
    title: Bilingual
    summary: Bilingual = EMPTY
    description: Bilingual = EMPTY  # Markdown
    timezone: str = "Asia/Seoul"


@dataclass(frozen=True)
class Step:
    """One step of the time line after the applications."""

    kind: MilestoneKind
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Schedule:
    opens_at: datetime
    closes_at: datetime
    steps: Sequence[Step] = ()
    sealed: bool = False  # nobody but the applicant's own people reads an application before the close


@dataclass(frozen=True)
class ThemeRow:
    code: str
    title: Bilingual
    sponsor_id: UUID | None
    winners: int = 1
    summary: Bilingual = EMPTY


@dataclass(frozen=True)
class Eligibility:
    founded_within_years: int | None = None
    reference_date: date | None = None
    region: Bilingual = EMPTY
    exclusions: Bilingual = EMPTY  # one to a line
    pre_founders_allowed: bool = True
    regions: Sequence[str] = ()  # codes of accounts.profile; empty: any
    relocation_allowed: bool = False  # a pledge to move there is enough
    employees_least: int | None = None
    employees_most: int | None = None
    revenue_most_krw: int | None = None
    sme_only: bool = False
    industries: Sequence[str] = ()  # codes of accounts.profile; empty: any
    industries_excluded: Sequence[str] = ()
    entries_most: int | None = None  # applications of one company, over all themes


@dataclass(frozen=True)
class CriterionRow:
    code: str
    title: Bilingual
    points: Decimal
    description: Bilingual = EMPTY


@dataclass(frozen=True)
class Rubric:
    """A round of judging: when, by which criteria, and how the sheets become one score."""

    title: Bilingual
    starts_at: datetime
    ends_at: datetime
    criteria: Sequence[CriterionRow]
    sheets_per_entry: int = 5
    aggregate: Aggregate = Aggregate.TRIMMED_MEAN
    trim: Trim = Trim.TOTALS
    trim_floor: int = 4  # fewer sheets than this are not trimmed
    pass_mark: Decimal | None = None
    pass_mark_sees_bonus: bool = False
    bonus_cap: Decimal = field(default_factory=Decimal)
    decimals: int = 2
    tie_break: Sequence[str] = ()  # criterion codes, then perhaps "chair"


@dataclass(frozen=True)
class PrizeRow:
    title: Bilingual
    count: int = 1
    amount_krw: int = 0
    id: UUID | None = None  # of the prize that this row changes


@dataclass(frozen=True)
class Terms:
    terms: Bilingual = EMPTY  # Markdown
    poc_places: int = 0
    poc_budget_krw_each: int = 0
    release_comments: bool = True
    retention_years: int = 3  # persons are erased so long after the results


@dataclass(frozen=True)
class Change:
    """Why a call that is out is changed, and whether the change matters to applicants (a typing error does not)."""

    reason: str
    material: bool = True


@dataclass(frozen=True)
class Problem:
    """One thing to mend; `field` is the input's name in the section's form ("rows-0-title_ko")."""

    field: str
    sentence: str


class InputRefused(RuleBroken):
    """Some of what was given will not do; nothing was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].sentence, field=problems[0].field)
        self.problems = list(problems)
