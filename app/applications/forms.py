"""The fields of an application's own pages: whom to write to, how to begin, and the organizer's check."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.forms.people import email_field
from app.applications.labels import right_labels
from app.applications.models import Application
from app.applications.rules.completeness import CONTACT_LIMITS
from app.applications.services.save_draft import DraftInput
from app.applications.writing.states import Right
from app.challenges.form.answers import clean
from app.web.forms import BaseForm, choices


class ContactForm(BaseForm):
    """The first page of an application; whatever is typed can be saved, so nothing is validated here."""

    contact_name = StringField(_l("Contact person"))
    contact_email = StringField(
        _l("E-mail"), description=_l("Mails about this application go here, and to the startup's own people.")
    )
    contact_phone = StringField(_l("Telephone"))

    def draft(self, tab: str | None, bases: Mapping[str, str] | None) -> DraftInput:
        name, email, phone = self.texts().values()
        return DraftInput(contact_name=name, contact_email=email, contact_phone=phone, tab=tab, bases=bases)

    def texts(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: clean(str(self._fields[name].data or "")) for name in CONTACT_LIMITS}


def contact_values(application: Application) -> dict[str, str]:
    """What stands, under the names of the fields."""
    return {name: getattr(application, name) for name in CONTACT_LIMITS}


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


class MessageForm(BaseForm):
    """A message to a group of applicants; what may stand in it is the service's business."""

    states = SelectMultipleField(
        _l("To applications that are"), description=_l("Nothing chosen: to all that were handed in and not withdrawn."), validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[], validators=[Optional()],
    )  # fmt: skip
    theme = SelectField(_l("Theme"), validate_choice=False, choices=[])
    subject_ko = StringField(_l("Subject (Korean)"))
    body_ko = TextAreaField(_l("Mail text (Korean)"))
    subject_en = StringField(_l("Subject (English)"))
    body_en = TextAreaField(_l("Mail text (English)"))
