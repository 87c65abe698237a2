"""The rules of eligibility, as pure functions: every boundary, and what no rule may ever do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import LegalForm
from app.accounts.profile.addresses import region_of_address
from app.accounts.profile.codes import Industry, Region
from app.challenges.checks import check_eligibility
from app.challenges.eligibility import (
    Criteria,
    Facts,
    Rule,
    age_at,
    confirmations_of,
    exclusions_of,
    find,
    last_day_within,
    lift,
    why_not,
)
from app.challenges.inputs import Eligibility
from app.core.bilingual import Bilingual

REFERENCE = date(2022, 9, 5)
COMPANY = LegalForm.CORPORATION


@pytest.fixture(autouse=True)
def _in_english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def criteria(**values) -> Criteria:
    return Criteria(reference=REFERENCE, **values)


def verdict(rule: Rule, asked: Criteria, facts: Facts):
    return next((f for f in find(asked, facts) if f.rule is rule), None)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2015, 9, 5), date(2022, 9, 5)),
        (date(2015, 9, 4), date(2022, 9, 4)),
        (date(2016, 2, 29), date(2023, 2, 28)),  # a day that 2023 has not ends with the month
        (date(2017, 2, 28), date(2024, 2, 28)),  # and 28 February does not stretch to the 29th
        (date(2017, 3, 1), date(2024, 3, 1)),
    ],
)
def test_seven_years_end_on_the_anniversary(start, last):
    assert last_day_within(start, 7) == last


@pytest.mark.parametrize(
    ("start", "reference", "age"),
    [
        (date(2019, 3, 12), date(2022, 9, 5), (3, 5)),
        (date(2019, 9, 5), date(2022, 9, 5), (3, 0)),
        (date(2019, 9, 6), date(2022, 9, 5), (2, 11)),
        (date(2020, 2, 29), date(2021, 2, 28), (1, 0)),
        (date(2022, 9, 6), date(2022, 9, 5), (0, 0)),
    ],
)
def test_an_age_counts_whole_months(start, reference, age):
    assert age_at(start, reference) == age


DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(1, 10))
def test_the_term_never_ends_early_or_late(start, years):
    last = last_day_within(start, years)
    assert last.year == start.year + years
    assert (last.month, last.day) == (start.month, start.day) or (start.month, start.day, last.day) == (2, 29, 28)
    assert age_at(start, last) == (years, 0)


@given(DAYS, st.integers(0, 4000), st.integers(1, 20))
def test_being_younger_never_makes_a_company_ineligible(start, days, years):
    asked = criteria(founded_within_years=years)
    older = verdict(Rule.AGE, asked, Facts(COMPANY, founded_on=start))
    younger = verdict(Rule.AGE, asked, Facts(COMPANY, founded_on=start + timedelta(days=days)))
    assert older.tone == "bad" or younger.tone == "good"


@given(DAYS, st.integers(1, 20))
def test_the_day_after_the_term_is_too_late_and_no_other(start, years):
    last = last_day_within(start, years)
    facts = Facts(COMPANY, founded_on=start)
    on_time = Criteria(reference=last, founded_within_years=years)
    late = Criteria(reference=last + timedelta(days=1), founded_within_years=years)
    assert verdict(Rule.AGE, on_time, facts).tone == "good"
    assert verdict(Rule.AGE, late, facts).tone == "bad"


@pytest.mark.parametrize(
    ("founded", "predecessor", "form", "tone"),
    [
        (date(2015, 9, 5), None, COMPANY, "good"),
        (date(2015, 9, 4), None, COMPANY, "bad"),
        (date(2019, 1, 1), date(2015, 9, 4), COMPANY, "bad"),  # the older date counts
        (date(2019, 1, 1), date(2016, 1, 1), COMPANY, "good"),
        (date(2015, 9, 4), None, LegalForm.SOLE_TRADER, "bad"),
        (date(2015, 9, 4), None, LegalForm.FOREIGN, "bad"),
        (None, None, LegalForm.PRE_FOUNDER, "good"),
        (None, None, COMPANY, "open"),
        (date(2022, 9, 20), None, COMPANY, "good"),
    ],
)
def test_company_age_decides_on_the_reference_date(founded, predecessor, form, tone):
    facts = Facts(form, founded_on=founded, predecessor_opened_on=predecessor)
    finding = verdict(Rule.AGE, criteria(founded_within_years=7), facts)
    assert finding.tone == tone
    assert bool(why_not([finding])) is (tone == "bad")


def test_the_sentence_has_the_figures_that_decided_it():
    facts = Facts(COMPANY, founded_on=date(2015, 3, 2))
    finding = verdict(Rule.AGE, criteria(founded_within_years=7), facts)
    assert finding.title == "Within 7 years of founding"
    assert finding.detail == (
        "Counts from Mon, 2 Mar 2015: 7 years and 6 months old on Mon, 5 Sep 2022; the term ends on Wed, 2 Mar 2022."
    )


def test_a_call_may_be_closed_to_pre_founders():
    facts = Facts(LegalForm.PRE_FOUNDER)
    assert why_not(find(criteria(pre_founders_allowed=False), facts)) == "This call is not open to pre-founders."
    assert why_not(find(criteria(), facts)) is None


def test_a_wrong_registration_number_is_named_and_left_to_the_organizer():
    findings = find(criteria(), Facts(COMPANY, business_number="1234567890"))
    assert [(f.rule, f.tone) for f in findings] == [(Rule.NUMBER, "bad")]
    assert why_not(findings) is None


@pytest.mark.parametrize(
    ("facts", "relocation", "tone"),
    [
        (Facts(COMPANY, region=Region.SEOUL), False, "good"),
        (Facts(COMPANY, region=Region.BUSAN), False, "bad"),
        (Facts(COMPANY, region=Region.BUSAN), True, "open"),
        (Facts(COMPANY), False, "open"),
        (Facts(COMPANY, address="서울특별시 중구 세종대로 110"), False, "good"),
        (Facts(COMPANY, address="(04524) 부산광역시 중구"), False, "bad"),
        (Facts(COMPANY, address="광주시 어딘가"), False, "open"),
        (
            Facts(COMPANY, region=Region.SEOUL, address="부산 중구"),
            False,
            "good",
        ),  # what they say themselves comes first
        (Facts(LegalForm.PRE_FOUNDER), False, "open"),
    ],
)
def test_the_head_office_decides_on_the_region(facts, relocation, tone):
    asked = criteria(regions=(Region.SEOUL, Region.GYEONGGI), relocation_allowed=relocation)
    assert verdict(Rule.REGION, asked, facts).tone == tone


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("서울 마포구", Region.SEOUL),
        ("전라북도 전주시", Region.JEONBUK),
        ("06236 서울특별시", Region.SEOUL),
        ("1 Main St", None),
        ("", None),
    ],
)
def test_a_region_is_told_from_an_address(address, region):
    assert region_of_address(address) is region


@given(st.integers(0, 500), st.one_of(st.none(), st.integers(0, 100)), st.one_of(st.none(), st.integers(100, 400)))
def test_employees_lie_between_least_and_most(count, least, most):
    finding = verdict(
        Rule.EMPLOYEES, criteria(employees_least=least, employees_most=most), Facts(COMPANY, employees=count)
    )
    if least is None and most is None:
        assert finding is None
    else:
        fine = (least is None or count >= least) and (most is None or count <= most)
        assert finding.tone == ("good" if fine else "bad")
        assert (str(count) in finding.refusal) is not fine


@pytest.mark.parametrize(
    ("facts", "tone"),
    [
        (Facts(COMPANY, revenue_krw=1_000_000_000), "good"),
        (Facts(COMPANY, revenue_krw=1_000_000_001), "bad"),
        (Facts(COMPANY), "open"),
        (Facts(LegalForm.PRE_FOUNDER), "good"),
    ],
)
def test_revenue_has_an_upper_end(facts, tone):
    assert verdict(Rule.REVENUE, criteria(revenue_most_krw=1_000_000_000), facts).tone == tone


@pytest.mark.parametrize(
    ("asked", "industry", "tone"),
    [
        ({"industries": (Industry.INFORMATION,)}, Industry.INFORMATION, "good"),
        ({"industries": (Industry.INFORMATION,)}, Industry.FINANCE, "bad"),
        ({"industries_excluded": (Industry.REAL_ESTATE,)}, Industry.FINANCE, "good"),
        ({"industries_excluded": (Industry.REAL_ESTATE,)}, Industry.REAL_ESTATE, "bad"),
        ({"industries": (Industry.INFORMATION,)}, None, "open"),
    ],
)
def test_industries_are_asked_for_or_left_out(asked, industry, tone):
    assert verdict(Rule.INDUSTRY, criteria(**asked), Facts(COMPANY, industry=industry)).tone == tone


@pytest.mark.parametrize(("others", "tone"), [(0, "good"), (1, "good"), (2, "bad"), (5, "bad")])
def test_a_company_has_so_many_entries(others, tone):
    assert verdict(Rule.ENTRIES, criteria(entries_most=2), Facts(COMPANY, entries=others)).tone == tone


@given(st.sets(st.sampled_from([rule.value for rule in Rule])))
def test_an_exception_lifts_only_the_rules_that_it_names(lifted):
    asked = criteria(
        founded_within_years=1, regions=(Region.SEOUL,), employees_least=10, revenue_most_krw=0,
        industries=(Industry.FINANCE,), entries_most=1,
    )  # fmt: skip
    facts = Facts(
        COMPANY, date(2000, 1, 1), region=Region.JEJU, employees=1, revenue_krw=1, industry=Industry.ARTS, entries=9
    )
    before = find(asked, facts)
    refused = {f.rule for f in before if f.tone == "bad"}
    assert len(refused) == 6
    after = lift(before, frozenset(lifted))
    assert {f.rule for f in after if f.tone == "bad"} == {rule for rule in refused if rule.value not in lifted}
    assert [f for f in after if f.tone == "open"] == [f for f in before if f.tone == "open"]


def test_exclusions_pair_their_languages_line_by_line():
    assert list(exclusions_of(Bilingual("휴업\n\n체납 ", "closed\ntax"))) == [
        Bilingual("휴업", "closed"),
        Bilingual("체납", "tax"),
    ]
    assert list(exclusions_of(Bilingual("휴업\n체납", "closed"))) == [Bilingual("휴업"), Bilingual("체납")]
    assert list(exclusions_of(Bilingual("", "closed"))) == [Bilingual(en="closed")]


def test_a_changed_text_is_to_be_confirmed_anew():
    first, second = (
        confirmations_of(criteria(exclusions=(Bilingual(text), Bilingual("휴업")))) for text in ("체납", "국세 체납")
    )
    assert first[0].key != second[0].key
    assert first[1] == second[1]
    assert [c.positive for c in confirmations_of(criteria(sme_only=True))] == [True]


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        (Eligibility(regions=["99"]), "regions"),
        (Eligibility(industries=["Z"]), "industries"),
        (Eligibility(industries=["J"], industries_excluded=["K"]), "industries_excluded"),
        (Eligibility(employees_least=10, employees_most=9), "employees_most"),
        (Eligibility(employees_least=-1), "employees_least"),
        (Eligibility(entries_most=0), "entries_most"),
        (Eligibility(revenue_most_krw=-1), "revenue_most_krw"),
        (Eligibility(founded_within_years=7), "reference_date"),
    ],
)
def test_rules_that_make_no_sense_are_refused(given_, field):
    assert field in {problem.field for problem in check_eligibility(given_)}
