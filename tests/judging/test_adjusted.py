"""The fast fit against the same model written down with whole matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging.adjusted import chance_of_top, fit_adjusted


def simulate(seed, entries, judges, each, *, entry_sd=1.0, judge_sd=0.8, noise=0.8):
    """A panel with each entry read by `each` judges drawn at random; returns the three columns and the true qualities."""
    random = np.random.default_rng(seed)
    entry = np.repeat(np.arange(entries), each)
    judge = np.concatenate([random.choice(judges, each, replace=False) for _ in range(entries)])
    judge = np.unique(judge, return_inverse=True)[1]
    quality, severity = random.normal(0, entry_sd, entries), random.normal(0, judge_sd, judges)
    return entry, judge, 70 + quality[entry] + severity[judge] + random.normal(0, noise, len(entry)), quality


class Written:
    """The model with its n × n covariance matrix."""

    def __init__(self, entry, judge, score):
        self.y = score
        self.a, self.b = np.eye(entry.max() + 1)[entry], np.eye(judge.max() + 1)[judge]
        self.ones = np.ones(len(score))

    def log_likelihood(self, residual, entry, judge):
        v = residual * np.eye(len(self.y)) + entry * self.a @ self.a.T + judge * self.b @ self.b.T
        inverse = np.linalg.inv(v)
        weight = self.ones @ inverse @ self.ones
        p = inverse - np.outer(inverse @ self.ones, inverse @ self.ones) / weight
        return -0.5 * (np.linalg.slogdet(v)[1] + np.log(weight) + self.y @ p @ self.y)

    def posterior(self, residual, entry, judge):
        """Means and standard deviations of μ + entry, and of judge."""
        w = np.hstack([self.ones[:, None], self.a, self.b])
        prior = [0.0, *[1 / entry] * self.a.shape[1], *[1 / judge] * self.b.shape[1]]
        covariance = np.linalg.inv(w.T @ w / residual + np.diag(prior))
        effects = covariance @ w.T @ self.y / residual
        lift = np.zeros((self.a.shape[1], len(effects)))
        lift[:, 0] = 1
        lift[np.arange(self.a.shape[1]), 1 + np.arange(self.a.shape[1])] = 1
        sd = np.sqrt(np.diag(lift @ covariance @ lift.T))
        judges = slice(1 + self.a.shape[1], None)
        return lift @ effects, sd, effects[judges], np.sqrt(np.diag(covariance)[judges])


@pytest.mark.parametrize(("entries", "judges", "each"), [(8, 5, 5), (30, 6, 3), (6, 40, 20), (230, 400, 3)])
def test_the_fit_is_the_maximum_and_its_effects_are_the_posterior_means(entries, judges, each):
    entry, judge, score, _ = simulate(7, entries, judges, each)
    fit = fit_adjusted(entry, judge, score)
    assert fit.converged
    written = Written(entry, judge, score)
    found = np.array([fit.components.residual, fit.components.entry, fit.components.judge])
    best = written.log_likelihood(*found)
    for i in range(3):
        for factor in (0.97, 1.03):
            assert written.log_likelihood(*np.where(np.arange(3) == i, found * factor, found)) < best
    mean, sd, severity, severity_sd = written.posterior(*found)
    np.testing.assert_allclose(fit.entry_mean, mean, rtol=1e-8)
    np.testing.assert_allclose(fit.entry_sd, sd, rtol=1e-8)
    np.testing.assert_allclose(fit.judge_severity, -severity, atol=1e-8)
    np.testing.assert_allclose(fit.judge_sd, severity_sd, rtol=1e-8)


def test_judges_without_any_severity_of_their_own_are_found_at_nought():
    entry, judge, score, _ = simulate(3, 60, 6, 3, judge_sd=0.0)
    severities = fit_adjusted(entry, judge, score)
    assert severities.components.judge < 0.02
    assert np.abs(severities.judge_severity).max() < 0.2


def test_it_finds_more_of_the_true_best_than_the_plain_mean():
    found_adjusted = found_plain = 0
    for seed in range(5):
        entry, judge, score, quality = simulate(seed, 600, 30, 3)
        truth = set(np.argsort(-quality)[:10])
        found_adjusted += len(truth & set(np.argsort(-fit_adjusted(entry, judge, score).entry_mean)[:10]))
        found_plain += len(truth & set(np.argsort(-(np.bincount(entry, score) / 3))[:10]))
    assert found_adjusted > found_plain


def test_chances_of_the_top_add_up_and_follow_the_means():
    entry, judge, score, _ = simulate(11, 40, 8, 4)
    fit = fit_adjusted(entry, judge, score)
    chances = chance_of_top(fit, 5)
    assert chances.sum() == pytest.approx(5)
    assert chances[np.argmax(fit.entry_mean)] == chances.max()
    assert (chance_of_top(fit, 40) == 1).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_another_scale_of_points_changes_nothing_but_the_scale(seed, shift, scale):
    entry, judge, score, _ = simulate(seed, 12, 5, 3)
    fit, moved = fit_adjusted(entry, judge, score), fit_adjusted(entry, judge, shift + scale * score)
    np.testing.assert_allclose(moved.entry_mean, shift + scale * fit.entry_mean, rtol=1e-3)


@pytest.mark.parametrize(
    "columns",
    [
        ([0, 0, 0], [0, 1, 2], [1.0, 2.0, 3.0]),
        ([0, 1, 2], [0, 0, 0], [1.0, 2.0, 3.0]),
        ([0, 0, 1, 1], [0, 1, 0, 1], [5.0] * 4),
    ],
)
def test_what_cannot_be_told_apart_is_refused(columns):
    entry, judge, score = (np.array(column) for column in columns)
    with pytest.raises(ValueError, match=r"needs at least two|equal"):
        fit_adjusted(entry, judge, score)
