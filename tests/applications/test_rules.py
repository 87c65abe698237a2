from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import LegalForm
from app.applications.rules import (
    age_at,
    answer_fault,
    eligibility_findings,
    in_time,
    last_day_within,
    why_not_eligible,
)
from app.challenges.models import Question, QuestionKind
from app.core.bilingual import Bilingual
from tests import factories


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


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(1, 10))
def test_the_term_never_ends_early_or_late(start, years):
    last = last_day_within(start, years)
    assert last.year == start.year + years
    assert (last.month, last.day) == (start.month, start.day) or (start.month, start.day, last.day) == (2, 29, 28)
    assert age_at(start, last) == (years, 0)


@pytest.mark.parametrize(
    ("founded", "predecessor", "form", "fine"),
    [
        (date(2015, 9, 5), None, LegalForm.CORPORATION, True),
        (date(2015, 9, 4), None, LegalForm.CORPORATION, False),
        (date(2019, 1, 1), date(2015, 9, 4), LegalForm.CORPORATION, False),  # the older date counts
        (date(2019, 1, 1), date(2016, 1, 1), LegalForm.CORPORATION, True),
        (date(2015, 9, 4), None, LegalForm.SOLE_TRADER, False),
        (date(2015, 9, 4), None, LegalForm.FOREIGN, False),
        (None, None, LegalForm.PRE_FOUNDER, True),
        (None, None, LegalForm.CORPORATION, True),  # unknown: the organizer sees it
        (date(2022, 9, 20), None, LegalForm.CORPORATION, True),
    ],
)
def test_company_age_decides_on_the_reference_date(founded, predecessor, form, fine):
    challenge = factories.make_challenge()
    startup = factories.make_organization(founded_on=founded, predecessor_opened_on=predecessor, legal_form=form)
    assert (why_not_eligible(challenge, startup) is None) is fine
    tones = {finding.title: finding.tone for finding in eligibility_findings(challenge, startup)}
    assert ("bad" in tones.values()) is not fine


def test_a_call_may_be_closed_to_pre_founders():
    challenge = factories.make_challenge(pre_founders_allowed=False)
    startup = factories.make_organization(founded_on=None, legal_form=LegalForm.PRE_FOUNDER)
    assert why_not_eligible(challenge, startup)


def test_a_wrong_registration_number_is_found():
    challenge = factories.make_challenge()
    startup = factories.make_organization(business_number="1234567890")
    assert [f.tone for f in eligibility_findings(challenge, startup)][:2] == ["good", "bad"]


CLOSE = datetime(2022, 9, 23, 8, 0, tzinfo=UTC)


@given(st.integers(-2_000_000, 2_000_000))
def test_the_whole_second_of_the_close_is_in_time(microseconds):
    assert in_time(CLOSE + timedelta(microseconds=microseconds), CLOSE) is (microseconds < 1_000_000)


def question(kind: QuestionKind, *, limit: int | None = None, required: bool = True) -> Question:
    return Question(
        code="q", kind=kind, label=Bilingual("질문", "Question"), hint=Bilingual(), limit=limit, required=required
    )


@pytest.mark.parametrize(
    ("kind", "limit", "answer", "fine"),
    [
        (QuestionKind.LONG_TEXT, 5, "가나다라마", True),
        (QuestionKind.LONG_TEXT, 5, "가나다라마바", False),
        (QuestionKind.SHORT_TEXT, None, "x" * 1000, True),
        (QuestionKind.NUMBER, 100, "100", True),
        (QuestionKind.NUMBER, 100, "101", False),
        (QuestionKind.NUMBER, None, "1,234.5", True),
        (QuestionKind.NUMBER, None, "-1", False),
        (QuestionKind.NUMBER, None, "NaN", False),
        (QuestionKind.NUMBER, None, "Infinity", False),
        (QuestionKind.NUMBER, None, "1e999999", False),
        (QuestionKind.NUMBER, None, "열둘", False),
        (QuestionKind.URL, None, "https://example.org/a?b=c", True),
        (QuestionKind.URL, None, "javascript:alert(1)", False),
        (QuestionKind.URL, None, "example.org", False),
        (QuestionKind.URL, None, "https://[", False),
        (QuestionKind.YES_NO, None, "yes", True),
        (QuestionKind.YES_NO, None, "maybe", False),
    ],
)
def test_answers_are_judged_by_their_kind(kind, limit, answer, fine):
    assert (answer_fault(question(kind, limit=limit), answer) is None) is fine


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_only_a_required_question_has_to_be_answered(kind):
    assert answer_fault(question(kind), "")
    assert answer_fault(question(kind, required=False), "") is None


@given(st.sampled_from(list(QuestionKind)), st.text(max_size=300))
def test_no_answer_breaks_the_rule(kind, answer):
    fault = answer_fault(question(kind, limit=50), answer)
    assert fault is None or isinstance(fault, str)
