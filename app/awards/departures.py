"""Where a decision departs from the ranking, so that the minutes need a reason for it."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _

from app.awards.standing import DecisionInput, Decisions, Entry, Standing, ThemeStanding
from app.awards.states import Outcome


def find_departures(standing: Standing, decisions: Decisions) -> dict[UUID, str]:
    """Application id -> how its decision departs from what the ranking says. Undecided entries depart from nothing."""
    found: dict[UUID, str] = {}
    for theme in standing.themes:
        behind, free = _best_reserves_behind(theme, decisions), _free_places(theme, decisions)
        for entry in theme.ranked:
            decision = decisions.get(entry.application_id)
            if decision and (sentence := _departs(theme, entry, decision, behind.get(entry.place or 0), free=free)):
                found[entry.application_id] = sentence
    for entry, sentence in _prize_departures(standing, decisions):
        found.setdefault(entry.application_id, sentence)
    return found


def _departs(
    theme: ThemeStanding, entry: Entry, decision: DecisionInput, best_behind: int | None, *, free: bool
) -> str | None:
    if decision.outcome is Outcome.SELECTED:
        if not theme.is_within(entry) and not theme.is_tied_at_the_cut(entry):
            return _("Ranked %(place)s in the theme, behind its places, and selected.", place=entry.place)
        return None
    if theme.is_within(entry):
        return _("Ranked %(place)s in the theme, within its places, and not selected.", place=entry.place)
    if theme.is_tied_at_the_cut(entry) and free:
        return _("Tied for the theme's last place, which stays empty.")
    return _departs_as_reserve(decision, best_behind)


def _departs_as_reserve(decision: DecisionInput, best_behind: int | None) -> str | None:
    """How an entry behind the places departs in its theme's order of reserves."""
    if best_behind is None:
        return None
    if decision.outcome is Outcome.NOT_SELECTED:
        return _("Passed over: an entry that ranks behind it is a reserve.")
    if decision.reserve_rank is not None and best_behind <= decision.reserve_rank:
        return _("A reserve behind an entry that ranks behind it.")
    return None


def _best_reserves_behind(theme: ThemeStanding, decisions: Decisions) -> dict[int, int]:
    """Place -> the best reserve rank among the entries that rank behind it; a place without one is left out."""
    found: dict[int, int] = {}
    best: int | None = None
    for place, sharing in groupby(reversed(theme.ranked), key=lambda entry: entry.place or 0):
        if best is not None:
            found[place] = best
        reserves = [d for d in _decisions_on(sharing, decisions) if d.outcome is Outcome.RESERVE]
        ranks = [decision.reserve_rank or 1 for decision in reserves]
        best = min(ranks if best is None else [*ranks, best], default=None)
    return found


def _free_places(theme: ThemeStanding, decisions: Decisions) -> bool:
    return sum(d.outcome is Outcome.SELECTED for d in _decisions_on(theme.entries, decisions)) < theme.winners


def _decisions_on(entries: Iterable[Entry], decisions: Decisions) -> list[DecisionInput]:
    return [decisions[entry.application_id] for entry in entries if entry.application_id in decisions]


def _prize_departures(standing: Standing, decisions: Decisions) -> Iterable[tuple[Entry, str]]:
    """Selected entries whose prize is lower than that of one that ranks behind them, or beside them, over all."""
    lowest = len(standing.prizes)

    def height(entry: Entry) -> int:
        prize_id = decisions[entry.application_id].prize_id
        return lowest if prize_id is None else standing.prize_order.get(prize_id, lowest)

    selected = [
        e for e in standing.entries
        if e.rank is not None and e.application_id in decisions and decisions[e.application_id].outcome is Outcome.SELECTED
    ]  # fmt: skip
    for entry in selected:
        higher = [other for other in selected if height(other) < height(entry)]
        if any((other.rank or 0) > (entry.rank or 0) for other in higher):
            yield entry, _("An entry that ranks behind it over all has a higher prize.")
        elif any(other.rank == entry.rank for other in higher):
            yield entry, _("An entry that ranks the same over all has a higher prize.")
