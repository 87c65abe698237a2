"""Whether a prize changes hands, on tables that can be worked out by hand."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.judging.official import Rule
from app.judging.robustness import JudgedEntry, variations, winners

RULE = Rule(criteria=("fit", "team"), aggregate="mean")


def entry(key, group=None, bonus=0, **sheets):
    """Sheets as judge=(fit, team)."""
    scores = {
        judge: dict(zip(("fit", "team"), map(Decimal, given_scores), strict=True))
        for judge, given_scores in sheets.items()
    }
    return JudgedEntry(key, scores, group, Decimal(bonus))


def told(entries, rule=RULE, places=None):
    return {
        (one.kind, one.name, one.change): (one.gains, one.loses)
        for one in variations(entries, rule, places or {None: 1})
        if one.changes_a_prize
    }


def test_a_winner_by_one_judge_alone_is_named():
    entries = [entry("A", x=(50, 40), y=(30, 30)), entry("B", x=(35, 35), y=(38, 38))]  # 75 against 73
    assert told(entries)["judge", "x", None] == (("B",), ("A",))
    assert ("judge", "y", None) not in told(entries)


def test_a_weight_that_decides_is_named():
    entries = [entry("A", x=(60, 20)), entry("B", x=(40, 39))]  # 80 against 79; team up a tenth: 82 against 82.9
    assert told(entries) == {
        ("weight", "fit", Decimal("-0.1")): (("B",), ("A",)),
        ("weight", "team", Decimal("0.1")): (("B",), ("A",)),
        ("judge", "x", None): ((), ("A",)),
    }


def test_another_aggregate_that_decides_is_named():
    entries = [entry("A", x=(50, 50), y=(30, 30), z=(30, 30)), entry("B", x=(32, 32), y=(32, 32), z=(32, 32))]
    assert told(entries)["aggregate", "median", None] == (("B",), ("A",))
    assert ("aggregate", "trimmed_mean", None) not in told(entries)  # three sheets are too few to trim


def test_ties_at_the_last_place_count_for_all_of_them():
    entries = [entry("A", x=(40, 40)), entry("B", x=(30, 50))]
    assert winners(entries, RULE, {None: 1}) == {"A", "B"}


def test_places_are_those_of_each_theme_and_nobody_else_wins():
    entries = [entry("A", "t1", x=(40, 40)), entry("B", "t2", x=(10, 10)), entry("C", "t1", x=(30, 30))]
    assert winners(entries, RULE, {"t1": 1}) == {"A"}
    assert winners(entries, RULE, {"t1": 1, "t2": 1}) == {"A", "B"}


def test_the_pass_mark_moves_with_the_weights():
    rule = Rule(criteria=("fit", "team"), aggregate="mean", pass_mark=Decimal(80))
    assert not [
        one for one in variations([entry("A", x=(40, 40))], rule, {None: 1}) if one.kind == "weight" and one.loses
    ]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6))
def test_nothing_changes_where_all_judges_and_criteria_say_the_same(rows):
    entries = [
        entry(i, **{f"j{k}": (total * 2, total * 2) for k in range(4)}) for i, (total, _b, _c) in enumerate(rows)
    ]
    assert not [one for one in variations(entries, RULE, {None: 1}) if one.changes_a_prize]
