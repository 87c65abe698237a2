"""What is typed into a question, kept as typed: how it is read, what is wrong with it, and how it is shown.

An answer is a text, the list of the options taken, or the rows of a table as texts by column. What cannot be read stays as
it was typed, and its fault says so; nothing is ever cut, rounded or thrown away. Files and consents are kept elsewhere.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.challenges.form.model import Column, Kind, Question
from app.core.bilingual import Language
from app.core.spreadsheets import Cell
from app.web.filters import current_language, day, local, number, won

Row = dict[str, str]
Answer = str | list[str] | list[Row]

LONGEST_TEXT = 50_000  # far beyond what any question allows by itself: a text over its limit is kept, a flood is not
LONGEST_CELL = 500
LONGEST_URL = 2_000
MOST_ROWS_KEPT = 500
NUMBER = re.compile(r"-?[0-9]+(,[0-9]{3})*(\.[0-9]+)?")
LONGEST_NUMBER = 40
_DATE = re.compile(r"([0-9]{4})(?:-|\. ?|/)([0-9]{1,2})(?:-|\. ?|/)([0-9]{1,2})\.?")
_UNITS = r"([0-9][0-9,]*)"
_WON = re.compile(rf"(?:KRW|₩)?\s*(?:{_UNITS}\s*조)?\s*(?:{_UNITS}\s*억)?\s*(?:{_UNITS}\s*만)?\s*{_UNITS}?\s*원?")
_DIGITS = re.compile(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+")


def clean(text: str) -> str:
    """`text` in composed form (a Hangul syllable is one character), with one kind of line end, without what no database stores."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", "".join(c for c in kept if c >= " " or c in "\n\t")).strip()


def characters(text: str) -> int:
    """How long a text is for its limit: each Hangul syllable counts as one, however it was typed."""
    return len(unicodedata.normalize("NFC", text))


# Reading a form that was posted. A question is named "answer-<code>"; a cell of a table "answer-<code>.<row>.<column>".


def posted_answer(question: Question, fields: Mapping[str, Sequence[str]]) -> Answer | None:
    """The answer among the posted `fields`, or None where the page did not ask (then what stands is to stay)."""
    name = f"answer-{question.code}"
    if question.kind is Kind.TABLE:
        return _posted_rows(question, name, fields) if name in fields else None
    if name not in fields:
        return None
    values = [clean(value) for value in fields[name]]
    if question.kind is Kind.CHOICES:
        return list(dict.fromkeys(value for value in values if value))
    return next((value for value in reversed(values) if value), "")


def _posted_rows(question: Question, name: str, fields: Mapping[str, Sequence[str]]) -> list[Row]:
    rows: dict[int, Row] = {}
    codes = {column.code for column in question.columns}
    for field, values in fields.items():
        place, _dot, code = field.removeprefix(f"{name}.").partition(".")
        if not field.startswith(f"{name}.") or code not in codes or not re.fullmatch(r"[0-9]{1,5}", place):
            continue
        if text := clean(values[-1]) if values else "":
            rows.setdefault(int(place), {})[code] = text
    return [rows[place] for place in sorted(rows)]


# Reading what stands, whatever it is: a draft of an earlier form may hold the shape of another kind.


def as_text(answer: object) -> str:
    """A text answer; of another shape, everything in it."""
    match answer:
        case None:
            return ""
        case str():
            return answer
        case list():
            return "\n".join(" · ".join(item.values()) if isinstance(item, dict) else str(item) for item in answer)
        case _:
            return str(answer)


def as_choices(answer: object) -> list[str]:
    if isinstance(answer, list):
        return [item for item in answer if isinstance(item, str)]
    return [answer] if isinstance(answer, str) and answer else []


def as_rows(answer: object) -> list[Row]:
    return [item for item in answer if isinstance(item, dict)] if isinstance(answer, list) else []


def is_answered(answer: Any) -> bool:
    return any(text.strip() for text in _texts(answer))


def _texts(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [text for item in answer for text in (item.values() if isinstance(item, dict) else [str(item)])]
    return [str(answer or "")]


def size_of(answer: Any) -> int:
    """All characters of an answer, against a flood."""
    return sum(len(text) for text in _texts(answer))


def read_number(text: str) -> Decimal | None:
    if not NUMBER.fullmatch(text) or len(text) > LONGEST_NUMBER:
        return None
    return Decimal(text.replace(",", ""))


def read_money(text: str) -> int | None:
    """Whole won: 30,000,000, 30000000원, 3,000만 원, 1억 2,000만."""
    match = _WON.fullmatch(text.strip())
    if match is None or not any(match.groups()) or len(text) > LONGEST_NUMBER:
        return None
    parts = [group or "0" for group in match.groups()]
    if not all(_DIGITS.fullmatch(part) for part in parts):
        return None
    values = [int(part.replace(",", "")) for part in parts]
    return sum(value * unit for value, unit in zip(values, (10**12, 10**8, 10**4, 1), strict=True))


def read_date(text: str) -> date | None:
    """2022-09-23, 2022. 9. 23., 2022/9/23."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        return named and not re.search(r"\s", text) and len(text) <= LONGEST_URL
    except ValueError:
        return False


# Faults


def answer_fault(question: Question, answer: Any) -> str | None:  # noqa: PLR0911 - one for each kind
    """What keeps the answer from being sent, in a sentence, or None. Not for files and consents."""
    if not is_answered(answer):
        return _("This question is not answered yet.") if question.required else None
    match question.kind:
        case Kind.CHOICES:
            return _choices_fault(question, answer)
        case Kind.TABLE:
            return _table_fault(question, answer)
    if not isinstance(answer, str):
        return _(
            "This was an answer to an earlier form of the question: “%(text)s”. Answer it anew.", text=_short(answer)
        )
    match question.kind:
        case Kind.CHOICE:
            return None if answer in {option.code for option in question.options} else _not_offered(answer)
        case Kind.YES_NO:
            return None if answer in ("yes", "no") else _("Choose yes or no.")
        case Kind.URL:
            return None if is_web_address(answer) else _("An address begins with https:// or http:// and names a site.")
        case _:
            return _value_fault(question.kind, answer, question.limit, question.least, question.most)


def _short(answer: object) -> str:
    return as_text(answer)[:60]


def _not_offered(answer: str) -> str:
    return _("“%(text)s” is none of the options. Choose again.", text=answer[:60])


def _choices_fault(question: Question, answer: Any) -> str | None:
    offered = {option.code for option in question.options}
    taken = as_choices(answer)
    stray = [code for code in taken if code not in offered]
    if stray:
        return _not_offered(stray[0])
    return (
        None
        if taken
        else _(
            "This was an answer to an earlier form of the question: “%(text)s”. Answer it anew.", text=_short(answer)
        )
    )


def _value_fault(kind: Kind, text: str, limit: int | None, least: Decimal | None, most: Decimal | None) -> str | None:
    match kind:
        case Kind.NUMBER:
            return _bounds_fault(text, read_number(text), least, most) or None
        case Kind.MONEY:
            amount = read_money(text)
            if amount is None:
                return _("“%(text)s” is not an amount in won. Write it as 30,000,000.", text=text[:40])
            return _bounds_fault(text, Decimal(amount), least, most)
        case Kind.DATE:
            return None if read_date(text) else _("“%(text)s” is not a date. Write it as 2022-08-31.", text=text[:40])
        case _:
            count = characters(text)
            return too_long(count, limit) if limit is not None and count > limit else None


def too_long(count: int, limit: int) -> str:
    return _(
        "%(over)s characters have to go. There are %(count)s now, and %(limit)s are allowed.",
        over=number(count - limit), count=number(count), limit=number(limit),
    )  # fmt: skip


def _bounds_fault(text: str, value: Decimal | None, least: Decimal | None, most: Decimal | None) -> str | None:
    if value is None:
        return _("“%(text)s” is not a number.", text=text[:40])
    if least is not None and value < least:
        if not least:
            return _("The number must not be negative.")
        return _("%(value)s is less than the %(limit)s that are needed.", value=f"{value:,f}", limit=f"{least:,f}")
    if most is not None and value > most:
        return _("%(value)s is more than the %(limit)s that are allowed.", value=f"{value:,f}", limit=f"{most:,f}")
    return None


def _table_fault(question: Question, answer: Any) -> str | None:
    rows = as_rows(answer)
    if not rows:
        return _(
            "This was an answer to an earlier form of the question: “%(text)s”. Answer it anew.", text=_short(answer)
        )
    if len(rows) > question.rows_most:
        return _("At most %(limit)s rows; these are %(count)s.", limit=question.rows_most, count=len(rows))
    for place, row in enumerate(rows, 1):
        for column in question.columns:
            if sentence := _cell_fault(column, row.get(column.code, "")):
                name = local(column.label)
                return _("Row %(row)s, %(column)s: %(sentence)s", row=place, column=name, sentence=sentence)
    return None


def _cell_fault(column: Column, text: str) -> str | None:
    if not text:
        return _("This is missing.") if column.required else None
    return _value_fault(column.kind, text, LONGEST_CELL, None, None)


# Showing


@dataclass(frozen=True)
class Words:
    """What many answers say alike, looked up once; in the language of the page, mail or file that is being made."""

    language: Language
    yes_no: Mapping[str, str]

    @classmethod
    def here(cls) -> "Words":
        return cls(current_language(), {"yes": _("Yes"), "no": _("No")})


def show(question: Question, answer: Any, words: Words | None = None) -> str:
    """The answer as a person reads it, in the page's language; what cannot be read is shown as it was typed."""
    words = words or Words.here()
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            labels = {option.code: option.label.in_language(words.language) for option in question.options}
            return ", ".join(labels.get(code, code) for code in as_choices(answer)) or as_text(answer)
        case Kind.YES_NO:
            return words.yes_no.get(as_text(answer), as_text(answer))
        case Kind.TABLE:
            return "\n".join(show_row(question, row, words) for row in as_rows(answer)) or as_text(answer)
    return show_value(question.kind, as_text(answer), question.unit.in_language(words.language))


def show_value(kind: Kind, text: str, unit: str = "") -> str:
    """One value of a question or of a table's cell."""
    match kind:
        case Kind.NUMBER if (value := read_number(text)) is not None:
            return f"{value:,f} {unit}".strip()
        case Kind.MONEY if (amount := read_money(text)) is not None:
            return won(amount)
        case Kind.DATE if (moment := read_date(text)) is not None:
            return day(moment)
        case _:
            return text


def show_row(question: Question, row: Mapping[str, str], words: Words) -> str:
    """Name: Kim · Role: CEO. Columns that the question lost come last, under their codes."""
    known = {column.code for column in question.columns}
    told = [
        f"{column.label.in_language(words.language)}: {show_value(column.kind, row[column.code])}"
        for column in question.columns
        if row.get(column.code)
    ]
    return " · ".join(told + [f"{code}: {text}" for code, text in row.items() if code not in known and text])


def as_cell(question: Question, answer: Any, words: Words) -> Cell:
    """The answer for a spreadsheet: numbers, amounts and days as such where they can be read, all else as text."""
    text = as_text(answer)
    if not isinstance(answer, list):
        match question.kind:
            case Kind.NUMBER if (value := read_number(text)) is not None:
                return value
            case Kind.MONEY if (amount := read_money(text)) is not None:
                return amount
            case Kind.DATE if (moment := read_date(text)) is not None:
                return moment
    return show(question, answer, words)
