"""Recording a conflict by hand."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from app.judging.states import ConflictKind
from app.web.forms import BaseForm, LongSelect, choices

KINDS = (
    (ConflictKind.DISQUALIFICATION.value, _l("Disqualification")),
    (ConflictKind.RECUSAL.value, _l("Recusal")),
)


class RecordForm(BaseForm):
    judge = SelectField(_l("Judge"), widget=LongSelect(), validate_choice=False)
    number = StringField(_l("Receipt number"))
    kind = SelectField(_l("Kind"), choices=choices(KINDS), validate_choice=False)
    reason = StringField(_l("Reason"), description=_l("It is kept in the record; the judge does not read it."))

    def offer(self, judges: Sequence[tuple[UUID, str]]) -> None:
        self.judge.choices = choices(judges)

    def chosen_kind(self) -> ConflictKind:
        """Recusal where it was chosen, else disqualification."""
        return ConflictKind.RECUSAL if self.kind.data == ConflictKind.RECUSAL.value else ConflictKind.DISQUALIFICATION
