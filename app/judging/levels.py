"""The four levels of a criterion, as words beside its points."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

SHARES = (Decimal(0), Decimal("0.5"), Decimal("0.7"), Decimal("0.9"))
STEP = Decimal("0.5")


@dataclass(frozen=True)
class Level:
    """From `low` to `high`, both included; `name` is "weak", "fair", "good" or "excellent"."""

    name: str
    low: Decimal
    high: Decimal


def levels_of(points: Decimal) -> list[Level]:
    """30 points: 0–14.5, 15–20.5, 21–26.5, 27–30. Fewer than five points have no levels."""
    if points < 5:
        return []
    starts = [(points * share).to_integral_value(ROUND_FLOOR) for share in SHARES]
    ends = [*(start - STEP for start in starts[1:]), points]
    names = ("weak", "fair", "good", "excellent")
    return [Level(name, low, high) for name, low, high in zip(names, starts, ends, strict=True)]
