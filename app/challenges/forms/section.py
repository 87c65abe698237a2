"""The base of the editor's forms: one for each section, with its version, its rows, and the reason of a later change."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, TextAreaField
from wtforms.fields import Field

from app.challenges.forms.fields import RowForm
from app.challenges.inputs import Change, Problem
from app.challenges.models import Challenge
from app.web.forms import BaseForm, choices

MATERIAL = [
    ("yes", _l("It matters to applicants (dates, rules, what they hand in)")),
    ("no", _l("It corrects a typing error")),
]
ROW = re.compile(r"rows-(\d{1,6})-(.+)")


class SectionForm(BaseForm):
    """A section of the call. Subclasses say how it is filled from a challenge and what it gives to the service."""

    row: ClassVar[type[RowForm] | None] = None
    stem: ClassVar[str] = "item"  # of the codes that new rows are given

    version = HiddenField()
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("The call is out: the reason is published with the change, and applicants are told."),
        render_kw={"rows": 2},
    )
    material = RadioField(
        _l("What kind of change"),
        choices=choices(MATERIAL),
        default="yes",
        validate_choice=False,
    )

    def __init__(self, challenge: Challenge, **kwargs: Any) -> None:
        self.challenge = challenge
        super().__init__(**kwargs)
        self.prepare()
        self.reason.flags.maxlength = 500

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        """What the form shows of the call as it stands."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in choices, and give new rows their codes."""

    def given(self) -> Any:
        """What was typed, as the service wants it. Only after validation."""
        raise NotImplementedError

    def change(self) -> Change | None:
        """The reason, where one was given."""
        if not self.reason.data:
            return None
        return Change(self.reason.data, material=self.material.data != "no")

    def seen_version(self) -> int | None:
        """The version of the call that the page was loaded with; None where that is nonsense, which is stale."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def entries(self) -> list[RowForm]:
        rows = self._fields.get("rows")
        return [entry.form for entry in rows.entries] if isinstance(rows, FieldList) else []

    def name_new_rows(self, title: str) -> None:
        """Give rows without a code one made of their English title."""
        taken = {entry.code.data for entry in self.entries() if entry.code.data}
        for entry in self.entries():
            if not entry.code.data:
                entry.code.data = fresh_code(entry[f"{title}_en"].data or "", taken, self.stem)
                entry.code.raw_data = [entry.code.data]
                taken.add(entry.code.data)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Put each sentence beside the field that it names."""
        for problem in problems:
            if (match := ROW.fullmatch(problem.field)) and int(match[1]) < len(self.entries()):
                entry = self.entries()[int(match[1])]
                if match[2] in entry._fields:
                    entry[match[2]].errors = [*entry[match[2]].errors, problem.sentence]
                    continue
            self.add_error(problem.field, problem.sentence)
        rows = self._fields.get("rows")
        if isinstance(rows, FieldList):
            rows.errors = [
                *(e for e in rows.errors if isinstance(e, str)),
                *(e.errors for e in self.entries() if e.errors),
            ]


def fresh_code(title: str, taken: set[str], stem: str) -> str:
    """A code for a new row: the words of its English title, or the stem with a number."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:32].strip("-")
    if words and words not in taken:
        return words
    number = 1
    while f"{words or stem}-{number}" in taken:
        number += 1
    return f"{words or stem}-{number}"


def change_rows(data: MultiDict[str, str], do: str, new: dict[str, Any]) -> MultiDict[str, str]:
    """The form's data with a row added, removed, or moved up or down; what was typed stays as it was typed."""
    others: list[tuple[str, str]] = []
    rows: dict[int, list[tuple[str, str]]] = {}
    for name, value in data.items(multi=True):
        if match := ROW.fullmatch(name):
            rows.setdefault(int(match[1]), []).append((match[2], value))
        else:
            others.append((name, value))
    order = [rows[index] for index in sorted(rows)]
    verb, _dash, place = do.partition("-")
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else -1
    if verb == "add":
        order.append([("new", "1"), *_spread(new)])
    elif 0 <= at < len(order):
        if verb == "remove":
            del order[at]
        elif verb == "up" and at > 0:
            order[at - 1], order[at] = order[at], order[at - 1]
        elif verb == "down" and at + 1 < len(order):
            order[at + 1], order[at] = order[at], order[at + 1]
    changed: MultiDict[str, str] = MultiDict(others)
    for index, row in enumerate(order):
        for name, value in row:
            changed.add(f"rows-{index}-{name}", value)
    return changed


def _spread(new: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in new.items():
        for one in value if isinstance(value, list) else [value]:
            yield name, str(one)


def texts_of(form: SectionForm) -> dict[str, str]:
    """All that the form says, by labels, so that two versions can stand beside each other."""
    texts: dict[str, str] = {}
    for field in form:
        if field.name in ("csrf_token", "version", "reason", "material"):
            continue
        if isinstance(field, FieldList) and field.entries and isinstance(field.entries[0], FormField):
            for i, entry in enumerate(field.entries, 1):
                for part in entry.form:
                    if part.type != "HiddenField":
                        texts[f"{i}. {part.label.text}"] = _shown(part)
        elif isinstance(field, FieldList):
            texts[str(field.label.text)] = " → ".join(_shown(entry) for entry in field.entries if entry.data)
        else:
            texts[str(field.label.text)] = _shown(field)
    return texts


def _shown(field: Field) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if hasattr(field, "iter_choices"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(label) for value, label, *_rest in field.iter_choices() if value in chosen)
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")  # noqa: SLF001 - what the input shows
