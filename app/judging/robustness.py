"""Would another panel, other weights or another rule have given the prizes to others?

Pure functions over the official rule: the ranking is made again without each judge in turn (the jackknife of Tukey, 1958), with
each criterion's weight a tenth up and down, and by each other aggregate. Nothing here changes a result; it tells a committee how
much hangs on a single decision.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from app.judging.official import Entry, Rule, rank_entries

Key = TypeVar("Key", bound=Hashable)
Kind = Literal["judge", "weight", "aggregate"]
AGGREGATES: tuple[Literal["mean", "trimmed_mean", "median"], ...] = ("mean", "trimmed_mean", "median")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class JudgedEntry(Generic[Key]):
    """An entry with its signed sheets by judge (judge -> criterion code -> score), its theme and its bonus points."""

    key: Key
    sheets: Mapping[Hashable, Mapping[str, Decimal]]
    group: Hashable = None
    bonus: Decimal = Decimal(0)


@dataclass(frozen=True)
class Variation(Generic[Key]):
    """One thing done otherwise, and what would come of it.

    `name` is the judge, the criterion or the aggregate; `change` the share by which a weight is moved, else None. `gains` and
    `loses` are the entries that would enter or leave the winning places; a tie across the last place counts for all in it.
    """

    kind: Kind
    name: Hashable
    change: Decimal | None
    gains: tuple[Key, ...]
    loses: tuple[Key, ...]

    @property
    def changes_a_prize(self) -> bool:
        return bool(self.gains or self.loses)


def variations(
    entries: Sequence[JudgedEntry[Key]], rule: Rule, places: Mapping[Hashable, int], *, step: Decimal = TENTH
) -> list[Variation[Key]]:
    """All variations of the ranking of `entries` by `rule`, in a fixed order: judges, weights, aggregates.

    `places` are the winning places of each group (theme); the pass mark stays what it is. A weight that is moved by `step` moves
    the totals; they are not scaled back, but all entries' move alike and the pass mark with them.
    """
    official = winners(entries, rule, places)

    def varied(kind: Kind, name: Hashable, change: Decimal | None, found: set[Key]) -> Variation[Key]:
        in_order = [entry.key for entry in entries]
        return Variation(
            kind, name, change,
            tuple(key for key in in_order if key in found - official), tuple(key for key in in_order if key in official - found),
        )  # fmt: skip

    judges = dict.fromkeys(judge for entry in entries for judge in entry.sheets)
    told = [varied("judge", judge, None, winners(_without(entries, judge), rule, places)) for judge in judges]
    told += [
        varied("weight", code, change, winners(*_weighted(entries, rule, code, change), places))
        for code in rule.criteria
        for change in (step, -step)
    ]
    told += [
        varied("aggregate", other, None, winners(entries, replace(rule, aggregate=other), places))
        for other in AGGREGATES
        if other != rule.aggregate
    ]
    return told


def winners(entries: Iterable[JudgedEntry[Key]], rule: Rule, places: Mapping[Hashable, int]) -> set[Key]:
    """The entries within the places of their group, all of those who share the last one included."""
    given = [Entry(one.key, tuple(one.sheets.values()), group=one.group, bonus=one.bonus) for one in entries]
    ranked = rank_entries(given, rule).entries
    return {one.key for one in ranked if one.group_rank is not None and one.group_rank <= places.get(one.group, 0)}


def _without(entries: Iterable[JudgedEntry[Key]], judge: Hashable) -> list[JudgedEntry[Key]]:
    return [
        replace(entry, sheets={who: scores for who, scores in entry.sheets.items() if who != judge})
        for entry in entries
    ]


def _weighted(
    entries: Sequence[JudgedEntry[Key]], rule: Rule, code: str, change: Decimal
) -> tuple[list[JudgedEntry[Key]], Rule]:
    """All scores of one criterion moved by a share, and the pass mark by what that is of an average total."""
    factor = 1 + change

    def moved(scores: Mapping[str, Decimal]) -> dict[str, Decimal]:
        return {name: score * factor if name == code else score for name, score in scores.items()}

    heavier = [replace(entry, sheets={who: moved(scores) for who, scores in entry.sheets.items()}) for entry in entries]
    sheets = [scores for entry in entries for scores in entry.sheets.values()]
    total = sum((sum(scores.values(), Decimal(0)) for scores in sheets), Decimal(0))
    if rule.pass_mark is None or not total:
        return heavier, rule
    share = sum((scores.get(code, Decimal(0)) for scores in sheets), Decimal(0)) / total
    return heavier, replace(rule, pass_mark=rule.pass_mark * (1 + change * share))
