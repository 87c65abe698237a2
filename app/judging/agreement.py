"""How well judges agree: intraclass correlations, Krippendorff's α, Kendall's W.

A table has one row for each entry and one column for each judge; NaN stands where a judge gave no score. A figure that is
not defined for the table is None, never nought.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def intraclass_correlations(table: Floats) -> dict[str, float | None]:
    """The six forms of Shrout & Fleiss (Psychological Bulletin 86, 1979), for a complete table of at least 2 × 2.

    "1": each entry has judges of its own; "2": the same judges, drawn from many; "3": these judges and no others.
    ",1" speaks of one judge's score, ",k" of the mean over all columns.
    """
    n, k = table.shape
    if n < 2 or k < 2 or np.isnan(table).any():
        return dict.fromkeys(FORMS)
    grand = table.mean()
    between = k * float(((table.mean(axis=1) - grand) ** 2).sum())
    judges = n * float(((table.mean(axis=0) - grand) ** 2).sum())
    total = float(((table - grand) ** 2).sum())
    bms, jms = between / (n - 1), judges / (k - 1)
    wms = (total - between) / (n * (k - 1))
    ems = max(total - between - judges, 0.0) / ((n - 1) * (k - 1))
    return {
        "1,1": _ratio(bms - wms, bms + (k - 1) * wms),
        "2,1": _ratio(bms - ems, bms + (k - 1) * ems + k * (jms - ems) / n),
        "3,1": _ratio(bms - ems, bms + (k - 1) * ems),
        "1,k": _ratio(bms - wms, bms),
        "2,k": _ratio(bms - ems, bms + (jms - ems) / n),
        "3,k": _ratio(bms - ems, bms),
    }


def _ratio(above: float, below: float) -> float | None:
    return above / below if below != 0 else None


def krippendorff_alpha(table: Floats, level: Level) -> float | None:
    """α = 1 - observed over expected disagreement (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).

    Entries with fewer than two scores say nothing and are left out. None where no two scores of one entry can be compared,
    or where all scores are equal, so that there is no disagreement to expect.
    """
    given = ~np.isnan(table)
    kept = given.sum(axis=1) >= 2
    table, given = table[kept], given[kept]
    if not len(table):
        return None
    values, codes = np.unique(table[given], return_inverse=True)
    if len(values) < 2:
        return None
    counts = np.bincount(codes).astype(np.float64)
    distance = _DISTANCES[level](values, counts)
    coded = np.zeros(table.shape, dtype=np.intp)
    coded[given] = codes
    per_entry = given.sum(axis=1)
    observed = 0.0
    for left in range(table.shape[1]):
        for right in range(left + 1, table.shape[1]):
            both = given[:, left] & given[:, right]
            observed += 2 * float((distance(coded[both, left], coded[both, right]) / (per_entry[both] - 1)).sum())
    n = float(counts.sum())
    expected = float(
        sum(
            count * float((counts * distance(np.full(len(values), code), np.arange(len(values)))).sum())
            for code, count in enumerate(counts)
        )
    )
    return 1 - (n - 1) * observed / expected


Distance = Callable[[NDArray[np.intp], NDArray[np.intp]], Floats]


def _nominal(_values: Floats, _counts: Floats) -> Distance:
    return lambda a, b: (a != b).astype(np.float64)


def _ordinal(_values: Floats, counts: Floats) -> Distance:
    # How many scores lie between two, half of each end: the distance of their mid-ranks.
    middle = np.cumsum(counts) - counts / 2
    return lambda a, b: (middle[a] - middle[b]) ** 2


def _interval(values: Floats, _counts: Floats) -> Distance:
    return lambda a, b: (values[a] - values[b]) ** 2


def _ratio_scale(values: Floats, _counts: Floats) -> Distance:
    def distance(a: NDArray[np.intp], b: NDArray[np.intp]) -> Floats:
        together = values[a] + values[b]
        apart = values[a] - values[b]
        return np.divide(apart, together, out=np.zeros_like(apart), where=together != 0) ** 2

    return distance


_DISTANCES: dict[Level, Callable[[Floats, Floats], Distance]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio_scale,
}  # fmt: skip


def kendall_w(table: Floats) -> float | None:
    """Kendall's coefficient of concordance with his correction for ties (Rank Correlation Methods, 1948), complete tables only.

    None as well where every judge ties all entries.
    """
    n, m = table.shape
    if n < 2 or m < 2 or np.isnan(table).any():
        return None
    ranks, ties = np.empty_like(table), 0.0
    for judge in range(m):
        _, codes, counts = np.unique(table[:, judge], return_inverse=True, return_counts=True)
        ranks[:, judge] = (np.cumsum(counts) - (counts - 1) / 2)[codes]
        ties += float((counts.astype(np.float64) ** 3 - counts).sum())
    sums = ranks.sum(axis=1)
    spread = float(((sums - sums.mean()) ** 2).sum())
    return _ratio(12 * spread, m**2 * (n**3 - n) - m * ties)
