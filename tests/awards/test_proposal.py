"""The decision that the ranking makes by itself."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.awards.departures import find_departures
from app.awards.outcome_rules import find_faults
from app.awards.proposal import propose
from app.awards.services.write_decisions import ranked_reserves
from app.awards.standing import DecisionInput
from tests.awards.standings import NOT_SELECTED, RESERVE, SELECTED, entry, key, standing, theme


def outcomes(proposed):
    return {k: (d.outcome, d.prize_id or d.reserve_rank) for k, d in proposed.items()}


def test_fills_each_theme_and_gives_prizes_by_the_overall_rank():
    t1 = theme(
        entry("A", 1, rank=2), entry("B", 2, rank=4), entry("C", 3, rank=5), entry("D", None, passes=False, final="69")
    )
    t2 = theme(entry("E", 1, rank=1, theme="T2"), entry("F", 2, rank=3, theme="T2"), code="T2")
    assert outcomes(propose(standing(t1, t2))) == {
        key("A"): (SELECTED, key("first")),
        key("B"): (SELECTED, key("excellence")),
        key("C"): (RESERVE, 1),
        key("D"): (NOT_SELECTED, None),
        key("E"): (SELECTED, key("grand")),
        key("F"): (SELECTED, key("first")),
    }


def test_leaves_a_tie_over_the_last_place_and_all_behind_it_undecided():
    t1 = theme(entry("A", 1), entry("B", 2), entry("C", 2), entry("D", 4), entry("E", None, passes=False))
    assert outcomes(propose(standing(t1))) == {key("A"): (SELECTED, key("grand")), key("E"): (NOT_SELECTED, None)}


def test_a_tie_inside_the_places_is_no_hindrance_but_leaves_different_prizes_open():
    t1 = theme(entry("A", 1), entry("B", 1), entry("C", 3))
    assert outcomes(propose(standing(t1))) == {
        key("A"): (SELECTED, None),
        key("B"): (SELECTED, None),
        key("C"): (RESERVE, 1),
    }
    same = standing(t1, prizes=(("first", 2),))
    assert propose(same)[key("A")].prize_id == propose(same)[key("B")].prize_id == key("first")


def test_whoever_follows_a_tie_gets_the_prize_of_the_own_place():
    t1 = theme(entry("A", 1), entry("B", 1), entry("C", 3), winners=3)
    assert propose(standing(t1))[key("C")].prize_id == key("first")


def test_tied_reserves_share_a_rank_and_the_next_is_skipped():
    t1 = theme(entry("A", 1), entry("B", 2), entry("C", 2), entry("D", 4), winners=1)
    assert outcomes(propose(standing(t1))) == {
        key("A"): (SELECTED, key("grand")), key("B"): (RESERVE, 1), key("C"): (RESERVE, 1), key("D"): (RESERVE, 3),
    }  # fmt: skip


def test_more_selected_than_prizes_leaves_the_last_without_one():
    t1 = theme(entry("A", 1), entry("B", 2))
    assert propose(standing(t1, prizes=(("grand", 1),)))[key("B")].prize_id is None


def test_nothing_to_decide_gives_nothing():
    assert propose(standing()) == {}
    assert propose(standing(theme(winners=0))) == {}


@st.composite
def standings(draw):
    """Several themes with ties anywhere, their places and overall ranks computed from finals."""
    finals = draw(st.lists(st.lists(st.integers(66, 74), max_size=7), min_size=1, max_size=3))
    passing = sorted((f for one in finals for f in one if f >= 70), reverse=True)
    themes = []
    for t, one in enumerate(finals):
        mine = sorted(one, reverse=True)
        entries = [
            entry(f"{t}-{i}", mine.index(f) + 1 if f >= 70 else None, rank=passing.index(f) + 1 if f >= 70 else None,
                  final=Decimal(f), passes=f >= 70, theme=f"T{t}")
            for i, f in enumerate(mine)
        ]  # fmt: skip
        themes.append(theme(*entries, code=f"T{t}", winners=draw(st.integers(0, 4))))
    return standing(*themes)


@given(standings())
def test_a_proposal_never_breaks_a_rule_nor_departs_from_the_ranking(given_standing):
    proposed = propose(given_standing)
    assert find_faults(given_standing, proposed) == {}
    waiting = {
        e.application_id for e in given_standing.entries
        if e.application_id in proposed and proposed[e.application_id].prize_id is None
        and any(o.rank == e.rank and o is not e for o in given_standing.entries)
    }  # fmt: skip
    assert set(find_departures(given_standing, proposed)) <= waiting  # prizes that a tie left open
    tied = [e for t in given_standing.themes for e in t.ranked if t.is_tied_at_the_cut(e)]
    assert not any(e.application_id in proposed for e in tied)
    if not tied:
        assert set(proposed) == set(given_standing.by_application)


@given(standings(), st.data())
def test_reserves_are_always_ranked_without_a_fault(given_standing, data):
    """Whatever ranks people type, closing up leaves 1, 2, 3; a second time changes nothing."""
    decisions = {}
    for one in given_standing.themes:
        typed = data.draw(st.lists(st.integers(1, 40), min_size=len(one.ranked), max_size=len(one.ranked), unique=True))
        for e, rank in zip(one.ranked, typed, strict=True):
            kept = data.draw(st.sampled_from([rank, None]))
            decisions[e.application_id] = DecisionInput(RESERVE, reserve_rank=kept)
    ranked = ranked_reserves(given_standing, decisions)
    assert find_faults(given_standing, ranked) == {}
    assert ranked_reserves(given_standing, ranked) == ranked
