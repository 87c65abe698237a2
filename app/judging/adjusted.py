"""Scores adjusted for the severity of judges: a crossed random-effects model, fitted by REML.

    score = μ + entry + judge + error,   entry ~ N(0, σ²ₐ), judge ~ N(0, σ²ᵦ), error ~ N(0, σ²ₑ)

The fit solves Henderson's mixed-model equations (Biometrics 31, 1975) with the larger of the two factors eliminated, so that
one factor of the size of the smaller is all that an iteration costs; the components begin from his unbiased estimates
(method 1, Biometrics 9, 1953) and move by average-information steps (Gilmour, Thompson & Cullis, Biometrics 51, 1995). No
table, no database: arrays in, arrays out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.judging.elimination import Factored, Order, order_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

MOST_STEPS = 60
# Relative change of a component with which the fit ends: the step after it would be about its square. Where steps are dear, a
# change is accepted that leaves less than a thousandth, which is far below what so large a table can tell of a component.
CLOSE_ENOUGH, CLOSE_WHEN_DEAR = 1e-3, 3e-2
DEAR = 1000  # inner levels
FAR = 4.5  # posterior sds: a normal variable is as far above its mean once in 300,000 times
MOST_NUMBERS = 2_000_000  # drawn at a time
NOTHING = 1e-9  # a component below this share of the total variance is at its bound, nought


@dataclass(frozen=True)
class Components:
    """The mean and the three variances of the model, in points and points squared."""

    mean: float
    entry: float
    judge: float
    residual: float


@dataclass(frozen=True)
class AdjustedFit:
    """What the model says of each entry and judge; arrays are indexed as the input's `entry` and `judge` are.

    `entry_mean` is μ + the entry's BLUP: its estimated mean over all judges. `entry_sd` is the posterior standard deviation of
    that mean given the components, the uncertainty of μ included. `judge_severity` is how far below the others a judge scores
    (positive: stricter), with `judge_sd`. `converged` is False when the steps ran out, which the reader has to be told.
    """

    components: Components
    entry_mean: Floats
    entry_sd: Floats
    judge_severity: Floats
    judge_sd: Floats
    converged: bool
    steps: int
    equations: "_Equations"
    swapped: bool  # whether the equations eliminated the judges rather than the entries


def fit_adjusted(entry: Integers, judge: Integers, score: Floats) -> AdjustedFit:
    """Fit the model to `score[i]`, given by `judge[i]` to `entry[i]` (integers from 0, each at least once).

    Raises ValueError where there are fewer than two entries, two judges or three scores, or where all scores are equal:
    then there is nothing to tell apart.
    """
    n_entries, n_judges = int(entry.max()) + 1, int(judge.max()) + 1
    if n_entries < 2 or n_judges < 2 or len(score) < 3:
        raise ValueError("the model needs at least two entries, two judges and three scores")
    if np.ptp(score) == 0:
        raise ValueError("all scores are equal")
    swapped = n_judges > n_entries
    design = _Design.of(judge, entry, score) if swapped else _Design.of(entry, judge, score)
    solved, steps, converged = _maximize(design)
    variances = solved.variances
    outer, inner = solved.outer_effect, solved.inner_effect
    entry_effect, judge_effect = (inner, outer) if swapped else (outer, inner)
    entry_variance = solved.inner_mean_variance() if swapped else solved.outer_mean_variance()
    judge_variance = solved.outer_variance() if swapped else solved.inner_variance()
    judge_var, entry_var = (variances[1], variances[2]) if swapped else (variances[2], variances[1])
    return AdjustedFit(
        components=Components(solved.mean, float(entry_var), float(judge_var), float(variances[0])),
        entry_mean=solved.mean + entry_effect,
        entry_sd=np.sqrt(entry_variance),
        judge_severity=-judge_effect,
        judge_sd=np.sqrt(judge_variance),
        converged=converged,
        steps=steps,
        equations=solved,
        swapped=swapped,
    )


def chance_of_top(fit: AdjustedFit, k: int, *, draws: int = 4000, seed: int = 20221028) -> Floats:
    """For each entry the share of posterior draws in which it is among the best `k`; its standard error is at most 0.008.

    The draws come from the joint posterior, so that what two entries owe to the same lenient judge moves them together. Entries
    that lie `FAR` posterior sds below what `k` others surpass by as many have no chance that draws could show, and none is drawn.
    """
    n = len(fit.entry_mean)
    if k >= n:
        return np.ones(n)
    surpassed = np.partition(fit.entry_mean - FAR * fit.entry_sd, n - k)[n - k]
    able = np.flatnonzero(fit.entry_mean + FAR * fit.entry_sd >= surpassed)
    random = np.random.default_rng(seed)
    chances = np.zeros(n)
    chunk = max(1, min(draws, MOST_NUMBERS // len(fit.equations.design.score)))
    for start in range(0, draws, chunk):
        effects = fit.equations.draw(random, min(chunk, draws - start), able, inner=fit.swapped)
        best = np.argpartition(-effects, k - 1, axis=1)[:, :k]
        chances[able] += np.bincount(best.ravel(), minlength=len(able))
    return chances / draws


@dataclass(frozen=True)
class _Design:
    """The table of scores with its sums; "outer" is the larger factor, to be eliminated, "inner" the one that is left.

    The scores are sorted by the outer factor. Rows of the equations stand in the places of `order`, first the inner levels' and
    then that of μ. `cell[i]` is where a pair of scores of one outer level, `pair_outer[i]`, meets in the matrix of the equations;
    a score meets itself, too.
    """

    outer: Integers
    inner: Integers
    score: Floats
    n_outer: int
    n_inner: int
    outer_count: Floats
    inner_count: Floats
    order: Order
    cell: Integers
    pair_outer: Integers

    @classmethod
    def of(cls, outer: Integers, inner: Integers, score: Floats) -> "_Design":
        by_outer = np.argsort(outer, kind="stable")
        outer, inner, score = outer[by_outer], inner[by_outer], score[by_outer].astype(np.float64)
        n_outer, n_inner = int(outer.max()) + 1, int(inner.max()) + 1
        left, right, pair_outer = _pairs(outer, inner)
        order = order_rows(n_inner + 1, left, right)
        return cls(
            outer, inner, score, n_outer, n_inner,
            np.bincount(outer, minlength=n_outer).astype(np.float64), np.bincount(inner, minlength=n_inner).astype(np.float64),
            order, order.place[left] * (n_inner + 1) + order.place[right], pair_outer,
        )  # fmt: skip


def _pairs(outer: Integers, inner: Integers) -> tuple[Integers, Integers, Integers]:
    """All ordered pairs of scores within one level of the sorted `outer`: both inner levels, and the outer one."""
    everything = np.arange(len(outer))
    first, second = [everything], [everything]
    for distance in range(1, int(np.bincount(outer).max())):
        near = np.flatnonzero(outer[:-distance] == outer[distance:])
        first += [near, near + distance]
        second += [near + distance, near]
    left, right = np.concatenate(first), np.concatenate(second)
    return inner[left], inner[right], outer[left]


class _Equations:
    """The mixed-model equations at given variances (residual, outer, inner), solved.

    With r = σ²ₑ/σ²outer and q = σ²ₑ/σ²inner, the outer factor eliminated leaves, for (inner, μ), the matrix
    S = [[diag(m) + q, m], [m, n]] - W diag(1/(n_outer + r)) Wᵀ, where W = [N, n_outer]ᵀ, N being the table of counts.
    """

    def __init__(self, design: _Design, variances: Floats) -> None:
        self.design, self.variances = design, variances
        residual, outer_variance, inner_variance = variances
        d = design
        self.shrink = 1.0 / (d.outer_count + residual / outer_variance)
        size, rows, last = d.n_inner + 1, d.order.place[:-1], d.n_inner
        s: Floats = np.bincount(d.cell, -self.shrink[d.pair_outer], minlength=size * size).astype(
            np.float64, copy=False
        )
        s = s.reshape(size, size)
        s[rows, rows] += d.inner_count + residual / inner_variance
        weighted = np.bincount(d.inner, (self.shrink * d.outer_count)[d.outer], minlength=d.n_inner)
        s[last, rows] = s[rows, last] = d.inner_count - weighted
        s[last, last] = len(d.score) - float(d.outer_count @ (self.shrink * d.outer_count))
        self.factored = Factored(s, d.order)
        self.log_determinant = self.factored.log_determinant - float(np.log(self.shrink).sum())
        mean, (self.outer_effect,), (self.inner_effect,) = self.solve(d.score[None])
        self.mean = float(mean[0])

    def solve(self, y: Floats) -> tuple[Floats, Floats, Floats]:
        """The means and the effects of both factors for each row of scores in `y` (rows, scores)."""
        d = self.design
        outer_sum, inner_sum = _sums(d.outer, y, d.n_outer), _sums(d.inner, y, d.n_inner)
        scaled = self.shrink * outer_sum
        right = np.empty((d.n_inner + 1, len(y)))
        right[d.order.place[:-1]] = (inner_sum - _sums(d.inner, scaled[:, d.outer], d.n_inner)).T
        right[-1] = y.sum(axis=1) - scaled @ d.outer_count
        solution = self.factored.solve(right)
        mean, inner = solution[-1], solution[d.order.place[:-1]].T
        rest = outer_sum - d.outer_count * mean[:, None] - _sums(d.outer, inner[:, d.inner], d.n_outer)
        return mean, self.shrink * rest, inner

    def unexplained(self) -> Floats:
        """What the model leaves of the scores: σ²ₑ P y."""
        d = self.design
        rest: Floats = d.score - self.mean - self.outer_effect[d.outer] - self.inner_effect[d.inner]
        return rest

    def log_likelihood(self) -> float:
        """The restricted log-likelihood, up to a constant that does not depend on the variances."""
        d, (residual, outer, inner) = self.design, self.variances
        fit = float(d.score @ self.unexplained()) / residual
        degrees = len(d.score) - 1 - d.n_outer - d.n_inner
        return -0.5 * float(
            degrees * np.log(residual)
            + d.n_outer * np.log(outer)
            + d.n_inner * np.log(inner)
            + self.log_determinant
            + fit
        )

    def _of_outer(self, of_mean: Floats) -> Floats:
        """For each level i of the outer factor wᵢᵀ S⁻¹ wᵢ, with wᵢ = (Nᵢ, of_meanᵢ)."""
        d, inverse = self.design, self.factored.inverse
        among = np.bincount(d.pair_outer, inverse.ravel()[d.cell], minlength=d.n_outer)
        with_mean = np.bincount(d.outer, inverse[-1, d.order.place[d.inner]], minlength=d.n_outer)
        found: Floats = among + of_mean * (2 * with_mean + of_mean * inverse[-1, -1])
        return found

    def outer_variance(self) -> Floats:
        """Posterior variances of the outer factor's effects."""
        variances: Floats = self.variances[0] * (self.shrink + self.shrink**2 * self._of_outer(self.design.outer_count))
        return variances

    def outer_mean_variance(self) -> Floats:
        """Posterior variances of μ + effect of the outer factor: μ less the shrunken sum in which it stands nᵢ times."""
        of_mean = self.design.outer_count - 1.0 / self.shrink
        variances: Floats = self.variances[0] * (self.shrink + self.shrink**2 * self._of_outer(of_mean))
        return variances

    def inner_variance(self) -> Floats:
        """Posterior variances of the inner factor's effects."""
        variances: Floats = self.variances[0] * self.factored.inverse.diagonal()[self.design.order.place[:-1]]
        return variances

    def inner_mean_variance(self) -> Floats:
        """Posterior variances of μ + effect of the inner factor."""
        inverse, rows = self.factored.inverse, self.design.order.place[:-1]
        variances: Floats = self.variances[0] * (inverse[rows, rows] + 2 * inverse[-1, rows] + inverse[-1, -1])
        return variances

    def draw(self, random: np.random.Generator, count: int, levels: Integers, *, inner: bool) -> Floats:
        """`count` draws (rows) from the joint posterior of the effects of the given levels of a factor.

        The inner factor's and μ are drawn first, then the outer one's given both.
        """
        d, sd = self.design, float(np.sqrt(self.variances[0]))
        noise = sd * self.factored.draw(random.standard_normal((d.n_inner + 1, count)))
        if inner:
            drawn: Floats = self.inner_effect[levels] + noise[d.order.place[levels]].T
            return drawn
        chosen = np.zeros(d.n_outer, dtype=bool)
        chosen[levels] = True
        kept = chosen[d.outer]
        starts = np.concatenate(([0], np.cumsum(d.outer_count[levels])[:-1])).astype(np.intp)
        seen = np.add.reduceat(noise[d.order.place[d.inner[kept]]], starts, axis=0)
        shrink = self.shrink[levels, None]
        centre = self.outer_effect[levels, None] - shrink * (d.outer_count[levels, None] * noise[-1] + seen)
        outer: Floats = (centre + sd * np.sqrt(shrink) * random.standard_normal(centre.shape)).T
        return outer


def _sums(group: Integers, weights: Floats, size: int) -> Floats:
    """For each row of `weights` its sum in each of the `size` groups."""
    return np.stack([np.bincount(group, row, minlength=size) for row in weights]).astype(np.float64)


def _start(design: _Design) -> Floats:
    """Variances to begin from, in the order (residual, outer, inner): those whose sums of squares are expected as they are found.

    Where one of them comes out near nought or below, a share of the total stands in for it.
    """
    d, n = design, len(design.score)
    rest = d.score - d.score.mean()
    total = float(rest @ rest)
    between_outer = float((np.bincount(d.outer, rest) ** 2 / d.outer_count).sum())
    between_inner = float((np.bincount(d.inner, rest) ** 2 / d.inner_count).sum())
    of_outer, of_inner = float((d.outer_count**2).sum()) / n, float((d.inner_count**2).sum()) / n
    expected = np.array([
        [n - 1.0, n - of_outer, n - of_inner],
        [d.n_outer - 1.0, n - of_outer, d.n_outer - of_inner],
        [d.n_inner - 1.0, d.n_inner - of_outer, n - of_inner],
    ])  # fmt: skip
    found: Floats = np.linalg.lstsq(expected, np.array([total, between_outer, between_inner]), rcond=None)[0]
    return np.maximum(found, 0.05 * total / n)


def _maximize(design: _Design) -> tuple[_Equations, int, bool]:
    """The equations at the maximum of the restricted likelihood, the steps taken, and whether it was reached."""
    floor = NOTHING * float(design.score.var())
    close = CLOSE_ENOUGH if design.n_inner < DEAR else CLOSE_WHEN_DEAR
    variances = _start(design)
    solved = _Equations(design, variances)
    likelihood = solved.log_likelihood()
    for step in range(1, MOST_STEPS + 1):
        gradient, information = _score_and_information(solved)
        del solved  # its matrix is large, and the next one takes its place
        free = ~((variances <= floor) & (gradient < 0))
        move = np.zeros(3)
        move[free] = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        length = 1.0
        while True:
            # No component falls to less than a twentieth in one step: the average information is trusted only nearby.
            target = np.maximum(variances + length * move, np.maximum(variances * 0.05, floor))
            solved = _Equations(design, target)
            reached = solved.log_likelihood()
            if reached >= likelihood - 1e-9 * abs(likelihood) or length < 1e-4:
                break
            del solved
            length /= 2
        change = np.abs(target - variances) / np.maximum(target, 1e-6 * target.sum())
        variances, likelihood = target, reached
        if change.max() < close:
            return solved, step, True
    return solved, MOST_STEPS, False


def _score_and_information(solved: _Equations) -> tuple[Floats, Floats]:
    """The gradient of the restricted likelihood and its average information, in the order (residual, outer, inner)."""
    d, (residual, outer, inner) = solved.design, solved.variances
    outer_trace = float(solved.outer_variance().sum())
    inner_trace = float(solved.inner_variance().sum())
    rest = solved.unexplained()
    explained = d.n_outer - outer_trace / outer + d.n_inner - inner_trace / inner
    gradient = -0.5 * np.array([
        (len(d.score) - 1 - explained) / residual - float(rest @ rest) / residual**2,
        d.n_outer / outer - outer_trace / outer**2 - float(solved.outer_effect @ solved.outer_effect) / outer**2,
        d.n_inner / inner - inner_trace / inner**2 - float(solved.inner_effect @ solved.inner_effect) / inner**2,
    ])  # fmt: skip
    working = np.stack([rest / residual, solved.outer_effect[d.outer] / outer, solved.inner_effect[d.inner] / inner])
    mean, outer_effect, inner_effect = solved.solve(working)
    projected = (working - mean[:, None] - outer_effect[:, d.outer] - inner_effect[:, d.inner]) / residual
    information = 0.5 * working @ projected.T
    return gradient, (information + information.T) / 2
