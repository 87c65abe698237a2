"""The factored matrix against NumPy's dense inverse, with and without rows that are eliminated alone."""

import numpy as np
import pytest

from app.judging.elimination import WORTH, Factored, order_rows


def sparse_matrix(seed, size, each):
    """A matrix of the shape that a panel leaves: every row meets about `each` others, and the last one all."""
    random = np.random.default_rng(seed)
    left, right = random.integers(0, size - 1, (2, size * each // 2))
    matrix = np.zeros((size, size))
    np.add.at(matrix, (left, right), -0.3)
    np.add.at(matrix, (right, left), -0.3)
    matrix[-1, :-1] = matrix[:-1, -1] = 0.1
    matrix[np.arange(size), np.arange(size)] = np.abs(matrix).sum(axis=1) + random.uniform(0.5, 2, size)
    return matrix, left, right


@pytest.mark.parametrize(("size", "each"), [(2, 1), (40, 4), (97, 20), (WORTH + 1, 2), (500, 5), (500, 60)])
def test_all_that_is_promised_equals_the_dense_inverse(size, each):
    matrix, left, right = sparse_matrix(size, size, each)
    order = order_rows(size, left, right)
    assert sorted(order.place) == list(range(size))
    assert order.place[-1] == size - 1
    moved = np.empty_like(matrix)
    moved[np.ix_(order.place, order.place)] = matrix
    factored = Factored(moved, order)
    assert factored.log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-12)
    inverse = np.linalg.inv(matrix)
    found = factored.inverse[np.ix_(order.place, order.place)]
    needed = matrix != 0
    np.testing.assert_allclose(found[needed], inverse[needed], rtol=1e-10, atol=1e-13)
    right_sides = np.random.default_rng(1).normal(size=(size, 3))
    placed = np.empty_like(right_sides)
    placed[order.place] = right_sides
    np.testing.assert_allclose(factored.solve(placed)[order.place], inverse @ right_sides, atol=1e-10)


def test_draws_have_the_inverse_as_their_covariance():
    matrix, left, right = sparse_matrix(3, WORTH + 20, 3)
    order = order_rows(len(matrix), left, right)
    assert order.neighbours
    moved = np.empty_like(matrix)
    moved[np.ix_(order.place, order.place)] = matrix
    factored = Factored(moved, order)
    root = factored.draw(np.eye(len(matrix)))[order.place]
    np.testing.assert_allclose(root @ root.T, np.linalg.inv(matrix), atol=1e-12)


@pytest.mark.parametrize("size", [3, WORTH + 5])
def test_what_is_not_positive_definite_is_refused(size):
    matrix = -np.eye(size)
    with pytest.raises(np.linalg.LinAlgError):
        Factored(matrix, order_rows(size, np.arange(0), np.arange(0)))
