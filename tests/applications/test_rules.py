from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import (
    answer_fault,
    in_time,
)
from app.challenges.models import Question, QuestionKind
from app.core.bilingual import Bilingual

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
