"""Which part of a form somebody is asked: what is meant for their theme, and what their own answers call for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.challenges.form.answers import as_choices, as_text, is_answered, read_date, read_money, read_number
from app.challenges.form.model import Comparison, Condition, Form, Kind, Question


def asked(form: Form, theme: str, answers: Mapping[str, Any]) -> Form:
    """The form less the sections and questions that are not asked of somebody with this theme and these answers.

    `answers` are question code -> answer; a file's is anything (its name) where there is one, a consent's "yes" or "no".
    Answers to what is not asked are simply not looked at: they stay with whoever keeps them, and count for no condition.
    """
    return hidden_by_conditions(for_theme(form, theme), answers)


def for_theme(form: Form, theme: str) -> Form:
    """What is asked for `theme`, whatever the answers; a section that asks nothing falls away."""
    sections = (
        replace(section, questions=tuple(q for q in section.questions if not q.themes or theme in q.themes))
        for section in form.sections
        if not section.themes or theme in section.themes
    )
    return Form(tuple(section for section in sections if section.questions))


def hidden_by_conditions(form: Form, answers: Mapping[str, Any]) -> Form:
    """The form less what its conditions hide now."""
    shown = shown_codes(form, answers)
    sections = (replace(s, questions=tuple(q for q in s.questions if q.code in shown)) for s in form.sections)
    return Form(tuple(section for section in sections if section.questions))


def shown_codes(form: Form, answers: Mapping[str, Any]) -> frozenset[str]:
    """Codes of the questions whose conditions hold, all the way up. A condition on nothing, or in a circle, never holds."""
    by_code = {question.code: question for question in form.questions()}
    verdicts: dict[str, bool] = {}

    for code in by_code:
        chain: list[str] = []
        at: str | None = code
        # Walk up to something decided or unconditional, then decide on the way back: any depth, without recursion.
        while at is not None and at not in verdicts and at not in chain:
            chain.append(at)
            question = by_code.get(at)
            at = question.condition.question if question is not None and question.condition is not None else None
        if at is not None and at in chain:
            verdicts |= dict.fromkeys(chain, False)
            continue
        for link in reversed(chain):
            question = by_code.get(link)
            verdicts[link] = question is not None and _is_asked(question, by_code, verdicts, answers)
    return frozenset(code for code in by_code if verdicts[code])


def _is_asked(
    question: Question, by_code: Mapping[str, Question], verdicts: Mapping[str, bool], answers: Mapping[str, Any]
) -> bool:
    condition = question.condition
    if condition is None:
        return True
    other = by_code.get(condition.question)
    return other is not None and verdicts[other.code] and holds(condition, other, answers.get(other.code))


def holds(condition: Condition, other: Question, answer: Any) -> bool:
    """Whether the answer to `other` compares so. An answer that is missing or cannot be read compares with nothing."""
    if not is_answered(answer):
        return False
    match condition.comparison:
        case Comparison.IS_ANSWERED:
            return True
        case Comparison.HAS:
            return condition.value in as_choices(answer)
        case Comparison.IS | Comparison.IS_NOT:
            given, wanted = _value(other.kind, as_text(answer)), _value(other.kind, condition.value)
            return given is not None and (given == wanted) is (condition.comparison is Comparison.IS)
        case Comparison.AT_LEAST | Comparison.AT_MOST:
            given, wanted = _value(other.kind, as_text(answer)), _value(other.kind, condition.value)
            if given is None or wanted is None or isinstance(given, str):
                return False
            return bool(given >= wanted if condition.comparison is Comparison.AT_LEAST else given <= wanted)


def _value(kind: Kind, text: str) -> Any:
    match kind:
        case Kind.NUMBER:
            return read_number(text)
        case Kind.MONEY:
            return read_money(text)
        case Kind.DATE:
            return read_date(text)
        case _:
            return text
