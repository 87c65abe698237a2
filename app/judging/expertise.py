"""Assigning by expertise: as few missing sheets as possible, and then the largest sum of the scores of the pairs.

A transportation problem: its constraint matrix is totally unimodular, so that the vertices that the simplex method ends in are
whole numbers (Hoffman & Kruskal 1956). Of the many pairs few matter: HiGHS solves it over the promising ones, and the prices
that it finds tell which others could still gain (column generation; Dantzig & Wolfe 1960) until none can.
"""

import os
import sys
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


COLUMNS_AT_ONCE = 6  # columns added for each entry in a round; more make a round slower, fewer make more rounds


class FloorsOutOfReach(ValueError):  # noqa: N818 - says what is wrong
    """No assignment gives every judge at least the floor that was asked for."""


@dataclass(frozen=True)
class ExpertiseAssignment:
    """`judge[i]` reads `entry[i]` (indices); `objective` is the sum of the pairs' scores; `short` counts missing sheets for each entry."""

    judge: Integers
    entry: Integers
    objective: float
    short: Integers


def assign_by_expertise(
    scores: Floats, *, sheets: Integers, caps: Integers, floors: Integers, conflicts: NDArray[np.bool_]
) -> ExpertiseAssignment:
    """The best assignment for `scores` (judges × entries), with `sheets` wanted for each entry.

    `caps` and `floors` bound what each judge reads, `conflicts` (judges × entries) forbids pairs. Raises FloorsOutOfReach.
    """
    if (floors > caps).any():
        raise FloorsOutOfReach("a floor is above its cap")
    problem = _Problem(scores.astype(np.float64), sheets, caps, floors, ~conflicts)
    active = problem.first_columns()
    while True:
        chosen, judge_price, entry_price, below_floor = problem.solve(active)
        gain = np.where(
            problem.allowed & ~active, problem.scores - judge_price[:, None] - entry_price[None, :], -np.inf
        )
        if gain.max(initial=-np.inf) <= problem.scale * 1e-9:
            break
        best = np.argpartition(-gain, min(COLUMNS_AT_ONCE, len(gain) - 1), axis=0)[:COLUMNS_AT_ONCE]
        fresh = np.zeros_like(active)
        np.put_along_axis(fresh, best, values=True, axis=0)
        active |= fresh & (gain > problem.scale * 1e-9)
    if below_floor:
        raise FloorsOutOfReach("the floors cannot be reached with these caps, sheets and conflicts")
    judge, entry = np.nonzero(active)
    judge, entry = judge[chosen], entry[chosen]
    given = np.bincount(entry, minlength=len(sheets))
    return ExpertiseAssignment(judge, entry, float(scores[judge, entry].sum()), (sheets - given).astype(np.intp))


def _quiet_solver() -> highspy.Highs:
    """A solver that prints nothing. HiGHS announces itself to the standard output before it can be told not to."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # ships no types
        solver.silent()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    return solver


@dataclass(frozen=True)
class _Problem:
    """The whole table; what is solved at a time are its active columns, to which better ones are added until none is left."""

    scores: Floats
    sheets: Integers
    caps: Integers
    floors: Integers
    allowed: NDArray[np.bool_]

    @property
    def scale(self) -> float:
        """The range of the scores: what one pair can be better than another."""
        return float(np.ptp(self.scores)) or 1.0

    def first_columns(self) -> NDArray[np.bool_]:
        """The best few judges of each entry, and the best few entries of each judge."""
        value = np.where(self.allowed, self.scores, -np.inf)
        active = np.zeros_like(self.allowed)
        per_entry = min(len(self.caps), int(self.sheets.max(initial=0)) + COLUMNS_AT_ONCE)
        np.put_along_axis(active, np.argsort(-value, axis=0, kind="stable")[:per_entry], values=True, axis=0)
        per_judge = min(len(self.sheets), int(self.floors.max(initial=0)) + COLUMNS_AT_ONCE)
        np.put_along_axis(active, np.argsort(-value, axis=1, kind="stable")[:, :per_judge], values=True, axis=1)
        return active & self.allowed

    def solve(self, active: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Floats, Floats, bool]:
        """Which of the active pairs to take, what a place with each judge and entry is worth, and whether a floor is missed.

        A missing sheet costs more than any chain of exchanges, which passes each judge once, can gain; a missing place on the way
        to a floor costs more than any sheet.
        """
        judge, entry = np.nonzero(active)
        n_judges, n_entries, n_pairs = len(self.caps), len(self.sheets), len(judge)
        missing = 2.0 * self.scale * (n_judges + 2) + float(np.abs(self.scores).max(initial=0.0))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = n_pairs + n_entries + n_judges, n_judges + n_entries
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.concatenate((
            self.scores[judge, entry], np.full(n_entries, -missing), np.full(n_judges, -2.0 * missing * (n_judges + 2)),
        ))  # fmt: skip
        model.col_lower_ = np.zeros(model.num_col_)
        model.col_upper_ = np.concatenate((np.ones(n_pairs), self.sheets, self.floors)).astype(np.float64)
        model.row_lower_ = np.concatenate((self.floors, self.sheets)).astype(np.float64)
        model.row_upper_ = np.concatenate((self.caps, self.sheets)).astype(np.float64)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        both = np.stack([judge, n_judges + entry], axis=1).ravel()
        slack = np.concatenate((n_judges + np.arange(n_entries), np.arange(n_judges)))
        model.a_matrix_.start_ = np.concatenate(
            (np.arange(0, 2 * n_pairs, 2), 2 * n_pairs + np.arange(len(slack) + 1))
        ).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate((both, slack)).astype(np.int32)
        model.a_matrix_.value_ = np.ones(2 * n_pairs + len(slack))
        solver = _quiet_solver()
        solver.setOptionValue("solver", "simplex")  # an interior point need not end in a vertex
        solver.setOptionValue("threads", 1)
        solver.passModel(model)
        solver.run()
        solution = solver.getSolution()
        values = np.asarray(solution.col_value)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS ended with {solver.modelStatusToString(solver.getModelStatus())}")
        prices = np.asarray(solution.row_dual)
        below_floor = bool(values[n_pairs + n_entries :].sum() > 0.5)
        return values[:n_pairs] > 0.5, prices[:n_judges], prices[n_judges:], below_floor
