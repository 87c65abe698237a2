"""Pairwise judging: strengths from votes "this one rather than that one", how sure they are, and which pair to ask next.

The model is Bradley & Terry's (Biometrika 39, 1952): i beats j with the probability 1 / (1 + exp(sⱼ - sᵢ)). Strengths have a
normal prior of mean nought and standard deviation `SPREAD`, so that an entry that won everything has a finite one, and are given
by the mode of the posterior (Newton's method on a concave function) with its curvature as uncertainty (Laplace). The next pair
is the one whose answer is expected to tell most (Lindley, Annals of Mathematical Statistics 27, 1956). Votes are a log: what
counts is replayed from it, and a vote that was undone is left out.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Entry = TypeVar("Entry", bound=Hashable)

SPREAD = 1.5  # of the prior: nine in ten pairs of entries lie within a chance of 1 to 33
MOST_STEPS = 50
CLOSE = 1e-10
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


@dataclass(frozen=True)
class Vote(Generic[Entry]):
    """One line of the log: `winner` was preferred to `loser`; or, with `undoes`, the line of that number is taken back."""

    winner: Entry | None = None
    loser: Entry | None = None
    undoes: int | None = None


def standing_votes(log: Sequence[Vote[Entry]]) -> list[tuple[Entry, Entry]]:
    """The (winner, loser) pairs that count once the log is replayed. To undo an undoing brings the vote back.

    Raises ValueError for a line that undoes one that is not before it, or that names one entry twice.
    """
    counts = [True] * len(log)
    for number, vote in enumerate(log):
        if vote.undoes is not None and not 0 <= vote.undoes < number:
            raise ValueError(f"line {number} undoes line {vote.undoes}, which is not before it")
        if vote.undoes is None and (vote.winner is None or vote.loser is None or vote.winner == vote.loser):
            raise ValueError(f"line {number} does not name two entries")
    for number in range(
        len(log) - 1, -1, -1
    ):  # from the end: whether an undoing counts is settled before what it undoes
        undone = log[number].undoes
        if undone is not None and counts[number]:
            counts[undone] = not counts[undone]
    return [
        (vote.winner, vote.loser)
        for number, vote in enumerate(log)
        if counts[number] and vote.winner is not None and vote.loser is not None
    ]


@dataclass(frozen=True)
class Strengths(Generic[Entry]):
    """The entries' strengths (in log-odds, of mean nought) and the covariance of what is not known of them."""

    entries: tuple[Entry, ...]
    strength: Floats
    covariance: Floats

    @property
    def sd(self) -> Floats:
        """Standard deviations of the strengths."""
        deviations: Floats = np.sqrt(self.covariance.diagonal())
        return deviations

    def chance(self, one: Entry, other: Entry) -> float:
        """The probability that `one` is really stronger than `other`."""
        i, j = self.entries.index(one), self.entries.index(other)
        spread = float(np.sqrt(_variances(self.covariance, np.array([i]), np.array([j]))[0]))
        return float(_normal_below((self.strength[i] - self.strength[j]) / spread))


def fit_strengths(
    entries: Sequence[Entry], votes: Iterable[tuple[Entry, Entry]], *, spread: float = SPREAD
) -> Strengths[Entry]:
    """Strengths from (winner, loser) pairs; entries without a vote have nought, and the prior's uncertainty."""
    place = {entry: i for i, entry in enumerate(entries)}
    pairs = np.array([(place[winner], place[loser]) for winner, loser in votes], dtype=np.intp).reshape(-1, 2)
    winner, loser = pairs[:, 0], pairs[:, 1]
    n = len(entries)
    strength = np.zeros(n)
    curvature = np.eye(n) / spread**2
    for _ in range(MOST_STEPS):
        missed = 1.0 / (1.0 + np.exp(strength[winner] - strength[loser]))  # the chance that it had gone the other way
        gradient = (
            np.bincount(winner, missed, minlength=n) - np.bincount(loser, missed, minlength=n) - strength / spread**2
        )
        curvature = _curvature(n, spread, winner, loser, missed * (1 - missed))
        step = np.linalg.solve(curvature, gradient)
        # From nought a full step never overshoots by more than this, and the function is concave: it always arrives.
        strength += step * min(1.0, 2.0 / max(float(np.abs(step).max(initial=0.0)), 1e-300))
        if float(np.abs(step).max(initial=0.0)) < CLOSE:
            break
    return Strengths(tuple(entries), strength, np.asarray(np.linalg.inv(curvature), dtype=np.float64))


def _curvature(n: int, spread: float, winner: Integers, loser: Integers, weight: Floats) -> Floats:
    """Minus the second derivatives of the posterior: the prior's, and a graph's Laplacian weighted by what each vote tells."""
    curvature = np.eye(n) / spread**2
    np.add.at(curvature, (winner, winner), weight)
    np.add.at(curvature, (loser, loser), weight)
    np.add.at(curvature, (winner, loser), -weight)
    np.add.at(curvature, (loser, winner), -weight)
    return curvature


def next_pair(
    known: Strengths[Entry], *, among: Collection[Entry] | None = None, asked: Collection[frozenset[Entry]] = ()
) -> tuple[Entry, Entry] | None:
    """The pair whose answer is expected to tell most, of the entries `among` (all), none of those `asked` already; None where all were.

    What an answer tells: the entropy of the answer, less the entropy that is left to it once the strengths are known.
    """
    wanted = [i for i, entry in enumerate(known.entries) if among is None or entry in among]
    first, second = (np.array(side) for side in np.triu_indices(len(wanted), 1))
    if not len(first):
        return None
    index = np.array(wanted)
    first, second = index[first], index[second]
    gain = information(known.strength[first] - known.strength[second], _variances(known.covariance, first, second))
    for place in np.argsort(-gain, kind="stable"):
        one, other = known.entries[first[place]], known.entries[second[place]]
        if frozenset((one, other)) not in asked:
            return one, other
    return None


def information(mean: Floats, variance: Floats) -> Floats:
    """The mutual information, in nats, of an answer and a difference of strengths that is normal with `mean` and `variance`."""
    differences = mean[:, None] + np.sqrt(variance)[:, None] * NODES[None, :]
    chances = 1.0 / (1.0 + np.exp(-differences))
    weights = WEIGHTS / WEIGHTS.sum()
    told: Floats = _entropy(chances @ weights) - _entropy(chances) @ weights
    return told


def _entropy(chance: Floats) -> Floats:
    p = np.clip(chance, 1e-15, 1 - 1e-15)
    entropy: Floats = -p * np.log(p) - (1 - p) * np.log1p(-p)
    return entropy


def _variances(covariance: Floats, first: Integers, second: Integers) -> Floats:
    diagonal = covariance.diagonal()
    variances: Floats = diagonal[first] + diagonal[second] - 2 * covariance[first, second]
    return variances


def _normal_below(value: float) -> float:
    return (1 + erf(value / sqrt(2))) / 2
