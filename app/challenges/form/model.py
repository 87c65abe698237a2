"""A form: sections of questions, as an organizer composes them and an applicant answers them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.core.bilingual import Bilingual

EMPTY = Bilingual()


class Kind(StrEnum):
    """What a question takes for an answer."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"  # with a unit
    MONEY = "money"  # whole won
    DATE = "date"
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any number of them
    YES_NO = "yes_no"
    URL = "url"
    TABLE = "table"  # rows of columns: a team, finances by year
    FILE = "file"
    CONSENT = "consent"  # read and given by itself


@dataclass(frozen=True)
class Option:
    code: str  # what is stored
    label: Bilingual


@dataclass(frozen=True)
class Column:
    """A column of a table; its kind is short text, number, money or date."""

    code: str
    label: Bilingual
    kind: Kind = Kind.SHORT_TEXT
    required: bool = False


class Comparison(StrEnum):
    IS = "is"  # the answer is the value (an option's code, "yes", "no")
    IS_NOT = "is_not"
    HAS = "has"  # the value is among the choices taken
    AT_LEAST = "at_least"  # a number, an amount or a date
    AT_MOST = "at_most"
    IS_ANSWERED = "is_answered"


@dataclass(frozen=True)
class Condition:
    """Asked only where another question is itself asked and its answer compares so; conditions chain to any depth, never in a circle."""

    question: str  # the other question's code
    comparison: Comparison
    value: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `code` is given once and stays its own, however it is moved or reworded: answers hang on it.

    Which of the later fields a kind has says FIELDS; the others stand at their defaults.
    """

    code: str
    kind: Kind
    label: Bilingual
    help: Bilingual = EMPTY
    example: Bilingual = EMPTY
    required: bool = True
    private: bool = False  # judges do not see the answer
    identifying: bool = False  # names the applicant: hidden in blind review
    themes: tuple[str, ...] = ()  # codes of the themes that it is asked for; empty: all
    condition: Condition | None = None
    prefill: str = ""  # the fact of the startup's profile that it begins with
    limit: int | None = None  # characters at most; a Hangul syllable is one
    least: Decimal | None = None
    most: Decimal | None = None
    unit: Bilingual = EMPTY
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    rows_most: int = 20
    types: tuple[str, ...] = ()  # endings without a dot
    max_mb: int = 20
    max_age_days: int | None = None  # counted back from the close
    text: Bilingual = EMPTY  # of a consent: purpose, items, retention period, right to refuse; Markdown
    shares_with_sponsor: bool = False  # giving it lets the theme's sponsor read the application


# Which fields a kind has beside those that all have. A consent is never private nor prefilled, and nobody can be made to give one twice.
FIELDS: dict[Kind, frozenset[str]] = {
    Kind.SHORT_TEXT: frozenset({"example", "prefill", "limit"}),
    Kind.LONG_TEXT: frozenset({"example", "prefill", "limit"}),
    Kind.NUMBER: frozenset({"example", "prefill", "least", "most", "unit"}),
    Kind.MONEY: frozenset({"example", "prefill", "least", "most"}),
    Kind.DATE: frozenset({"prefill"}),
    Kind.CHOICE: frozenset({"options", "prefill"}),
    Kind.CHOICES: frozenset({"options"}),
    Kind.YES_NO: frozenset(),
    Kind.URL: frozenset({"example", "prefill"}),
    Kind.TABLE: frozenset({"columns", "rows_most", "prefill"}),
    Kind.FILE: frozenset({"types", "max_mb", "max_age_days"}),
    Kind.CONSENT: frozenset({"text", "shares_with_sponsor"}),
}


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    code: str
    title: Bilingual
    intro: Bilingual = EMPTY  # Markdown
    themes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Form:
    """All that a call asks, in the order in which it is asked; codes are unique within it."""

    sections: tuple[Section, ...] = field(default_factory=tuple)

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions() if question.code == code), None)
