"""What a form may hold: pure answers, each naming the section or question to mend, and why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.profile.facts import FACTS as PROFILE_FACTS
from app.accounts.profile.facts import Shape
from app.challenges.form.answers import LONGEST_TEXT, read_date, read_money, read_number
from app.challenges.form.model import FIELDS, Column, Comparison, Condition, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from app.web.filters import local, number

CODE = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
LONGEST_CODE = 40
RESERVED = frozenset({"contact", "check", "company"})  # pages of an application that are no section of the form
TITLE, LABEL, HELP, INTRO, UNIT, CONSENT_TEXT = 150, 200, 600, 4_000, 20, 20_000
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_COLUMNS, MOST_ROWS = 20, 200, 60, 12, 100
MOST_MB = 2_048
MOST_DAYS = 3_650
MOST_NUMBER = Decimal(10) ** 30
DOCUMENT_TYPES = ("pdf", "hwp", "hwpx", "docx", "xlsx", "pptx", "png", "jpg")

COLUMN_KINDS = (Kind.SHORT_TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE)
_MEASURED = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.IS, Comparison.IS_NOT, Comparison.IS_ANSWERED)
_CHOSEN = (Comparison.IS, Comparison.IS_NOT, Comparison.IS_ANSWERED)
COMPARISONS: dict[Kind, tuple[Comparison, ...]] = {
    Kind.SHORT_TEXT: _CHOSEN,
    Kind.LONG_TEXT: (Comparison.IS_ANSWERED,),
    Kind.NUMBER: _MEASURED,
    Kind.MONEY: _MEASURED,
    Kind.DATE: _MEASURED,
    Kind.CHOICE: _CHOSEN,
    Kind.CHOICES: (Comparison.HAS, Comparison.IS_ANSWERED),
    Kind.YES_NO: _CHOSEN,
    Kind.URL: (Comparison.IS_ANSWERED,),
    Kind.TABLE: (Comparison.IS_ANSWERED,),
    Kind.FILE: (Comparison.IS_ANSWERED,),
    Kind.CONSENT: (Comparison.IS, Comparison.IS_NOT),
}


@dataclass(frozen=True)
class FormProblem:
    """One thing to mend. `section` and `question` are codes, empty where it is about the whole form or the section itself;
    `field` is the name in the model, with its language or its row: "label_ko", "options-0-code", "condition".
    """

    section: str
    question: str
    field: str
    sentence: str


def why_not_form(form: Form, themes: Iterable[str]) -> list[FormProblem]:
    """What keeps `form` from being stored, even as a draft; `themes` are the codes of the challenge's themes."""
    found = _Found(form, tuple(themes))
    if len(form.sections) > MOST_SECTIONS:
        found.add("sections", _too_many(len(form.sections), MOST_SECTIONS))
    if (count := sum(1 for _question in form.questions())) > MOST_QUESTIONS:
        found.add("questions", _too_many(count, MOST_QUESTIONS))
    _check_codes(found)
    for section in form.sections:
        found.at(section)
        _check_section(found, section)
        for question in section.questions:
            found.at(section, question)
            _check_question(found, question)
            if question.condition is not None:
                _check_condition(found, section, question, question.condition)
    return found.problems


def why_not_publish(form: Form, themes: Iterable[str]) -> list[FormProblem]:
    """What keeps `form` from going out: all of the above, and what is not written yet."""
    found = _Found(form, tuple(themes))
    if not any(question.kind is not Kind.CONSENT for question in form.questions()):
        found.add("questions", _("Ask for at least one document or one answer."))
    if not any(_is_needed_consent(question) for question in form.questions()):
        found.add("consents", _("A required consent to the use of personal data is needed."))
    for section in form.sections:
        found.at(section)
        found.both("title", section.title)
        found.both("intro", section.intro, needed=False)
        if not section.questions:
            found.add("questions", _("This section asks nothing yet. Add a question, or remove it."))
        for question in section.questions:
            found.at(section, question)
            _check_words(found, question)
    return why_not_form(form, themes) + found.problems


def _is_needed_consent(question: Question) -> bool:
    asked_of_all = not question.themes and question.condition is None
    return question.kind is Kind.CONSENT and question.required and not question.shares_with_sponsor and asked_of_all


class _Found:
    """The problems so far, and where we are."""

    def __init__(self, form: Form, themes: tuple[str, ...]) -> None:
        self.form, self.themes = form, themes
        self.problems: list[FormProblem] = []
        self.section = self.question = ""
        self.places = {question.code: place for place, question in reversed(list(enumerate(form.questions())))}

    def at(self, section: Section, question: Question | None = None) -> None:
        self.section, self.question = section.code, question.code if question else ""

    def add(self, field: str, sentence: str) -> None:
        self.problems.append(FormProblem(self.section, self.question, field, sentence))

    def text(self, field: str, text: Bilingual, limit: int) -> None:
        for language, part in text.as_dict().items():
            name = f"{field}_{language}"
            if len(part) > limit:
                self.add(
                    name,
                    _("At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(part):,}"),
                )
            if "\x00" in part:
                self.add(name, _("This text holds a character that cannot be stored."))

    def named(self, field: str, text: Bilingual, limit: int) -> None:
        if not text.ko.strip() and not text.en.strip():
            self.add(f"{field}_ko", _("Write it in at least one language."))
        self.text(field, text, limit)

    def both(self, field: str, text: Bilingual, *, needed: bool = True) -> None:
        if not needed and not text.ko and not text.en:
            return
        if not text.ko.strip():
            self.add(f"{field}_ko", _("The Korean text is missing."))
        if not text.en.strip():
            self.add(f"{field}_en", _("The English text is missing."))

    def code(self, field: str, code: str, earlier: Sequence[str]) -> None:
        if len(code) > LONGEST_CODE or not CODE.fullmatch(code):
            shown = {"limit": LONGEST_CODE, "code": code[:60]}
            self.add(field, _("Letters, digits and hyphens, at most %(limit)s; “%(code)s” is not that.", **shown))
        elif code.lower() in {other.lower() for other in earlier}:
            self.add(field, _("“%(code)s” is used twice.", code=code))

    def between(self, field: str, value: int | Decimal | None, least: int, most: int) -> None:
        if value is not None and not least <= value <= most:
            shown = {"least": f"{least:,}", "most": f"{most:,}", "value": f"{value:,}"}
            self.add(field, _("Enter a number from %(least)s to %(most)s; %(value)s is not one.", **shown))

    def themed(self, themes: tuple[str, ...]) -> None:
        for theme in themes:
            if theme not in self.themes:
                self.add("themes", _("This call has no theme “%(code)s”.", code=theme[:40]))
        if len(set(themes)) != len(themes):
            self.add("themes", _("A theme is named twice."))


def _too_many(count: int, limit: int) -> str:
    return _("At most %(limit)s are taken here; these are %(count)s.", limit=limit, count=count)


def _check_codes(found: _Found) -> None:
    sections: list[str] = []
    questions: list[str] = []
    for section in found.form.sections:
        found.at(section)
        found.code("code", section.code, sections)
        if section.code.lower() in RESERVED:
            found.add("code", _("“%(code)s” is taken by another page of the application.", code=section.code))
        sections.append(section.code)
        for question in section.questions:
            found.at(section, question)
            found.code("code", question.code, questions)
            questions.append(question.code)
    found.section = found.question = ""


def _check_section(found: _Found, section: Section) -> None:
    found.named("title", section.title, TITLE)
    found.text("intro", section.intro, INTRO)
    found.themed(section.themes)


def _check_question(found: _Found, question: Question) -> None:
    found.named("label", question.label, LABEL)
    found.text("help", question.help, HELP)
    found.text("example", question.example, HELP)
    found.text("unit", question.unit, UNIT)
    found.text("text", question.text, CONSENT_TEXT)
    found.themed(question.themes)
    _check_strangers(found, question)
    if question.limit is not None:
        found.between("limit", question.limit, 1, LONGEST_TEXT)
    _check_bounds(found, question)
    if question.prefill and question.kind not in FACTS.get(question.prefill, ()):
        found.add(
            "prefill", _("“%(fact)s” of the profile does not fit this kind of question.", fact=question.prefill[:40])
        )
    _check_options(found, question.options)
    _check_columns(found, question.columns)
    found.between("rows_most", question.rows_most, 1, MOST_ROWS)
    found.between("max_mb", question.max_mb, 1, MOST_MB)
    found.between("max_age_days", question.max_age_days, 1, MOST_DAYS)
    if not set(question.types) <= set(DOCUMENT_TYPES) or len(set(question.types)) != len(question.types):
        found.add("types", _("Choose each kind of file once, from: %(types)s.", types=", ".join(DOCUMENT_TYPES)))
    if question.shares_with_sponsor and question.required:
        found.add("required", _("Giving data to the sponsor is a consent of its own that may be refused."))
    if question.kind is Kind.CONSENT and question.private:
        found.add("private", _("Judges never see a consent; there is nothing to hide."))


_OWN = ("example", "prefill", "limit", "least", "most", "unit", "options", "columns", "rows_most", "types", "max_mb",
        "max_age_days", "text", "shares_with_sponsor")  # fmt: skip
_BLANK = Question("", Kind.SHORT_TEXT, Bilingual())


def _check_strangers(found: _Found, question: Question) -> None:
    for field in _OWN:
        if field not in FIELDS[question.kind] and getattr(question, field) != getattr(_BLANK, field):
            found.add(field, _("This kind of question has no “%(field)s”.", field=field))


def _check_bounds(found: _Found, question: Question) -> None:
    least, most = question.least, question.most
    for field, bound in (("least", least), ("most", most)):
        if bound is not None and abs(bound) > MOST_NUMBER:
            found.add(field, _("This number is too large."))
        if bound is not None and question.kind is Kind.MONEY and (bound < 0 or bound != bound.to_integral_value()):
            found.add(field, _("An amount is a whole number of won, and not below 0."))
    if least is not None and most is not None and least > most:
        found.add(
            "most",
            _(
                "The largest number, %(most)s, is below the smallest, %(least)s.",
                most=number(most),
                least=number(least),
            ),
        )


def _check_options(found: _Found, options: tuple[Option, ...]) -> None:
    if len(options) > MOST_OPTIONS:
        found.add("options", _too_many(len(options), MOST_OPTIONS))
    for i, option in enumerate(options):
        found.code(f"options-{i}-code", option.code, [other.code for other in options[:i]])
        found.named(f"options-{i}-label", option.label, LABEL)


def _check_columns(found: _Found, columns: tuple[Column, ...]) -> None:
    if len(columns) > MOST_COLUMNS:
        found.add("columns", _too_many(len(columns), MOST_COLUMNS))
    for i, column in enumerate(columns):
        found.code(f"columns-{i}-code", column.code, [other.code for other in columns[:i]])
        found.named(f"columns-{i}-label", column.label, LABEL)
        if column.kind not in COLUMN_KINDS:
            found.add(f"columns-{i}-kind", _("A column holds a short text, a number, an amount or a date."))


def _check_condition(found: _Found, section: Section, question: Question, condition: Condition) -> None:
    other = found.form.question(condition.question)
    if other is None:
        found.add(
            "condition",
            _("It depends on a question that is not in the form any more (“%(code)s”).", code=condition.question[:40]),
        )
        return
    if _goes_in_a_circle(found.form, question):
        found.add("condition", _("The conditions go in a circle: it would depend on itself."))
        return
    if found.places[other.code] > found.places[question.code]:
        found.add(
            "condition",
            _("It depends on “%(label)s”, which is asked later. Move one of them.", label=local(other.label)),
        )
    hidden = [t for t in themes_of(section, question, found.themes) if t not in _themes_of_question(found, other)]
    if hidden:
        sentence = _(
            "It depends on “%(label)s”, which is not asked for theme %(themes)s.",
            label=local(other.label),
            themes=", ".join(hidden),
        )
        found.add("condition", sentence)
    _check_comparison(found, other, condition)


def themes_of(section: Section, question: Question, themes: Sequence[str]) -> tuple[str, ...]:
    """The themes, of all that there are, for which a question of `section` is asked."""
    return tuple(
        theme
        for theme in themes
        if (not section.themes or theme in section.themes) and (not question.themes or theme in question.themes)
    )


def _themes_of_question(found: _Found, question: Question) -> tuple[str, ...]:
    section = next(s for s in found.form.sections if any(q is question for q in s.questions))
    return themes_of(section, question, found.themes)


def _goes_in_a_circle(form: Form, question: Question) -> bool:
    seen: set[str] = set()
    at: Question | None = question
    while at is not None and at.condition is not None:
        if at.code in seen:
            return True
        seen.add(at.code)
        at = form.question(at.condition.question)
    return False


def _check_comparison(found: _Found, other: Question, condition: Condition) -> None:
    if condition.comparison not in COMPARISONS[other.kind]:
        found.add("condition", _("The answer to “%(label)s” cannot be compared like this.", label=local(other.label)))
    elif not fits(other, condition):
        shown = {"label": local(other.label), "value": condition.value[:40]}
        found.add("condition", _("“%(value)s” is no possible answer to “%(label)s”.", **shown))


def fits(other: Question, condition: Condition) -> bool:  # noqa: PLR0911 - one for each kind
    """Whether the value of the condition is one that an answer to `other` can have."""
    value = condition.value
    if condition.comparison is Comparison.IS_ANSWERED:
        return not value
    match other.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return value in {option.code for option in other.options}
        case Kind.YES_NO | Kind.CONSENT:
            return value in ("yes", "no")
        case Kind.NUMBER:
            return read_number(value) is not None
        case Kind.MONEY:
            return read_money(value) is not None
        case Kind.DATE:
            return read_date(value) is not None
        case _:
            return bool(value.strip()) and len(value) <= LABEL


def _check_words(found: _Found, question: Question) -> None:
    found.both("label", question.label)
    for field in ("help", "example", "unit"):
        found.both(field, getattr(question, field), needed=False)
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES if len(question.options) < (2 if question.kind is Kind.CHOICE else 1):
            found.add("options", _("Give at least two options to choose from."))
        case Kind.TABLE if not question.columns:
            found.add("columns", _("A table needs at least one column."))
        case Kind.FILE if not question.types:
            found.add("types", _("Choose at least one kind of file."))
        case Kind.CONSENT:
            found.both("text", question.text)
    for i, option in enumerate(question.options):
        found.both(f"options-{i}-label", option.label)
    for i, column in enumerate(question.columns):
        found.both(f"columns-{i}-label", column.label)


# The facts of the startup that an answer can begin with, and the kinds of question that each fits.
_TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
_FITTING: dict[Shape, frozenset[Kind]] = {
    "text": _TEXTS,
    "number": _TEXTS | {Kind.NUMBER},
    "money": _TEXTS | {Kind.MONEY},
    "date": _TEXTS | {Kind.DATE},
    "url": _TEXTS | {Kind.URL},
    "code": _TEXTS | {Kind.CHOICE},
    "table": frozenset({Kind.TABLE}),
}
FACTS: dict[str, frozenset[Kind]] = {name: _FITTING[fact.shape] for name, fact in PROFILE_FACTS.items()}
