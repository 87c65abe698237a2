"""The rules of a call in plain sentences, as its page tells them before anybody is known."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from app.challenges.eligibility.criteria import Criteria, criteria_of
from app.challenges.eligibility.findings import employees_words, entries_words, industry_words, region_names
from app.challenges.models import Challenge
from app.web.filters import day, local, won


def eligibility_words(challenge: Challenge) -> list[tuple[bool, str]]:
    """Each rule as a line: whether it says what is asked for (True) or what is left out (False)."""
    criteria = criteria_of(challenge)
    return [
        *_who(criteria),
        *((True, line) for line in _where_and_how_large(criteria)),
        *((False, local(text)) for text in criteria.exclusions),
    ]


def _who(criteria: Criteria) -> Iterator[tuple[bool, str]]:
    if criteria.founded_within_years is not None:
        line = ngettext(
            "Founded within %(num)d year before %(day)s",
            "Founded within %(num)d years before %(day)s",
            criteria.founded_within_years,
            day=day(criteria.reference),
        )
        yield True, line
    yield criteria.pre_founders_allowed, _("Pre-founders, too") if criteria.pre_founders_allowed else _("Pre-founders")


def _where_and_how_large(criteria: Criteria) -> Iterator[str]:
    if note := local(criteria.region_note):
        yield note
    elif criteria.regions:
        names = region_names(criteria.regions)
        yield (
            _("Head office in %(regions)s, or a pledge to relocate there", regions=names)
            if criteria.relocation_allowed
            else _("Head office in: %(regions)s", regions=names)
        )
    if criteria.employees_least is not None or criteria.employees_most is not None:
        yield employees_words(criteria.employees_least, criteria.employees_most)
    if criteria.revenue_most_krw is not None:
        yield _("Revenue of the last year at most %(most)s", most=won(criteria.revenue_most_krw))
    if criteria.sme_only:
        yield _("A small or medium-sized enterprise")
    if criteria.industries or criteria.industries_excluded:
        yield industry_words(criteria.industries, criteria.industries_excluded)
    if criteria.entries_most is not None:
        yield entries_words(criteria.entries_most)
