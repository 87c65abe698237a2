"""The official score and rank: the published rule, applied exactly.

Plain data in, plain data out; no tables, no clock, no language. All arithmetic is decimal. A mean is kept as a sum and a
count until it is rounded, half up, once, at the published precision (domain rules 1 to 5).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from math import lcm
from typing import Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
CHAIR = "chair"  # the last link of a tie-break chain, where the rule leaves ties to the chair
ZERO = Decimal(0)
_DIGITS = 60  # enough that no sum of scores is ever rounded on the way


@dataclass(frozen=True)
class Rule:
    """A round's scoring rule as the call publishes it. `criteria` are codes in the order of the rubric."""

    criteria: tuple[str, ...]
    aggregate: Literal["mean", "trimmed_mean", "median"] = "trimmed_mean"
    trim: Literal["totals", "criteria"] = "totals"
    trim_floor: int = 4  # below so many sheets nothing is trimmed
    decimals: int = 2
    bonus_cap: Decimal = ZERO
    pass_mark: Decimal | None = None
    pass_mark_sees_bonus: bool = False
    tie_break: tuple[str, ...] = ()  # criterion codes, then perhaps CHAIR


@dataclass(frozen=True)
class Entry(Generic[Key]):
    """What is known of one entry: its signed sheets (criterion code -> score), its bonus points, and how many sheets are due."""

    key: Key
    sheets: tuple[Mapping[str, Decimal], ...]
    group: Hashable = None  # the theme, within which it is ranked as well
    bonus: Decimal = ZERO
    expected: int = 0


@dataclass(frozen=True)
class Ratio:
    """An exact mean, before rounding: `total` / `count`."""

    total: Decimal
    count: int
    trimmed: bool = False

    def rounded(self, decimals: int) -> Decimal:
        """Half up at `decimals` places, in one step."""
        with localcontext(prec=_DIGITS):
            doubled, remainder = divmod(self.total.scaleb(decimals) * 2 + self.count, Decimal(2 * self.count))
            if remainder < 0:  # division truncates towards nought; a floor is wanted below it
                doubled -= 1
            return doubled.scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals))

    def plus(self, amount: Decimal) -> "Ratio":
        with localcontext(prec=_DIGITS):
            return replace(self, total=self.total + amount * self.count)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return Ratio(value, 1).rounded(decimals)


def aggregated(values: Sequence[Decimal], rule: Rule) -> Ratio | None:
    """The rule's mean, trimmed mean or median of `values`; None where there are none, which is not nought."""
    if not values:
        return None
    with localcontext(prec=_DIGITS):
        ordered = sorted(values)
        n = len(ordered)
        if rule.aggregate == "median":
            return Ratio(ordered[(n - 1) // 2] + ordered[n // 2], 2)
        total = sum(ordered, ZERO)
        if rule.aggregate == "trimmed_mean" and trims(n, rule):
            return Ratio(total - ordered[0] - ordered[-1], n - 2, trimmed=True)
        return Ratio(total, n)


def trims(sheets: int, rule: Rule) -> bool:
    """Whether so many sheets lose their highest and lowest; one is left at least, whatever the floor says."""
    return rule.aggregate == "trimmed_mean" and sheets >= max(rule.trim_floor, 3)


def complete(sheet: Mapping[str, Decimal], rule: Rule) -> bool:
    """Whether every criterion has its score; a sheet that is not complete has no total."""
    return all(code in sheet for code in rule.criteria)


def totals(sheets: Iterable[Mapping[str, Decimal]], rule: Rule) -> list[Decimal]:
    """The totals of the complete sheets."""
    return [sum((sheet[code] for code in rule.criteria), ZERO) for sheet in sheets if complete(sheet, rule)]


def criterion_aggregate(sheets: Iterable[Mapping[str, Decimal]], code: str, rule: Rule) -> Ratio | None:
    """One criterion's own aggregate by the rule, trimmed by itself; missing scores are left out, never nought."""
    return aggregated([sheet[code] for sheet in sheets if code in sheet], rule)


def entry_mean(sheets: Sequence[Mapping[str, Decimal]], rule: Rule) -> Ratio | None:
    """The entry's aggregate before bonus: over totals, or summed from each criterion's own where the rule trims those."""
    if rule.aggregate != "trimmed_mean" or rule.trim == "totals":
        return aggregated(totals(sheets, rule), rule)
    parts = [criterion_aggregate(sheets, code, rule) for code in rule.criteria]
    if not parts or any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    common = lcm(*(part.count for part in known))
    with localcontext(prec=_DIGITS):
        total = sum((part.total * (common // part.count) for part in known), ZERO)
    return Ratio(total, common, trimmed=any(part.trimmed for part in known))


@dataclass(frozen=True)
class TieStep(Generic[Key]):
    """One link of the chain: the value of each entry that was still tied when it came to it, and whether it parted any.

    `criterion` is a code, or CHAIR; for the chair the values are places (1 = first), None where nothing is recorded.
    """

    criterion: str
    values: tuple[tuple[Key, Decimal | None], ...]
    decided: bool


@dataclass(frozen=True)
class Tie(Generic[Key]):
    """Entries with one published value, in the order that the chain gave them; `settled` when no two share a rank."""

    value: Decimal
    keys: tuple[Key, ...]
    steps: tuple[TieStep[Key], ...]
    settled: bool


@dataclass(frozen=True)
class Placed(Generic[Key]):
    """One entry's official result. Rounded values are published ones; None says that there is none, never nought.

    `sheets` were counted out of `expected`; while some are missing the rank is `provisional`. `passes` is None without a
    mean. `rank` and `group_rank` are None below the pass mark and without a mean.
    """

    key: Key
    group: Hashable
    sheets: int
    expected: int
    lowest: Decimal | None
    highest: Decimal | None
    trimmed: bool
    mean: Decimal | None
    bonus: Decimal
    final: Decimal | None
    passes: bool | None
    rank: int | None = None
    group_rank: int | None = None
    tie: Tie[Key] | None = None
    group_tie: Tie[Key] | None = None

    @property
    def provisional(self) -> bool:
        return self.sheets < self.expected


def score_entry(entry: Entry[Key], rule: Rule) -> Placed[Key]:
    """The entry's mean, bonus, final score and whether it passes; without a rank."""
    counted = totals(entry.sheets, rule)
    mean = entry_mean(entry.sheets, rule)
    bonus = min(max(entry.bonus, ZERO), rule.bonus_cap)
    published = mean.rounded(rule.decimals) if mean else None
    final = mean.plus(bonus).rounded(rule.decimals) if mean else None
    seen = final if rule.pass_mark_sees_bonus else published
    return Placed(
        key=entry.key,
        group=entry.group,
        sheets=len(counted),
        expected=max(entry.expected, len(entry.sheets)),
        lowest=min(counted, default=None),
        highest=max(counted, default=None),
        trimmed=mean.trimmed if mean else False,
        mean=published,
        bonus=bonus,
        final=final,
        passes=None if seen is None else rule.pass_mark is None or seen >= rule.pass_mark,
    )


@dataclass(frozen=True)
class Ranking(Generic[Key]):
    """All entries: the ranked ones first by rank, then those below the pass mark by score, then those without a score."""

    rule: Rule
    entries: tuple[Placed[Key], ...]
    ties: tuple[Tie[Key], ...]  # over all
    group_ties: tuple[Tie[Key], ...]  # within their groups

    def by_key(self) -> dict[Key, Placed[Key]]:
        return {entry.key: entry for entry in self.entries}


def rank_entries(entries: Iterable[Entry[Key]], rule: Rule, chair_orders: Sequence[Sequence[Key]] = ()) -> Ranking[Key]:
    """Score and rank `entries`, over all and within each group; equal ranks skip the next numbers.

    `chair_orders` are the chair's recorded orders, oldest first; a later one on the same entries takes the earlier one's place.
    Neither the order of entries nor that of sheets changes anything.
    """
    given = list(entries)
    sheets = {entry.key: entry.sheets for entry in given}
    placed = {entry.key: score_entry(entry, rule) for entry in given}
    breaker = _TieBreaker(rule, sheets, chair_orders)
    ranked = [entry for entry in placed.values() if entry.final is not None and entry.passes]
    groups: dict[Hashable, list[Placed[Key]]] = {}
    for entry in ranked:
        groups.setdefault(entry.group, []).append(entry)
    ranks, ties = _ranks(ranked, breaker)
    group_ranks: dict[Key, int] = {}
    group_ties: list[Tie[Key]] = []
    for members in groups.values():
        part, part_ties = _ranks(members, breaker)
        group_ranks |= part
        group_ties += part_ties
    tie_of = {key: tie for tie in ties for key in tie.keys}
    group_tie_of = {key: tie for tie in group_ties for key in tie.keys}
    done = [
        replace(
            entry,
            rank=ranks.get(key),
            group_rank=group_ranks.get(key),
            tie=tie_of.get(key),
            group_tie=group_tie_of.get(key),
        )
        for key, entry in placed.items()
    ]
    done.sort(key=_place)
    return Ranking(
        rule, tuple(done), tuple(ties), tuple(sorted(group_ties, key=lambda tie: (-tie.value, str(tie.keys))))
    )


def _place(entry: Placed[Key]) -> tuple[int, int, Decimal, str]:
    """Where an entry stands in the list; the key parts only what nothing else parts, so that input order never shows."""
    if entry.rank is not None:
        return (0, entry.rank, ZERO, str(entry.key))
    if entry.final is not None:
        return (1, 0, -entry.final, str(entry.key))
    return (2, 0, ZERO, str(entry.key))


def _ranks(entries: Sequence[Placed[Key]], breaker: "_TieBreaker[Key]") -> tuple[dict[Key, int], list[Tie[Key]]]:
    by_value: dict[Decimal, list[Key]] = {}
    for entry in entries:
        if entry.final is not None:
            by_value.setdefault(entry.final, []).append(entry.key)
    ranks: dict[Key, int] = {}
    ties: list[Tie[Key]] = []
    before = 0
    for value in sorted(by_value, reverse=True):
        parts: list[list[Key]] = [by_value[value]]
        if len(parts[0]) > 1:
            parts, steps = breaker.break_tie(parts[0])
            settled = all(len(part) == 1 for part in parts)
            ties.append(Tie(value, tuple(key for part in parts for key in part), steps, settled))
        for part in parts:
            ranks |= dict.fromkeys(part, before + 1)
            before += len(part)
    return ranks, ties


@dataclass
class _TieBreaker(Generic[Key]):
    rule: Rule
    sheets: Mapping[Key, Sequence[Mapping[str, Decimal]]]
    chair_orders: Sequence[Sequence[Key]]
    known: dict[tuple[Key, str], Decimal | None] = field(default_factory=dict)

    def break_tie(self, keys: Sequence[Key]) -> tuple[list[list[Key]], tuple[TieStep[Key], ...]]:
        """The tied `keys` in parts, best first, and the steps that were needed; a part of several stays tied."""
        parts = [sorted(keys, key=str)]
        steps: list[TieStep[Key]] = []
        for link in self.rule.tie_break:
            if all(len(part) == 1 for part in parts):
                break
            values: list[tuple[Key, Decimal | None]] = []
            finer: list[list[Key]] = []
            for part in parts:
                if len(part) == 1:
                    finer.append(part)
                    continue
                of_part = self.places(part) if link == CHAIR else {key: self.value(key, link) for key in part}
                values += of_part.items()
                finer += _split(part, of_part, largest_first=link != CHAIR)
            steps.append(TieStep(link, tuple(values), decided=len(finer) > len(parts)))
            parts = finer
        return parts, tuple(steps)

    def value(self, key: Key, code: str) -> Decimal | None:
        """The criterion's own aggregate, as published: what the page shows is what decides."""
        if (key, code) not in self.known:
            ratio = criterion_aggregate(self.sheets[key], code, self.rule)
            self.known[key, code] = ratio.rounded(self.rule.decimals) if ratio else None
        return self.known[key, code]

    def places(self, part: Sequence[Key]) -> dict[Key, Decimal | None]:
        """Each entry's place by the latest order of the chair that names them all; none where no order does."""
        for order in reversed(self.chair_orders):
            if set(part) <= set(order):
                ordered = [key for key in order if key in set(part)]
                return {key: Decimal(ordered.index(key) + 1) for key in part}
        return dict.fromkeys(part, None)


def _split(part: list[Key], values: Mapping[Key, Decimal | None], *, largest_first: bool) -> list[list[Key]]:
    """`part` by its values; whole where one of them is missing, since what is missing is neither less nor more."""
    known = {key: value for key, value in values.items() if value is not None}
    if len(known) < len(part):
        return [part]
    counted = Counter(known.values())
    return [[key for key in part if known[key] == value] for value in sorted(counted, reverse=largest_first)]
