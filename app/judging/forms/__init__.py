"""The forms of judging."""

from app.judging.forms.committee import BonusForm, ChairForm, ReopenForm
from app.judging.forms.conflicts import conflicts_form
from app.judging.forms.panel import AnswerForm, InviteForm
from app.judging.forms.sheet import RecuseForm, SheetForm, sheet_form

__all__ = [
    "AnswerForm",
    "BonusForm",
    "ChairForm",
    "InviteForm",
    "RecuseForm",
    "ReopenForm",
    "SheetForm",
    "conflicts_form",
    "sheet_form",
]
