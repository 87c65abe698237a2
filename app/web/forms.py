"""The base of all forms: CSRF, Korean and English messages, and texts that never lose what was typed."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its types are of an earlier version
from wtforms.widgets import Select


def strip(text: Any) -> Any:
    """What people paste with blanks around it; a browser's line ends, which would count double, become single."""
    return text.replace("\r\n", "\n").strip() if isinstance(text, str) else text


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """The choices of a field, from (value, label) pairs; a value may be an enum's member."""
    return [SelectChoice(str(value), label) for value, label in pairs]


class LongSelect(Select):
    """A list of hundreds to choose from, whose options are written without the ceremony that each would cost."""

    @classmethod
    def render_option(cls, choice: Any, **_attributes: Any) -> Markup:  # type: ignore[override] # its types are of an earlier version
        """One option with its value and label, escaped."""
        chosen = " selected" if choice.selected else ""
        return Markup(f'<option{chosen} value="{escape(choice.value)}">{escape(choice.label)}</option>')  # noqa: S704 - both are escaped


class BaseForm(FlaskForm):
    """Every form of ours; text is stripped, errors come from the field, the rule or the service alike."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, StringField):
                options["filters"] = [strip, *options.get("filters", []), *unbound_field.kwargs.pop("filters", [])]
            field: Field = unbound_field.bind(form=form, **options)
            return field

    def add_error(self, field: str | None, sentence: str) -> None:
        """Put a service's refusal beside the field that it names, or on top of the form."""
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


def control_attributes(field: Field, described_by: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the macro `field` adds to a control: what describes it, and whether it has to be mended."""
    told = " ".join(f"{described_by} {given.get('aria_describedby', '')}".split())
    more: dict[str, Any] = {name: value for name, value in given.items() if name != "aria_describedby"}
    if told:
        more["aria-describedby"] = told
    if field.errors:
        more["aria-invalid"] = "true"
    if not field.flags.optional and field.flags.required and "Select" not in field.type:
        more["aria-required"] = "true"
    return more


class Counted:
    """Tells the macro that draws a field how many characters there may be; checks nothing, which is a rule's business."""

    def __init__(self, limit: int) -> None:
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: object, field: object) -> None:
        pass
