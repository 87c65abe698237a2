"""What the organizer enters for the committee: bonus points, the chair's order, and why a sheet is reopened."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.web.forms import BaseForm, LongSelect, choices


class BonusForm(BaseForm):
    application = SelectField(
        _l("Application"), description=_l("Those on this page; search for another."), widget=LongSelect()
    )
    points = DecimalField(
        _l("Bonus points"),
        places=None,
        validators=[InputRequired(_l("Enter bonus points as a number, such as 3 or 1.5."))],
    )
    evidence = StringField(_l("Evidence"), description=_l("What proves it, such as a certificate with its number."))

    def offer(self, entries: Sequence[tuple[UUID, str]]) -> None:
        self.application.choices = choices(entries)

    def given_points(self) -> Decimal:
        value = self.points.data
        return value if isinstance(value, Decimal) and value.is_finite() else Decimal(-1)


class ChairForm(BaseForm):
    """The places of the tied entries come as place-ID beside these."""

    reason = TextAreaField(_l("Decision and reason"), description=_l("It stands in the minutes."))

    @staticmethod
    def order(posted: Any) -> list[UUID]:
        """Application ids by their places, first to last; empty where a place is missing, doubled or no number."""
        places: dict[int, UUID] = {}
        for name, text in posted.items():
            if not name.startswith("place-"):
                continue
            try:
                place, key = int(text), UUID(name.removeprefix("place-"))
            except ValueError:
                return []
            if place in places:
                return []
            places[place] = key
        return [places[place] for place in sorted(places)]


class ReopenForm(BaseForm):
    reason = TextAreaField(_l("Reason"), description=_l("The judge reads it, and it stays in the record."))
