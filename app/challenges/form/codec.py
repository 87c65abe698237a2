"""A form as plain JSON: written in one spelling so that its hash is stable, and read back, also where a stranger wrote it."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from flask_babel import gettext as _

from app.challenges.form.model import Column, Comparison, Condition, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_sha256
from app.core.errors import RuleBroken

Known = TypeVar("Known", bound=Enum)

FORMAT = 1
SCHEMA = "urn:madang:form:1"  # the $id of form.schema.json
MOST_BYTES = 2_000_000  # of a file that is read in
_QUESTION_DEFAULTS = {f.name: f.default for f in fields(Question)}


class FormUnreadable(RuleBroken):
    """What was given is not a form; each problem is a sentence that begins with the place in the JSON. Nothing was stored."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems[0])
        self.problems = problems


# Writing: what stands at its default is left out, so that a form of a later day, with fields more, keeps its hash.


def write_form(form: Form) -> dict[str, Any]:
    """The form in plain JSON values; equal forms give equal values, and the hash of one stays what it was."""
    return {"format": FORMAT, "sections": [_write_section(section) for section in form.sections]}


def _write_section(section: Section) -> dict[str, Any]:
    written: dict[str, Any] = {"code": section.code, "title": section.title.as_dict()}
    if section.intro != Bilingual():
        written["intro"] = section.intro.as_dict()
    if section.themes:
        written["themes"] = list(section.themes)
    return written | {"questions": [write_question(question) for question in section.questions]}


def write_question(question: Question) -> dict[str, Any]:
    written: dict[str, Any] = {"code": question.code, "kind": question.kind.value, "label": question.label.as_dict()}
    for name, default in _QUESTION_DEFAULTS.items():
        value = getattr(question, name)
        if name not in written and value != default:
            written[name] = _plain(value)
    return written


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one for each type of a field
    match value:
        case Bilingual():
            return value.as_dict()
        case Decimal():
            return _exact(value)
        case Enum():
            return value.value
        case tuple():
            return [_plain(item) for item in value]
        case Option():
            return {"code": value.code, "label": value.label.as_dict()}
        case Column():
            column = {"code": value.code, "kind": value.kind.value, "label": value.label.as_dict()}
            return column | ({"required": True} if value.required else {})
        case Condition():
            condition = {"question": value.question, "comparison": value.comparison.value}
            return condition | ({"value": value.value} if value.value else {})
        case _:
            return value


def _exact(value: Decimal) -> str:
    """1000 and not 1E+3; 0.5 and not 0.50: one spelling for one number."""
    text = f"{value:f}" if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def form_sha256(form: Form) -> str:
    """The hash under which a form is known."""
    return canonical_sha256(write_form(form))


def export_form(form: Form) -> str:
    """The form as a file that people keep, read and send on."""
    return json.dumps({"$schema": SCHEMA} | write_form(form), ensure_ascii=False, indent=2) + "\n"


def schema_text() -> str:
    """The JSON schema of such files."""
    return (Path(__file__).parent / "form.schema.json").read_text()


# Reading what we wrote. Pages that thousands open in the last minute ask by hash, and neither load nor parse it again.

_KEPT = 64
_by_hash: OrderedDict[str, Form] = OrderedDict()


def form_by_hash(sha256: str, load: Callable[[], dict[str, Any]]) -> Form:
    """The form under this hash; `load` fetches its JSON only where this process has not read it lately."""
    form = _by_hash.get(sha256)
    if form is None:
        form = _by_hash[sha256] = read_form(load())
        while len(_by_hash) > _KEPT:
            _by_hash.popitem(last=False)
    return form


def read_form(content: object) -> Form:
    """The form that `content` holds, whoever wrote it. Raises FormUnreadable with every place that is wrong.

    Whether it makes sense (codes used twice, circles of conditions) is asked by checks.why_not_form.
    """
    reader = _Reader()
    form = reader.form(content)
    if reader.problems:
        raise FormUnreadable(reader.problems)
    return form


def read_question(content: dict[str, Any]) -> Question:
    """One question as write_question wrote it."""
    reader = _Reader()
    question = reader.question(content, "question")
    if reader.problems:
        raise FormUnreadable(reader.problems)
    return question


def import_form(text: str | bytes) -> Form:
    """The form in a file. Raises FormUnreadable, also for what is no JSON at all."""
    if len(text) > MOST_BYTES:
        raise FormUnreadable([_("The file is larger than 2 MB; a form is not.")])
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        content = json.loads(decoded, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_each_once)
    except UnicodeDecodeError as error:
        raise FormUnreadable([_("The file is not text in UTF-8.")]) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise FormUnreadable([_("Line %(line)s, column %(column)s: this is not JSON.", **where)]) from error
    except (RecursionError, ValueError) as error:
        raise FormUnreadable([str(error) if isinstance(error, _TwiceError) else _("This is not JSON.")]) from error
    return read_form(content)


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(_("“%(key)s” stands twice in one object.", key=key[:40]))
        found[key] = value
    return found


def _no_number(_text: str) -> NoReturn:
    raise ValueError


class _Reader:
    """Reads on after a mistake, so that all of them can be named at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, place: str, sentence: str) -> None:
        self.problems.append(_("%(place)s: %(sentence)s", place=place, sentence=sentence))

    def form(self, content: object) -> Form:
        found = self.mapping(content, "form", {"format", "sections"}, {"$schema"})
        if "format" in found and found["format"] != FORMAT:
            self.wrong("format", _("This reads format %(number)s only.", number=FORMAT))
        return Form(tuple(self.section(s, p) for s, p in self.items(found.get("sections", []), "sections")))

    def section(self, content: object, place: str) -> Section:
        found = self.mapping(content, place, {"code", "title", "questions"}, {"intro", "themes"})
        questions = self.items(found.get("questions", []), f"{place}.questions")
        return Section(
            self.text(found.get("code", ""), f"{place}.code"),
            self.bilingual(found.get("title", {}), f"{place}.title"),
            self.bilingual(found.get("intro", {}), f"{place}.intro"),
            self.texts(found.get("themes", []), f"{place}.themes"),
            tuple(self.question(q, p) for q, p in questions),
        )

    def question(self, content: object, place: str) -> Question:
        found = self.mapping(content, place, {"code", "kind", "label"}, set(_QUESTION_DEFAULTS))
        readers: dict[str, Callable[[object, str], Any]] = {
            "code": self.text, "kind": self.kind, "label": self.bilingual, "help": self.bilingual, "example": self.bilingual,
            "required": self.flag, "private": self.flag, "identifying": self.flag, "themes": self.texts,
            "condition": self.condition, "prefill": self.text, "limit": self.whole_or_none, "least": self.decimal,
            "most": self.decimal, "unit": self.bilingual, "options": self.options, "columns": self.columns,
            "rows_most": self.whole, "types": self.texts, "max_mb": self.whole, "max_age_days": self.whole_or_none,
            "text": self.bilingual, "shares_with_sponsor": self.flag,
        }  # fmt: skip
        read = {name: readers[name](value, f"{place}.{name}") for name, value in found.items() if name in readers}
        given: dict[str, Any] = {"code": "", "kind": Kind.SHORT_TEXT, "label": Bilingual()} | read
        return Question(**given)

    def kind(self, value: object, place: str) -> Kind:
        return self.enum(Kind, value, place, Kind.SHORT_TEXT)

    def options(self, value: object, place: str) -> tuple[Option, ...]:
        options = []
        for item, where in self.items(value, place):
            found = self.mapping(item, where, {"code", "label"}, set())
            label = self.bilingual(found.get("label", {}), f"{where}.label")
            options.append(Option(self.text(found.get("code", ""), f"{where}.code"), label))
        return tuple(options)

    def columns(self, value: object, place: str) -> tuple[Column, ...]:
        columns = []
        for item, where in self.items(value, place):
            found = self.mapping(item, where, {"code", "label"}, {"kind", "required"})
            columns.append(
                Column(
                    self.text(found.get("code", ""), f"{where}.code"),
                    self.bilingual(found.get("label", {}), f"{where}.label"),
                    self.kind(found.get("kind", "short_text"), f"{where}.kind"),
                    self.flag(found.get("required", False), f"{where}.required"),
                )
            )
        return tuple(columns)

    def condition(self, value: object, place: str) -> Condition | None:
        if value is None:
            return None
        found = self.mapping(value, place, {"question", "comparison"}, {"value"})
        return Condition(
            self.text(found.get("question", ""), f"{place}.question"),
            self.enum(Comparison, found.get("comparison", "is"), f"{place}.comparison", Comparison.IS),
            self.text(found.get("value", ""), f"{place}.value"),
        )

    def mapping(self, value: object, place: str, needed: set[str], allowed: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(place, _("An object in braces belongs here."))
            return {}
        for key in sorted(needed - set(value)):
            self.wrong(place, _("“%(key)s” is missing.", key=key))
        for key in value:
            if key not in needed | allowed:
                self.wrong(place, _("“%(key)s” is not known here.", key=str(key)[:40]))
        return value

    def items(self, value: object, place: str) -> Iterable[tuple[object, str]]:
        if not isinstance(value, list):
            self.wrong(place, _("A list in square brackets belongs here."))
            return []
        return [(item, f"{place}[{i}]") for i, item in enumerate(value)]

    def texts(self, value: object, place: str) -> tuple[str, ...]:
        return tuple(self.text(item, where) for item, where in self.items(value, place))

    def text(self, value: object, place: str) -> str:
        if not isinstance(value, str):
            self.wrong(place, _("A text in quotation marks belongs here."))
            return ""
        return value

    def bilingual(self, value: object, place: str) -> Bilingual:
        found = self.mapping(value, place, set(), {"ko", "en"})
        return Bilingual(
            self.text(found.get("ko", ""), f"{place}.ko"), self.text(found.get("en", ""), f"{place}.en")
        )  # fmt: skip

    def flag(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            self.wrong(place, _("True or false belongs here."))
            return False
        return value

    def whole(self, value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(place, _("A whole number belongs here."))
            return 0
        return value

    def whole_or_none(self, value: object, place: str) -> int | None:
        return None if value is None else self.whole(value, place)

    def decimal(self, value: object, place: str) -> Decimal | None:
        if value is None:
            return None
        try:
            number = Decimal(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or abs(number.adjusted()) > 40:
            self.wrong(place, _('A number belongs here, as 12.5 or "12.5".'))
            return None
        return number

    def enum(self, known: type[Known], value: object, place: str, otherwise: Known) -> Known:
        try:
            return known(value)
        except ValueError:
            choices = ", ".join(str(item.value) for item in known)
            self.wrong(place, _("“%(value)s” is none of: %(choices)s.", value=str(value)[:40], choices=choices))
            return otherwise
