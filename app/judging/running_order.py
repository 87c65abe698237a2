"""The running order of a pitch day that has the fewest people leave the room.

Whoever is in conflict with a team goes out before it begins and comes back when a team is on that they may hear. Teams that the
same people must not hear stand together; for the rest the order is a shortest round trip through the sets of absent people, from
the full room and back to it, where a step costs as many as pass the door. Few sets are ordered exactly (Held & Karp, Journal of
the SIAM 10, 1962), many by exchanging two steps until none is worth it (Croes, Operations Research 6, 1958).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

Team = TypeVar("Team", bound=Hashable)
People = frozenset[Hashable]

EXACT = 11  # different sets of absent people that are ordered exactly: a second at most
FULL_ROOM: People = frozenset()


def running_order(teams: Sequence[Team], absent: Mapping[Team, Collection[Hashable]]) -> list[Team]:
    """The teams in an order with the fewest leavings; those that share their absent people keep the order given."""
    groups: dict[People, list[Team]] = {}
    for team in teams:
        groups.setdefault(frozenset(absent.get(team, ())), []).append(team)
    # Teams whom everybody may hear come first: nobody has to get up for them, wherever they stand.
    together = groups.pop(FULL_ROOM, [])
    sets = list(groups)
    order = _exact(sets) if len(sets) <= EXACT else _improved(sets)
    return together + [team for people in order for team in groups[people]]


def leavings(order: Sequence[Team], absent: Mapping[Team, Collection[Hashable]]) -> int:
    """How often somebody leaves the room."""
    outside, count = FULL_ROOM, 0
    for team in order:
        now = frozenset(absent.get(team, ()))
        count += len(now - outside)
        outside = now
    return count


def _exact(sets: Sequence[People]) -> list[People]:
    """The shortest trip by dynamic programming over which sets are done and which was last."""
    n = len(sets)
    if not n:
        return []
    steps = [[len(a ^ b) for b in sets] for a in sets]
    best = {(1 << i, i): (len(sets[i]), -1) for i in range(n)}
    for size in range(2, n + 1):
        for chosen in combinations(range(n), size):
            done = sum(1 << i for i in chosen)
            for last in chosen:
                before = done ^ (1 << last)
                best[done, last] = min((best[before, i][0] + steps[i][last], i) for i in chosen if i != last)
    done = (1 << n) - 1
    last = min(range(n), key=lambda i: (best[done, i][0] + len(sets[i]), i))
    order: list[People] = []
    while last >= 0:
        order.append(sets[last])
        done, last = done ^ (1 << last), best[done, last][1]
    return order[::-1]


def _improved(sets: Sequence[People]) -> list[People]:
    """A short trip: stretches are turned round as long as that saves a step, beginning from the order given, and from the nearest set each time."""
    left, nearest = list(sets), list[People]()
    while left:
        here = nearest[-1] if nearest else FULL_ROOM
        nearest.append(left.pop(min(range(len(left)), key=lambda i: len(here ^ left[i]))))
    return min((_settled(list(sets)), _settled(nearest)), key=_steps)


def _steps(order: Sequence[People]) -> int:
    """How many pass the door, out and in."""
    return sum(len(one ^ other) for one, other in pairwise([FULL_ROOM, *order, FULL_ROOM]))


def _settled(order: list[People]) -> list[People]:
    while (better := _turned(order)) is not None:
        order = better
    return order


def _turned(order: list[People]) -> list[People] | None:
    """The order with the first stretch turned round of which that saves something."""
    trip = [FULL_ROOM, *order, FULL_ROOM]
    for i in range(1, len(trip) - 1):
        for j in range(i + 1, len(trip) - 1):
            now = len(trip[i - 1] ^ trip[i]) + len(trip[j] ^ trip[j + 1])
            if len(trip[i - 1] ^ trip[j]) + len(trip[i] ^ trip[j + 1]) < now:
                return order[: i - 1] + order[i - 1 : j][::-1] + order[j:]
    return None
