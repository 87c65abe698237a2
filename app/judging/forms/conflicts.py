"""The declaration of conflicts: for each applicant none or a kind with its reason, and the word that all were gone through."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from app.judging import rules
from app.judging.queries.desk import DeclarableRow
from app.judging.states import ConflictKind
from app.web.forms import BaseForm, choices

# An objection (기피) is the applicant's to raise, so a judge declares only the other two kinds.
CHOICES = (
    ("", _l("None")),
    (ConflictKind.DISQUALIFICATION.value, _l("Disqualification: I, a relative or my employer is involved")),
    (ConflictKind.RECUSAL.value, _l("Recusal: I step back of my own accord")),
)


class ConflictsForm(BaseForm):
    """Use `conflicts_form`, which adds the fields of the applicants: kind-ID and reason-ID."""

    confirm = BooleanField(
        _l("I have gone through all applicants. Beside what I declare here I know of no conflict of interest."),
        validators=[InputRequired(_l("Confirm that you have gone through all applicants."))],
    )
    rows: Sequence[DeclarableRow]

    def conflicts(self) -> dict[UUID, tuple[ConflictKind, str]]:
        """Application id -> (kind, reason) where a kind is chosen; what lacks its half becomes an error of its field."""
        found: dict[UUID, tuple[ConflictKind, str]] = {}
        for row in self.rows:
            kind = self._fields[f"kind-{row.application_id}"].data
            reason = self._fields[f"reason-{row.application_id}"].data or ""
            if kind and (refusal := rules.why_not_reason(reason)):
                self.add_error(f"reason-{row.application_id}", refusal)
            elif reason and not kind:
                self.add_error(f"kind-{row.application_id}", _("Choose which kind of conflict this is."))
            elif kind:
                found[row.application_id] = (ConflictKind(kind), reason)
        return found


def conflicts_form(rows: Sequence[DeclarableRow]) -> ConflictsForm:
    fields: dict[str, Any] = {"rows": rows}
    for row in rows:
        name = rules.local_text(row.company)
        fields[f"kind-{row.application_id}"] = SelectField(
            _l("Conflict with %(name)s", name=name), choices=choices(CHOICES), default=""
        )
        fields[f"reason-{row.application_id}"] = StringField(_l("Reason of the conflict with %(name)s", name=name))
    kind = type("DeclarationForm", (ConflictsForm,), fields)
    form: ConflictsForm = kind()
    return form
