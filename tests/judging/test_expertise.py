"""The assignment against every possible one, where they can be counted, and against its own bounds where they cannot."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judging.expertise import FloorsOutOfReach, assign_by_expertise


@st.composite
def problems(draw):
    judges, entries = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cell = st.integers(-3, 9)
    return {
        "scores": np.array([[draw(cell) for _ in range(entries)] for _ in range(judges)], dtype=float),
        "sheets": np.array([draw(st.integers(0, 3)) for _ in range(entries)]),
        "caps": np.array([draw(st.integers(0, 4)) for _ in range(judges)]),
        "floors": np.array([draw(st.sampled_from([0, 0, 0, 1])) for _ in range(judges)]),
        "conflicts": np.array([[draw(st.integers(0, 4)) == 0 for _ in range(entries)] for _ in range(judges)]),
    }


def best_by_counting(scores, sheets, caps, floors, conflicts):
    """(fewest missing sheets, largest sum) over all panels, or None where no floor can be held."""
    judges, entries = scores.shape
    panels = []
    for entry in range(entries):
        free = [judge for judge in range(judges) if not conflicts[judge, entry]]
        panels.append([panel for size in range(sheets[entry] + 1) for panel in combinations(free, size)])
    best = None
    for choice in product(*panels):
        loads = np.bincount([judge for panel in choice for judge in panel], minlength=judges)
        if (loads > caps).any() or (loads < floors).any():
            continue
        missing = int(sheets.sum()) - sum(len(panel) for panel in choice)
        total = sum(scores[judge, entry] for entry, panel in enumerate(choice) for judge in panel)
        if best is None or (-missing, total) > (-best[0], best[1]):
            best = (missing, total)
    return best


@settings(max_examples=150, deadline=None)
@given(problems())
def test_it_is_the_best_of_all(problem):
    best = best_by_counting(**problem)
    if best is None:
        with pytest.raises(FloorsOutOfReach):
            assign_by_expertise(**problem)
        return
    found = assign_by_expertise(**problem)
    assert (int(found.short.sum()), round(found.objective, 6)) == best
    assert len({*zip(found.judge, found.entry, strict=True)}) == len(found.judge)
    loads = np.bincount(found.judge, minlength=len(problem["caps"]))
    assert (loads <= problem["caps"]).all()
    assert (loads >= problem["floors"]).all()
    assert not problem["conflicts"][found.judge, found.entry].any()


def test_many_entries_are_covered_within_the_caps():
    random = np.random.default_rng(5)
    scores = random.integers(0, 4, (30, 400)).astype(float)
    found = assign_by_expertise(
        scores,
        sheets=np.full(400, 3),
        caps=np.full(30, 40),
        floors=np.full(30, 40),
        conflicts=random.random((30, 400)) < 0.05,
    )
    assert not found.short.any()
    assert (np.bincount(found.judge) == 40).all()
    assert found.objective > 0.99 * 3 * len(found.judge)  # nearly all find enough entries of the highest match
    assert found.objective <= np.sort(scores, axis=0)[-3:].sum()
