"""What the published rule, its places and its prizes forbid, whoever decides: each answer is the sentence to show, or None."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.awards.standing import DecisionInput, Decisions, Entry, Standing, ThemeStanding
from app.awards.states import Outcome
from app.web.filters import local, score

REASON_LIMIT = 1000  # of one decision


def why_not_long(text: str, limit: int) -> str | None:
    if len(text.strip()) > limit:
        return _(
            "At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(text.strip()):,}"
        )
    return None


def why_not_outcome(standing: Standing, theme: ThemeStanding, entry: Entry, outcome: Outcome) -> str | None:
    """Why the published rule forbids `outcome` for `entry`, whatever is decided on the others."""
    if outcome is Outcome.NOT_SELECTED:
        return None
    if entry.mean is None:
        return _("No score sheet is signed for this entry.")
    if not entry.passes:
        return why_below_the_mark(standing, entry)
    return why_not_select(standing, theme, entry) if outcome is Outcome.SELECTED else None


def why_not_select(standing: Standing, theme: ThemeStanding, entry: Entry) -> str | None:
    """Why an entry that passes can get no place of its theme."""
    if not theme.winners:
        return _("This theme has no places.")
    if theme.is_tied_at_the_cut(entry):
        return why_tied(standing, theme, entry)
    return None


def why_below_the_mark(standing: Standing, entry: Entry) -> str:
    seen = entry.final if standing.pass_mark_sees_bonus else entry.mean
    if standing.pass_mark is None or seen is None or seen >= standing.pass_mark:
        return _("Does not pass.")
    missing = score(standing.pass_mark - seen)
    return _("%(missing)s points short of the pass mark of %(mark)s", missing=missing, mark=score(standing.pass_mark))


def why_tied(standing: Standing, theme: ThemeStanding, entry: Entry) -> str:
    others = theme.others_tied_with(entry)
    if standing.chair_decides:
        return ngettext(
            "Tied with %(num)d other entry for the last place. The chair settles the tie first.",
            "Tied with %(num)d other entries for the last place. The chair settles the tie first.",
            others,
        )
    return ngettext(
        "Tied with %(num)d other entry for the last place, and the published rule cannot part them.",
        "Tied with %(num)d other entries for the last place, and the published rule cannot part them.",
        others,
    )


def why_not_one_more(theme: ThemeStanding, selected: int) -> str | None:
    """Why the theme has no place for one more."""
    if theme.winners and selected >= theme.winners:
        return ngettext(
            "The theme's %(num)d place is taken. Take it back first.",
            "The theme's %(num)d places are taken. Take one back first.",
            theme.winners,
        )
    return None


def find_faults(standing: Standing, decisions: Decisions) -> dict[UUID, str]:
    """What the decisions break, by the application whose row shows it: the rule, places, prizes, reserve ranks."""
    faults: dict[UUID, str] = {}
    for application_id, decision in decisions.items():
        if application_id not in standing.by_application:
            faults[application_id] = _("This application is not among the eligible ones.")
            continue
        theme, entry = standing.by_application[application_id]
        if fault := why_not_outcome(standing, theme, entry, decision.outcome) or _misfit(standing, decision):
            faults[application_id] = fault
    for theme in standing.themes:
        for entry, fault in (*_too_many(theme, decisions), *_reserve_faults(theme, decisions)):
            faults.setdefault(entry.application_id, fault)
    for entry, fault in _too_many_prizes(standing, decisions):
        faults.setdefault(entry.application_id, fault)
    return faults


def _misfit(standing: Standing, decision: DecisionInput) -> str | None:
    if decision.prize_id is not None and decision.outcome is not Outcome.SELECTED:
        return _("Only a selected entry can have a prize.")
    if decision.prize_id is not None and decision.prize_id not in standing.prize_order:
        return _("The call has no such prize.")
    if decision.reserve_rank is not None and decision.outcome is not Outcome.RESERVE:
        return _("Only a reserve has a reserve rank.")
    return why_not_long(decision.reason, REASON_LIMIT)


def _with(outcome: Outcome, entries: Iterable[Entry], decisions: Decisions) -> list[Entry]:
    return [e for e in entries if (d := decisions.get(e.application_id)) is not None and d.outcome is outcome]


def _too_many(theme: ThemeStanding, decisions: Decisions) -> list[tuple[Entry, str]]:
    selected = _with(Outcome.SELECTED, theme.entries, decisions)
    if len(selected) <= theme.winners:
        return []
    fault = ngettext(
        "%(count)s entries are selected, but theme %(theme)s has %(num)d place.",
        "%(count)s entries are selected, but theme %(theme)s has %(num)d places.",
        theme.winners,
        count=len(selected),
        theme=theme.code,
    )
    return [(entry, fault) for entry in selected[theme.winners :]]


def _too_many_prizes(standing: Standing, decisions: Decisions) -> list[tuple[Entry, str]]:
    faults = []
    for prize in standing.prizes:
        given = [e for e in standing.entries if (d := decisions.get(e.application_id)) and d.prize_id == prize.prize_id]
        if len(given) > prize.count:
            fault = ngettext(
                "%(prize)s is given to %(count)s entries, but there is %(num)d.",
                "%(prize)s is given to %(count)s entries, but there are %(num)d.",
                prize.count,
                prize=local(prize.title),
                count=len(given),
            )
            faults += [(entry, fault) for entry in given[prize.count :]]
    return faults


def _reserve_faults(theme: ThemeStanding, decisions: Decisions) -> list[tuple[Entry, str]]:
    """Reserve ranks go 1, 2, 3; only entries that tie may share one, and then the next is skipped."""
    by_rank: dict[int, list[Entry]] = {}
    for entry in _with(Outcome.RESERVE, theme.entries, decisions):
        if (rank := decisions[entry.application_id].reserve_rank) is not None:
            by_rank.setdefault(rank, []).append(entry)
    faults: list[tuple[Entry, str]] = []
    before = 0
    for rank in sorted(by_rank):
        sharing = by_rank[rank]
        if len({entry.place for entry in sharing}) > 1:
            fault = _("Reserve rank %(rank)s is given twice in theme %(theme)s.", rank=rank, theme=theme.code)
            faults += [(entry, fault) for entry in sharing]
        elif rank != before + 1:
            fault = _(
                "Reserve ranks of theme %(theme)s go 1, 2, 3 without a gap; %(rank)s does not follow.",
                theme=theme.code,
                rank=rank,
            )
            faults += [(entry, fault) for entry in sharing]
        before += len(sharing)
    return faults
