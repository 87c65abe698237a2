"""The words for what is decided."""

from flask_babel import gettext as _

from app.awards.standing import DecisionInput, Standing
from app.awards.states import Outcome
from app.web.filters import local


def outcome_label(outcome: Outcome) -> str:
    return {
        Outcome.SELECTED: _("Selected"),
        Outcome.RESERVE: _("Reserve"),
        Outcome.NOT_SELECTED: _("Not selected"),
    }[outcome]


def decision_words(standing: Standing, decision: DecisionInput | None) -> str:
    """A decision in one line, for two versions beside each other."""
    if decision is None:
        return ""
    prizes = {prize.prize_id: local(prize.title) for prize in standing.prizes}
    parts = [outcome_label(decision.outcome)]
    if decision.prize_id in prizes:
        parts.append(prizes[decision.prize_id])
    if decision.reserve_rank:
        parts.append(_("rank %(rank)s", rank=decision.reserve_rank))
    if decision.reason:
        parts.append(decision.reason)
    return " · ".join(parts)
