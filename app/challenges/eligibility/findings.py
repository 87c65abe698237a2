"""The rules that decide by themselves: each passes, fails or cannot tell yet, with the figures that decided it. Pure."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import LegalForm
from app.accounts.profile.codes import INDUSTRIES, REGIONS, Industry, Region
from app.challenges.eligibility.age import judge_age
from app.challenges.eligibility.criteria import Criteria, Facts, Finding, Rule
from app.core.business_number import format_business_number, is_business_number
from app.web.filters import local, number, won


def find(criteria: Criteria, facts: Facts) -> list[Finding]:
    """Every rule of the call with what the facts say to it."""
    found = (judge_age, _number, _region, _employees, _revenue, _sme, _industry, _entries)
    return [
        *(finding for rule in found if (finding := rule(criteria, facts)) is not None),
        *(
            Finding(Rule.EXCLUSIONS, "open", _("Not: %(exclusion)s", exclusion=local(e)), _("You confirm this when you submit; the organizer checks it."))
            for e in criteria.exclusions
        ),
    ]  # fmt: skip


def lift(findings: Iterable[Finding], lifted: frozenset[str]) -> list[Finding]:
    """The findings where the organizer made an exception of the rules that `lifted` names."""
    excepted = _("The organizer made an exception.")
    return [
        Finding(f.rule, "good", f.title, f"{f.detail} {excepted}") if f.tone == "bad" and f.rule.value in lifted else f
        for f in findings
    ]


def why_not(findings: Iterable[Finding]) -> str | None:
    """The sentence of the first rule that fails, or None. What cannot be told yet never stands in the way."""
    return next((f.refusal for f in findings if f.tone == "bad" and f.refusal), None)


def _number(criteria: Criteria, facts: Facts) -> Finding | None:
    del criteria
    if facts.legal_form not in (LegalForm.CORPORATION, LegalForm.SOLE_TRADER):
        return None
    title = _("Business registration number")
    if not facts.business_number:
        return Finding(Rule.NUMBER, "open", title, _("The organization has no number yet. Add it there."))
    text = format_business_number(facts.business_number)
    if not is_business_number(facts.business_number):
        return Finding(
            Rule.NUMBER, "bad", title, _("%(number)s does not exist: its check digit is wrong.", number=text)
        )
    return Finding(Rule.NUMBER, "good", title, text)


def region_names(regions: Iterable[Region]) -> str:
    return ", ".join(local(REGIONS[region]) for region in regions)


def _region(criteria: Criteria, facts: Facts) -> Finding | None:
    note = local(criteria.region_note)
    if not criteria.regions:
        address = (
            _("Registered address: %(address)s", address=facts.address) if facts.address else _("No address is given.")
        )
        return Finding(Rule.REGION, "open", note, address) if note else None
    names = region_names(criteria.regions)
    title = note or _("Head office in: %(regions)s", regions=names)
    seat = facts.seat
    if seat is None:
        detail = (
            _("A pre-founder has no head office yet; the organizer looks at where it will be.")
            if facts.is_pre_founder
            else _("In which region the head office stands is not known yet. Add the address to the startup's details.")
        )
        return Finding(Rule.REGION, "open", title, detail)
    mine = local(REGIONS[seat])
    detail = _("The head office stands in %(region)s; asked for: %(regions)s.", region=mine, regions=names)
    if seat in criteria.regions:
        return Finding(Rule.REGION, "good", title, detail)
    if criteria.relocation_allowed:
        return Finding(
            Rule.REGION, "open", title, detail + " " + _("A pledge to relocate is enough; the organizer looks at it.")
        )
    return Finding(
        Rule.REGION, "bad", title, detail,
        _("This call is for startups with their head office in %(regions)s. Yours stands in %(region)s.", regions=names, region=mine),
    )  # fmt: skip


def employees_words(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return _("%(least)s to %(most)s employees", least=number(least), most=number(most))
    if least is not None:
        return _("At least %(least)s employees", least=number(least))
    return _("At most %(most)s employees", most=number(most or 0))


def _employees(criteria: Criteria, facts: Facts) -> Finding | None:
    least, most = criteria.employees_least, criteria.employees_most
    if least is None and most is None:
        return None
    title = employees_words(least, most)
    if facts.employees is None:
        return Finding(
            Rule.EMPLOYEES,
            "open",
            title,
            _("The number of employees is not known yet. Add it to the startup's details."),
        )
    have = ngettext("%(num)d employee", "%(num)d employees", facts.employees)
    detail = _("You have %(have)s.", have=have)
    if (least is not None and facts.employees < least) or (most is not None and facts.employees > most):
        refusal = _("This call asks for: %(asked)s. You have %(have)s.", asked=title, have=have)
        return Finding(Rule.EMPLOYEES, "bad", title, detail, refusal)
    return Finding(Rule.EMPLOYEES, "good", title, detail)


def _revenue(criteria: Criteria, facts: Facts) -> Finding | None:
    most = criteria.revenue_most_krw
    if most is None:
        return None
    title = _("Revenue of the last year at most %(most)s", most=won(most))
    if facts.revenue_krw is None:
        if facts.is_pre_founder:
            return Finding(Rule.REVENUE, "good", title, _("A pre-founder has no revenue yet."))
        return Finding(Rule.REVENUE, "open", title, _("The revenue is not known yet. Add it to the startup's details."))
    have = won(facts.revenue_krw)
    detail = _("Yours was %(have)s.", have=have)
    if facts.revenue_krw > most:
        refusal = _(
            "This call is for startups with a revenue of at most %(most)s. Yours was %(have)s.",
            most=won(most),
            have=have,
        )
        return Finding(Rule.REVENUE, "bad", title, detail, refusal)
    return Finding(Rule.REVENUE, "good", title, detail)


def _sme(criteria: Criteria, facts: Facts) -> Finding | None:
    if not criteria.sme_only:
        return None
    title = _("A small or medium-sized enterprise")
    if facts.is_pre_founder:
        return Finding(Rule.SME, "good", title, _("A pre-founder counts as one."))
    return Finding(Rule.SME, "open", title, _("You confirm this when you submit; the organizer checks it."))


def _industry(criteria: Criteria, facts: Facts) -> Finding | None:
    asked, excluded = criteria.industries, criteria.industries_excluded
    if not asked and not excluded:
        return None
    title = industry_words(asked, excluded)
    if facts.industry is None:
        return Finding(
            Rule.INDUSTRY, "open", title, _("The industry is not known yet. Add it to the startup's details.")
        )
    mine = local(INDUSTRIES[facts.industry])
    detail = _("Your industry: %(industry)s.", industry=mine)
    if facts.industry in excluded or (asked and facts.industry not in asked):
        refusal = _("This call asks for: %(asked)s. Your industry: %(industry)s.", asked=title, industry=mine)
        return Finding(Rule.INDUSTRY, "bad", title, detail, refusal)
    return Finding(Rule.INDUSTRY, "good", title, detail)


def industry_words(asked: Iterable[Industry], excluded: Iterable[Industry]) -> str:
    """The industries that are asked for, or those that are left out where any other will do."""
    if asked:
        return _("Industry: %(names)s", names="; ".join(local(INDUSTRIES[one]) for one in asked))
    return _("Not the industry: %(names)s", names="; ".join(local(INDUSTRIES[one]) for one in excluded))


def entries_words(most: int) -> str:
    return ngettext("At most %(num)d application of one company", "At most %(num)d applications of one company", most)


def _entries(criteria: Criteria, facts: Facts) -> Finding | None:
    most = criteria.entries_most
    if most is None:
        return None
    title = entries_words(most)
    detail = ngettext(
        "Beside this one, %(num)d stands for your company, over all themes.",
        "Beside this one, %(num)d stand for your company, over all themes.",
        facts.entries,
    )
    if facts.entries < most:
        return Finding(Rule.ENTRIES, "good", title, detail)
    refusal = ngettext(
        "One company may have at most %(num)d application in this call, over all themes, and yours has that already. Withdraw it to apply with another.",
        "One company may have at most %(num)d applications in this call, over all themes, and yours has that many already. Withdraw one to apply with another.",
        most,
    )
    return Finding(Rule.ENTRIES, "bad", title, detail, refusal)
