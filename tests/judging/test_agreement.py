import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.judging import agreement

# Six targets and four judges, table 2 of Shrout & Fleiss (1979); the paper prints two places.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)

# Four observers, twelve units, with missing values: example C of Krippendorff (2011); the paper prints three places.
_ = np.nan
KRIPPENDORFF = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]).T  # fmt: skip


def test_the_six_forms_equal_the_published_example():
    printed = {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}
    computed = agreement.intraclass_correlations(SHROUT_FLEISS)
    assert {form: round(value, 2) for form, value in computed.items()} == printed


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_equals_the_published_example(level, printed):
    assert round(agreement.krippendorff_alpha(KRIPPENDORFF, level), 3) == printed


def test_concordance_by_hand():
    # Ranks 1 2 3, 1 3 2, 2 1 3: sums 4, 6, 8; S = 8; W = 12 * 8 / (9 * 24).
    table = np.array([[1, 1, 2], [2, 3, 1], [3, 2, 3]], dtype=float)
    assert agreement.kendall_w(table) == pytest.approx(96 / 216)


def test_concordance_is_corrected_for_ties():
    # One judge ties the last two: ranks 1 2.5 2.5 and 1 2 3; sums 2, 4.5, 5.5; S = 6.5; T = 6.
    table = np.array([[1, 1], [2, 2], [2, 3]], dtype=float)
    assert agreement.kendall_w(table) == pytest.approx(12 * 6.5 / (4 * 24 - 2 * 6))


def test_what_is_not_defined_is_none():
    incomplete = np.array([[1, np.nan], [2, 3], [4, 5]])
    assert set(agreement.intraclass_correlations(incomplete).values()) == {None}
    assert agreement.kendall_w(incomplete) is None
    assert agreement.krippendorff_alpha(np.array([[1, np.nan], [np.nan, 3]]), "interval") is None
    equal = np.full((3, 3), 7.0)
    assert set(agreement.intraclass_correlations(equal).values()) == {None}
    assert agreement.kendall_w(equal) is None
    assert agreement.krippendorff_alpha(equal, "nominal") is None


scores = arrays.arrays(
    np.float64, st.tuples(st.integers(3, 8), st.integers(2, 5)), elements=st.integers(0, 20).map(float)
)


@given(scores, st.randoms(use_true_random=False))
def test_neither_the_order_of_entries_nor_of_judges_matters(table, random):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = table[rows][:, columns]
    for level in agreement.LEVELS:
        assert agreement.krippendorff_alpha(shuffled, level) == pytest.approx(
            agreement.krippendorff_alpha(table, level)
        )
    assert agreement.kendall_w(shuffled) == pytest.approx(agreement.kendall_w(table))


@given(scores)
def test_judges_who_say_the_same_agree_wholly(table):
    same = np.repeat(table[:, :1], 3, axis=1)
    if np.ptp(same) == 0:
        return
    assert agreement.kendall_w(same) == pytest.approx(1)
    for level in agreement.LEVELS:
        assert agreement.krippendorff_alpha(same, level) == pytest.approx(1)
    assert all(value == pytest.approx(1) for value in agreement.intraclass_correlations(same).values())
