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
    found = {q.code: _answer(q, FACTS[q.prefill], company, language) for q in form.questions() if q.prefill in FACTS}
    return {
        code: answer
        for code, answer in found.items()
        if answer and (question := form.question(code)) is not None and answer_fault(question, answer) is None
    }


def _answer(question: Question, fact: ProfileFact, company: Mapping[str, Any], language: str) -> Answer:
    if question.kind is Kind.TABLE:
        return _rows(question, fact.read(company, language)) if fact.shape == "table" else ""
    if question.kind is Kind.CHOICE:
        said = {fact.read(company, language), fact.text(company, "ko"), fact.text(company, "en")} - {""}
        return next((o.code for o in question.options if {o.code, o.label.ko, o.label.en} & said), "")
    return fact.text(company, language)


def _rows(question: Question, rows: list[dict[str, str]]) -> Answer:
    """The rows of a fact, in the columns that bear its names."""
    codes = [column.code for column in question.columns]
    kept = [{code: row[code] for code in codes if row.get(code)} for row in rows]
    return [row for row in kept if row][: question.rows_most]
