"""Scales, optional criteria and gates: exact to the last digit, and the same by the program that goes with the results."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awards.bundle import verify
from app.challenges.models import Criterion
from app.challenges.states import Scale
from app.judging.marks import is_mark
from app.judging.official import Entry, Rule, in_points, score_entry, sheet_total

D = Decimal
OPEN = Rule(criteria=("fit", "team", "plus"), aggregate="mean", points=(D(60), D(30), D(10)), optional=("plus",))


def sheet(**points):
    return {code: D(str(value)) for code, value in points.items()}


def test_marks_count_as_their_share_of_the_points():
    rule = Rule(criteria=("a", "b", "c"), scales=(("a", D("12.5"), D(100)), ("b", D(30), D(5))))
    assert in_points(sheet(a="99.5", b=4, c=7), rule) == sheet(a="12.4375", b=24, c=7)


def test_what_is_optional_and_left_out_never_counts_as_nought():
    full, without = sheet(fit=54, team=27, plus=9), sheet(fit=54, team=27)
    assert score_entry(Entry("x", (full,)), OPEN).mean == score_entry(Entry("x", (without,)), OPEN).mean == D("90.00")
    assert sheet_total(without, OPEN) == D(90)
    assert sheet_total(sheet(fit=54), OPEN) == D(54)  # not complete: the sum so far
    assert sheet_total({}, OPEN) is None
    # 70 of 90 stand for 77.777…; with 80 the mean is 78.888…, rounded once
    placed = score_entry(Entry("x", (sheet(fit=50, team=20), sheet(fit=50, team=20, plus=10))), OPEN)
    assert (placed.mean, placed.lowest, placed.highest, placed.sheets) == (D("78.89"), D("77.78"), D("80.00"), 2)
    assert score_entry(Entry("x", (sheet(fit=50, plus=10),)), OPEN).mean is None


def test_an_optional_criterion_that_nobody_scored_is_left_out_of_a_trimmed_sum_as_well():
    rule = Rule(criteria=("fit", "plus"), trim="criteria", trim_floor=3, points=(D(60), D(40)), optional=("plus",))
    three = tuple(sheet(fit=v) for v in (10, 40, 50))
    assert score_entry(Entry("x", three), rule).mean == D("66.67")  # 40 of 60
    assert score_entry(Entry("x", (*three[:2], sheet(fit=50, plus=20))), rule).mean == D("60.00")


@pytest.mark.parametrize(
    ("needed", "answers", "failed"),
    [
        ("majority", [1, 0], False), ("majority", [1, 0, 0], True), ("majority", [0], True), ("majority", [1, 1, 0], False),
        ("any", [1, 1, 0], True), ("any", [1, 1], False), ("any", [], False),
    ],
)  # fmt: skip
def test_a_failed_gate_is_not_passed_whatever_the_score(needed, answers, failed):
    rule = Rule(criteria=("fit",), aggregate="mean", gates=(("law", needed),), pass_mark=D(50))
    placed = score_entry(Entry("x", (sheet(fit=99), *(sheet(fit=99, law=answer) for answer in answers))), rule)
    assert placed.mean == D("99.00")
    assert (placed.failed, placed.passes) == ((("law",), False) if failed else ((), True))


@pytest.mark.parametrize(
    ("scale", "half", "good", "bad"),
    [
        (Scale.POINTS, True, "0 0.5 30", "30.5 -0.5 0.25"), (Scale.POINTS, False, "0 30", "0.5 31"),
        (Scale.HUNDRED, False, "0 100", "100.5 101"), (Scale.TEN, True, "9.5 10", "10.5"),
        (Scale.FIVE, False, "1 5", "0 0.5 6 4.5"), (Scale.FIVE, True, "1.5", "0.5"), (Scale.GATE, True, "0 1", "0.5 2"),
    ],
)  # fmt: skip
def test_each_scale_has_its_marks(scale, half, good, bad):
    criterion = Criterion(scale=scale, half_points=half, points=D(0 if scale is Scale.GATE else 30))
    assert all(is_mark(criterion, D(mark)) for mark in good.split())
    assert not any(is_mark(criterion, D(mark)) for mark in bad.split())


def rubric(draw):
    """A rubric of every kind of criterion, as results freeze it, and as the rule of the ranking."""
    kinds = [(f"c{i}", draw.choice(["points", "hundred", "ten", "five"]), i and draw.random() < 0.5) for i in range(4)]
    published = [
        {"code": code, "points": str(draw.randint(1, 4000) / D(100)), "optional": bool(optional), "scale": scale}
        for code, scale, optional in kinds
    ]
    gate = {"code": "gate", "points": "0", "scale": "gate", "gate_rule": draw.choice(["any", "majority"])}
    rule = {
        "aggregate": draw.choice(["mean", "trimmed_mean", "median"]), "trim": draw.choice(["totals", "criteria"]),
        "trim_floor": draw.choice([3, 4]), "decimals": draw.choice([0, 2]), "bonus_cap": "5", "pass_mark": "60",
        "pass_mark_sees_bonus": draw.random() < 0.5, "tie_break": [], "criteria": [*published, gate],
    }  # fmt: skip
    return rule, Rule(
        criteria=tuple(c["code"] for c in published),
        scales=tuple((c["code"], D(c["points"]), D(verify.TOPS[c["scale"]])) for c in published if c["scale"] != "points"),
        points=tuple(D(c["points"]) for c in published), optional=tuple(c["code"] for c in published if c["optional"]),
        gates=(("gate", gate["gate_rule"]),), pass_mark=D(60), bonus_cap=D(5),
        **{name: rule[name] for name in ("aggregate", "trim", "trim_floor", "decimals", "pass_mark_sees_bonus")},
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_verifier_and_the_ranking_agree_on_any_rubric(seed):
    draw = random.Random(seed)  # noqa: S311 - the seed is the example
    published, rule = rubric(draw)
    tops = {
        c["code"]: verify.TOPS.get(c["scale"]) or (1 if c["scale"] == "gate" else D(c["points"]))
        for c in published["criteria"]
    }
    sheets = []
    for _ in range(draw.randint(0, 6)):
        marks = {code: str(D(draw.randint(0, int(top * 2))) / 2) for code, top in tops.items()}
        marks["gate"] = str(draw.randint(0, 1))
        sheets.append({code: text for code, text in marks.items() if code not in rule.optional or draw.random() < 0.6})
    bonus = str(draw.randint(0, 6))
    theirs = verify.scored({"sheets": [{"scores": s} for s in sheets], "bonus_points": [bonus]}, published)
    entry = Entry("x", tuple(in_points({c: D(t) for c, t in s.items()}, rule) for s in sheets), bonus=D(bonus))
    ours = score_entry(entry, rule)
    assert (str(ours.mean), str(ours.final), ours.passes) == (
        str(theirs["mean"]),
        str(theirs["final"]),
        theirs["passes"],
    )
    assert list(ours.failed) == theirs.get("failed_gates", [])
    assert [None if v is None else Fraction(v) for v in (ours.lowest, ours.highest)] == [
        theirs["lowest"],
        theirs["highest"],
    ]
