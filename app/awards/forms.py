"""The forms of deciding and publishing."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.awards.labels import outcome_label
from app.awards.standing import DecisionInput, Decisions, Entry, Standing
from app.awards.states import Outcome
from app.challenges.forms.fields import MomentField
from app.web.filters import local
from app.web.forms import BaseForm, choices

PARTS = ("outcome", "prize", "reserve", "reason")


class ReasonForm(BaseForm):
    """Why the judging is opened again, or the published results are corrected."""

    reason = TextAreaField(_l("Reason"))


class PublishForm(BaseForm):
    """When everybody may read the results; empty means at once."""

    public_at = MomentField(_l("Public from"))


class DecisionForm(BaseForm):
    """All entries of a challenge, four fields each, named PART-APPLICATION; made by `decision_form`."""

    version = HiddenField()
    reason = TextAreaField(_l("Reason of the correction"))

    def part(self, name: str, application_id: UUID) -> Field:
        found: Field = self._fields[f"{name}-{application_id}"]
        return found

    def read_version(self) -> int:
        """The version that the page was loaded with; one that no save ever had where the field makes no sense."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def read(self, standing: Standing) -> dict[UUID, DecisionInput | None]:
        """What the page decides on each entry; None for those left undecided.

        A prize or a reserve rank that belongs to another outcome than the one chosen is what the page hides, and no mistake.
        """
        return {entry.application_id: self._read(entry) for entry in standing.entries}

    def _read(self, entry: Entry) -> DecisionInput | None:
        outcome, prize, reserve, reason = (self.part(name, entry.application_id).data for name in PARTS)
        if not outcome:
            return None
        chosen = Outcome(outcome)
        return DecisionInput(
            chosen,
            prize_id=UUID(prize) if prize and chosen is Outcome.SELECTED else None,
            reserve_rank=reserve if chosen is Outcome.RESERVE else None,
            reason=reason or "",
        )

    def fill(self, decisions: Decisions, version: int) -> None:
        """Show what is saved."""
        self.version.data = str(version)
        for application_id, decision in decisions.items():
            if f"outcome-{application_id}" not in self._fields:
                continue
            values = (decision.outcome.value, str(decision.prize_id or ""), decision.reserve_rank, decision.reason)
            for name, value in zip(PARTS, values, strict=True):
                self.part(name, application_id).data = value


def decision_form(standing: Standing) -> DecisionForm:
    """The form for these entries, filled from the request where one posts it."""
    outcomes = [(outcome.value, outcome_label(outcome)) for outcome in Outcome]
    prizes = [("", _("No prize")), *((str(prize.prize_id), local(prize.title)) for prize in standing.prizes)]
    fields: dict[str, object] = {}
    for entry in standing.entries:
        key, name = entry.application_id, local(entry.startup)
        fields[f"outcome-{key}"] = RadioField(name, choices=choices(outcomes), validators=[Optional()])
        fields[f"prize-{key}"] = SelectField(
            _("Prize of %(name)s", name=name), choices=choices(prizes), validators=[Optional()]
        )
        fields[f"reserve-{key}"] = IntegerField(_("Reserve rank of %(name)s", name=name), validators=[Optional()])
        fields[f"reason-{key}"] = StringField(_("Reason for %(name)s", name=name), validators=[Optional()])
    form_class: type[DecisionForm] = type("EntriesForm", (DecisionForm,), fields)
    return form_class()
