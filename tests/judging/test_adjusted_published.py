"""The fit against figures that other programs give for data sets that anybody can find.

Penicillin: diameters in mm of 24 plates (rows) with 6 samples each, from O. L. Davies and P. L. Goldsmith (eds), Statistical
Methods in Research and Production, 4th ed., 1972, section 6.6. Pastes: strength of 3 casks of each of 10 batches, two assays
each, from the same book, section 6.5. Both are shipped with R's lme4 under the same names (GPL-2 or later); the measurements
themselves are facts. The variances are those that lme4 prints (D. Bates, lme4: Mixed-effects modeling with R, chapter 2); the
effects were computed with lme-python 0.2.7, a program in Rust that shares no code with ours.
"""

import numpy as np
import pytest

from app.judging.adjusted import fit_adjusted

PENICILLIN = np.array([
    [27, 23, 26, 23, 23, 21], [27, 23, 26, 23, 23, 21], [25, 21, 25, 24, 24, 20], [26, 23, 25, 23, 23, 20],
    [25, 22, 26, 22, 23, 20], [24, 22, 25, 23, 22, 19], [24, 20, 23, 21, 22, 19], [26, 22, 26, 24, 24, 21],
    [24, 21, 24, 22, 22, 20], [24, 21, 24, 23, 22, 19], [26, 23, 26, 24, 24, 21], [25, 22, 26, 24, 24, 20],
    [26, 24, 26, 24, 25, 22], [26, 23, 26, 23, 23, 20], [26, 23, 25, 24, 24, 22], [25, 22, 25, 23, 23, 20],
    [25, 21, 24, 23, 23, 20], [25, 22, 24, 23, 23, 19], [24, 21, 23, 21, 21, 19], [26, 23, 26, 24, 24, 21],
    [25, 21, 24, 22, 22, 18], [25, 22, 25, 22, 22, 20], [24, 21, 24, 22, 24, 19], [24, 21, 24, 22, 21, 18],
], dtype=float)  # fmt: skip
PASTES = np.array([
    [62.8, 62.6, 60.1, 62.3, 62.7, 63.1], [60.0, 61.4, 57.5, 56.9, 61.1, 58.9], [58.7, 57.5, 63.9, 63.1, 65.4, 63.7],
    [57.1, 56.4, 56.9, 58.6, 64.7, 64.5], [55.1, 55.1, 54.7, 54.2, 58.8, 57.5], [63.4, 64.9, 59.3, 58.1, 60.5, 60.0],
    [62.5, 62.6, 61.0, 58.7, 56.9, 57.7], [59.2, 59.4, 65.2, 66.0, 64.8, 64.1], [54.8, 54.8, 64.0, 64.0, 57.7, 56.8],
    [58.3, 59.3, 59.2, 59.2, 58.9, 56.6],
])  # fmt: skip

PLATE = np.repeat(np.arange(24), 6)
SAMPLE = np.tile(np.arange(6), 24)
# Every third cell of the table left out, so that neither factor is balanced.
KEPT = (PLATE + SAMPLE) % 3 > 0


def check(fit, *, mean, entry, judge, residual, entry_effects, judge_effects):
    found = fit.components
    assert fit.converged
    assert found.mean == pytest.approx(mean, abs=5e-4)
    assert [found.entry, found.judge, found.residual] == pytest.approx([entry, judge, residual], rel=5e-3)
    np.testing.assert_allclose(fit.entry_mean, mean + np.array(entry_effects), atol=0.01)
    np.testing.assert_allclose(fit.judge_severity, -np.array(judge_effects), atol=0.01)


def test_penicillin():
    check(
        fit_adjusted(PLATE, SAMPLE, PENICILLIN.ravel()),
        mean=22.9722, entry=0.7169, judge=3.7309, residual=0.3024,
        entry_effects=[
            0.8045, 0.8045, 0.1817, 0.3374, 0.026, -0.4412, -1.3755, 0.8045, -0.7526, -0.7526, 0.9603,
            0.4931, 1.4274, 0.4931, 0.9603, 0.026, -0.2855, -0.2855, -1.3755, 0.9603, -0.9084, -0.2855,
            -0.5969, -1.2198,
        ],
        judge_effects=[2.1871, -1.0105, 1.9379, -0.0969, -0.0138, -3.0037],
    )  # fmt: skip


def test_the_same_where_plates_and_samples_change_places():
    fit, turned = fit_adjusted(PLATE, SAMPLE, PENICILLIN.ravel()), fit_adjusted(SAMPLE, PLATE, PENICILLIN.ravel())
    np.testing.assert_allclose(turned.judge_severity, fit.components.mean - fit.entry_mean, atol=1e-5)
    np.testing.assert_allclose(turned.judge_sd, np.sqrt(fit.equations.outer_variance()), rtol=1e-5)


def test_penicillin_with_a_third_of_it_missing():
    check(
        fit_adjusted(PLATE[KEPT], SAMPLE[KEPT], PENICILLIN.ravel()[KEPT]),
        mean=22.96875, entry=0.674822, judge=3.640590, residual=0.334940,
        entry_effects=[
            0.741, 0.6395, 0.2597, 0.2962, -0.2501, -0.4075, -1.2606, 0.6395, -0.6299, -0.8158, 0.862, 0.4821, 1.6306,
            0.4171, 0.9269, 0.0738, -0.2501, -0.4075, -1.2606, 0.862, -0.8523, -0.1486, -0.4725, -1.0747,
        ],
        judge_effects=[2.1598, -0.9448, 1.7989, 0.047, -0.0126, -3.0483],
    )  # fmt: skip


def test_pastes_whose_casks_are_nested_in_batches():
    cask = np.repeat(np.arange(30), 2)
    check(
        fit_adjusted(cask, cask // 3, PASTES.ravel()),
        mean=60.0533, entry=8.434, judge=1.657, residual=0.678,
        entry_effects=[
            1.7752, 0.3331, 1.9674, 0.8835, -2.4813, 0.2105, -2.5718, 2.6196, 3.629, -3.0529, -2.0915,
            4.4938, -3.3185, -3.9434, -0.3863, 3.5978, -1.6416, -0.1515, 2.4535, -0.1422, -2.5937, -1.7889,
            4.2677, 3.1621, -4.5742, 4.2703, -2.2189, -0.694, -0.3095, -1.7034,
        ],
        judge_effects=[
            0.8002, -0.2723, 0.7218, -0.1277, -1.5015, 0.3543, -0.0554, 1.1074, -0.4953, -0.5314,
        ],
    )  # fmt: skip
