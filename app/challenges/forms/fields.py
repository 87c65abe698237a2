"""Fields of the call's editor: empty is allowed wherever a draft may be half done, and each refusal names what was typed."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from wtforms import DateField, DateTimeLocalField, Form, IntegerField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.web.forms import BaseForm

MOMENT = "%Y-%m-%dT%H:%M"
MOST_DIGITS = 15


class RowForm(Form):
    """One row of a list within a form; its texts are stripped like those of every form."""

    Meta = BaseForm.Meta
    NEW: ClassVar[dict[str, Any]] = {}  # what a new row begins with

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class MomentField(DateTimeLocalField):
    """A day and a time without a zone; the challenge's is meant."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, format=[MOMENT, "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        for shape in (MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"):
            try:
                self.data = datetime.strptime(text, shape)  # noqa: DTZ007 - the zone is the challenge's, set by the form
            except ValueError:
                continue
            if 2000 <= self.data.year <= 2100:
                return
        self.data = None
        raise ValueError(
            _("Enter a day and a time, such as 2022-09-23 17:00; “%(value)s” is not one.", value=text[:40])
        )


class DayField(DateField):
    """A day."""

    first_year = 2000

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            day = None
        if day is None or not self.first_year <= day.year <= 2100:
            raise ValueError(_("Enter a day, such as 2022-09-23; “%(value)s” is not one.", value=text[:40]))
        self.data = day


class WholeField(IntegerField):
    """A whole number, with or without thousands separators."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()) or len(text) > MOST_DIGITS:
            raise ValueError(_("Enter a whole number; “%(value)s” is not one.", value=text[:40]))
        self.data = int(text)


class PointsField(StringField):
    """A decimal number with at most two places."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        sensible = value.is_finite() and len(text) <= MOST_DIGITS and -(10**MOST_DIGITS) < value < 10**MOST_DIGITS
        if not sensible or value != round(value, 2):
            raise ValueError(
                _("Enter a number with at most two decimal places; “%(value)s” is not one.", value=text[:40])
            )
        self.data = value

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data).normalize():f}"


class ChoiceSelectField(SelectField):
    """One of several; what is none of them is refused with a sentence of ours."""

    def pre_validate(self, form: Any) -> None:
        del form
        if self.data not in {choice[0] for choice in self.iter_choices()}:
            raise ValidationError(_("Choose one of the list."))


def required(field: Field, sentence: str) -> bool:
    """Whether the field holds something; says `sentence` beside it where it does not."""
    if field.data in (None, "") and not field.errors:
        field.errors = [*field.errors, sentence]
        return False
    return not field.errors
