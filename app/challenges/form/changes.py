"""The builder's verbs: each takes a form and gives the changed one. Whether the result makes sense is asked by checks.py."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.challenges.form.model import FIELDS, Column, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from app.core.errors import RuleBroken

_COMMON = frozenset({"code", "kind", "label", "help", "required", "private", "identifying", "themes", "condition"})


def fresh_code(kind: str = "q") -> str:
    """A code that no question had before, also none that was removed: answers to it may still be kept."""
    return f"{kind}-{secrets.token_hex(4)}"


def new_question(kind: Kind, label: Bilingual, code: str | None = None) -> Question:
    """A question of this kind with what it needs to begin with."""
    question = Question(code or fresh_code(), kind, label)
    match kind:
        case Kind.CHOICE | Kind.CHOICES:
            return replace(question, options=(_option(1), _option(2)))
        case Kind.TABLE:
            return replace(question, columns=(Column("c1", Bilingual("항목", "Item")),))
        case Kind.FILE:
            return replace(question, types=("pdf",))
        case _:
            return question


def _option(number: int) -> Option:
    return Option(f"o{number}", Bilingual(f"선택지 {number}", f"Option {number}"))


def new_section(title: Bilingual, code: str | None = None) -> Section:
    return Section(code or fresh_code("s"), title)


def first_section() -> Section:
    """The section for the first question of an empty form."""
    return new_section(Bilingual("신청 내용", "Application"))


# Finding. Somebody else may have removed what a page still shows.


def section_of(form: Form, code: str) -> Section:
    """The section. Raises RuleBroken where the form has none of this code."""
    for section in form.sections:
        if section.code == code:
            return section
    raise RuleBroken(_("This section is not in the form any more. Load the page again."))


def question_of(form: Form, code: str) -> Question:
    """The question. Raises RuleBroken where the form has none of this code."""
    question = form.question(code)
    if question is None:
        raise RuleBroken(_("This question is not in the form any more. Load the page again."))
    return question


def place_of(form: Form, code: str) -> tuple[Section, int]:
    """The section of a question, and its place in there from 0. Raises RuleBroken."""
    question_of(form, code)
    return next((s, i) for s in form.sections for i, q in enumerate(s.questions) if q.code == code)


# Sections


def add_section(form: Form, section: Section, at: int | None = None) -> Form:
    """`section` before the place `at`, or last."""
    return Form(_insert(form.sections, section, at))


def change_section(form: Form, code: str, **changes: Any) -> Form:
    """The section with other words or themes; its code and its questions stay."""
    section_of(form, code)
    return Form(tuple(replace(s, **changes) if s.code == code else s for s in form.sections))


def remove_section(form: Form, code: str) -> Form:
    """The form less a section and all that it asks."""
    section_of(form, code)
    return Form(tuple(s for s in form.sections if s.code != code))


def move_section(form: Form, code: str, to: int) -> Form:
    """The section at the place `to`, counted from 0 without it; beyond the ends is at the end."""
    section = section_of(form, code)
    return Form(_insert(remove_section(form, code).sections, section, max(0, to)))


def move_section_by(form: Form, code: str, steps: int) -> Form:
    """The section so many places further down, or up where negative."""
    return move_section(form, code, form.sections.index(section_of(form, code)) + steps)


def duplicate_section(form: Form, code: str) -> Form:
    """A copy below it, under codes of its own; conditions within it point to the copies."""
    section = section_of(form, code)
    codes = {question.code: fresh_code() for question in section.questions}
    copies = tuple(_renamed(question, codes) for question in section.questions)
    copy = replace(section, code=fresh_code("s"), title=_copy_of(section.title), questions=copies)
    return add_section(form, copy, form.sections.index(section) + 1)


def _renamed(question: Question, codes: dict[str, str]) -> Question:
    condition = question.condition
    if condition is not None:
        condition = replace(condition, question=codes.get(condition.question, condition.question))
    return replace(question, code=codes[question.code], condition=condition)


def _copy_of(text: Bilingual) -> Bilingual:
    """The words with a mark of the copy behind them, no longer than a title may be."""
    return Bilingual(
        f"{text.ko[:140]} (사본)" if text.ko else "", f"{text.en[:140]} (copy)" if text.en else ""
    )  # fmt: skip


# Questions


def add_question(form: Form, section: str, question: Question, at: int | None = None) -> Form:
    """`question` into a section before the place `at`, or last."""
    section_of(form, section)
    return _with_questions(form, section, lambda questions: _insert(questions, question, at))


def change_question(form: Form, code: str, **changes: Any) -> Form:
    """The question with other properties; neither its code nor its kind (see convert_question)."""
    section, _place = place_of(form, code)
    return _with_questions(
        form, section.code, lambda questions: tuple(replace(q, **changes) if q.code == code else q for q in questions)
    )


def remove_question(form: Form, code: str) -> Form:
    """The form less a question; conditions on it are left for whoever asks why_not_form."""
    section, _place = place_of(form, code)
    return _with_questions(form, section.code, lambda questions: tuple(q for q in questions if q.code != code))


def move_question(form: Form, code: str, section: str, to: int) -> Form:
    """The question into `section` at the place `to`, counted from 0 without it; beyond the ends is at the end."""
    question = question_of(form, code)
    section_of(form, section)
    return add_question(remove_question(form, code), section, question, max(0, to))


def move_question_up(form: Form, code: str) -> Form:
    """One place up; the first of a section becomes the last of the section above."""
    section, place = place_of(form, code)
    above = form.sections.index(section) - 1
    if place > 0:
        return move_question(form, code, section.code, place - 1)
    if above < 0:
        return form
    return move_question(form, code, form.sections[above].code, len(form.sections[above].questions))


def move_question_down(form: Form, code: str) -> Form:
    """One place down; the last of a section becomes the first of the section below."""
    section, place = place_of(form, code)
    below = form.sections.index(section) + 1
    if place < len(section.questions) - 1:
        return move_question(form, code, section.code, place + 1)
    return form if below == len(form.sections) else move_question(form, code, form.sections[below].code, 0)


def duplicate_question(form: Form, code: str) -> Form:
    """A copy below it, under a code of its own."""
    section, place = place_of(form, code)
    question = section.questions[place]
    copy = replace(question, code=fresh_code(), label=_copy_of(question.label))
    return add_question(form, section.code, copy, place + 1)


def convert_question(form: Form, code: str, kind: Kind) -> Form:
    """The question as another kind, with all that both kinds have; its code stays, and so do answers that still fit."""
    question = question_of(form, code)
    if question.kind is kind:
        return form
    begun = new_question(kind, question.label, code)
    kept = {
        name: getattr(question, name)
        for name in _COMMON | (FIELDS[kind] & FIELDS[question.kind])
        if name not in ("kind", "prefill")
    }
    converted = replace(begun, **kept)
    if kind is Kind.MONEY:
        converted = replace(converted, least=_whole_won(converted.least), most=_whole_won(converted.most))
    if kind is Kind.CONSENT:
        converted = replace(converted, private=False, identifying=False)
    section, _place = place_of(form, code)
    return _with_questions(
        form, section.code, lambda questions: tuple(converted if q.code == code else q for q in questions)
    )


def _whole_won(bound: Decimal | None) -> Decimal | None:
    """A bound of a number as one of an amount, where it can be one."""
    return bound if bound is not None and bound >= 0 and bound == bound.to_integral_value() else None


def _with_questions(
    form: Form, code: str, change: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> Form:  # fmt: skip
    return Form(tuple(replace(s, questions=change(s.questions)) if s.code == code else s for s in form.sections))


def _insert(items: tuple[Any, ...], item: Any, at: int | None) -> tuple[Any, ...]:
    place = len(items) if at is None else at
    return (*items[:place], item, *items[place:])
