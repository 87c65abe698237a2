"""Pairwise strengths against a published example, the log's replay, and the pair that tells most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.judging.pairwise import Vote, fit_strengths, information, next_pair, standing_votes

# Wins of the row over the column, American League East 1987: table 10.10 of Agresti, Categorical Data Analysis, 2nd ed., 2002.
TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
WINS = [
    [0, 7, 9, 7, 7, 9, 11], [6, 0, 7, 5, 11, 9, 9], [4, 6, 0, 7, 7, 8, 12], [6, 8, 6, 0, 6, 7, 10],
    [6, 2, 6, 7, 0, 7, 12], [4, 4, 5, 6, 6, 0, 6], [2, 4, 1, 3, 1, 7, 0],
]  # fmt: skip
PRINTED = [1.581, 1.436, 1.294, 1.248, 1.108, 0.684, 0.0]  # relative to Baltimore


def votes():
    return [(TEAMS[i], TEAMS[j]) for i, row in enumerate(WINS) for j, wins in enumerate(row) for _ in range(wins)]


def test_strengths_equal_the_published_example():
    fit = fit_strengths(TEAMS, votes(), spread=1e4)
    np.testing.assert_allclose(fit.strength - fit.strength[-1], PRINTED, atol=6e-4)


def test_an_entry_that_won_everything_has_a_finite_strength_and_is_surer_with_more_votes():
    few, many = fit_strengths("ab", [("a", "b")] * 2), fit_strengths("ab", [("a", "b")] * 20)
    assert 0 < few.strength[0] < many.strength[0] < 5
    assert 0.5 < few.chance("a", "b") < many.chance("a", "b") < 1
    assert few.chance("a", "b") + few.chance("b", "a") == pytest.approx(1)


def test_without_votes_nothing_is_known():
    fit = fit_strengths("abc", [])
    assert fit.strength.tolist() == [0, 0, 0]
    assert fit.chance("a", "b") == 0.5
    np.testing.assert_allclose(fit.sd, 1.5)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")).filter(lambda pair: pair[0] != pair[1])))
def test_the_mode_is_where_the_slope_is_nought(pairs):
    fit = fit_strengths("abcde", pairs)
    slope = -fit.strength / 1.5**2
    for winner, loser in pairs:
        i, j = "abcde".index(winner), "abcde".index(loser)
        missed = 1 / (1 + np.exp(fit.strength[i] - fit.strength[j]))
        slope[i] += missed
        slope[j] -= missed
    np.testing.assert_allclose(slope, 0, atol=1e-8)
    assert fit.strength.sum() == pytest.approx(0, abs=1e-9)


def test_what_is_undone_does_not_count_and_comes_back_when_that_is_undone():
    log = [Vote("a", "b"), Vote("b", "c"), Vote(undoes=0)]
    assert standing_votes(log) == [("b", "c")]
    assert standing_votes([*log, Vote(undoes=2)]) == [("a", "b"), ("b", "c")]
    assert standing_votes([*log, Vote(undoes=2), Vote(undoes=3)]) == [("b", "c")]


@pytest.mark.parametrize("log", [[Vote(undoes=0)], [Vote("a", "b"), Vote(undoes=5)], [Vote("a", "a")], [Vote("a")]])
def test_a_log_that_cannot_be_is_refused(log):
    with pytest.raises(ValueError, match="line"):
        standing_votes(log)


@given(st.data())
def test_the_replay_equals_taking_lines_out_as_they_come(data):
    log, standing = [], {}
    for number in range(data.draw(st.integers(0, 12))):
        if standing and data.draw(st.booleans()):
            undone = data.draw(st.sampled_from(sorted(standing)))
            del standing[undone]
            log.append(Vote(undoes=undone))
        else:
            standing[number] = ("a", "b") if data.draw(st.booleans()) else ("b", "c")
            log.append(Vote(*standing[number]))
    assert standing_votes(log) == list(standing.values())


def test_the_closest_and_least_known_pair_is_asked_next():
    fit = fit_strengths("abcd", [("a", "b")] * 8 + [("b", "a")] * 8 + [("a", "c")] * 30)
    assert "d" in next_pair(fit)  # nothing is known of d
    assert next_pair(fit, among="abc") == ("a", "b") or "c" in next_pair(fit, among="abc")
    asked = {frozenset("ad"), frozenset("bd"), frozenset("cd")}
    assert "d" not in next_pair(fit, asked=asked)
    assert next_pair(fit, among="a") is None
    assert next_pair(fit_strengths("ab", []), asked=[frozenset("ab")]) is None


def test_an_answer_tells_most_where_it_is_open_and_the_strengths_are_not():
    told = information(np.array([0.0, 3.0, 0.0, 0.0]), np.array([1.0, 1.0, 1e-12, 4.0]))
    assert told[3] > told[0] > told[1] > 0
    assert told[2] == pytest.approx(0, abs=1e-9)
    assert (told < np.log(2)).all()


def test_choosing_pairs_finds_the_order_with_fewer_votes_than_chance_does():
    random = np.random.default_rng(7)
    truth = dict(zip("abcdefgh", np.linspace(2, -2, 8), strict=True))

    def agreement(choose):
        pairs = []
        for _ in range(60):
            one, other = choose(fit_strengths("abcdefgh", pairs))
            won = random.random() < 1 / (1 + np.exp(truth[other] - truth[one]))
            pairs.append((one, other) if won else (other, one))
        return np.corrcoef(fit_strengths("abcdefgh", pairs).strength, list(truth.values()))[0, 1]

    chosen = [agreement(next_pair) for _ in range(6)]
    assert np.mean(chosen) > 0.85
