"""Fields of the form builder that other forms do not have: exact numbers, and the rows of options and columns."""

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField

from app.challenges.form.answers import read_money, read_number
from app.challenges.forms.fields import RowForm


class ExactField(StringField):
    """A number of any size, kept exactly."""

    data: Any

    def read(self, text: str) -> Decimal | int | None:
        return read_number(text)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        value = self.read(text)
        if value is None:
            raise ValueError(_("Enter a number; “%(value)s” is not one.", value=text[:40]))
        self.data = Decimal(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"


class AmountField(ExactField):
    """An amount of won, also as 3,000만."""

    def read(self, text: str) -> Decimal | int | None:
        return read_money(text)


class OptionFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {}

    code = HiddenField()
    label_ko = StringField(_l("Option (Korean)"))
    label_en = StringField(_l("Option (English)"))


class ColumnFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"kind": "short_text"}

    code = HiddenField()
    label_ko = StringField(_l("Column (Korean)"))
    label_en = StringField(_l("Column (English)"))
    kind = SelectField(_l("Kind of answer"), validate_choice=False)
    required = BooleanField(_l("Has to be filled in every row"))
