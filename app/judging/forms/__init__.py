"""The forms of judging."""

from app.judging.forms.committee import BonusForm, ChairForm, ReopenForm
from app.judging.forms.conflicts import conflicts_form
from app.judging.forms.panel import AnswerAsNewForm, AnswerForm, InviteForm
from app.judging.forms.sheet import RecuseForm, SheetForm, sheet_form
from app.judging.forms.signing import SignAllForm

__all__ = [
    "AnswerAsNewForm",
    "AnswerForm",
    "BonusForm",
    "ChairForm",
    "InviteForm",
    "RecuseForm",
    "ReopenForm",
    "SheetForm",
    "SignAllForm",
    "conflicts_form",
    "sheet_form",
]
