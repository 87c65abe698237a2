"""What a call asks for, what is known of a company, and what comes of holding one against the other."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from app.accounts.models import LegalForm
from app.accounts.profile.addresses import region_of_address
from app.accounts.profile.codes import Industry, Region
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.web.filters import in_zone

EMPTY = Bilingual()


class Rule(StrEnum):
    """What a call may ask of a company, in the order in which pages tell it. An exception names the ones that it lifts."""

    AGE = "age"
    NUMBER = "number"
    REGION = "region"
    EMPLOYEES = "employees"
    REVENUE = "revenue"
    SME = "sme"
    INDUSTRY = "industry"
    ENTRIES = "entries"
    EXCLUSIONS = "exclusions"


@dataclass(frozen=True)
class Criteria:
    """What one call asks for. None and empty: it does not ask."""

    reference: date
    founded_within_years: int | None = None
    pre_founders_allowed: bool = True
    regions: tuple[Region, ...] = ()
    relocation_allowed: bool = False
    employees_least: int | None = None
    employees_most: int | None = None
    revenue_most_krw: int | None = None
    sme_only: bool = False
    industries: tuple[Industry, ...] = ()
    industries_excluded: tuple[Industry, ...] = ()
    entries_most: int | None = None
    region_note: Bilingual = EMPTY
    exclusions: tuple[Bilingual, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of a company; None and empty: not yet."""

    legal_form: LegalForm | None = None
    founded_on: date | None = None
    predecessor_opened_on: date | None = None
    business_number: str | None = None
    region: Region | None = None
    address: str = ""
    employees: int | None = None
    revenue_krw: int | None = None  # of the last year that is known
    industry: Industry | None = None
    entries: int = 0  # other applications of the same company in the same call

    @property
    def counts_from(self) -> date | None:
        """The day from which the company's age counts."""
        return min((d for d in (self.founded_on, self.predecessor_opened_on) if d is not None), default=None)

    @property
    def seat(self) -> Region | None:
        """The head office's region, from the profile or else from the address; None where it cannot be told."""
        return self.region or region_of_address(self.address)

    @property
    def is_pre_founder(self) -> bool:
        return self.legal_form is LegalForm.PRE_FOUNDER


Tone = Literal["good", "bad", "open"]


@dataclass(frozen=True)
class Finding:
    """One rule and what the facts say to it: "good" passes, "bad" fails, "open" cannot be told yet. `refusal` is the
    sentence that stands where the button would, of a rule that fails.
    """

    rule: Rule
    tone: Tone
    title: str
    detail: str
    refusal: str = ""


@dataclass(frozen=True)
class Confirmation:
    """Something that only a person can see to; the applicant confirms each by itself, under the hash of its text."""

    key: str
    text: Bilingual
    positive: bool = False  # it does apply; otherwise it does not


def criteria_of(challenge: Challenge) -> Criteria:
    return Criteria(
        reference=reference_date_of(challenge),
        founded_within_years=challenge.founded_within_years,
        pre_founders_allowed=challenge.pre_founders_allowed,
        regions=tuple(Region(code) for code in challenge.regions),
        relocation_allowed=challenge.relocation_allowed,
        employees_least=challenge.employees_least,
        employees_most=challenge.employees_most,
        revenue_most_krw=challenge.revenue_most_krw,
        sme_only=challenge.sme_only,
        industries=tuple(Industry(code) for code in challenge.industries),
        industries_excluded=tuple(Industry(code) for code in challenge.industries_excluded),
        entries_most=challenge.entries_most,
        region_note=challenge.region,
        exclusions=tuple(exclusions_of(challenge.exclusions)),
    )


def reference_date_of(challenge: Challenge) -> date:
    """The day on which ages are told: the published one, else the day of the opening."""
    if challenge.reference_date is not None:
        return challenge.reference_date
    return in_zone(challenge.opens_at, challenge.timezone).date()


def exclusions_of(text: Bilingual) -> Iterator[Bilingual]:
    """The exclusions, one to a line; the same line of both languages is one, unless one of them has fewer lines."""
    ko, en = ([line.strip() for line in part.splitlines() if line.strip()] for part in (text.ko, text.en))
    if len(ko) == len(en):
        yield from (Bilingual(*pair) for pair in zip(ko, en, strict=True))
    else:
        yield from (Bilingual(ko=line) for line in ko) if ko else (Bilingual(en=line) for line in en)


def confirmations_of(criteria: Criteria) -> list[Confirmation]:
    """What the applicant confirms when submitting: that no exclusion is met, and being an SME where that is asked."""
    texts = [(text, False) for text in dict.fromkeys(criteria.exclusions)] + (
        [(SME, True)] if criteria.sme_only else []
    )
    return [Confirmation(_key(text), text, positive) for text, positive in texts]


def _key(text: Bilingual) -> str:
    return hashlib.sha256(f"{text.ko}\n{text.en}".encode()).hexdigest()[:16]


SME = Bilingual(
    "중소기업기본법에 따른 중소기업입니다.",
    "We are a small or medium-sized enterprise under the Framework Act on SMEs.",
)
