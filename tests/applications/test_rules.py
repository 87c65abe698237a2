from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import (
    in_time,
)
from app.challenges.form.answers import answer_fault
from app.challenges.form.carrying import KEPT_ELSEWHERE
from app.challenges.form.model import Kind, Question
from app.core.bilingual import Bilingual

CLOSE = datetime(2022, 9, 23, 8, 0, tzinfo=UTC)


@given(st.integers(-2_000_000, 2_000_000))
def test_the_whole_second_of_the_close_is_in_time(microseconds):
    assert in_time(CLOSE + timedelta(microseconds=microseconds), CLOSE) is (microseconds < 1_000_000)


TYPED = sorted(set(Kind) - KEPT_ELSEWHERE)


def question(kind: Kind, *, limit: int | None = None, required: bool = True) -> Question:
    made = Question("q", kind, Bilingual("질문", "Question"), limit=limit, required=required)
    if kind is Kind.NUMBER:
        return replace(made, limit=None, least=Decimal(0), most=None if limit is None else Decimal(limit))
    return made


@pytest.mark.parametrize(
    ("kind", "limit", "answer", "fine"),
    [
        (Kind.LONG_TEXT, 5, "가나다라마", True),
        (Kind.LONG_TEXT, 5, "가나다라마바", False),
        (Kind.SHORT_TEXT, None, "x" * 1000, True),
        (Kind.NUMBER, 100, "100", True),
        (Kind.NUMBER, 100, "101", False),
        (Kind.NUMBER, None, "1,234.5", True),
        (Kind.NUMBER, None, "-1", False),
        (Kind.NUMBER, None, "NaN", False),
        (Kind.NUMBER, None, "Infinity", False),
        (Kind.NUMBER, None, "1e999999", False),
        (Kind.NUMBER, None, "열둘", False),
        (Kind.URL, None, "https://example.org/a?b=c", True),
        (Kind.URL, None, "javascript:alert(1)", False),
        (Kind.URL, None, "example.org", False),
        (Kind.URL, None, "https://[", False),
        (Kind.YES_NO, None, "yes", True),
        (Kind.YES_NO, None, "maybe", False),
    ],
)
def test_answers_are_judged_by_their_kind(kind, limit, answer, fine):
    assert (answer_fault(question(kind, limit=limit), answer) is None) is fine


@pytest.mark.parametrize("kind", TYPED)
def test_only_a_required_question_has_to_be_answered(kind):
    assert answer_fault(question(kind), "")
    assert answer_fault(question(kind, required=False), "") is None


@given(st.sampled_from(TYPED), st.text(max_size=300))
def test_no_answer_breaks_the_rule(kind, answer):
    fault = answer_fault(question(kind, limit=50), answer)
    assert fault is None or isinstance(fault, str)
