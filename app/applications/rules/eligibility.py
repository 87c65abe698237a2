"""Whether a startup may apply at all, as far as its own data say: its age on the reference date, and what it is in law.

Age counts from incorporation, from the opening date of a sole trader, or from the older date of the sole trader that turned
into the company. "Within 7 years" includes the seventh anniversary; where that day does not exist (29 February), the last
day of the month ends the term (Civil Act, article 160).
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import LegalForm, Organization
from app.challenges.models import Challenge
from app.core.business_number import format_business_number, is_business_number
from app.web.filters import day, in_zone, local


@dataclass(frozen=True)
class Finding:
    """One point of eligibility: "good" and "bad" are known from the startup's data, "open" is for the organizer to see."""

    tone: Literal["good", "bad", "open"]
    title: str
    detail: str


def last_day_within(start: date, years: int) -> date:
    """The last day on which something begun on `start` is still within `years` years."""
    year = start.year + years
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


def age_at(start: date, reference: date) -> tuple[int, int]:
    """Whole years and months from `start` to `reference`; (0, 0) before `start`."""
    months = (reference.year - start.year) * 12 + reference.month - start.month
    if reference.day < start.day and reference.day < calendar.monthrange(reference.year, reference.month)[1]:
        months -= 1
    return divmod(max(0, months), 12)


def reference_date_of(challenge: Challenge) -> date:
    """The day on which ages are told: the published one, else the day of the opening."""
    if challenge.reference_date is not None:
        return challenge.reference_date
    return in_zone(challenge.opens_at, challenge.timezone).date()


def why_not_eligible(challenge: Challenge, startup: Organization) -> str | None:
    """The reason why `startup` cannot apply by its own data, or None. What the data do not say, the organizer checks."""
    if startup.legal_form is LegalForm.PRE_FOUNDER:
        return None if challenge.pre_founders_allowed else _("This call is not open to pre-founders.")
    start = startup.counts_from
    if challenge.founded_within_years is None or start is None:
        return None
    reference = reference_date_of(challenge)
    if reference <= (last := last_day_within(start, challenge.founded_within_years)):
        return None
    return ngettext(
        "This call is for startups within %(num)d year of founding on %(reference)s. Yours counts from %(start)s, so its term ended on %(last)s.",
        "This call is for startups within %(num)d years of founding on %(reference)s. Yours counts from %(start)s, so its term ended on %(last)s.",
        challenge.founded_within_years,
        reference=day(reference),
        start=day(start),
        last=day(last),
    )


def eligibility_findings(challenge: Challenge, startup: Organization) -> list[Finding]:
    """Every point that the call asks for, with what the startup's data say to it."""
    findings = [*_age(challenge, startup), *_number(startup)]
    if region := local(challenge.region):
        seat = (
            _("Registered address: %(address)s", address=startup.address)
            if startup.address
            else _("No address is given.")
        )
        findings.append(Finding("open", region, seat))
    excluded = [line.strip() for line in local(challenge.exclusions).splitlines() if line.strip()]
    return [
        *findings,
        *(Finding("open", _("Not: %(exclusion)s", exclusion=e), _("The organizer checks this.")) for e in excluded),
    ]


def _age(challenge: Challenge, startup: Organization) -> list[Finding]:
    if startup.legal_form is LegalForm.PRE_FOUNDER:
        if challenge.pre_founders_allowed:
            return [
                Finding(
                    "good", _("Pre-founders may apply"), _("No founding date and no registration number are needed.")
                )
            ]
        return [Finding("bad", _("Pre-founders may not apply"), _("The call asks for a founded company."))]
    years = challenge.founded_within_years
    if years is None:
        return []
    title = ngettext("Within %(num)d year of founding", "Within %(num)d years of founding", years)
    start = startup.counts_from
    if start is None:
        return [Finding("open", title, _("The organization has no founding date yet. Add it there."))]
    reference = reference_date_of(challenge)
    whole_years, months = age_at(start, reference)
    detail = _(
        "Counts from %(start)s: %(years)s, %(months)s on the reference date, %(reference)s.",
        start=day(start),
        years=ngettext("%(num)d year", "%(num)d years", whole_years),
        months=ngettext("%(num)d month", "%(num)d months", months),
        reference=day(reference),
    )
    if start > reference:
        detail = _(
            "Founded on %(start)s, after the reference date, %(reference)s.", start=day(start), reference=day(reference)
        )
    if startup.predecessor_opened_on is not None and startup.predecessor_opened_on == start:
        detail += " " + _("The older date, that of the sole trader before it, counts.")
    return [Finding("bad" if why_not_eligible(challenge, startup) else "good", title, detail)]


def _number(startup: Organization) -> list[Finding]:
    if startup.legal_form not in (LegalForm.CORPORATION, LegalForm.SOLE_TRADER):
        return []
    title = _("Business registration number")
    if not startup.business_number:
        return [Finding("open", title, _("The organization has no number yet. Add it there."))]
    text = format_business_number(startup.business_number)
    if not is_business_number(startup.business_number):
        return [Finding("bad", title, _("%(number)s does not exist: its check digit is wrong.", number=text))]
    return [Finding("good", title, text)]
