"""An assignment by expertise with everything a committee may wish: pairs that must be, even loads, a share drawn by lot, judges that can be compared.

Plain arrays in, plain arrays out. What has been settled before (sheets begun, pairs that must be) is taken as given; the lot
draws its share next, and `assign_by_expertise` finds the best of what is left.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.judging.expertise import FloorsOutOfReach, assign_by_expertise

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Wish:
    """What is wanted. Tables have a row for each judge and a column for each entry.

    `sheets` are wanted for each entry in all, `must` pairs counted; `caps` and `floors` bound what a judge reads; `never` pairs
    are conflicts, and where a pair is both it must be. With `even`, loads are as even as they can be without a sheet more
    missing. Of the sheets that are not settled, `share_by_lot` are drawn, the same for the same `seed`.
    """

    scores: Floats
    sheets: Integers
    caps: Integers
    floors: Integers
    never: Flags
    must: Flags
    even: bool = False
    connected: bool = False
    share_by_lot: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Shortage:
    """Entries that want for `missing` sheets together, and what would free them: every sheet more that a judge who is `full` would
    read, or each of the `barred` pairs (judge, entry) that was no conflict. Where neither is told, only one judge more helps.
    """

    entries: tuple[int, ...]
    missing: int
    full: tuple[int, ...]
    barred: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Fulfilled:
    """`table` holds the pairs; `short` counts missing sheets for each entry. `groups` is the number of parts into which judges and
    entries fall that no chain of common entries connects: above one, severities cannot be compared between them.
    """

    table: Flags
    objective: float
    short: Integers
    groups: int
    by_lot: int
    shortages: tuple[Shortage, ...] = field(default=())


def fulfil(wish: Wish) -> Fulfilled:
    """The best assignment for `wish`. Raises FloorsOutOfReach where no assignment holds the floors."""
    if wish.even:
        wish = _evened(wish)
    table, drawn = _solved(wish), np.zeros_like(wish.must)
    if wish.share_by_lot:
        drawn = _drawn(wish, int(_missing(wish, table).sum()))
        table = _solved(replace(wish, must=wish.must | drawn))
    if wish.connected:
        table = connected(table, scores=wish.scores, never=wish.never, settled=wish.must | drawn)
    short = _missing(wish, table)
    return Fulfilled(
        table=table,
        objective=float(wish.scores[table].sum()),
        short=short,
        groups=len(set(groups_of(table))),
        by_lot=int(drawn.sum()),
        shortages=explain_shortages(wish, table),
    )


def _missing(wish: Wish, table: Flags) -> Integers:
    missing: Integers = np.maximum(wish.sheets - table.sum(axis=0), 0).astype(np.intp)
    return missing


def _solved(wish: Wish) -> Flags:
    """The table of the best pairs around those that must be."""
    loads, given = wish.must.sum(axis=1), wish.must.sum(axis=0)
    found = assign_by_expertise(
        wish.scores,
        sheets=np.maximum(wish.sheets - given, 0),
        caps=np.maximum(wish.caps - loads, 0),
        floors=np.maximum(wish.floors - loads, 0),
        conflicts=wish.never | wish.must,
    )
    table = wish.must.copy()
    table[found.judge, found.entry] = True
    return table


def _evened(wish: Wish) -> Wish:
    """The wish with the lowest caps, and then the highest floors, with which no sheet more goes missing."""
    # How many sheets go missing does not hang on the scores; equal ones would leave the solver with too many optima.
    plain = replace(wish, scores=np.random.default_rng(wish.seed).random(wish.scores.shape))
    missing = int(_missing(wish, _solved(plain)).sum())
    sheets = int(wish.sheets.sum()) - missing
    level = -(-sheets // len(wish.caps))
    while True:
        capped = replace(plain, caps=np.minimum(wish.caps, np.maximum(level, wish.floors)))
        if int(_missing(wish, _solved(capped)).sum()) == missing:
            break
        level += 1
    for floor in range(sheets // len(wish.caps), 0, -1):
        floored = replace(capped, floors=np.maximum(wish.floors, np.minimum(capped.caps, floor)))
        try:
            if int(_missing(wish, _solved(floored)).sum()) == missing:
                return replace(floored, scores=wish.scores)
        except FloorsOutOfReach:
            continue
    return replace(capped, scores=wish.scores)


def _drawn(wish: Wish, least_missing: int) -> Flags:
    """The pairs that the lot decides: a share of the open sheets, or less where that share would make a sheet go missing."""
    random = np.random.default_rng(wish.seed)
    open_sheets = _missing(wish, wish.must)
    amount = round(wish.share_by_lot * int(open_sheets.sum()))
    slots = random.permutation(np.repeat(np.arange(len(open_sheets)), open_sheets))
    lots = random.random(wish.scores.shape)
    while amount:
        given = wish.must.sum(axis=0) + np.bincount(slots[:amount], minlength=len(open_sheets))
        drawn = _solved(replace(wish, scores=lots, sheets=given, floors=np.zeros_like(wish.floors))) & ~wish.must
        try:
            whole = _solved(replace(wish, must=wish.must | drawn))
        except FloorsOutOfReach:
            whole = wish.must
        if int(_missing(wish, whole).sum()) == least_missing:
            return drawn
        amount //= 2
    return np.zeros_like(wish.must)


def groups_of(table: Flags) -> list[int]:
    """For each judge with an entry, in order, the first judge of the group that chains of common entries connect it to."""
    first = list(range(len(table)))

    def root(judge: int) -> int:
        while first[judge] != judge:
            first[judge] = first[first[judge]]
            judge = first[judge]
        return judge

    for entry in range(table.shape[1]):
        readers = np.flatnonzero(table[:, entry])
        for judge in readers[1:]:
            one, other = sorted((root(int(readers[0])), root(int(judge))))
            first[other] = one
    return [root(judge) for judge in range(len(table)) if table[judge].any()]


def connected(table: Flags, *, scores: Floats, never: Flags, settled: Flags) -> Flags:
    """`table` with as few exchanges as it takes to connect its groups, each the one that costs least; loads stay as they are.

    Two judges of different groups exchange an entry each, of those that others of their group read, too. Where no such exchange
    is allowed the table comes back with the groups that are left.
    """
    table = table.copy()
    while len(set(groups := groups_of(table))) > 1:
        group = np.full(len(table), -1)
        group[table.any(axis=1)] = groups
        exchange = _cheapest_exchange(table, scores, never, settled, group)
        if exchange is None:
            break
        (judge, entry), (other, swapped) = exchange
        table[judge, entry] = table[other, swapped] = False
        table[judge, swapped] = table[other, entry] = True
    return table


def _cheapest_exchange(
    table: Flags, scores: Floats, never: Flags, settled: Flags, group: Integers
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Two pairs of different groups to exchange so that the groups become one, or None."""
    judge, entry = np.nonzero(table & ~settled)
    # An entry with one reader would take its judge's whole group along: at least one of the two has to leave a reader behind.
    shared = table.sum(axis=0)[entry] > 1
    busy = table.sum(axis=1)[judge] > 1
    best, found = -np.inf, None
    for one in np.flatnonzero(shared & busy):
        j, e = judge[one], entry[one]
        fits = (group[judge] != group[j]) & ~never[j, entry] & ~never[judge, e] & ~table[j, entry] & ~table[judge, e]
        gain = scores[j, entry] + scores[judge, e] - scores[j, e] - scores[judge, entry]
        gain = np.where(fits, gain, -np.inf)
        other = int(gain.argmax())
        if gain[other] > best and _joins(table, (int(j), int(e)), (int(judge[other]), int(entry[other]))):
            best, found = float(gain[other]), ((int(j), int(e)), (int(judge[other]), int(entry[other])))
    return found


def _joins(table: Flags, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the exchange of the two pairs leaves fewer groups."""
    tried = table.copy()
    tried[one] = tried[other] = False
    tried[one[0], other[1]] = tried[other[0], one[1]] = True
    return len(set(groups_of(tried))) < len(set(groups_of(table)))


def explain_shortages(wish: Wish, table: Flags) -> tuple[Shortage, ...]:
    """Why sheets are missing, as the smallest set of bounds that bind (the cut of Ford & Fulkerson, 1956).

    From an entry that is short one comes to every judge who might read it, and from a judge to the entries that could be handed
    on. All judges so reached are full; the entries so reached and barred from a judge with room are the other way out.
    """
    short, roomy = _missing(wish, table), table.sum(axis=1) < wish.caps
    told: dict[tuple[tuple[int, ...], tuple[tuple[int, int], ...]], list[int]] = {}
    for start in np.flatnonzero(short).tolist():
        entries, judges, queue = {start}, set[int](), [start]
        while queue:
            entry = queue.pop()
            for judge in np.flatnonzero(~wish.never[:, entry] & ~table[:, entry]).tolist():
                if judge in judges:
                    continue
                judges.add(judge)
                handed_on = [e for e in np.flatnonzero(table[judge] & ~wish.must[judge]).tolist() if e not in entries]
                queue += handed_on
                entries.update(handed_on)
        barred = tuple(
            (judge, entry)
            for entry in sorted(entries)
            for judge in np.flatnonzero(wish.never[:, entry] & ~table[:, entry] & roomy).tolist()
        )
        told.setdefault((tuple(sorted(judges)), barred), []).append(start)
    return tuple(
        Shortage(tuple(entries), int(short[entries].sum()), full, barred) for (full, barred), entries in told.items()
    )
