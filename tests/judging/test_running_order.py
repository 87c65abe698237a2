from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging import running_order as module
from app.judging.running_order import leavings, running_order

people = st.sets(st.sampled_from("uvwxy"), max_size=3)


def test_one_who_is_in_conflict_with_two_teams_leaves_once():
    absent = {"A": {"x"}, "C": {"x"}, "D": {"y"}}
    order = running_order("ABCD", absent)
    assert leavings("ABCD", absent) == 3
    assert leavings(order, absent) == 2
    assert sorted(order) == list("ABCD")


def test_a_team_that_two_must_not_hear_stands_between_theirs():
    absent = {"A": {"x"}, "B": {"y"}, "C": {"x", "y"}}
    assert running_order("ABC", absent) in (["A", "C", "B"], ["B", "C", "A"])


def test_without_conflicts_the_order_stays():
    assert running_order("DBCA", {}) == list("DBCA")
    assert running_order("", {}) == []


@given(st.lists(people, max_size=6))
def test_no_order_has_fewer_leavings(sets):
    absent = dict(enumerate(sets))
    order = running_order(range(len(sets)), absent)
    assert sorted(order) == list(range(len(sets)))
    assert leavings(order, absent) == min(leavings(other, absent) for other in permutations(range(len(sets))))


@settings(max_examples=30, deadline=None)
@given(st.lists(people, min_size=8, max_size=30))
def test_many_sets_are_ordered_no_worse_than_given_and_near_the_best(sets):
    absent = dict(enumerate(sets))
    exact = leavings(running_order(range(len(sets)), absent), absent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT", 0)
        quick = leavings(running_order(range(len(sets)), absent), absent)
    assert quick <= leavings(range(len(sets)), absent)
    if len({frozenset(one) for one in sets} - {frozenset()}) <= module.EXACT:
        assert exact <= quick <= 2 * exact
