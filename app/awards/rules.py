"""Who may decide and publish, when, and what the published rule forbids: each answer is the sentence to show, or None."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.awards.departures import find_departures
from app.awards.standing import DecisionInput, Decisions, Entry, Standing, ThemeStanding
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.web.filters import current_language, score

REASON_LIMIT = 1000  # of one decision
CHANGE_REASON_LIMIT = 500  # of reopening the judging, or of correcting what was published
PUBLISHED = frozenset({ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED})


def _local(text: Bilingual) -> str:
    return text.in_language(current_language())


def are_results_public(challenge: Challenge) -> bool:
    return challenge.state in PUBLISHED


def why_not_organize(challenge: Challenge, actor: User | None) -> str | None:
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    return None


def why_not_decide(challenge: Challenge, actor: User | None) -> str | None:
    """Why no decision can be written down now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published. Only a correction with a reason can change them.")
    if challenge.state is ChallengeState.DECIDED:
        return _("The decision is confirmed. Reopen the judging to change it.")
    if challenge.state is not ChallengeState.JUDGING:
        return _("Decisions are made while the challenge is being judged.")
    return None


def why_not_reason(reason: str, limit: int = CHANGE_REASON_LIMIT) -> str | None:
    if not reason.strip():
        return _("Give a reason; it is kept in the record.")
    return why_not_long(reason, limit)


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
    others = len(theme.tied_with(entry))
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
                prize=_local(prize.title),
                count=len(given),
            )
            faults += [(entry, fault) for entry in given[prize.count :]]
    return faults


def _reserve_faults(theme: ThemeStanding, decisions: Decisions) -> list[tuple[Entry, str]]:
    """Reserve ranks go 1, 2, 3; only entries that tie may share one, and then the next is skipped."""
    ranks = {e: decisions[e.application_id].reserve_rank for e in _with(Outcome.RESERVE, theme.entries, decisions)}
    known = [rank for rank in ranks.values() if rank is not None]
    counted, faults = Counter(known), []
    for entry, rank in ranks.items():
        if rank is None:
            continue
        sharing = [other for other, its in ranks.items() if its == rank and other is not entry]
        if any(other.place != entry.place for other in sharing):
            faults.append(
                (entry, _("Reserve rank %(rank)s is given twice in theme %(theme)s.", rank=rank, theme=theme.code))
            )
        elif rank < 1 or rank != 1 + sum(count for lower, count in counted.items() if lower < rank):
            faults.append(
                (
                    entry,
                    _(
                        "Reserve ranks of theme %(theme)s go 1, 2, 3 without a gap; %(rank)s does not follow.",
                        theme=theme.code,
                        rank=rank,
                    ),
                )
            )
    return faults


@dataclass(frozen=True)
class Hindrance:
    """One thing that is in the way of confirming; it stands in the row of `application_id`, if in any."""

    sentence: str
    application_id: UUID | None = None


def find_hindrances(standing: Standing, decisions: Decisions) -> list[Hindrance]:
    """All that is in the way of confirming, in the order in which it is best settled."""
    found: list[Hindrance] = []
    if standing.open_sheets:
        count = standing.open_sheets
        found.append(
            Hindrance(
                ngettext("%(num)d score sheet is not signed yet.", "%(num)d score sheets are not signed yet.", count)
            )
        )
    if standing.chair_decides:
        found += [Hindrance(sentence, entry.application_id) for entry, sentence in _open_ties(standing)]
    undecided = [entry for entry in standing.entries if entry.application_id not in decisions]
    if undecided:
        sentence = ngettext(
            "%(num)d entry has no decision yet.", "%(num)d entries have no decision yet.", len(undecided)
        )
        found.append(Hindrance(sentence, undecided[0].application_id))
    return found + find_weaknesses(standing, decisions)


def _open_ties(standing: Standing) -> list[tuple[Entry, str]]:
    """The first entry of each tie at a theme's cut, with the sentence on it."""
    found = []
    for theme in standing.themes:
        if tied := [entry for entry in theme.ranked if theme.is_tied_at_the_cut(entry)]:
            sentence = _(
                "%(count)s entries tie for the last place of theme %(theme)s. The chair settles the tie first.",
                count=len(tied),
                theme=theme.code,
            )
            found.append((tied[0], sentence))
    return found


def find_weaknesses(standing: Standing, decisions: Decisions) -> list[Hindrance]:
    """Where decisions break a rule, or depart from the ranking without a reason."""
    faults = find_faults(standing, decisions)
    found = [Hindrance(f"{_name(standing, i)}: {fault}", i) for i, fault in faults.items()]
    for application_id in find_departures(standing, decisions):
        if application_id not in faults and not decisions[application_id].reason.strip():
            name = _name(standing, application_id)
            found.append(
                Hindrance(_("%(entry)s departs from the ranking without a reason.", entry=name), application_id)
            )
    return found


def why_not_confirm(challenge: Challenge, standing: Standing, decisions: Decisions, actor: User | None) -> str | None:
    """Why the decision cannot be confirmed as it is saved; the first thing that is in the way."""
    if reason := why_not_decide(challenge, actor):
        return reason
    return _first(find_hindrances(standing, decisions))


def why_not_stand(standing: Standing, decisions: Decisions) -> str | None:
    """Why complete decisions cannot stand."""
    return _first(find_weaknesses(standing, decisions))


def _first(hindrances: list[Hindrance]) -> str | None:
    if not hindrances:
        return None
    if len(hindrances) == 1:
        return hindrances[0].sentence
    return ngettext(
        "%(first)s And %(num)d thing more is in the way.",
        "%(first)s And %(num)d things more are in the way.",
        len(hindrances) - 1,
        first=hindrances[0].sentence,
    )


def _name(standing: Standing, application_id: UUID) -> str:
    known = standing.by_application.get(application_id)
    return _local(known[1].startup) if known else str(application_id)


def why_not_reopen_judging(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published; the judging cannot be opened again.")
    if challenge.state is not ChallengeState.DECIDED:
        return _("There is no confirmed decision to take back.")
    return None


def why_not_publish(challenge: Challenge, actor: User | None) -> str | None:
    """Why results cannot be published now; published ones are none to publish again."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in PUBLISHED:
        return _("The results are published already.")
    if challenge.state is not ChallengeState.DECIDED:
        return _("Confirm the decision first; then the results can be published.")
    return None


def why_not_correct(challenge: Challenge, actor: User | None) -> str | None:
    """Why what was published cannot be corrected."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is ChallengeState.ARCHIVED:
        return _("The challenge is archived; its results stay as they are.")
    if challenge.state is not ChallengeState.RESULTS_OUT:
        return _("No results are published yet, so there is nothing to correct.")
    return None
