"""What answers begin with: facts of the startup's profile, put into the questions that ask for them."""

from collections.abc import Mapping
from typing import Any

from app.accounts.profile.facts import FACTS, ProfileFact
from app.challenges.form.answers import Answer, answer_fault
from app.challenges.form.model import Form, Kind, Question


def prefilled(form: Form, company: Mapping[str, Any], language: str) -> dict[str, Answer]:
    """Answers by question's code, for a new draft of `company` (as an application freezes it) in the page's language.

    A fact that is unsaid, or that the question would not take, fills nothing in.
    """
    found = ((question.code, fact_answer(question, company, language)) for question in form.questions())
    return {code: answer for code, answer in found if answer}


def fact_answer(question: Question, company: Mapping[str, Any], language: str) -> Answer:
    """What the profile answers to one question; empty where it says nothing that the question takes."""
    fact = FACTS.get(question.prefill)
    answer = _answer(question, fact, company, language) if fact is not None else ""
    return answer if answer and answer_fault(question, answer) is None else ""


def _answer(question: Question, fact: ProfileFact, company: Mapping[str, Any], language: str) -> Answer:
    if question.kind is Kind.TABLE:
        return _rows(question, fact.read(company, language)) if fact.shape == "table" else ""
    if question.kind is Kind.CHOICE:
        said = {fact.read(company, language), fact.text(company, "ko"), fact.text(company, "en")} - {""}
        return next((o.code for o in question.options if {o.code, o.label.ko, o.label.en} & said), "")
    return fact.text(company, language)


def _rows(question: Question, rows: list[dict[str, str]]) -> Answer:
    """The rows of a fact: in the columns that bear its names, or else column by column as both stand."""
    codes = [column.code for column in question.columns]
    found: list[dict[str, str]] = []
    for row in rows[: question.rows_most]:
        by_name = {code: row[code] for code in codes if row.get(code)}
        by_place = {code: text for code, text in zip(codes, row.values(), strict=False) if text}
        if cells := by_name or by_place:
            found.append(cells)
    return found
