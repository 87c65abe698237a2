"""What becomes of the answers of a draft when the form changes: what fits goes over, what does not is kept beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.challenges.form.answers import (
    Answer,
    Row,
    as_choices,
    as_rows,
    as_text,
    is_answered,
    read_date,
    read_money,
    read_number,
    show,
)
from app.challenges.form.codec import read_question, write_question
from app.challenges.form.model import Form, Kind, Question
from app.core.bilingual import Bilingual

KEPT_ELSEWHERE = frozenset({Kind.FILE, Kind.CONSENT})  # their answers are rows of their own
_TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})


@dataclass(frozen=True)
class Kept:
    """An answer, or the part of one, that the form has no place for any more, with the question that it was given to."""

    question: Question
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        slim = replace(self.question, help=Bilingual(), example=Bilingual(), condition=None, themes=(), prefill="")
        return {"question": write_question(slim), "answer": self.answer}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Kept":
        return cls(read_question(content["question"]), content["answer"])


@dataclass(frozen=True)
class Carried:
    """The answers under the new form, and what is kept beside it."""

    answers: dict[str, Any]
    kept: tuple[Kept, ...]


def carry_over(answers: Mapping[str, Any], old: Form, new: Form, kept: Iterable[Kept] = ()) -> Carried:
    """The answers as the new form takes them. Nothing is lost: every text is in an answer to its own question, or in `kept`.

    What was kept before goes back to its question where that is asked again as it was and stands without an answer.
    """
    before = {question.code: question for question in old.questions()}
    after = {question.code: question for question in new.questions()}
    carried: dict[str, Any] = {}
    aside: list[Kept] = []
    for code, answer in answers.items():
        was, now = before.get(code), after.get(code)
        if was is None or (now is not None and was == now):
            carried[code] = answer
        elif now is None:
            aside += [Kept(was, answer)] if is_answered(answer) else []
        else:
            fitting, rest = convert_answer(answer, was, now)
            if is_answered(fitting):
                carried[code] = fitting
            aside += [Kept(was, rest)] if is_answered(rest) else []
    for item in kept:
        question = after.get(item.question.code)
        if question is not None and question.code not in carried and _is_the_same(item.question, question):
            fitting, rest = convert_answer(item.answer, item.question, question)
            if is_answered(fitting) and not is_answered(rest):
                carried[question.code] = fitting
                continue
        aside.append(item)
    return Carried(carried, tuple(aside))


def _is_the_same(kept: Question, question: Question) -> bool:
    same = (kept.label.ko and kept.label.ko == question.label.ko) or (
        kept.label.en and kept.label.en == question.label.en
    )
    return bool(same) and kept.kind is question.kind


def convert_answer(answer: Any, was: Question, now: Question) -> tuple[Answer, Answer]:
    """The answer to `was` as one to `now`, and what of it does not fit; together they hold all that was typed."""
    fitting, rest = _convert(answer, was, now)
    return (fitting, rest) if is_answered(fitting) or is_answered(rest) else ("", answer)


def _convert(answer: Any, was: Question, now: Question) -> tuple[Answer, Answer]:  # noqa: PLR0911 - one for each pair of kinds
    if was.kind in KEPT_ELSEWHERE or now.kind in KEPT_ELSEWHERE:
        return "", answer
    match was.kind, now.kind:
        case (Kind.CHOICE | Kind.CHOICES, Kind.CHOICE | Kind.CHOICES):
            return _choose(as_choices(answer), now)
        case (same, kind) if same is kind and kind is not Kind.TABLE:
            return answer, ""
        case (_, Kind.CHOICE | Kind.CHOICES):
            return _find_option(answer, now)
        case (Kind.TABLE, Kind.TABLE):
            return _rows(as_rows(answer), now)
        case (_, Kind.TABLE):
            return "", answer
        case (Kind.TABLE | Kind.CHOICE | Kind.CHOICES, kind) if kind in _TEXTS:
            return show(was, answer), ""
        case (Kind.TABLE | Kind.CHOICE | Kind.CHOICES, _):
            return "", answer
        case (Kind.YES_NO, kind) if kind in _TEXTS:
            return show(was, answer), ""
    return (as_text(answer), "") if is_readable(now.kind, as_text(answer)) else ("", answer)


def is_readable(kind: Kind, text: str) -> bool:
    """Whether a text means something as an answer of this kind; a text does as itself."""
    match kind:
        case Kind.NUMBER:
            return read_number(text) is not None
        case Kind.MONEY:
            return read_money(text) is not None
        case Kind.DATE:
            return read_date(text) is not None
        case Kind.YES_NO:
            return text in ("yes", "no")
        case _:
            return True


def _choose(codes: list[str], now: Question) -> tuple[Answer, Answer]:
    offered = [code for code in codes if any(option.code == code for option in now.options)]
    gone = [code for code in codes if code not in offered]
    if now.kind is Kind.CHOICES:
        return offered, gone
    return ("", codes) if gone or len(offered) != 1 else (offered[0], "")


def _find_option(answer: Any, now: Question) -> tuple[Answer, Answer]:
    """A text that names an option, by its code or by its words, chooses it."""
    text = as_text(answer).strip().casefold()
    for option in now.options:
        if text and text in {option.code.casefold(), option.label.ko.casefold(), option.label.en.casefold()}:
            return ([option.code] if now.kind is Kind.CHOICES else option.code), ""
    return "", answer


def _rows(rows: list[Row], now: Question) -> tuple[Answer, Answer]:
    """Cells stay in their columns; those of columns that are gone are kept, row by row."""
    codes = {column.code for column in now.columns}
    fitting = [{code: text for code, text in row.items() if code in codes} for row in rows]
    rest = [{code: text for code, text in row.items() if code not in codes} for row in rows]
    return [row for row in fitting if row], [row for row in rest if row]
