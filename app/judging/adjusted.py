"""Scores adjusted for the severity of judges: a crossed random-effects model, fitted by REML.

    score = μ + entry + judge + error,   entry ~ N(0, σ²ₐ), judge ~ N(0, σ²ᵦ), error ~ N(0, σ²ₑ)

The fit solves Henderson's mixed-model equations (Biometrics 31, 1975) with the larger of the two factors eliminated, so that
one dense Cholesky factor of the size of the smaller factor is all that an iteration costs; the components move by
average-information steps (Gilmour, Thompson & Cullis, Biometrics 51, 1995). No table, no database: arrays in, arrays out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

MOST_STEPS = 60
CLOSE_ENOUGH = (
    1e-3  # relative change of a component at which the fit ends: the step after it would move about its square
)
PART = 600  # inner levels that are enough to begin from
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
    # The larger factor is eliminated; what is left is dense.
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

    The draws come from the joint posterior, so that what two entries owe to the same lenient judge moves them together.
    """
    n = len(fit.entry_mean)
    if k >= n:
        return np.ones(n)
    random = np.random.default_rng(seed)
    counts = np.zeros(n)
    chunk = max(1, min(draws, 4_000_000 // len(fit.equations.design.score)))
    for start in range(0, draws, chunk):
        outer, inner = fit.equations.draw(random, min(chunk, draws - start))
        effects = inner if fit.swapped else outer
        best = np.argpartition(-effects, k - 1, axis=1)[:, :k]
        counts += np.bincount(best.ravel(), minlength=n)
    return counts / draws


@dataclass(frozen=True)
class _Design:
    """The table of scores with its sums; "outer" is the factor to be eliminated, "inner" the one that is left.

    The scores are sorted by the outer factor, which `starts` cuts into its levels.
    """

    outer: Integers
    inner: Integers
    score: Floats
    n_outer: int
    n_inner: int
    starts: Integers
    outer_count: Floats
    inner_count: Floats
    outer_sum: Floats
    inner_sum: Floats

    @classmethod
    def of(cls, outer: Integers, inner: Integers, score: Floats) -> "_Design":
        order = np.argsort(outer, kind="stable")
        outer, inner, score = outer[order], inner[order], score[order].astype(np.float64)
        n_outer, n_inner = int(outer.max()) + 1, int(inner.max()) + 1
        outer_count = np.bincount(outer, minlength=n_outer).astype(np.float64)
        starts = np.concatenate(([0], np.cumsum(outer_count)[:-1])).astype(np.intp)
        return cls(
            outer, inner, score, n_outer, n_inner, starts, outer_count,
            np.bincount(inner, minlength=n_inner).astype(np.float64),
            _sums(outer, score, n_outer), _sums(inner, score, n_inner),
        )  # fmt: skip

    def add_coupling(self, matrix: Floats, weight: Floats) -> None:
        """Add Nᵀ diag(weight) N to `matrix` (n_inner, n_inner), N being the table of counts."""
        # Pairs of scores within one level of the outer factor, by their distance in the sorted table.
        for distance in range(int(self.outer_count.max())):
            first = np.arange(len(self.outer) - distance)
            first = first[self.outer[first] == self.outer[first + distance]]
            left, right = self.inner[first], self.inner[first + distance]
            np.add.at(matrix, (left, right), weight[self.outer[first]])
            if distance:
                np.add.at(matrix, (right, left), weight[self.outer[first]])


def _sums(group: Integers, weights: Floats, size: int) -> Floats:
    """The sum of `weights` in each of the `size` groups."""
    sums: Floats = np.bincount(group, weights, minlength=size).astype(np.float64)
    return sums


class _Equations:
    """The mixed-model equations at given variances (residual, outer, inner), solved.

    With r = σ²ₑ/σ²outer and q = σ²ₑ/σ²inner, the outer factor eliminated leaves, for (μ, inner), the matrix
    S = [[n, m], [m, diag(m) + q]] - Wᵀ diag(1/(n_outer + r)) W, where W = [n_outer, N].
    """

    def __init__(self, design: _Design, variances: Floats) -> None:
        self.design, self.variances = design, variances
        residual, outer_variance, inner_variance = variances
        d = design
        self.shrink = 1.0 / (d.outer_count + residual / outer_variance)
        size = d.n_inner + 1
        s = np.zeros((size, size))
        d.add_coupling(s[1:, 1:], -self.shrink)
        s[0, 0] = len(d.score) - float(d.outer_count @ (self.shrink * d.outer_count))
        weighted = np.bincount(d.inner, (self.shrink * d.outer_count)[d.outer], minlength=d.n_inner)
        s[0, 1:] = s[1:, 0] = d.inner_count - weighted
        s[np.arange(1, size), np.arange(1, size)] += d.inner_count + residual / inner_variance
        factor: Floats = np.asarray(np.linalg.cholesky(s), dtype=np.float64)
        del s  # with 3,000 judges each of these matrices holds 72 MB
        self.log_determinant = float(-np.log(self.shrink).sum() + 2 * np.log(np.diag(factor)).sum())
        _invert_lower(factor)
        self.root = np.ascontiguousarray(factor.T)  # S⁻¹ = root · rootᵀ
        del factor
        self.mean, self.outer_effect, self.inner_effect = self.solve(d.score)

    def solve(self, y: Floats) -> tuple[float, Floats, Floats]:
        """The mean and the effects of both factors for the scores `y`."""
        d = self.design
        outer_sum = np.bincount(d.outer, y, minlength=d.n_outer)
        inner_sum = np.bincount(d.inner, y, minlength=d.n_inner)
        scaled = self.shrink * outer_sum
        right = np.empty(d.n_inner + 1)
        right[0] = y.sum() - float(d.outer_count @ scaled)
        right[1:] = inner_sum - np.bincount(d.inner, scaled[d.outer], minlength=d.n_inner)
        solution = self.root @ (self.root.T @ right)
        mean, inner = float(solution[0]), solution[1:]
        rest = outer_sum - d.outer_count * mean - np.bincount(d.outer, inner[d.inner], minlength=d.n_outer)
        return mean, self.shrink * rest, inner

    def residuals(self, y: Floats) -> Floats:
        """What the solved equations leave unexplained of `y`: σ²ₑ P y."""
        mean, outer, inner = self.solve(y)
        fitted: Floats = y - mean - outer[self.design.outer] - inner[self.design.inner]
        return fitted

    def log_likelihood(self) -> float:
        """The restricted log-likelihood, up to a constant that does not depend on the variances."""
        d, (residual, outer, inner) = self.design, self.variances
        fit = float(d.score @ self.residuals(d.score)) / residual
        degrees = len(d.score) - 1 - d.n_outer - d.n_inner
        return -0.5 * float(
            degrees * np.log(residual)
            + d.n_outer * np.log(outer)
            + d.n_inner * np.log(inner)
            + self.log_determinant
            + fit
        )

    def _outer_rows(self, fixed: float) -> Floats:
        """For each level i of the outer factor |rootᵀ wᵢ|², with wᵢ = (fixed·nᵢ + (1 - fixed)·(nᵢ - 1/shrinkᵢ), Nᵢ)."""
        d = self.design
        squares = np.empty(d.n_outer)
        ends = np.append(d.starts[1:], len(d.inner))
        chunk = max(1, 2_000_000 // (self.root.shape[1] * max(1, int(d.outer_count.max()))))
        first = d.outer_count - (1.0 - fixed) / self.shrink
        for low in range(0, d.n_outer, chunk):
            high = min(low + chunk, d.n_outer)
            part = self.root[1 + d.inner[d.starts[low] : ends[high - 1]]]
            rows = np.add.reduceat(part, d.starts[low:high] - d.starts[low], axis=0)
            rows += first[low:high, None] * self.root[0]
            squares[low:high] = np.einsum("ij,ij->i", rows, rows)
        return squares

    def outer_variance(self) -> Floats:
        """Posterior variances of the outer factor's effects."""
        variances: Floats = self.variances[0] * (self.shrink + self.shrink**2 * self._outer_rows(1.0))
        return variances

    def outer_mean_variance(self) -> Floats:
        """Posterior variances of μ + effect of the outer factor: its row of the equations with 1 taken for μ."""
        variances: Floats = self.variances[0] * (self.shrink + self.shrink**2 * self._outer_rows(0.0))
        return variances

    def inner_variance(self) -> Floats:
        """Posterior variances of the inner factor's effects."""
        variances: Floats = self.variances[0] * np.einsum("ij,ij->i", self.root, self.root)[1:]
        return variances

    def inner_mean_variance(self) -> Floats:
        """Posterior variances of μ + effect of the inner factor."""
        both = self.root[1:] + self.root[:1]
        variances: Floats = self.variances[0] * np.einsum("ij,ij->i", both, both)
        return variances

    def draw(self, random: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        """`count` draws of (outer, inner) effects from their joint posterior: inner and μ first, then outer given both."""
        d, sd = self.design, float(np.sqrt(self.variances[0]))
        noise = sd * random.standard_normal((count, d.n_inner + 1)) @ self.root.T
        mean = self.mean + noise[:, 0]
        inner = self.inner_effect + noise[:, 1:]
        seen = np.add.reduceat(inner[:, d.inner], d.starts, axis=1)
        centre = self.shrink * (d.outer_sum - d.outer_count * mean[:, None] - seen)
        outer = centre + sd * np.sqrt(self.shrink) * random.standard_normal((count, d.n_outer))
        return outer, inner


def _invert_lower(lower: Floats) -> None:
    """Put its inverse in the place of a lower triangular matrix, by halves, so that almost all work is matrix products."""
    n = len(lower)
    if n <= 96:
        lower[:] = np.tril(np.linalg.inv(lower))
        return
    half = n // 2
    _invert_lower(lower[:half, :half])
    _invert_lower(lower[half:, half:])
    lower[half:, :half] = -lower[half:, half:] @ (lower[half:, :half] @ lower[:half, :half])


def _start(design: _Design) -> Floats:
    """Variances to begin from, in the order (residual, outer, inner).

    Where the dense matrix would be large, those that fit a part of the inner levels: near enough to save the dear steps.
    """
    d = design
    if d.n_inner > 2 * PART:
        kept = d.inner % -(-d.n_inner // PART) == 0
        outer = np.unique(d.outer[kept], return_inverse=True)[1]
        inner = np.unique(d.inner[kept], return_inverse=True)[1]
        return _maximize(_Design.of(outer, inner, d.score[kept]))[0].variances
    total = float(d.score.var())
    residual = d.score - d.score.mean()
    shares = []
    for group, count in ((d.outer, d.outer_count), (d.inner, d.inner_count)):
        means = np.bincount(group, residual, minlength=len(count)) / count
        shares.append(float((count * means**2).sum() / len(d.score)))
    left = max(total - sum(shares), 0.25 * total)
    between = [
        max(share - left / float(n.mean()), 0.05 * total)
        for share, n in zip(shares, (d.outer_count, d.inner_count), strict=True)
    ]
    return np.array([left, *between])


def _maximize(design: _Design) -> tuple[_Equations, int, bool]:
    """The equations at the maximum of the restricted likelihood, the steps taken, and whether it was reached."""
    floor = NOTHING * float(design.score.var())
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
            length /= 2
        change = np.abs(target - variances) / np.maximum(target, 1e-6 * target.sum())
        variances, likelihood = target, reached
        if change.max() < CLOSE_ENOUGH:
            return solved, step, True
    return solved, MOST_STEPS, False


def _score_and_information(solved: _Equations) -> tuple[Floats, Floats]:
    """The gradient of the restricted likelihood and its average information, in the order (residual, outer, inner)."""
    d, (residual, outer, inner) = solved.design, solved.variances
    outer_trace = float(solved.outer_variance().sum())
    inner_trace = float(solved.inner_variance().sum())
    rest = solved.residuals(d.score)
    explained = d.n_outer - outer_trace / outer + d.n_inner - inner_trace / inner
    gradient = -0.5 * np.array([
        (len(d.score) - 1 - explained) / residual - float(rest @ rest) / residual**2,
        d.n_outer / outer - outer_trace / outer**2 - float(solved.outer_effect @ solved.outer_effect) / outer**2,
        d.n_inner / inner - inner_trace / inner**2 - float(solved.inner_effect @ solved.inner_effect) / inner**2,
    ])  # fmt: skip
    working = np.stack([rest / residual, solved.outer_effect[d.outer] / outer, solved.inner_effect[d.inner] / inner])
    projected = np.stack([solved.residuals(w) / residual for w in working])
    information = 0.5 * working @ projected.T
    return gradient, (information + information.T) / 2
