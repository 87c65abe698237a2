"""May we apply? A few plain questions made from the rules in force, and the answer in sentences. Knows nobody and keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import LegalForm
from app.accounts.profile.codes import Industry, Region
from app.challenges.eligibility.criteria import Criteria, Facts, Finding, Rule, Tone
from app.challenges.eligibility.findings import find, region_names
from app.web.filters import local


class Ask(StrEnum):
    """The questions, in their order; each is asked only where a rule of the call turns on it."""

    LEGAL_FORM = "legal_form"
    SINCE = "since"
    REGION = "region"
    REGION_NOTE = "region_note"
    EMPLOYEES = "employees"
    REVENUE = "revenue"
    INDUSTRY = "industry"
    SME = "sme"
    EXCLUSIONS = "exclusions"


# Which rule an answer decides; the questions without one are answered with yes or no.
RULE = {
    Ask.SINCE: Rule.AGE, Ask.REGION: Rule.REGION, Ask.EMPLOYEES: Rule.EMPLOYEES, Ask.REVENUE: Rule.REVENUE,
    Ask.INDUSTRY: Rule.INDUSTRY,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the answer to one question means for the call."""

    ask: Ask
    tone: Tone
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """The end of it: "good" may apply, "bad" may not, "open" has to ask the organizer."""

    tone: Tone
    said: dict[Ask, Said]

    @property
    def against(self) -> list[Said]:
        return [said for said in self.said.values() if said.tone == "bad"]

    @property
    def left(self) -> list[Said]:
        return [said for said in self.said.values() if said.tone == "open"]


def questions_of(criteria: Criteria) -> list[Ask]:
    """The questions of a call, from three to eight."""
    asked = {
        Ask.LEGAL_FORM: True,
        Ask.SINCE: criteria.founded_within_years is not None,
        Ask.REGION: bool(criteria.regions),
        Ask.REGION_NOTE: bool(local(criteria.region_note)) and not criteria.regions,
        Ask.EMPLOYEES: criteria.employees_least is not None or criteria.employees_most is not None,
        Ask.REVENUE: criteria.revenue_most_krw is not None,
        Ask.INDUSTRY: bool(criteria.industries or criteria.industries_excluded),
        Ask.SME: criteria.sme_only,
        Ask.EXCLUSIONS: bool(criteria.exclusions),
    }
    return [ask for ask, wanted in asked.items() if wanted]


def answer(criteria: Criteria, given: Mapping[Ask, Any]) -> Outcome:
    """What the answers come to. `given` holds a code, a date or a number for each question; None where it was left open."""
    facts = Facts(
        legal_form=LegalForm(given[Ask.LEGAL_FORM]) if given.get(Ask.LEGAL_FORM) else None,
        founded_on=given.get(Ask.SINCE),
        region=Region(given[Ask.REGION]) if given.get(Ask.REGION) else None,
        employees=given.get(Ask.EMPLOYEES),
        revenue_krw=given.get(Ask.REVENUE),
        industry=Industry(given[Ask.INDUSTRY]) if given.get(Ask.INDUSTRY) else None,
    )
    findings: dict[Rule, Finding] = {
        finding.rule: finding for finding in find(criteria, facts) if finding.rule is not Rule.EXCLUSIONS
    }
    said = {ask: _said(ask, criteria, facts, findings, given.get(ask)) for ask in questions_of(criteria)}
    tones = {one.tone for one in said.values()}
    tone: Tone = "bad" if "bad" in tones else "open" if "open" in tones else "good"
    return Outcome(tone, said)


def _said(ask: Ask, criteria: Criteria, facts: Facts, findings: Mapping[Rule, Finding], given: Any) -> Said:
    if ask is Ask.LEGAL_FORM:
        return _legal_form(criteria, facts)
    if (rule := RULE.get(ask)) is not None:
        return _by_rule(ask, criteria, facts, findings[rule], given)
    return _yes_or_no(ask, given)


def _yes_or_no(ask: Ask, given: Any) -> Said:
    if given == "unsure":
        return Said(ask, "open", _("You are not sure. The organizer can tell."))
    if given not in ("yes", "no"):
        return Said(ask, "open", _("You left this open. The organizer can tell."))
    if ask is Ask.EXCLUSIONS:
        if given == "no":
            return Said(ask, "good", _("None of the exclusions applies to you."))
        return Said(ask, "bad", _("One of the exclusions applies to you, and the call leaves those companies out."))
    if given == "yes":
        return Said(ask, "good", _("You meet this."))
    return Said(ask, "bad", _("The call asks for this, and you do not meet it."))


def _legal_form(criteria: Criteria, facts: Facts) -> Said:
    if facts.legal_form is None:
        return Said(Ask.LEGAL_FORM, "open", _("You left this open. The organizer can tell."))
    if not facts.is_pre_founder:
        return Said(Ask.LEGAL_FORM, "good", _("Founded companies may apply."))
    if criteria.pre_founders_allowed:
        return Said(Ask.LEGAL_FORM, "good", _("Pre-founders may apply."))
    return Said(Ask.LEGAL_FORM, "bad", _("This call is not open to pre-founders."))


def _by_rule(ask: Ask, criteria: Criteria, facts: Facts, finding: Finding, given: Any) -> Said:
    if ask is Ask.SINCE and facts.is_pre_founder:
        return Said(ask, "good", _("A pre-founder has no age yet."))
    if given in (None, "") and finding.tone != "good":
        return Said(ask, "open", _("You left this open. The organizer can tell."))
    if ask is Ask.REGION and finding.tone == "open":
        names = region_names(criteria.regions)
        return Said(ask, "good", _("A pledge to relocate to %(regions)s is enough.", regions=names))
    return Said(ask, finding.tone, finding.refusal or finding.detail)
