"""Proposing who judges what: exactly n sheets to each entry, loads as even as they can be, conflicts respected.

Plain data in, plain data out. Entries with the fewest judges left choose first, each taking the least loaded; then, as long as
a chain of handovers leads from a judge to one with at least two entries fewer, it is carried out. Where no such chain is left the
loads are optimal for every convex cost of a load, the largest load and the variance among them (Harvey, Ladner, Lovász and
Tamir, "Semi-matchings for bipartite graphs and load balancing", 2006, taken from one to n judges for each entry).
"""

import random
from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Judge = TypeVar("Judge", bound=Hashable)
Entry = TypeVar("Entry", bound=Hashable)


@dataclass(frozen=True)
class Proposal(Generic[Judge, Entry]):
    """The whole assignment, kept pairs included; `uncovered` tells how many judges an entry lacks and can have from nobody."""

    pairs: frozenset[tuple[Judge, Entry]]
    loads: Mapping[Judge, int]
    uncovered: Mapping[Entry, int]


def propose_assignment(
    entries: Sequence[Entry],
    judges: Sequence[Judge],
    per_entry: int,
    *,
    conflicts: Collection[tuple[Judge, Entry]] = (),
    kept: Collection[tuple[Judge, Entry]] = (),
    seed: int = 0,
) -> Proposal[Judge, Entry]:
    """Give each entry `per_entry` judges in all; `kept` pairs stay, even where an entry then has more.

    The same input in the same order with the same `seed` gives the same proposal.
    """
    draw = random.Random(seed)  # noqa: S311 - a fair shuffle that can be repeated, no secret
    work = _Work(entries, judges, set(conflicts), set(kept))
    uncovered = work.cover(per_entry, draw)
    work.balance()
    return Proposal(
        frozenset((judge, entry) for entry, panel in work.panel.items() for judge in panel),
        {judge: len(desk) for judge, desk in work.desk.items()},
        uncovered,
    )


class _Work(Generic[Judge, Entry]):
    def __init__(
        self,
        entries: Sequence[Entry],
        judges: Sequence[Judge],
        conflicts: set[tuple[Judge, Entry]],
        kept: set[tuple[Judge, Entry]],
    ) -> None:
        self.kept = kept
        self.panel: dict[Entry, dict[Judge, None]] = {entry: {} for entry in entries}  # dicts as ordered sets
        self.desk: dict[Judge, dict[Entry, None]] = {judge: {} for judge in judges}
        barred: dict[Entry, set[Judge]] = {}
        for judge, entry in conflicts:
            barred.setdefault(entry, set()).add(judge)
        self.allowed = {entry: [judge for judge in judges if judge not in barred.get(entry, ())] for entry in entries}
        for entry in entries:  # in the order given, so that a set's order never shows
            for judge in judges:
                if (judge, entry) in kept:
                    self.give(judge, entry)

    def give(self, judge: Judge, entry: Entry) -> None:
        self.panel[entry][judge] = None
        self.desk[judge][entry] = None

    def take(self, judge: Judge, entry: Entry) -> None:
        del self.panel[entry][judge]
        del self.desk[judge][entry]

    def cover(self, per_entry: int, draw: random.Random) -> dict[Entry, int]:
        """Fill every panel with the least loaded; returns what is short where nobody is left."""
        order = list(self.panel)
        draw.shuffle(order)
        order.sort(key=lambda entry: len(self.allowed[entry]))
        uncovered: dict[Entry, int] = {}
        for entry in order:
            free = [judge for judge in self.allowed[entry] if judge not in self.panel[entry]]
            need = max(0, per_entry - len(self.panel[entry]))
            draw.shuffle(free)
            free.sort(key=lambda judge: len(self.desk[judge]))
            for judge in free[:need]:
                self.give(judge, entry)
            if need > len(free):
                uncovered[entry] = need - len(free)
        return uncovered

    def balance(self) -> None:
        """Carry out handovers until none makes the loads more even."""
        settled: set[Judge] = set()
        while True:
            heavy = [judge for judge in self.desk if judge not in settled]
            if not heavy:
                return
            judge = max(heavy, key=lambda one: len(self.desk[one]))
            if chain := self.handovers(judge):
                for giver, entry, taker in chain:
                    self.take(giver, entry)
                    self.give(taker, entry)
                settled.clear()
            else:
                settled.add(judge)

    def handovers(self, start: Judge) -> list[tuple[Judge, Entry, Judge]]:
        """The shortest chain of handovers from `start` to a judge with at least two entries fewer; empty where there is none."""
        limit = len(self.desk[start]) - 2
        came: dict[Judge, tuple[Judge, Entry]] = {}
        seen, queue = {start}, deque([start])
        while queue and len(seen) < len(self.desk) + 1:
            giver = queue.popleft()
            for entry in self.desk[giver]:
                if (giver, entry) in self.kept:
                    continue
                for taker in self.allowed[entry]:
                    if taker in seen or taker in self.panel[entry]:
                        continue
                    seen.add(taker)
                    came[taker] = (giver, entry)
                    if len(self.desk[taker]) <= limit:
                        return self._back(start, taker, came)
                    queue.append(taker)
                if len(seen) == len(self.desk):
                    break
        return []

    @staticmethod
    def _back(start: Judge, end: Judge, came: Mapping[Judge, tuple[Judge, Entry]]) -> list[tuple[Judge, Entry, Judge]]:
        chain: list[tuple[Judge, Entry, Judge]] = []
        taker = end
        while taker != start:
            giver, entry = came[taker]
            chain.append((giver, entry, taker))
            taker = giver
        return chain[::-1]
