"""Forms of the form builder: one question, or one section, with what its kind has and nothing else."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.challenges import rules
from app.challenges.form import changes, checks
from app.challenges.form.difference import kind_label
from app.challenges.form.model import FIELDS, Column, Comparison, Condition, Form, Kind, Option, Question, Section
from app.challenges.forms.basics import pair, split
from app.challenges.forms.composing_fields import AmountField, ColumnFields, ExactField, OptionFields
from app.challenges.forms.fields import RowForm, WholeField
from app.challenges.forms.section import MATERIAL, change_rows
from app.challenges.inputs import Change
from app.challenges.labels import comparison_label, fact_label
from app.challenges.models import Theme
from app.web.filters import local
from app.web.forms import BaseForm, choices

TEXTS = {
    "label": checks.LABEL,
    "help": checks.HELP,
    "example": checks.HELP,
    "unit": checks.UNIT,
    "text": checks.CONSENT_TEXT,
}
OPTIONAL = ("help", "example", "unit", "intro")


class ItemForm(BaseForm):
    """What questions and sections have in common. `themes` are the challenge's."""

    themes = SelectMultipleField(
        _l("Only for these themes"), description=_l("None chosen: for all."), validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip

    def __init__(self, themes: list[Theme], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.themes.choices = choices([(theme.code, f"{theme.code} {local(theme.title)}") for theme in themes])
        if len(themes) < 2 and not self.themes.data:
            del self["themes"]

    def chosen_themes(self) -> tuple[str, ...]:
        return tuple(self.themes.data or ()) if "themes" in self._fields else ()

    def given(self) -> dict[str, Any]:
        """What was typed, as the properties of the item. Only after validation."""
        raise NotImplementedError

    def add_problems(self, problems: list[checks.FormProblem]) -> None:
        """Put each sentence beside its field."""
        for problem in problems:
            self.add_error(problem.field, problem.sentence)


class SectionFields(ItemForm):
    """The words of a section."""

    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    intro_ko = TextAreaField(_l("Introduction (Korean)"), description=_l("Markdown."), render_kw={"rows": 3})
    intro_en = TextAreaField(_l("Introduction (English)"), description=_l("Markdown."), render_kw={"rows": 3})

    def __init__(self, section: Section, themes: list[Theme], formdata: Any = None) -> None:
        shown = {**split(section.title, "title"), **split(section.intro, "intro"), "themes": list(section.themes)}
        super().__init__(themes, formdata=formdata, data=shown)
        _limit(self, "title", checks.TITLE)
        _limit(self, "intro", checks.INTRO)

    def given(self) -> dict[str, Any]:
        return {"title": pair(self, "title"), "intro": pair(self, "intro"), "themes": self.chosen_themes()}

    def write(self, form: Form, code: str) -> Form:
        return changes.change_section(form, code, **self.given())


class QuestionFields(ItemForm):
    """A question; of the fields below it keeps those that its kind has."""

    kind = SelectField(_l("Kind of question"))
    label_ko = StringField(_l("Question (Korean)"))
    label_en = StringField(_l("Question (English)"))
    help_ko = TextAreaField(_l("Help (Korean)"), render_kw={"rows": 2})
    help_en = TextAreaField(_l("Help (English)"), render_kw={"rows": 2})
    example_ko = StringField(_l("Example (Korean)"))
    example_en = StringField(_l("Example (English)"))
    text_ko = TextAreaField(
        _l("Text (Korean)"), description=_l("Purpose, items, retention period, the right to refuse. Markdown."),
        render_kw={"rows": 7},
    )  # fmt: skip
    text_en = TextAreaField(
        _l("Text (English)"), description=_l("Purpose, items, retention period, the right to refuse. Markdown."),
        render_kw={"rows": 7},
    )  # fmt: skip
    limit = WholeField(_l("Characters at most"), description=_l("A Korean syllable is one. Empty: no limit."))
    least = ExactField(_l("Smallest"))
    most = ExactField(_l("Largest"))
    unit_ko = StringField(_l("Unit (Korean)"))
    unit_en = StringField(_l("Unit (English)"))
    rows: Any = FieldList(FormField(OptionFields), _l("Options"))
    rows_most = WholeField(_l("Rows at most"))
    types = SelectMultipleField(
        _l("Kinds of file"), choices=choices([(t, t.upper()) for t in checks.DOCUMENT_TYPES]), validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    max_mb = WholeField(_l("Size at most"))
    max_age_days = WholeField(_l("Issued within"), description=_l("Days before the close; empty: any age."))
    required = BooleanField(_l("Has to be answered"))
    private = BooleanField(_l("Judges do not see the answer"))
    identifying = BooleanField(_l("Tells who applies"), description=_l("Hidden from judges in a blind review."))
    shares_with_sponsor = BooleanField(
        _l("Gives the application to the sponsor"), description=_l("A consent of its own, which may be refused.")
    )
    prefill = SelectField(_l("Begins with"), description=_l("A fact of the startup's profile, which it may change."))
    condition_question = SelectField(_l("Asked"), validate_choice=False)
    condition_comparison = SelectField(_l("where the answer"), validate_choice=False)
    condition_option = SelectField(_l("Answer"), validate_choice=False)
    condition_value = StringField(_l("Answer"))

    def __init__(self, form: Form, question: Question, themes: list[Theme], formdata: Any = None) -> None:
        self.whole, self.question = form, question
        super().__init__(themes, formdata=formdata, data=_shown(question))
        self.kind.choices = choices([(kind.value, kind_label(kind)) for kind in Kind])
        self.prefill.choices = choices(
            [("", _("Nothing")), *((f, fact_label(f)) for f, kinds in checks.FACTS.items() if question.kind in kinds)]
        )
        self._prepare_rows()
        self._keep_own()
        self._prepare_condition()
        for name, limit in TEXTS.items():
            _limit(self, name, limit)

    def _keep_own(self) -> None:
        """Take away what this kind of question does not have."""
        own = FIELDS[self.question.kind]
        parts = {
            "example": ("example_ko", "example_en"),
            "unit": ("unit_ko", "unit_en"),
            "text": ("text_ko", "text_en"),
        }
        for name in ("example", "prefill", "limit", "least", "most", "unit", "rows_most", "types", "max_mb", "max_age_days",
                     "text", "shares_with_sponsor"):  # fmt: skip
            if name not in own:
                for part in parts.get(name, (name,)):
                    del self[part]
        if not {"options", "columns"} & own:
            del self["rows"]
        if self.question.kind is Kind.CONSENT:
            del self["private"], self["identifying"]
        for name in ("limit", "least", "most", "max_age_days"):
            if name in self._fields:
                self._fields[name].flags.optional = True

    def _prepare_rows(self) -> None:
        if self.question.kind is not Kind.TABLE:
            return
        for entry in self.entries():
            entry.kind.choices = choices([(kind.value, kind_label(kind)) for kind in checks.COLUMN_KINDS])

    def _prepare_condition(self) -> None:
        earlier = self._earlier()
        always = [("", pgettext("condition", "Always"))]
        self.condition_question.choices = choices(
            always
            + [(q.code, _("only after “%(label)s”", label=local(q.label) or kind_label(q.kind))) for q in earlier]
        )
        other = next((q for q in earlier if q.code == self.condition_question.data), None)
        if not other:
            for name in ("condition_comparison", "condition_option", "condition_value"):
                del self[name]
            return
        fitting = checks.COMPARISONS[other.kind]
        self.condition_comparison.choices = choices([(c.value, comparison_label(c, other.kind)) for c in fitting])
        if self.condition_comparison.data not in [c.value for c in fitting]:
            self._set("condition_comparison", fitting[0].value)
        options = _answers_of(other)
        self.condition_option.choices = choices(options)
        if options and self.condition_option.data not in [value for value, _label in options]:
            self._set("condition_option", options[0][0])
        if not options or self.condition_comparison.data == Comparison.IS_ANSWERED.value:
            del self["condition_option"]
        if options or self.condition_comparison.data == Comparison.IS_ANSWERED.value:
            del self["condition_value"]
        elif other.kind is Kind.DATE:
            self.condition_value.render_kw = {"type": "date"}
        elif other.kind in (Kind.NUMBER, Kind.MONEY):
            self.condition_value.render_kw = {"inputmode": "decimal"}

        self._forget_old_value()

    def _forget_old_value(self) -> None:
        """A value that was compared with the answer to another question says nothing about this one."""
        field, standing = self._fields.get("condition_value"), self.question.condition
        if field and not field.raw_data and (standing is None or standing.question != self.condition_question.data):
            field.data = ""

    def _set(self, name: str, value: str) -> None:
        self._fields[name].data = value
        self._fields[name].raw_data = [value]

    def _earlier(self) -> list[Question]:
        questions = list(self.whole.questions())
        return questions[: [q.code for q in questions].index(self.question.code)]

    def validate_condition_question(self, field: SelectField) -> None:
        if not field.data or any(q.code == field.data for q in self._earlier()):
            return
        if field.data == self.question.code:
            raise ValidationError(_("The conditions go in a circle: it would depend on itself."))
        if other := self.whole.question(field.data):
            raise ValidationError(
                _("It depends on “%(label)s”, which is asked later. Move one of them.", label=local(other.label))
            )
        if self.question.condition is None or field.data != self.question.condition.question:
            raise ValidationError(_("Choose one of the list."))

    def entries(self) -> list[RowForm]:
        rows = self._fields.get("rows")
        return [entry.form for entry in rows.entries] if isinstance(rows, FieldList) else []

    def given(self) -> dict[str, Any]:
        kind = self.question.kind
        own = FIELDS[kind]
        given: dict[str, Any] = {name: pair(self, name) for name in TEXTS if f"{name}_ko" in self._fields}
        for name in (
            "required",
            "private",
            "identifying",
            "shares_with_sponsor",
            "limit",
            "least",
            "most",
            "max_age_days",
        ):
            if name in self._fields:
                given[name] = self._fields[name].data
        for name in ("rows_most", "max_mb"):
            if name in self._fields:
                given[name] = (
                    self._fields[name].data if self._fields[name].data is not None else getattr(self.question, name)
                )
        if "prefill" in own:
            given["prefill"] = self.prefill.data or ""
        if "types" in own:
            given["types"] = tuple(self.types.data or ())
        if "options" in own:
            given["options"] = tuple(Option(_code(e, "o"), pair(e, "label")) for e in self.entries())
        if "columns" in own:
            given["columns"] = tuple(
                Column(_code(e, "c"), pair(e, "label"), _column_kind(e.kind.data), e.required.data)
                for e in self.entries()
            )
        return given | {"themes": self.chosen_themes(), "condition": self._condition()}

    def _condition(self) -> Condition | None:
        if not self.condition_question.data:
            return None
        if "condition_comparison" not in self._fields:
            return self.question.condition  # on a question that is gone: left for the list of problems
        comparison = Comparison(self.condition_comparison.data)
        value = ""
        if "condition_option" in self._fields:
            value = self.condition_option.data or ""
        elif "condition_value" in self._fields:
            value = self.condition_value.data or ""
        return Condition(self.condition_question.data, comparison, value)

    def write(self, form: Form, code: str) -> Form:
        """`form` with what was typed, and the question turned into another kind where one was chosen."""
        return changes.convert_question(changes.change_question(form, code, **self.given()), code, Kind(self.kind.data))


class TableFields(QuestionFields):
    """A question whose rows are the columns of a table."""

    rows: Any = FieldList(FormField(ColumnFields), _l("Columns"))


class MoneyFields(QuestionFields):
    """A question for an amount of won."""

    least = AmountField(_l("Smallest"))
    most = AmountField(_l("Largest"))


def question_fields(form: Form, question: Question, themes: list[Theme], formdata: Any = None) -> QuestionFields:
    """The form of a question, as its kind has it."""
    kind = {Kind.TABLE: TableFields, Kind.MONEY: MoneyFields}.get(question.kind, QuestionFields)
    return kind(form, question, themes, formdata)


def rows_changed(data: MultiDict[str, str], do: str, question: Question) -> MultiDict[str, str]:
    """What was posted with an option or column added, removed or moved ("add", "remove-2", "up-1")."""
    row = ColumnFields if question.kind is Kind.TABLE else OptionFields
    return change_rows(data, do, row.NEW)


def _shown(question: Question) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": question.kind.value}
    for name in TEXTS:
        shown |= split(getattr(question, name), name)
    for name in ("required", "private", "identifying", "shares_with_sponsor", "limit", "least", "most", "rows_most", "max_mb",
                 "max_age_days", "prefill"):  # fmt: skip
        shown[name] = getattr(question, name)
    rows: list[dict[str, Any]] = [{"code": o.code, **split(o.label, "label")} for o in question.options]
    rows += [
        {"code": c.code, "kind": c.kind.value, "required": c.required, **split(c.label, "label")}
        for c in question.columns
    ]
    condition = question.condition
    return shown | {
        "themes": list(question.themes), "types": list(question.types), "rows": rows,
        "condition_question": condition.question if condition else "",
        "condition_comparison": condition.comparison.value if condition else "",
        "condition_option": condition.value if condition else "",
        "condition_value": condition.value if condition else "",
    }  # fmt: skip


def _answers_of(question: Question) -> list[tuple[str, str]]:
    """The answers that a question offers, where it offers any."""
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return [(option.code, local(option.label) or option.code) for option in question.options]
        case Kind.YES_NO:
            return [("yes", _("Yes")), ("no", _("No"))]
        case Kind.CONSENT:
            return [("yes", pgettext("consent", "given")), ("no", pgettext("consent", "refused"))]
        case _:
            return []


def _code(entry: RowForm, stem: str) -> str:
    return entry.code.data or changes.fresh_code(stem)


def _column_kind(value: str) -> Kind:
    return Kind(value) if value in [kind.value for kind in checks.COLUMN_KINDS] else Kind.SHORT_TEXT


def _limit(form: BaseForm, name: str, limit: int) -> None:
    for language in ("ko", "en"):
        if field := form._fields.get(f"{name}_{language}"):
            field.flags.maxlength = limit
            if name in OPTIONAL:
                field.flags.optional = True


class ForceForm(BaseForm):
    """The reason for a new form, where the call is out."""

    version = HiddenField()
    challenge_version = HiddenField()
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("The call is out: the reason is published with the change, and applicants are told."),
        render_kw={"rows": 2},
    )
    material = RadioField(_l("What kind of change"), choices=choices(MATERIAL), default="yes", validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.flags.maxlength = rules.REASON_LIMIT

    def change(self) -> Change | None:
        """The reason, where one was given."""
        return Change(self.reason.data, material=self.material.data != "no") if self.reason.data else None
