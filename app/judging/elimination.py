"""A large symmetric positive definite matrix of which few elements are not nought: its determinant, its solutions, its inverse.

Rows that meet few others are eliminated one by one, the fewest first (minimum degree: Tinney & Walker, Proceedings of the IEEE
55, 1967); what is left has filled in, and is inverted as a whole by matrix products. Of the inverse the elements come out that
the first matrix has, and those of the dense rest (Takahashi, Fagan & Chin, 1973). All of it happens in the matrix's own place.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

BLOCK = 96  # a block of this size is left to LAPACK
WORTH = 200  # below this many rows the whole is dense
FILLED = 16  # a row that meets more than a 16th of those left is no longer eliminated alone


@dataclass(frozen=True)
class Order:
    """Where each row goes (`place`), and for the first places the later ones that they meet when their turn comes."""

    place: Integers
    neighbours: tuple[Integers, ...]


def order_rows(size: int, left: Integers, right: Integers) -> Order:
    """An order for a matrix of `size` rows in which row `left[i]` meets row `right[i]`. The last row meets all others and stays last."""
    last = size - 1
    if size <= WORTH:
        return Order(np.arange(size), ())
    meets = [0] * last  # sets of rows, as the bits of a number
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a != b:
            meets[a] |= 1 << b
            meets[b] |= 1 << a
    degree = np.array([row.bit_count() for row in meets], dtype=np.float64)
    chosen: list[int] = []
    groups: list[Integers] = []
    for alive in range(last, 0, -1):
        row = int(degree.argmin())
        if degree[row] * FILLED > alive:
            break
        near = np.frombuffer(meets[row].to_bytes(-(-last // 8), "little"), dtype=np.uint8)
        around = np.flatnonzero(np.unpackbits(near, bitorder="little"))
        for other in around.tolist():
            meets[other] = (meets[other] | meets[row]) & ~(1 << row) & ~(1 << other)
            degree[other] = meets[other].bit_count()
        degree[row] = np.inf
        chosen.append(row)
        groups.append(around)
    rest = np.setdiff1d(np.arange(size), chosen)
    place = np.empty(size, dtype=np.intp)
    place[np.concatenate((np.array(chosen, dtype=np.intp), rest))] = np.arange(size)
    return Order(place, tuple(np.append(place[around], last) for around in groups))


class Factored:
    """`matrix`, given in the order's places and used up: `inverse` stands where it was.

    `inverse` holds what the matrix itself had elements for, and the whole of the dense rest; elsewhere it is not to be read.
    Raises LinAlgError where the matrix is not positive definite.
    """

    def __init__(self, matrix: Floats, order: Order) -> None:
        self.neighbours = order.neighbours
        self.alone = len(order.neighbours)
        self.pivots = np.empty(self.alone)
        self.weights: list[Floats] = []
        for row, around in enumerate(self.neighbours):
            self.pivots[row] = pivot = matrix[row, row]
            if not pivot > 0:
                raise np.linalg.LinAlgError("not positive definite")
            column = matrix[around, row]
            weights = column / pivot
            matrix[np.ix_(around, around)] -= np.outer(weights, column)
            self.weights.append(weights)
        self.rest = matrix[self.alone :, self.alone :]
        self.log_determinant = float(np.log(self.pivots).sum()) + _invert_root(self.rest)
        _square_root(self.rest)
        for row in range(self.alone - 1, -1, -1):
            around, weights = self.neighbours[row], self.weights[row]
            column = -matrix[np.ix_(around, around)] @ weights
            matrix[around, row] = matrix[row, around] = column
            matrix[row, row] = 1.0 / self.pivots[row] - float(weights @ column)
        self.inverse = matrix

    def solve(self, right: Floats) -> Floats:
        """The solutions for the columns of `right` (rows, columns), in the order's places."""
        solution = right.copy()
        for row, around in enumerate(self.neighbours):
            solution[around] -= self.weights[row][:, None] * solution[row]
        solution[self.alone :] = self.rest @ solution[self.alone :]
        for row in range(self.alone - 1, -1, -1):
            solution[row] = solution[row] / self.pivots[row] - self.weights[row] @ solution[self.neighbours[row]]
        return solution

    @cached_property
    def _rest_root(self) -> Floats:
        root: Floats = np.asarray(np.linalg.cholesky(self.rest), dtype=np.float64)
        return root

    def draw(self, noise: Floats) -> Floats:
        """Columns with the inverse as their covariance, from independent standard normal `noise` (rows, columns)."""
        drawn = noise.copy()
        drawn[self.alone :] = self._rest_root @ noise[self.alone :]
        for row in range(self.alone - 1, -1, -1):
            given = self.weights[row] @ drawn[self.neighbours[row]]
            drawn[row] = noise[row] / np.sqrt(self.pivots[row]) - given
        return drawn


def _invert_root(matrix: Floats) -> float:
    """Put the inverse of its Cholesky factor in the place of `matrix`, of which the lower triangle is read; the log determinant.

    By halves, so that almost all work is matrix products.
    """
    n = len(matrix)
    if n <= BLOCK:
        root = np.linalg.cholesky(matrix)
        matrix[:] = np.tril(np.linalg.inv(root))
        return 2 * float(np.log(np.diag(root)).sum())
    half = n // 2
    first, below, second = matrix[:half, :half], matrix[half:, :half], matrix[half:, half:]
    matrix[:half, half:] = 0.0
    determinant = _invert_root(first)
    below[:] = below @ first.T
    second -= below @ below.T
    determinant += _invert_root(second)
    below[:] = -(second @ (below @ first))
    return determinant


def _square_root(root: Floats) -> None:
    """Put rootᵀ · root in the place of a lower triangular `root`."""
    n = len(root)
    if n <= BLOCK:
        root[:] = root.T @ root
        return
    half = n // 2
    first, below, second = root[:half, :half], root[half:, :half], root[half:, half:]
    _square_root(first)
    first += below.T @ below
    below[:] = second.T @ below
    root[:half, half:] = below.T
    _square_root(second)
