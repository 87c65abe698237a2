"""The official score and rank: the published rule, applied exactly.

Plain data in, plain data out; no tables, no clock, no language. All arithmetic is decimal. A mean is kept as a sum and a
count until it is rounded, half up, once, at the published precision (domain rules 1 to 5).

A mark on a scale counts as its share of the criterion's points. What a judge leaves out of the optional is never nought: the rest of
the sheet stands for the whole, exactly. A gate has no points; an entry that fails one does not pass, whatever its score.
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
_DIGITS = 500  # enough that no sum of scores is ever rounded on the way, whatever fractions the optional criteria make


@dataclass(frozen=True)
class Rule:
    """A round's scoring rule as the call publishes it. `criteria` are the codes of what has points, in the order of the rubric.

    `scales` has (code, points, highest mark) where marks are no points, `optional` the codes that may be left out, which needs
    the `points` of all criteria, and `gates` (code, "any" or "majority") how many must say no for an entry to fail.
    """

    criteria: tuple[str, ...]
    aggregate: Literal["mean", "trimmed_mean", "median"] = "trimmed_mean"
    trim: Literal["totals", "criteria"] = "totals"
    trim_floor: int = 4  # below so many sheets nothing is trimmed
    decimals: int = 2
    bonus_cap: Decimal = ZERO
    pass_mark: Decimal | None = None
    pass_mark_sees_bonus: bool = False
    tie_break: tuple[str, ...] = ()  # criterion codes, then perhaps CHAIR
    scales: tuple[tuple[str, Decimal, Decimal], ...] = ()
    points: tuple[Decimal, ...] = ()
    optional: tuple[str, ...] = ()
    gates: tuple[tuple[str, Literal["any", "majority"]], ...] = ()


@dataclass(frozen=True)
class Entry(Generic[Key]):
    """What is known of one entry: its signed sheets (criterion code -> points), its bonus points, and how many sheets are due."""

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


def in_points(marks: Mapping[str, Decimal], rule: Rule) -> dict[str, Decimal]:
    """A sheet's marks as points, exactly: the scales are out of 5, 10 and 100, so that no fraction is endless."""
    found = dict(marks)
    for code, most, top in rule.scales:
        if code in found:
            found[code] = found[code] * most / top
    return found


def complete(sheet: Mapping[str, Decimal], rule: Rule) -> bool:
    """Whether every criterion that is not optional has its score, and any at all; else a sheet has no total."""
    if rule.optional:
        lacking = [code for code in rule.criteria if code not in sheet]
        return len(lacking) < len(rule.criteria) and all(code in rule.optional for code in lacking)
    return all(code in sheet for code in rule.criteria)


def totals(sheets: Iterable[Mapping[str, Decimal]], rule: Rule) -> tuple[list[Decimal], int]:
    """The totals of the complete sheets, and what to divide them by: more than 1 only where something optional was left out."""
    whole = [sheet for sheet in sheets if complete(sheet, rule)]
    if not rule.optional:
        return [sum((sheet[code] for code in rule.criteria), ZERO) for sheet in whole], 1
    given = [sum((sheet[code] for code in rule.criteria if code in sheet), ZERO) for sheet in whole]
    stand_for = [_hundredths(rule, sheet) for sheet in whole]
    full = _hundredths(rule)
    divisor = lcm(*(part for part in stand_for if part != full))
    with localcontext(prec=_DIGITS):
        found = [
            total * divisor if part == full else total * full * (divisor // part)
            for total, part in zip(given, stand_for, strict=True)
        ]
    return found, divisor


def _hundredths(rule: Rule, codes: Iterable[str] | None = None) -> int:
    """The points of the criteria among `codes`, or of all, in hundredths."""
    known = None if codes is None else set(codes)
    parts = (most for code, most in zip(rule.criteria, rule.points, strict=True) if known is None or code in known)
    return int(sum(parts, ZERO).scaleb(2))


def sheet_total(sheet: Mapping[str, Decimal], rule: Rule) -> Decimal | None:
    """What a sheet makes so far, as a person reads it: rounded to hundredths. The score is computed from the exact values."""
    if complete(sheet, rule):
        (total,), divisor = totals([sheet], rule)
        return Ratio(total, divisor).rounded(2)
    scores = [sheet[code] for code in rule.criteria if code in sheet]
    return Ratio(sum(scores, ZERO), 1).rounded(2) if scores else None


def failed_gates(sheets: Sequence[Mapping[str, Decimal]], rule: Rule) -> tuple[str, ...]:
    """The gates that the entry fails: one no is enough, or more than half, as the rule has it."""
    failed = []
    for code, needed in rule.gates:
        answers = [sheet[code] for sheet in sheets if code in sheet]
        noes = sum(not answer for answer in answers)
        if noes and (needed == "any" or 2 * noes > len(answers)):
            failed.append(code)
    return tuple(failed)


def criterion_aggregate(sheets: Iterable[Mapping[str, Decimal]], code: str, rule: Rule) -> Ratio | None:
    """One criterion's own aggregate by the rule, trimmed by itself; missing scores are left out, never nought."""
    return aggregated([sheet[code] for sheet in sheets if code in sheet], rule)


def entry_mean(sheets: Sequence[Mapping[str, Decimal]], rule: Rule) -> Ratio | None:
    """The entry's aggregate before bonus: over totals, or summed from each criterion's own where the rule trims those."""
    if rule.aggregate != "trimmed_mean" or rule.trim == "totals":
        values, divisor = totals(sheets, rule)
        mean = aggregated(values, rule)
        return replace(mean, count=mean.count * divisor) if mean else None
    parts = {code: criterion_aggregate(sheets, code, rule) for code in rule.criteria}
    known = {code: part for code, part in parts.items() if part is not None}
    if not known or any(code not in known and code not in rule.optional for code in rule.criteria):
        return None
    common = lcm(*(part.count for part in known.values()))
    with localcontext(prec=_DIGITS):
        total = sum((part.total * (common // part.count) for part in known.values()), ZERO)
        if len(known) < len(parts):  # nobody has scored something optional: the rest stands for the whole
            total, common = total * _hundredths(rule), common * _hundredths(rule, known)
    return Ratio(total, common, trimmed=any(part.trimmed for part in known.values()))


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
    mean. `rank` and `group_rank` are None for what does not pass and without a mean. `failed` are gates. `lowest` and `highest`
    are exact, but rounded where the rule has something optional.
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
    failed: tuple[str, ...] = ()
    rank: int | None = None
    group_rank: int | None = None
    tie: Tie[Key] | None = None
    group_tie: Tie[Key] | None = None

    @property
    def provisional(self) -> bool:
        return self.sheets < self.expected


def score_entry(entry: Entry[Key], rule: Rule) -> Placed[Key]:
    """The entry's mean, bonus, final score and whether it passes; without a rank."""
    counted, divisor = totals(entry.sheets, rule)
    extremes: list[Decimal | None] = [min(counted), max(counted)] if counted else [None, None]
    if rule.optional:
        extremes = [Ratio(total, divisor).rounded(rule.decimals) if total is not None else None for total in extremes]
    failed = failed_gates(entry.sheets, rule)
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
        lowest=extremes[0],
        highest=extremes[1],
        trimmed=mean.trimmed if mean else False,
        mean=published,
        bonus=bonus,
        final=final,
        passes=None if seen is None else not failed and (rule.pass_mark is None or seen >= rule.pass_mark),
        failed=failed,
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
