"""Answers that begin with what the startup's profile says."""

from decimal import Decimal

import pytest

from app.challenges.form.model import Column, Form, Kind, Option, Question, Section
from app.challenges.form.prefill import prefilled
from app.core.bilingual import Bilingual

COMPANY = {
    "name": {"ko": "두레신용", "en": "Dure Credit"},
    "business_number": "9999902022",
    "founded_on": "2019-03-02",
    "website": "https://dure.example",
    "profile": {
        "region": "11",
        "industry": None,
        "employees": 12,
        "capital_krw": 300_000_000,
        "one_line": {"ko": "소상공인 대출 심사", "en": "Loans to small shops"},
        "revenues": [{"year": 2021, "revenue_krw": 50_000_000}, {"year": 2020, "revenue_krw": 10}],
        "team": [{"name": "김하나", "role": "대표", "career": ""}],
    },
}


def answer(kind, fact, language="ko", company=COMPANY, **more):
    question = Question("q", kind, Bilingual("물음", "Question"), prefill=fact, **more)
    return prefilled(Form((Section("s", Bilingual("가", "A"), questions=(question,)),)), company, language).get("q")


@pytest.mark.parametrize(
    ("kind", "fact", "expected"),
    [
        (Kind.SHORT_TEXT, "name", "두레신용"),
        (Kind.SHORT_TEXT, "business_number", "999-99-02022"),
        (Kind.DATE, "founded_on", "2019-03-02"),
        (Kind.URL, "website", "https://dure.example"),
        (Kind.NUMBER, "employees", "12"),
        (Kind.MONEY, "capital", "300000000"),
        (Kind.SHORT_TEXT, "industry", None),
        (Kind.SHORT_TEXT, "of another day", None),
        (Kind.SHORT_TEXT, "", None),
    ],
)
def test_a_fact_fills_a_question_of_its_kind(kind, fact, expected):
    assert answer(kind, fact) == expected


def test_the_language_is_the_pages():
    assert answer(Kind.LONG_TEXT, "one_line", "en") == "Loans to small shops"


def test_what_the_question_would_refuse_fills_nothing_in():
    assert answer(Kind.NUMBER, "employees", most=Decimal(10)) is None
    assert answer(Kind.SHORT_TEXT, "one_line", limit=3) is None
    assert answer(Kind.SHORT_TEXT, "one_line", company={"name": {}}) is None


def test_a_code_chooses_the_option_that_says_the_same():
    options = (Option("a", Bilingual("부산", "Busan")), Option("b", Bilingual("서울", "Seoul")))
    assert answer(Kind.CHOICE, "region", options=options) == "b"
    assert answer(Kind.CHOICE, "region", options=options[:1]) is None


def test_rows_go_into_the_columns_of_their_names():
    columns = (Column("year", Bilingual("연도", "Year"), Kind.NUMBER), Column("profit", Bilingual("이익", "Profit")))
    assert answer(Kind.TABLE, "revenues", columns=columns) == [{"year": "2021"}, {"year": "2020"}]
    assert answer(Kind.TABLE, "revenues", columns=columns, rows_most=1) == [{"year": "2021"}]
    names = (Column("name", Bilingual("이름", "Name")), Column("role", Bilingual("역할", "Role")))
    assert answer(Kind.TABLE, "team", columns=names) == [{"name": "김하나", "role": "대표"}]
