"""The fields of an application's form, made from the call's own questions, and the organizer's check."""

from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.forms.people import email_field
from app.applications.labels import right_labels
from app.applications.models import Application
from app.applications.rules import Section
from app.applications.rules.completeness import CONTACT_LIMITS, contact_labels
from app.applications.services.save_draft import DraftInput, clean
from app.applications.writing.states import Right
from app.challenges.models import Challenge, Question, QuestionKind
from app.web.filters import local
from app.web.forms import BaseForm, choices


class DraftForm(BaseForm):
    """The typed fields of one section; whatever is typed can be saved, so nothing is validated here."""

    def draft(self, tab: str | None) -> DraftInput:
        values = {name: str(field.data or "") for name, field in self._fields.items()}
        answers = {n.removeprefix("answer-"): v for n, v in values.items() if n.startswith("answer-")}
        return DraftInput(
            contact_name=values.get("contact_name"),
            contact_email=values.get("contact_email"),
            contact_phone=values.get("contact_phone"),
            answers=answers,
            tab=tab,
        )

    def texts(self) -> dict[str, str]:
        """What the form holds, by label, to be shown beside another version."""
        return {f.label.text: shown(f, str(f.data or "")) for n, f in self._fields.items() if n != "csrf_token"}


def shown(field: Field, text: str) -> str:
    """An answer in words."""
    words = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or []}
    return words.get(text, text)


def draft_values(application: Application) -> dict[str, str]:
    """What stands, under the names of the fields."""
    contact = {name: getattr(application, name) for name in CONTACT_LIMITS}
    return contact | {f"answer-{code}": str(answer or "") for code, answer in application.answers.items()}


def draft_form(application: Application, section: Section, *, posted: bool) -> DraftForm:
    """The form of one section; with what was posted, or with what stands."""
    fields = _contact_fields() if section is Section.CONTACT else _question_fields(application.challenge)
    form_class = cast("Any", type("SectionForm", (DraftForm,), fields))
    form: DraftForm = form_class() if posted else form_class(formdata=None, data=draft_values(application))
    return form


def _contact_fields() -> dict[str, Any]:
    labels = contact_labels()
    hints = {"contact_email": _l("Mails about this application go here, and to the startup's own people.")}
    return {
        name: StringField(label, description=hints.get(name, ""), filters=[_tidy]) for name, label in labels.items()
    }


def _tidy(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _question_fields(challenge: Challenge) -> dict[str, Any]:
    return {f"answer-{question.code}": _question_field(question) for question in challenge.questions}


def _question_field(question: Question) -> Any:
    label, hint = local(question.label), local(question.hint)
    flags: dict[str, Any] = {"optional": True} if not question.required else {}
    if question.limit and question.kind in (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT):
        flags["maxlength"] = question.limit
    validators = [_Flags(flags)]
    if question.kind is QuestionKind.YES_NO:
        answers = choices([("yes", _l("Yes")), ("no", _l("No"))])
        return RadioField(label, description=hint, choices=answers, validate_choice=False, validators=validators)
    kind = TextAreaField if question.kind is QuestionKind.LONG_TEXT else StringField
    return kind(label, description=hint, filters=[_tidy], validators=validators)


class _Flags:
    """Carries a field's flags to the macro that draws it; checks nothing."""

    def __init__(self, flags: dict[str, Any]) -> None:
        self.field_flags = flags

    def __call__(self, form: object, field: object) -> None:
        pass


class CoWriterForm(BaseForm):
    email = email_field()
    right = SelectField(_l("May"), validate_choice=False, default=Right.EDIT.value)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.right.choices = choices((right.value, label) for right, label in right_labels().items())


class StartForm(BaseForm):
    theme = RadioField(_l("Theme"), validate_choice=False)
    startup = RadioField(_l("Startup"), validate_choice=False)


class BulkForm(BaseForm):
    """What a decision on many says to each of them; whether it will do is the rule's business."""

    reason = TextAreaField(_l("Reason"), description=_l("Every one of these applicants reads it."))
    due_at = DateTimeLocalField(
        _l("Correction until"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_l("The last minute in which the corrections are taken."),
    )  # fmt: skip


class CheckForm(BaseForm):
    """The organizer's eligibility check; what it asks for depends on the outcome, and is the rule's business."""

    outcome = RadioField(_l("Outcome"), validate_choice=False)
    reason = TextAreaField(
        _l("Reason"), description=_l("For ineligible, or for a correction: what is wrong. The applicant reads it.")
    )
    due_at = DateTimeLocalField(
        _l("Correction until"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_l("Only for a correction: the last minute in which it is taken."),
    )  # fmt: skip
    seen_submission = IntegerField()
    seen_checks = IntegerField()


class ExceptionForm(BaseForm):
    """An exception from the rules of eligibility; what is wrong with one is the rule's business."""

    startup = StringField(
        _l("Startup"),
        description=_l("Its business registration number, or its name exactly as it is registered here."),
    )
    rules = SelectMultipleField(
        _l("Rules that do not hold for it"), validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    reason = TextAreaField(
        _l("Reason"), description=_l("Kept in the trail and read by the staff; the startup is not shown it.")
    )
