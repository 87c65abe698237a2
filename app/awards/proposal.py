"""The decision that the ranking itself makes, for the committee to start from."""

from itertools import groupby
from uuid import UUID

from app.awards.standing import DecisionInput, Entry, Standing, ThemeStanding
from app.awards.states import Outcome


def propose(standing: Standing) -> dict[UUID, DecisionInput]:
    """Fill each theme's places by its ranking, then give the prizes in the order of the overall rank.

    Where a tie reaches over a theme's last place, it and all behind it stay undecided; where entries tie for different
    prizes, theirs stay open. Nothing is ever decided by the order of receipt.
    """
    proposed: dict[UUID, DecisionInput] = {}
    for theme in standing.themes:
        proposed |= _propose_theme(theme)
    selected = [entry for entry in standing.entries if _is_selected(proposed, entry)]
    for application_id, prize_id in _propose_prizes(standing, selected).items():
        proposed[application_id] = DecisionInput(Outcome.SELECTED, prize_id=prize_id)
    return proposed


def _is_selected(proposed: dict[UUID, DecisionInput], entry: Entry) -> bool:
    decision = proposed.get(entry.application_id)
    return decision is not None and decision.outcome is Outcome.SELECTED


def _propose_theme(theme: ThemeStanding) -> dict[UUID, DecisionInput]:
    proposed = {
        entry.application_id: DecisionInput(Outcome.NOT_SELECTED) for entry in theme.entries if not entry.is_ranked
    }
    if any(theme.is_tied_at_the_cut(entry) for entry in theme.ranked):
        within = [entry for entry in theme.ranked if theme.is_within(entry)]
        return proposed | {entry.application_id: DecisionInput(Outcome.SELECTED) for entry in within}
    for entry in theme.ranked:
        if theme.is_within(entry):
            proposed[entry.application_id] = DecisionInput(Outcome.SELECTED)
        else:
            reserve_rank = (entry.place or 0) - theme.winners
            proposed[entry.application_id] = DecisionInput(Outcome.RESERVE, reserve_rank=reserve_rank)
    return proposed


def _propose_prizes(standing: Standing, selected: list[Entry]) -> dict[UUID, UUID]:
    """Application id -> prize id. Entries that tie get a prize only where it is the same for all of them."""
    places = [prize.prize_id for prize in standing.prizes for _ in range(prize.count)]
    given: dict[UUID, UUID] = {}
    ordered = sorted((entry for entry in selected if entry.rank is not None), key=lambda entry: entry.rank or 0)
    for _rank, tied in groupby(ordered, key=lambda entry: entry.rank):
        group = list(tied)
        taken, places = places[: len(group)], places[len(group) :]
        if len(taken) == len(group) and len(set(taken)) == 1:
            given |= {entry.application_id: taken[0] for entry in group}
    return given
