"""How well judges agree: intraclass correlations, Krippendorff's α, Kendall's W.

A table has one row for each entry and one column for each judge; NaN stands where a judge gave no score. A figure that is
not defined for the table is None, never nought.
"""

from collections.abc import Callable
from typing import Any, Literal

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
    """Krippendorff's α of a table; see `alpha_of_scores`."""
    entry, judge = np.nonzero(~np.isnan(table))
    return alpha_of_scores(entry, table[entry, judge], level)


def alpha_of_scores(entry: NDArray[np.intp], score: Floats, level: Level) -> float | None:
    """α = 1 - observed over expected disagreement (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).

    `score[i]` was given to `entry[i]`, by whomever. Entries with fewer than two scores say nothing and are left out. None where
    no two scores of one entry can be compared, or where all scores are equal, so that there is no disagreement to expect.
    """
    kept = np.bincount(entry)[entry] >= 2
    order = np.argsort(entry[kept], kind="stable")
    entry, score = entry[kept][order], score[kept][order]
    values, codes, counts = np.unique(score, return_inverse=True, return_counts=True)
    if len(values) < 2:
        return None
    disagreement = _disagreement(level, values, counts.astype(np.float64))
    together = np.bincount(entry)
    observed = 0.0
    for distance in range(1, int(together.max())):  # pairs of scores of one entry, by their distance in the sorted list
        first = np.flatnonzero(entry[:-distance] == entry[distance:])
        apart = disagreement(codes[first], codes[first + distance])
        observed += 2 * float((apart / (together[entry[first]] - 1)).sum())
    every = np.arange(len(values))
    expected = sum(
        float(counts[code] * (counts[code + 1 :] @ disagreement(every[code], every[code + 1 :]))) for code in every[:-1]
    )
    return 1 - (len(score) - 1) * observed / (2 * expected)


def _disagreement(level: Level, values: Floats, counts: Floats) -> Callable[[Any, NDArray[np.intp]], Floats]:
    """The squared difference of the values with the given codes, at a level of measurement."""
    if level == "nominal":
        return lambda a, b: (a != b).astype(np.float64)
    if level == "ratio":
        return lambda a, b: _squared_ratio(values[a] - values[b], values[a] + values[b])
    # Ordinal: how many scores lie between two, half of each end, which is the distance of their mid-ranks.
    position = values if level == "interval" else np.cumsum(counts) - counts / 2
    return lambda a, b: (position[a] - position[b]) ** 2


def _squared_ratio(apart: Floats, together: Floats) -> Floats:
    squares: Floats = np.divide(apart, together, out=np.zeros_like(apart), where=together != 0) ** 2
    return squares


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
