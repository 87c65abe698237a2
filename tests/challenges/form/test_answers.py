import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.challenges.form.answers import (
    Words,
    answer_fault,
    as_cell,
    clean,
    posted_answer,
    read_date,
    read_money,
    read_number,
    show,
)
from app.challenges.form.changes import new_question
from app.challenges.form.model import Column, Kind, Option
from app.core.bilingual import Bilingual
from tests.challenges.form.forms import answers_to, forms


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


def question(kind, **more):
    return replace(new_question(kind, Bilingual("질문", "Question"), "q"), **more)


CHOICE = question(Kind.CHOICE, options=(Option("a", Bilingual("가", "Alpha")), Option("b", Bilingual("나", "Beta"))))
CHOICES = replace(CHOICE, kind=Kind.CHOICES)
TABLE = question(
    Kind.TABLE,
    columns=(
        Column("name", Bilingual("이름", "Name"), required=True),
        Column("born", Bilingual("생년월일", "Born"), Kind.DATE),
        Column("share", Bilingual("지분", "Share"), Kind.NUMBER),
        Column("pay", Bilingual("보수", "Pay"), Kind.MONEY),
    ),
    rows_most=2,
)


@pytest.mark.parametrize(
    ("asked", "answer", "sentence"),
    [
        (question(Kind.SHORT_TEXT), "", "This question is not answered yet."),
        (question(Kind.SHORT_TEXT, required=False), "", None),
        (question(Kind.SHORT_TEXT, limit=3), "한글이", None),
        (question(Kind.SHORT_TEXT, limit=3), unicodedata.normalize("NFD", "한글이"), None),
        (
            question(Kind.SHORT_TEXT, limit=3), "한글이다",
            "1 characters have to go. There are 4 now, and 3 are allowed.",
        ),
        (question(Kind.NUMBER), "1,234.5", None),
        (question(Kind.NUMBER), "-3", None),
        (question(Kind.NUMBER, least=Decimal(0)), "-3", "The number must not be negative."),
        (question(Kind.NUMBER, least=Decimal(5)), "3", "3 is less than the 5 that are needed."),
        (question(Kind.NUMBER, most=Decimal(5)), "5.01", "5.01 is more than the 5 that are allowed."),
        (question(Kind.NUMBER), "약 3", "“약 3” is not a number."),
        (question(Kind.NUMBER), "٣", "“٣” is not a number."),
        (question(Kind.MONEY), "3억 5,000만원", None),
        (question(Kind.MONEY), "1.5", "“1.5” is not an amount in won. Write it as 30,000,000."),
        (question(Kind.MONEY, most=Decimal(100)), "101원", "101 is more than the 100 that are allowed."),
        (question(Kind.DATE), "2022-02-30", "“2022-02-30” is not a date. Write it as 2022-08-31."),
        (question(Kind.DATE), "2022. 9. 23.", None),
        (CHOICE, "a", None),
        (CHOICE, "c", "“c” is none of the options. Choose again."),
        (CHOICE, ["a"], "This was an answer to an earlier form of the question: “a”. Answer it anew."),
        (CHOICES, ["a", "b"], None),
        (CHOICES, ["a", "c"], "“c” is none of the options. Choose again."),
        (CHOICES, [], "This question is not answered yet."),
        (question(Kind.YES_NO), "maybe", "Choose yes or no."),
        (question(Kind.URL), "https://example.kr", None),
        (question(Kind.URL), "javascript:alert(1)", "An address begins with https:// or http:// and names a site."),
        (TABLE, [{"name": "Kim", "born": "1990-01-02", "share": "51.5", "pay": "3천"}],
         "Row 1, Pay: “3천” is not an amount in won. Write it as 30,000,000."),
        (TABLE, [{"name": "Kim"}, {"share": "x"}], "Row 2, Name: This is missing."),
        (TABLE, [{"name": "Kim"}] * 3, "At most 2 rows; these are 3."),
        (TABLE, "Kim, CEO", "This was an answer to an earlier form of the question: “Kim, CEO”. Answer it anew."),
        (TABLE, [], "This question is not answered yet."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer(asked, answer, sentence):
    assert answer_fault(asked, answer) == sentence


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("30,000,000", 30_000_000), ("30000000원", 30_000_000), ("3,000만 원", 30_000_000), ("1억 2,000만", 120_000_000),
        ("2조", 2 * 10**12), ("KRW 5", 5), ("0", 0), ("", None), ("원", None), ("3,00", None), ("-5", None), ("1.5억", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text, amount):
    assert read_money(text) == amount


def test_numbers_and_days_are_read():
    assert read_number("1,234.50") == Decimal("1234.50")
    assert read_number("1,23") is None
    assert read_date("2022/9/3") == date(2022, 9, 3)
    assert read_date("23.9.2022") is None


@pytest.mark.parametrize(
    ("asked", "answer", "english", "korean"),
    [
        (question(Kind.NUMBER, unit=Bilingual("명", "people")), "1234", "1,234 people", "1,234 명"),
        (question(Kind.NUMBER, unit=Bilingual("명", "people")), "many", "many", "many"),
        (question(Kind.MONEY), "3억", "KRW 300,000,000", "300,000,000원"),
        (question(Kind.DATE), "2022-09-23", "Fri, 23 Sep 2022", "2022. 9. 23.(금)"),
        (CHOICE, "b", "Beta", "나"),
        (CHOICE, "gone", "gone", "gone"),
        (CHOICES, ["a", "b"], "Alpha, Beta", "가, 나"),
        (question(Kind.YES_NO), "yes", "Yes", "예"),
        (TABLE, [{"name": "Kim", "pay": "5", "old": "x"}], "Name: Kim · Pay: KRW 5 · old: x", "이름: Kim · 보수: 5원 · old: x"),
    ],
)  # fmt: skip
def test_an_answer_is_shown_in_both_languages(asked, answer, english, korean):
    assert show(asked, answer) == english
    with force_locale("ko"):
        assert show(asked, answer) == korean


def test_spreadsheets_get_values_where_there_are_some():
    words = Words.here()
    assert as_cell(question(Kind.NUMBER), "1,234.5", words) == Decimal("1234.5")
    assert as_cell(question(Kind.NUMBER), "many", words) == "many"
    assert as_cell(question(Kind.MONEY), "3억", words) == 300_000_000
    assert as_cell(question(Kind.DATE), "2022-09-23", words) == date(2022, 9, 23)
    assert as_cell(TABLE, [{"name": "Kim"}, {"name": "Lee"}], words) == "Name: Kim\nName: Lee"


def test_a_posted_form_is_read_by_kind():
    fields = {
        "answer-q": ["", "b", "a", "a"],
        "answer-q.1.name": ["Lee"],
        "answer-q.0.name": ["Kim"],
        "answer-q.0.pay": [" 5 "],
        "answer-q.x.name": ["no place"],
        "answer-q.2.stranger": ["no column"],
    }
    assert posted_answer(CHOICES, fields) == ["b", "a"]
    assert posted_answer(CHOICE, fields) == "a"
    assert posted_answer(TABLE, fields) == [{"name": "Kim", "pay": "5"}, {"name": "Lee"}]
    assert posted_answer(question(Kind.SHORT_TEXT, code="other"), fields) is None
    assert posted_answer(TABLE, {"answer-q.0.name": ["Kim"]}) is None


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)
    assert "\x00" not in clean(text)


@given(st.data())
def test_every_answer_can_be_judged_shown_and_exported(data):
    form = data.draw(forms())
    answers = data.draw(answers_to(form))
    words = Words.here()
    for asked in form.questions():
        answer = answers.get(asked.code)
        fault = answer_fault(asked, answer)
        assert fault is None or fault.endswith((".", "…"))
        shown = show(asked, answer, words)
        as_cell(asked, answer, words)
        if answer:
            assert shown


@given(st.data())
def test_what_was_typed_comes_back_from_the_page_as_it_was(data):
    form = data.draw(forms())
    answers = data.draw(answers_to(form))
    fields: dict[str, list[str]] = {}
    for asked in form.questions():
        answer = answers.get(asked.code, "")
        fields[f"answer-{asked.code}"] = answer if isinstance(answer, list) and asked.kind is Kind.CHOICES else [""]
        if isinstance(answer, str):
            fields[f"answer-{asked.code}"] = [answer]
        elif asked.kind is Kind.TABLE:
            fields |= {
                f"answer-{asked.code}.{i}.{c}": [text] for i, row in enumerate(answer) for c, text in row.items()
            }
    for asked in form.questions():
        typed = posted_answer(asked, fields)
        standing = answers.get(asked.code)
        expected = _cleaned(standing) if standing else typed
        assert typed == expected
        assert bool(typed) == bool(expected)


def _cleaned(answer):
    if isinstance(answer, str):
        return clean(answer)
    return [
        {code: clean(text) for code, text in item.items() if clean(text)} if isinstance(item, dict) else clean(item)
        for item in answer
    ]
