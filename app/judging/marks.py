"""Which marks a criterion's scale has, and the rule that makes points of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.challenges.models import Criterion, Round
from app.challenges.states import Scale
from app.judging.official import Rule, in_points, sheet_total
from app.web.filters import local

TOPS = {Scale.HUNDRED: Decimal(100), Scale.TEN: Decimal(10), Scale.FIVE: Decimal(5), Scale.GATE: Decimal(1)}


def top_of(criterion: Criterion) -> Decimal:
    """The highest mark: the criterion's points where marks are points."""
    return TOPS.get(criterion.scale, criterion.points)


def least_of(criterion: Criterion) -> Decimal:
    return Decimal(1) if criterion.scale is Scale.FIVE else Decimal(0)


def is_mark(criterion: Criterion, mark: Decimal) -> bool:
    """Whether the scale has this mark: within its ends, whole, or half where halves are allowed."""
    parts = mark * 2 if criterion.half_points and criterion.scale is not Scale.GATE else mark
    return least_of(criterion) <= mark <= top_of(criterion) and parts == parts.to_integral_value()


def rule_of(round_: Round) -> Rule:
    """The round's scoring rule as plain data."""
    scored = [criterion for criterion in round_.criteria if criterion.scale is not Scale.GATE]
    return Rule(
        criteria=tuple(criterion.code for criterion in scored),
        aggregate=round_.aggregate.value,
        trim=round_.trim.value,
        trim_floor=round_.trim_floor,
        decimals=round_.decimals,
        bonus_cap=round_.bonus_cap,
        pass_mark=round_.pass_mark,
        pass_mark_sees_bonus=round_.pass_mark_sees_bonus,
        tie_break=tuple(round_.tie_break),
        scales=tuple((c.code, c.points, TOPS[c.scale]) for c in scored if c.scale is not Scale.POINTS),
        points=tuple(criterion.points for criterion in scored),
        optional=tuple(criterion.code for criterion in scored if criterion.optional),
        gates=tuple((c.code, c.gate_rule.value) for c in round_.criteria if c.scale is Scale.GATE),
    )


def total_of(round_: Round, scores: Mapping[str, str]) -> Decimal | None:
    """What a sheet's marks make so far, in points."""
    rule = rule_of(round_)
    return sheet_total(in_points({code: Decimal(text) for code, text in scores.items()}, rule), rule)


def grouped(criteria: Sequence[Criterion]) -> list[tuple[str, list[Criterion]]]:
    """The criteria under the names of their groups, in the order of the rubric; without a group under no name."""
    found: list[tuple[str, list[Criterion]]] = []
    for criterion in criteria:
        name = local(criterion.group)
        if not found or found[-1][0] != name:
            found.append((name, []))
        found[-1][1].append(criterion)
    return found
