"""The official rule: the sample's worked scores, every trap of the domain, and what must hold for any input."""

import json
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging.official import CHAIR, Entry, Rule, aggregated, rank_entries, round_half_up, score_entry

D = Decimal
CODES = ("fit", "technology", "feasibility")
PLAIN = Rule(criteria=("total",), bonus_cap=D(5), pass_mark=D(70))
SAMPLE = Path(__file__).parents[2] / "app" / "sample" / "data" / "shinhan-fintech-2022.json"


def sheets(*totals):
    return tuple({"total": D(str(total))} for total in totals)


def rubric_sheets(*rows):
    return tuple(dict(zip(CODES, map(D, map(str, row)), strict=True)) for row in rows)


WORKED = [
    ("A", [92, 88, 88, 75, 70], 0, "83.67", "83.67", True),
    ("B", [85, 84, 84, 83, 60], 0, "83.67", "83.67", True),
    ("C", [95, 71, 70, 69, 40], 3, "70.00", "73.00", True),
    ("D", [72, 70, 69, 68, 50], 5, "69.00", "74.00", False),
    ("E", [90, 80, None, 78, 70], 0, "79.00", "79.00", True),  # one judge recused: four sheets
    ("F", [88, 86, 82, 81, 79], 1, "83.00", "84.00", True),
]


def worked_entries():
    return [
        Entry(name, sheets(*[t for t in totals if t is not None]), bonus=D(bonus)) for name, totals, bonus, *_ in WORKED
    ]


@pytest.mark.parametrize(("name", "totals", "bonus", "mean", "final", "passes"), WORKED)
def test_the_samples_worked_scores_come_out_to_the_last_digit(name, totals, bonus, mean, final, passes):
    placed = score_entry(Entry(name, sheets(*[t for t in totals if t is not None]), bonus=D(bonus)), PLAIN)
    assert (str(placed.mean), str(placed.final), placed.passes) == (mean, final, passes)
    assert placed.trimmed


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample's file is not part of this folder yet")
def test_the_table_above_is_the_samples():
    entries = json.loads(SAMPLE.read_text())["worked_scores"]["entries"]
    assert [(e["entry"], e["totals"], e["bonus"], e["mean"], e["final"], e["passes"]) for e in entries] == WORKED


def test_the_sample_is_ranked_with_a_tie_and_without_the_one_below_the_pass_mark():
    ranking = rank_entries(worked_entries(), PLAIN)
    assert [(e.key, e.rank) for e in ranking.entries] == [("F", 1), ("A", 2), ("B", 2), ("E", 4), ("C", 5), ("D", None)]
    assert [(tie.value, tie.keys, tie.settled) for tie in ranking.ties] == [(D("83.67"), ("A", "B"), False)]


# 1. Trimmed mean


def test_exactly_one_highest_and_one_lowest_go_even_when_equal():
    assert score_entry(Entry(1, sheets(90, 90, 60, 50, 50)), PLAIN).mean == D("66.67")
    assert score_entry(Entry(1, sheets(80, 80, 80, 80)), PLAIN).mean == D("80.00")


@pytest.mark.parametrize(
    ("count", "floor", "trimmed", "mean"),
    [
        (3, 4, False, "60.00"),
        (4, 4, True, "45.00"),
        (3, 3, True, "90.00"),
        (5, 6, False, "48.00"),
        (2, 1, False, "45.00"),
    ],
)
def test_below_the_floor_nothing_is_trimmed_and_the_result_says_so(count, floor, trimmed, mean):
    placed = score_entry(Entry(1, sheets(*[90, 0, 90, 0, 60][:count])), Rule(criteria=("total",), trim_floor=floor))
    assert (placed.trimmed, str(placed.mean)) == (trimmed, mean)


def test_trimming_totals_and_trimming_criteria_differ():
    given_sheets = rubric_sheets((30, 0, 10), (0, 25, 10), (20, 20, 10), (10, 10, 10))
    by_totals = score_entry(Entry(1, given_sheets), Rule(criteria=CODES))
    by_criteria = score_entry(Entry(1, given_sheets), Rule(criteria=CODES, trim="criteria"))
    assert (by_totals.mean, by_criteria.mean) == (D("37.50"), D("40.00"))


def test_a_missing_sheet_is_no_nought_and_marks_the_rank_as_provisional():
    placed = rank_entries(
        [Entry("A", sheets(80, 90), expected=5), Entry("B", sheets(70, 70), expected=2)], PLAIN
    ).by_key()
    assert (placed["A"].mean, placed["A"].sheets, placed["A"].expected) == (D("85.00"), 2, 5)
    assert placed["A"].rank == 1
    assert placed["A"].provisional
    assert not placed["B"].provisional


def test_a_sheet_without_one_criterion_has_no_total():
    half = ({"fit": D(30), "technology": D(25)},)
    placed = score_entry(Entry(1, rubric_sheets((20, 20, 20)) + half), Rule(criteria=CODES))
    assert (placed.mean, placed.sheets, placed.expected) == (D("60.00"), 1, 2)
    assert placed.provisional
    by_criteria = score_entry(Entry(1, rubric_sheets((20, 20, 20)) + half), Rule(criteria=CODES, trim="criteria"))
    assert by_criteria.mean == D("67.50")  # 25 + 22.5 + 20: each criterion over the scores that it has


def test_an_entry_without_any_sheet_has_no_score_and_no_rank():
    placed = rank_entries(
        [Entry("A", (), expected=3, bonus=D(5)), Entry("B", sheets(0))], Rule(criteria=("total",))
    ).by_key()
    assert (placed["A"].mean, placed["A"].final, placed["A"].rank, placed["A"].passes) == (None, None, None, None)
    assert (placed["B"].mean, placed["B"].rank) == (D("0.00"), 1)
    assert score_entry(Entry("A", ()), Rule(criteria=CODES, trim="criteria")).mean is None


@pytest.mark.parametrize(("scores", "median"), [([1, 9, 5], "5.00"), ([1, 9, 5, 6], "5.50"), ([7], "7.00")])
def test_the_median_is_the_middle_or_half_way_between_the_two(scores, median):
    assert str(score_entry(Entry(1, sheets(*scores)), Rule(criteria=("total",), aggregate="median")).mean) == median


def test_the_plain_mean_trims_nothing():
    assert (
        str(score_entry(Entry(1, sheets(100, 0, 0, 0, 0, 0)), Rule(criteria=("total",), aggregate="mean")).mean)
        == "16.67"
    )


# 3. Bonus


def test_bonus_comes_after_the_mean_and_is_capped():
    placed = score_entry(Entry(1, sheets(80), bonus=D(9)), PLAIN)
    assert (placed.mean, placed.bonus, placed.final) == (D("80.00"), D(5), D("85.00"))


@pytest.mark.parametrize(("sees", "passes"), [(False, False), (True, True)])
def test_whether_the_pass_mark_sees_the_bonus_is_part_of_the_rule(sees, passes):
    rule = Rule(criteria=("total",), bonus_cap=D(5), pass_mark=D(70), pass_mark_sees_bonus=sees)
    assert score_entry(Entry(1, sheets(69), bonus=D(2)), rule).passes is passes


def test_the_pass_mark_is_held_against_the_published_mean():
    assert score_entry(Entry(1, sheets(70, 70, "69.985"), bonus=D(0)), PLAIN).mean == D("70.00")
    assert score_entry(Entry(1, sheets(70, 70, "69.985")), PLAIN).passes
    assert not score_entry(Entry(1, sheets("69.99")), PLAIN).passes


# 4. Rounding


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("0.005", 2, "0.01"), ("1.005", 2, "1.01"), ("2.675", 2, "2.68"), ("0.125", 2, "0.13"), ("83.665", 2, "83.67"),
     ("2.5", 0, "3"), ("3.5", 0, "4"), ("-0.005", 2, "0.00"), ("-0.006", 2, "-0.01"), ("66.66666", 4, "66.6667")],
)  # fmt: skip
def test_rounding_is_half_up(value, decimals, expected):
    assert round_half_up(D(value), decimals) == D(expected)


def test_rounding_happens_once():
    # 0.4445 would be 0.45 by way of 0.445, and 0.44 in one step.
    assert aggregated([D("0.4445")], PLAIN).rounded(2) == D("0.44")
    rule = Rule(criteria=("total",), aggregate="mean", decimals=0, bonus_cap=D(5))
    placed = score_entry(Entry(1, sheets("70.4"), bonus=D("0.3")), rule)
    assert (placed.mean, placed.final) == (D(70), D(71))  # 70.7 rounded once, not 70 + 0.3


def test_a_tie_is_a_tie_in_the_published_value():
    entries = [Entry("A", sheets("80.004")), Entry("B", sheets("80.001")), Entry("C", sheets("79.99"))]
    assert [(e.key, e.rank) for e in rank_entries(entries, PLAIN).entries] == [("A", 1), ("B", 1), ("C", 3)]


# 5. Tie-break

TIED = {
    "A": rubric_sheets((20, 20, 10), (20, 20, 10)),
    "B": rubric_sheets((25, 15, 10), (25, 15, 10)),
    "C": rubric_sheets((20, 15, 15), (20, 15, 15)),
    "D": rubric_sheets((20, 15, 15), (20, 15, 15)),
}


def tied(*names, **kwargs):
    return [Entry(name, TIED[name], **kwargs) for name in names]


def test_the_chain_goes_from_criterion_to_criterion_and_keeps_what_decided():
    rule = Rule(criteria=CODES, tie_break=("fit", "technology", CHAIR))
    ranking = rank_entries(tied("D", "C", "B", "A"), rule)
    assert [(e.key, e.rank) for e in ranking.entries] == [("B", 1), ("A", 2), ("C", 3), ("D", 3)]
    (tie,) = ranking.ties
    assert [(step.criterion, step.decided) for step in tie.steps] == [
        ("fit", True),
        ("technology", True),
        (CHAIR, False),
    ]
    assert dict(tie.steps[0].values) == {"A": D("20.00"), "B": D("25.00"), "C": D("20.00"), "D": D("20.00")}
    assert dict(tie.steps[1].values) == {"A": D("20.00"), "C": D("15.00"), "D": D("15.00")}
    assert dict(tie.steps[2].values) == {"C": None, "D": None}
    assert not tie.settled


def test_the_chain_stops_where_all_are_parted():
    ranking = rank_entries(tied("A", "B"), Rule(criteria=CODES, tie_break=("fit", "technology", CHAIR)))
    assert [step.criterion for step in ranking.ties[0].steps] == ["fit"]
    assert ranking.ties[0].settled
    assert ranking.ties[0].keys == ("B", "A")


def test_the_chair_decides_what_is_left_and_the_latest_order_holds():
    rule = Rule(criteria=CODES, tie_break=("fit", "technology", CHAIR))
    ranking = rank_entries(tied("A", "B", "C", "D"), rule, [["C", "D"], ["D", "C"]])
    assert [(e.key, e.rank) for e in ranking.entries] == [("B", 1), ("A", 2), ("D", 3), ("C", 4)]
    assert dict(ranking.ties[0].steps[2].values) == {"D": D(1), "C": D(2)}


def test_the_chairs_order_of_two_does_not_part_three():
    rule = Rule(criteria=CODES, tie_break=(CHAIR,))
    ranking = rank_entries(tied("A", "C", "D"), rule, [["A", "C"]])
    assert [e.rank for e in ranking.entries] == [1, 1, 1]
    assert [e.rank for e in rank_entries(tied("A", "C"), rule, [["C", "A"]]).entries] == [1, 2]


def test_a_rule_without_a_chair_ignores_the_chairs_order():
    assert [
        e.rank for e in rank_entries(tied("C", "D"), Rule(criteria=CODES, tie_break=("fit",)), [["D", "C"]]).entries
    ] == [1, 1]


def test_a_criterions_own_trimmed_mean_breaks_ties():
    # Equal trimmed totals; fit alone is 20.00 trimmed for both A and B, though B's plain mean of fit is higher.
    a = rubric_sheets((20, 20, 10), (20, 20, 10), (20, 20, 10), (20, 20, 10))
    b = rubric_sheets((30, 10, 10), (20, 20, 10), (20, 20, 10), (20, 20, 10))
    rule = Rule(criteria=CODES, tie_break=("fit", "technology"))
    assert [e.rank for e in rank_entries([Entry("A", a), Entry("B", b)], rule).entries] == [1, 1]
    plain = Rule(criteria=CODES, aggregate="mean", tie_break=("fit",))
    assert [e.key for e in rank_entries([Entry("A", a), Entry("B", b)], plain).entries] == ["B", "A"]


def test_ranks_in_a_theme_stand_beside_those_over_all():
    entries = [
        Entry("A", sheets(90), group="T1"), Entry("B", sheets(80), group="T2"),
        Entry("C", sheets(80), group="T1"), Entry("D", sheets(75), group="T2"), Entry("E", sheets(10), group="T2"),
    ]  # fmt: skip
    placed = rank_entries(entries, PLAIN).by_key()
    assert {key: (e.rank, e.group_rank) for key, e in placed.items()} == {
        "A": (1, 1), "B": (2, 1), "C": (2, 2), "D": (4, 2), "E": (None, None),
    }  # fmt: skip
    assert placed["B"].tie is not None
    assert placed["B"].group_tie is None


# What holds for any input

halves = st.integers(0, 200).map(lambda n: D(n) / 2)
criterion_sheets = st.tuples(halves, halves, halves).map(lambda row: dict(zip(CODES, row, strict=True)))
rules = st.builds(
    Rule,
    criteria=st.just(CODES),
    aggregate=st.sampled_from(["mean", "trimmed_mean", "median"]),
    trim=st.sampled_from(["totals", "criteria"]),
    trim_floor=st.integers(1, 6),
    decimals=st.integers(0, 4),
    bonus_cap=st.sampled_from([D(0), D(5)]),
    pass_mark=st.sampled_from([None, D(100)]),
    pass_mark_sees_bonus=st.booleans(),
    tie_break=st.sampled_from([(), ("fit",), ("fit", "technology", CHAIR)]),
)
some_sheets = st.lists(criterion_sheets, max_size=6).map(tuple)
some_entries = st.lists(st.tuples(some_sheets, st.sampled_from(["T1", "T2"]), halves), max_size=8).map(
    lambda rows: [Entry(i, s, group=g, bonus=b) for i, (s, g, b) in enumerate(rows)]
)


def by_fractions(values, rule):
    """The rule once more, in exact fractions and from its words."""
    ordered = sorted(Fraction(v) for v in values)
    if rule.aggregate == "median":
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if rule.aggregate == "trimmed_mean" and len(ordered) >= max(3, rule.trim_floor):
        ordered = ordered[1:-1]
    return sum(ordered) / len(ordered)


def published(value, decimals):
    scaled = value * 10**decimals + Fraction(1, 2)
    return Fraction(scaled.numerator // scaled.denominator, 10**decimals)


@given(some_sheets.filter(bool), halves, rules)
@settings(max_examples=300, deadline=None)
def test_it_agrees_with_exact_fractions(given_sheets, bonus, rule):
    if rule.aggregate == "trimmed_mean" and rule.trim == "criteria":
        exact = sum(by_fractions([s[code] for s in given_sheets], rule) for code in CODES)
    else:
        exact = by_fractions([sum(s.values()) for s in given_sheets], rule)
    placed = score_entry(Entry(1, given_sheets, bonus=bonus), rule)
    assert Fraction(placed.mean) == published(exact, rule.decimals)
    assert Fraction(placed.final) == published(exact + Fraction(min(bonus, rule.bonus_cap)), rule.decimals)


@given(some_entries, rules, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_neither_the_order_of_entries_nor_of_sheets_matters(entries, rule, draw: random.Random):
    shuffled = [Entry(e.key, tuple(draw.sample(e.sheets, len(e.sheets))), e.group, e.bonus) for e in entries]
    draw.shuffle(shuffled)
    assert rank_entries(shuffled, rule) == rank_entries(entries, rule)


@given(some_sheets.filter(bool), halves, rules)
@settings(max_examples=100, deadline=None)
def test_a_constant_added_to_every_sheet_shifts_the_mean_by_itself(given_sheets, amount, rule):
    shifted = tuple({**sheet, "fit": sheet["fit"] + amount} for sheet in given_sheets)
    before, after = score_entry(Entry(1, given_sheets), rule).mean, score_entry(Entry(1, shifted), rule).mean
    if rule.decimals >= 1:
        assert after - before == amount
    else:
        assert abs(after - before - amount) <= D("0.5")


@given(some_entries, rules, st.lists(st.permutations(range(8)), max_size=2))
@settings(max_examples=150, deadline=None)
def test_ranks_skip_as_many_as_share_one_and_follow_the_score(entries, rule, orders):
    ranking = rank_entries(entries, rule, orders)
    for ranks in (
        [e.rank for e in ranking.entries if e.rank],
        *([e.group_rank for e in ranking.entries if e.group_rank and e.group == group] for group in ("T1", "T2")),
    ):
        ordered = sorted(ranks)
        assert ordered == [ordered.index(rank) + 1 for rank in ordered]
    ranked = [e for e in ranking.entries if e.rank]
    assert ranked == sorted(ranked, key=lambda e: e.rank)
    assert [e.final for e in ranked] == sorted((e.final for e in ranked), reverse=True)
    assert all(e.passes for e in ranked)
    assert {e.key for e in ranking.entries} == {e.key for e in entries}
    for tie in ranking.ties:
        assert tie.settled == (len({e.rank for e in ranking.entries if e.key in tie.keys}) == len(tie.keys))
