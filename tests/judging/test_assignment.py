"""The proposal: n to each entry, even, without conflicts, the same for the same seed, and quick."""

import time
from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging.assignment import propose_assignment


def check(proposal, entries, judges, per_entry, conflicts=(), kept=()):
    panel = Counter(entry for _judge, entry in proposal.pairs)
    for entry in entries:
        free = [j for j in judges if (j, entry) not in conflicts or (j, entry) in kept]
        own = sum((j, entry) in kept for j in judges)
        assert panel[entry] == max(own, min(per_entry, len(free)))
        assert proposal.uncovered.get(entry, 0) == max(0, per_entry - len(free))
    assert not {pair for pair in proposal.pairs if pair in conflicts and pair not in kept}
    assert set(kept) <= proposal.pairs
    assert proposal.loads == {j: sum(judge == j for judge, _entry in proposal.pairs) for j in judges}


def test_loads_differ_by_one_at_most_without_conflicts():
    entries, judges = range(10), "abcd"
    proposal = propose_assignment(entries, judges, 3)
    check(proposal, entries, judges, 3)
    assert sorted(proposal.loads.values()) == [7, 7, 8, 8]


def test_an_entry_that_nobody_can_judge_is_named():
    conflicts = {("a", 1), ("b", 1), ("c", 1), ("a", 2)}
    proposal = propose_assignment([1, 2, 3], "abc", 3, conflicts=conflicts)
    assert proposal.uncovered == {1: 3, 2: 1}
    check(proposal, [1, 2, 3], "abc", 3, conflicts)


def test_more_sheets_than_judges_names_every_entry():
    assert propose_assignment([1, 2], "a", 2).uncovered == {1: 1, 2: 1}
    assert propose_assignment([1], "", 2).uncovered == {1: 2}
    assert propose_assignment([], "ab", 2).pairs == frozenset()


def test_written_sheets_are_kept_and_others_even_the_loads_out():
    kept = {("a", 1), ("a", 2), ("a", 3)}
    proposal = propose_assignment(range(6), "abc", 2, kept=kept)
    check(proposal, range(6), "abc", 2, kept=kept)
    assert sorted(proposal.loads.values()) == [4, 4, 4]


def test_a_chain_of_handovers_is_found():
    # Only b can take c's last entry, and only a can take b's: two handovers even it out.
    conflicts = {("a", 1), ("a", 2), ("c", 3), ("b", 4), ("a", 4)}
    proposal = propose_assignment([1, 2, 3, 4], "abc", 1, conflicts=conflicts)
    assert max(proposal.loads.values()) - min(proposal.loads.values()) <= 1


def test_the_seed_decides_and_nothing_else():
    first = propose_assignment(range(50), range(7), 3, seed=4)
    assert first == propose_assignment(range(50), range(7), 3, seed=4)
    assert first.pairs != propose_assignment(range(50), range(7), 3, seed=5).pairs


def test_two_thousand_entries_and_sixty_judges_take_less_than_two_seconds():
    entries, judges = range(2000), range(60)
    conflicts = {(j, e) for j, e in product(judges, entries) if (j * 7919 + e * 104729) % 23 == 0}
    began = time.perf_counter()
    proposal = propose_assignment(entries, judges, 3, conflicts=conflicts)
    assert time.perf_counter() - began < 2
    check(proposal, entries, judges, 3, conflicts)
    assert set(proposal.loads.values()) == {100}


@given(
    st.integers(0, 8), st.integers(0, 5), st.integers(1, 4),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 7))), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 7)), max_size=5),
    st.integers(0, 3),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_every_proposal_holds_and_no_single_handover_is_left(entries, judges, per_entry, conflicts, kept, seed):
    entries, judges = range(entries), range(judges)
    kept = {(j, e) for j, e in kept if j in judges and e in entries}
    proposal = propose_assignment(entries, judges, per_entry, conflicts=conflicts, kept=kept, seed=seed)
    check(proposal, entries, judges, per_entry, conflicts, kept)
    for judge, entry in proposal.pairs - kept:
        for other in judges:
            if (other, entry) not in conflicts and (other, entry) not in proposal.pairs:
                assert proposal.loads[other] >= proposal.loads[judge] - 1
