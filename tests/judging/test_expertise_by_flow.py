"""The assignment against another way to the optimum: a flow of least cost, sent along one shortest path after another.

(Ahuja, Magnanti & Orlin, Network Flows, 1993, section 9.7.) It shares neither the formulation nor the solver.
"""

import numpy as np
import pytest

from app.judging.expertise import FloorsOutOfReach, assign_by_expertise


class Network:
    """Arcs in pairs: an arc and its way back."""

    def __init__(self, nodes):
        self.out = [[] for _ in range(nodes)]
        self.head, self.room, self.cost = [], [], []

    def arc(self, tail, head, room, cost):
        for node, end, space, price in ((tail, head, room, cost), (head, tail, 0, -cost)):
            self.out[node].append(len(self.head))
            self.head.append(end)
            self.room.append(space)
            self.cost.append(price)
        return len(self.head) - 2

    def fill(self, source, sink):
        """Send as much as goes from source to sink, at the least cost (Bellman & Ford find each path)."""
        while True:
            distance, came = [float("inf")] * len(self.out), [-1] * len(self.out)
            distance[source] = 0.0
            changed = {source}
            while changed:
                node = changed.pop()
                for arc in self.out[node]:
                    if self.room[arc] and distance[node] + self.cost[arc] < distance[self.head[arc]] - 1e-9:
                        distance[self.head[arc]] = distance[node] + self.cost[arc]
                        came[self.head[arc]] = arc
                        changed.add(self.head[arc])
            if came[sink] < 0:
                return
            node = sink
            while node != source:
                arc = came[node]
                self.room[arc] -= 1
                self.room[arc ^ 1] += 1
                node = self.head[arc ^ 1]


def best_by_flow(scores, sheets, caps, floors, conflicts):
    """(fewest missing sheets, largest sum), or None where the floors cannot be held."""
    judges, entries = scores.shape
    source, sink = judges + entries, judges + entries + 1
    network = Network(judges + entries + 2)
    dear = 10.0 * (np.abs(scores).max() + 1) * (judges + entries)
    owed = [network.arc(source, judge, int(floors[judge]), -dear) for judge in range(judges)]
    for judge in range(judges):
        network.arc(source, judge, int(caps[judge] - floors[judge]), 0.0)
    pairs = {
        (judge, entry): network.arc(judge, judges + entry, 1, -float(scores[judge, entry]))
        for judge in range(judges)
        for entry in range(entries)
        if not conflicts[judge, entry]
    }
    for entry in range(entries):
        network.arc(judges + entry, sink, int(sheets[entry]), 0.0)
    network.fill(source, sink)
    if any(network.room[arc] for arc in owed):
        return None
    taken = [pair for pair, arc in pairs.items() if not network.room[arc]]
    return int(sheets.sum()) - len(taken), sum(scores[pair] for pair in taken)


def instance(seed):
    """From comfortable to impossible: caps that hardly suffice or do not, floors, many conflicts."""
    random = np.random.default_rng(seed)
    judges, entries = int(random.integers(5, 13)), int(random.integers(10, 36))
    sheets = random.integers(1, 4, entries)
    tightness = (1.4, 1.05, 0.8)[seed % 3]
    caps = random.multinomial(int(tightness * sheets.sum()), np.full(judges, 1 / judges))
    return {
        "scores": random.integers(0, 1000, (judges, entries)) / 100,
        "sheets": sheets,
        "caps": caps,
        "floors": np.minimum(caps, random.integers(0, int(sheets.sum()) // judges + 2, judges)) * (seed % 2),
        "conflicts": random.random((judges, entries)) < (0.1, 0.4, 0.7)[seed // 3 % 3],
    }


@pytest.mark.parametrize("seed", range(54))
def test_it_is_the_optimum_of_an_independent_solver(seed):
    problem = instance(seed)
    best = best_by_flow(**problem)
    if best is None:
        with pytest.raises(FloorsOutOfReach):
            assign_by_expertise(**problem)
        return
    found = assign_by_expertise(**problem)
    assert int(found.short.sum()) == best[0]
    assert found.objective == pytest.approx(best[1], abs=1e-6)


def test_the_instances_hold_all_kinds():
    kinds = [best_by_flow(**instance(seed)) for seed in range(54)]
    assert sum(kind is None for kind in kinds) >= 2
    assert sum(kind is not None and kind[0] > 0 for kind in kinds) >= 10
    assert sum(kind is not None and kind[0] == 0 for kind in kinds) >= 10
