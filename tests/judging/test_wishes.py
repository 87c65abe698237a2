"""What a committee may wish of an assignment, on tables small enough to follow and on many drawn at random."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging.expertise import FloorsOutOfReach
from app.judging.wishes import Shortage, Wish, fulfil, groups_of


def wish_of(scores, sheets, caps, **changes):
    scores = np.array(scores, dtype=float)
    nothing = np.zeros(scores.shape, dtype=bool)
    plain = Wish(
        scores=scores, sheets=np.array(sheets), caps=np.array(caps), floors=np.zeros(len(scores), dtype=int),
        never=nothing, must=nothing,
    )  # fmt: skip
    for name in ("never", "must"):
        table = nothing.copy()
        for pair in changes.pop(name, ()):
            table[pair] = True
        plain = replace(plain, **{name: table})
    return replace(plain, **changes)


def random_wish(seed, judges=12, entries=60, each=3, **changes):
    random = np.random.default_rng(seed)
    wish = wish_of(random.random((judges, entries)), [each] * entries, [entries] * judges)
    return replace(wish, never=random.random((judges, entries)) < 0.1, seed=seed, **changes)


def test_what_must_be_is_kept_and_the_rest_is_the_best_around_it():
    found = fulfil(wish_of([[9, 9], [1, 1], [0, 0]], [1, 2], [2, 2, 2], must=[(2, 0)], never=[(2, 1)]))
    assert found.table.tolist() == [[False, True], [False, True], [True, False]]
    assert found.objective == 10


def test_a_settled_pair_stands_even_against_a_conflict_a_cap_and_the_number_of_sheets():
    found = fulfil(wish_of([[1], [1]], [1], [0, 1], must=[(0, 0), (1, 0)], never=[(0, 0)]))
    assert found.table.all()
    assert not found.short.any()


def test_loads_are_as_even_as_conflicts_allow():
    scores = np.ones((3, 6)) * [[9], [5], [1]]
    found = fulfil(wish_of(scores, [1] * 6, [6] * 3, even=True))
    assert found.table.sum(axis=1).tolist() == [2, 2, 2]
    barred = [(0, entry) for entry in range(5)]
    found = fulfil(wish_of(scores, [1] * 6, [6] * 3, even=True, never=barred))
    assert sorted(found.table.sum(axis=1).tolist()) == [1, 2, 3]


def test_even_loads_miss_no_sheet_that_uneven_ones_have():
    # Only the first judge may read four of the entries.
    barred = [(judge, entry) for judge in (1, 2) for entry in range(4)]
    found = fulfil(wish_of(np.zeros((3, 6)), [1] * 6, [6] * 3, even=True, never=barred))
    assert not found.short.any()
    assert found.table.sum(axis=1).tolist() == [4, 1, 1]


def test_two_camps_are_connected_by_the_cheapest_exchange():
    scores = [[9, 9, 0, 0], [9, 8, 0, 0], [0, 0, 9, 9], [0, 0, 9, 8]]
    apart = wish_of(scores, [2] * 4, [2] * 4)
    assert fulfil(apart).groups == 2
    joined = fulfil(replace(apart, connected=True))
    assert joined.groups == 1
    assert joined.table.sum(axis=0).tolist() == [2] * 4
    assert joined.table.sum(axis=1).tolist() == [2] * 4
    assert joined.objective == fulfil(apart).objective - 16  # the two pairs that match least are exchanged


def test_camps_that_conflicts_keep_apart_are_counted():
    scores = [[9, 0], [9, 0], [0, 9], [0, 9]]
    never = [(0, 1), (1, 1), (2, 0), (3, 0)]
    assert fulfil(wish_of(scores, [2, 2], [2] * 4, connected=True, never=never)).groups == 2


def test_a_shortage_names_the_entries_and_what_would_free_them():
    # Entries 0 and 1 can be read by judge 0 alone, who has room for one; judge 1 has room and a conflict.
    found = fulfil(wish_of([[1, 1, 0], [0, 0, 1]], [1, 1, 1], [1, 2], never=[(1, 0), (1, 1)]))
    assert found.short.sum() == 1
    (shortage,) = found.shortages
    assert (shortage.missing, shortage.full) == (1, (0,))
    assert shortage.barred == ((1, 0), (1, 1))


def test_shortages_of_different_causes_are_told_apart():
    never = [(0, 1), (1, 0)]
    found = fulfil(wish_of(np.zeros((2, 2)), [2, 2], [5, 5], never=never))
    assert found.shortages == (Shortage((0,), 1, (), ((1, 0),)), Shortage((1,), 1, (), ((0, 1),)))


@pytest.mark.parametrize("share", [0.2, 1.0])
def test_a_share_is_drawn_by_lot_and_the_seed_decides(share):
    wish = random_wish(4, share_by_lot=share)
    best, found = fulfil(replace(wish, share_by_lot=0.0)), fulfil(wish)
    assert found.by_lot == round(share * 180)
    assert not found.short.any()
    assert found.objective < best.objective
    assert (found.table == fulfil(wish).table).all()
    assert (found.table != fulfil(replace(wish, seed=5)).table).any()


def test_the_lot_takes_no_judge_whom_another_entry_needs():
    # Both sheets by lot might give judge 1, the only one for the second entry, to the first.
    for seed in range(20):
        wish = wish_of([[0, 0], [0, 0]], [1, 1], [1, 1], never=[(0, 1)], share_by_lot=0.5, seed=seed)
        assert not fulfil(wish).short.any()


def test_floors_out_of_reach_are_refused():
    with pytest.raises(FloorsOutOfReach):
        fulfil(replace(wish_of([[1]], [1], [2]), floors=np.array([2])))


@st.composite
def wishes(draw):
    judges, entries = draw(st.integers(1, 5)), draw(st.integers(1, 6))

    def table(one_in):
        return np.array([[draw(st.integers(1, one_in)) == 1 for _ in range(entries)] for _ in range(judges)])

    return Wish(
        scores=np.array([[draw(st.integers(0, 9)) for _ in range(entries)] for _ in range(judges)], dtype=float),
        sheets=np.array([draw(st.integers(0, 3)) for _ in range(entries)]),
        caps=np.array([draw(st.integers(0, 5)) for _ in range(judges)]),
        floors=np.zeros(judges, dtype=int), never=table(4), must=table(8),
        even=draw(st.booleans()), connected=draw(st.booleans()), share_by_lot=draw(st.sampled_from([0.0, 0.3])),
        seed=draw(st.integers(0, 3)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(wishes())
def test_nothing_that_is_wished_breaks_what_has_to_hold(wish):
    found, plain = fulfil(wish), fulfil(replace(wish, even=False, connected=False, share_by_lot=0.0))
    assert (found.table >= wish.must).all()
    assert not (found.table & wish.never & ~wish.must).any()
    assert (found.table.sum(axis=1) <= np.maximum(wish.caps, wish.must.sum(axis=1))).all()
    assert found.short.sum() == plain.short.sum()
    assert found.objective <= plain.objective
    assert found.groups == len(set(groups_of(found.table)))
    assert sorted(entry for one in found.shortages for entry in one.entries) == np.flatnonzero(found.short).tolist()
    assert sum(one.missing for one in found.shortages) == found.short.sum()
    for shortage in found.shortages:
        loads = found.table.sum(axis=1)
        assert all(loads[judge] >= wish.caps[judge] for judge in shortage.full) or wish.even


@settings(max_examples=100, deadline=None)
@given(wishes())
def test_what_is_said_to_free_an_entry_does(wish):
    wish = replace(wish, even=False, connected=False, share_by_lot=0.0)
    found = fulfil(wish)
    for shortage in found.shortages:
        for judge in shortage.full:
            if found.table.sum(axis=1)[judge] > wish.caps[judge]:
                continue  # what is settled is above the cap already
            more = wish.caps.copy()
            more[judge] += 1
            assert fulfil(replace(wish, caps=more)).short.sum() == found.short.sum() - 1
        for pair in shortage.barred:
            never = wish.never.copy()
            never[pair] = False
            assert fulfil(replace(wish, never=never)).short.sum() == found.short.sum() - 1
