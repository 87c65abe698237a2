"""The company's age.

It counts from incorporation, from the opening date of a sole trader, or from the older date of the sole trader that turned
into the company. "Within 7 years" includes the seventh anniversary; where that day does not exist (29 February), the last
day of the month ends the term (Civil Act, article 160).
"""

import calendar
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.challenges.eligibility.criteria import Criteria, Facts, Finding, Rule
from app.web.filters import day


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


def years_and_months(start: date, reference: date) -> str:
    years, months = age_at(start, reference)
    return _(
        "%(years)s and %(months)s old",
        years=ngettext("%(num)d year", "%(num)d years", years),
        months=ngettext("%(num)d month", "%(num)d months", months),
    )


def judge_age(criteria: Criteria, facts: Facts) -> Finding | None:
    if facts.is_pre_founder:
        return _pre_founder(criteria)
    years, start = criteria.founded_within_years, facts.counts_from
    if years is None:
        return None
    title = ngettext("Within %(num)d year of founding", "Within %(num)d years of founding", years)
    if start is None:
        return Finding(
            Rule.AGE, "open", title, _("The founding date is not known yet. Add it to the startup's details.")
        )
    return _age(title, criteria.reference, years, start, facts)


def _pre_founder(criteria: Criteria) -> Finding:
    if criteria.pre_founders_allowed:
        return Finding(
            Rule.AGE, "good", _("Pre-founders may apply"), _("No founding date and no registration number are needed.")
        )
    return Finding(
        Rule.AGE, "bad", _("Pre-founders may not apply"), _("The call asks for a founded company."),
        _("This call is not open to pre-founders."),
    )  # fmt: skip


def _age(title: str, reference: date, years: int, start: date, facts: Facts) -> Finding:
    last = last_day_within(start, years)
    if start > reference:
        return Finding(
            Rule.AGE, "good", title,
            _("Founded on %(start)s, after the reference date, %(reference)s.", start=day(start), reference=day(reference)),
        )  # fmt: skip
    detail = _(
        "Counts from %(start)s: %(age)s on %(reference)s; the term ends on %(last)s.",
        start=day(start), age=years_and_months(start, reference), reference=day(reference), last=day(last),
    )  # fmt: skip
    if facts.predecessor_opened_on is not None and facts.predecessor_opened_on == start:
        detail += " " + _("The older date, that of the sole trader before it, counts.")
    if reference <= last:
        return Finding(Rule.AGE, "good", title, detail)
    refusal = ngettext(
        "This call is for startups within %(num)d year of founding on %(reference)s. Yours counts from %(start)s, so its term ended on %(last)s.",
        "This call is for startups within %(num)d years of founding on %(reference)s. Yours counts from %(start)s, so its term ended on %(last)s.",
        years, reference=day(reference), start=day(start), last=day(last),
    )  # fmt: skip
    return Finding(Rule.AGE, "bad", title, detail, refusal)
