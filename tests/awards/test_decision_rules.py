"""What the published rule forbids a committee, and where it has to give a reason."""

import pytest

from app.awards.departures import find_departures
from app.awards.outcome_rules import find_faults, why_not_one_more, why_not_outcome
from app.awards.rules import why_not_confirm
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from tests.awards.standings import NOT_SELECTED, RESERVE, SELECTED, decided, entry, key, standing, theme


@pytest.fixture(autouse=True)
def _in_english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


A, B, C = entry("A", 1), entry("B", 2), entry("C", 3)
LOW = entry("L", None, final="69", passes=False)
PLAIN = standing(theme(A, B, C, LOW))


@pytest.mark.parametrize(
    ("which", "outcome", "expected"),
    [
        (LOW, SELECTED, "1.00 points short of the pass mark of 70.00"),
        (LOW, RESERVE, "1.00 points short of the pass mark of 70.00"),
        (LOW, NOT_SELECTED, None),
        (A, SELECTED, None),
        (C, SELECTED, None),  # out of the ranking's order, so with a reason, but no rule forbids it
        (entry("N", None, final=None, passes=False), RESERVE, "No score sheet is signed for this entry."),
    ],
)
def test_an_outcome_is_forbidden_with_its_reason(which, outcome, expected):
    assert why_not_outcome(PLAIN, theme(A, B, C, which), which, outcome) == expected


def test_a_bonus_that_the_mark_does_not_see_does_not_help():
    low = entry("L", None, final="69", passes=False, bonus="5")
    assert "short" in why_not_outcome(standing(theme(low)), theme(low), low, SELECTED)


def test_a_tie_over_the_last_place_forbids_selecting_until_the_chair_has_spoken():
    tied = theme(entry("A", 1), entry("B", 2), entry("C", 2))
    for e in tied.entries[1:]:
        assert (
            why_not_outcome(standing(tied), tied, e, SELECTED)
            == "Tied with 1 other entry for the last place. The chair settles the tie first."
        )
        assert why_not_outcome(standing(tied), tied, e, RESERVE) is None
    assert why_not_outcome(standing(tied), tied, tied.entries[0], SELECTED) is None
    without_chair = standing(tied, chair=False)
    assert "cannot part them" in why_not_outcome(without_chair, tied, tied.entries[1], SELECTED)


def test_a_theme_without_places_selects_nobody():
    none = theme(A, winners=0)
    assert why_not_outcome(standing(none), none, A, SELECTED) == "This theme has no places."


def test_one_more_than_the_places():
    assert why_not_one_more(theme(A, B, C), 1) is None
    assert why_not_one_more(theme(A, B, C), 2) == "The theme's 2 places are taken. Take one back first."
    assert find_faults(PLAIN, decided(A=SELECTED, B=SELECTED, C=SELECTED)) == {
        key("C"): "3 entries are selected, but theme T1 has 2 places."
    }


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (
            decided(A=(SELECTED, "grand"), B=(SELECTED, "grand")),
            {key("B"): "grand is given to 2 entries, but there is 1."},
        ),
        (decided(A=(SELECTED, "best")), {key("A"): "The call has no such prize."}),
        (decided(A=SELECTED, B=(RESERVE, 1), C=(RESERVE, 2)), {}),
        (
            decided(B=(RESERVE, 1), C=(RESERVE, 1)),
            dict.fromkeys([key("B"), key("C")], "Reserve rank 1 is given twice in theme T1."),
        ),
        (decided(B=(RESERVE, 2)), {key("B"): "Reserve ranks of theme T1 go 1, 2, 3 without a gap; 2 does not follow."}),
        (decided(B=(RESERVE, 0)), {key("B"): "Reserve ranks of theme T1 go 1, 2, 3 without a gap; 0 does not follow."}),
        (decided(Z=NOT_SELECTED), {key("Z"): "This application is not among the eligible ones."}),
        (decided(L=(SELECTED, "grand")), {key("L"): "1.00 points short of the pass mark of 70.00"}),
        (decided(A=(SELECTED, None, "가" * 1001)), {key("A"): "At most 1,000 characters; this has 1,001."}),
        ({}, {}),
    ],
)
def test_faults_stand_by_the_row_that_shows_them(decisions, expected):
    assert find_faults(PLAIN, decisions) == expected


def test_tied_reserves_may_share_a_rank():
    tied = standing(theme(A, entry("B", 2), entry("C", 2), winners=1))
    assert find_faults(tied, decided(A=SELECTED, B=(RESERVE, 1), C=(RESERVE, 1))) == {}
    assert find_departures(tied, decided(A=SELECTED, B=(RESERVE, 1), C=(RESERVE, 1))) == {}


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (decided(A=(SELECTED, "grand"), B=(SELECTED, "first"), C=(RESERVE, 1)), {}),
        (decided(A=NOT_SELECTED), {key("A"): "Ranked 1 in the theme, within its places, and not selected."}),
        (
            decided(A=SELECTED, B=(RESERVE, 1), C=SELECTED),
            {
                key("B"): "Ranked 2 in the theme, within its places, and not selected.",
                key("C"): "Ranked 3 in the theme, behind its places, and selected.",
            },
        ),
        (
            decided(A=(SELECTED, "first"), B=(SELECTED, "grand")),
            {key("A"): "An entry that ranks behind it over all has a higher prize."},
        ),
        (
            decided(A=SELECTED, B=(SELECTED, "grand")),
            {key("A"): "An entry that ranks behind it over all has a higher prize."},
        ),
        (decided(A=SELECTED, B=SELECTED), {}),  # no award is a lawful outcome
    ],
)
def test_departures_from_the_ranking(decisions, expected):
    assert find_departures(PLAIN, decisions) == expected


def test_departures_among_reserves():
    four = standing(theme(A, B, C, entry("D", 4), winners=1))
    assert find_departures(four, decided(A=SELECTED, B=(RESERVE, 2), C=(RESERVE, 1))) == {
        key("B"): "A reserve behind an entry that ranks behind it."
    }
    assert find_departures(four, decided(A=SELECTED, B=NOT_SELECTED, C=(RESERVE, 1), D=NOT_SELECTED)) == {
        key("B"): "Passed over: an entry that ranks behind it is a reserve."
    }


def test_the_same_rank_over_all_with_different_prizes_needs_a_reason():
    same = standing(theme(A), theme(entry("E", 1, rank=1, theme="T2"), code="T2"))
    assert find_departures(same, decided(A=(SELECTED, "grand"), E=(SELECTED, "first"))) == {
        key("E"): "An entry that ranks the same over all has a higher prize."
    }


class Run:
    """A challenge as far as the rules look at it."""

    host_id = 1
    staff = ()
    title = Bilingual("ㄱ", "a")

    def __init__(self, state):
        self.state = state


class Staff:
    def belongs_to(self, _organization):
        return True

    def __getattr__(self, _name):
        return ()


FULL = decided(A=(SELECTED, "grand"), B=(SELECTED, "first"), C=(RESERVE, 1), L=NOT_SELECTED)


@pytest.mark.parametrize(
    ("state", "its_standing", "decisions", "expected"),
    [
        (ChallengeState.JUDGING, PLAIN, FULL, None),
        (ChallengeState.CLOSED, PLAIN, FULL, "Decisions are made while the challenge is being judged."),
        (ChallengeState.DECIDED, PLAIN, FULL, "The decision is confirmed. Reopen the judging to change it."),
        (ChallengeState.RESULTS_OUT, PLAIN, FULL, "The results are published. Only a correction with a reason can change them."),
        (ChallengeState.JUDGING, standing(*PLAIN.themes, open_sheets=2), FULL, "2 score sheets are not signed yet."),
        (
            ChallengeState.JUDGING, standing(theme(A, entry("B", 2), entry("C", 2))), FULL,
            "2 entries tie for the last place of theme T1. The chair settles the tie first.",
        ),
        (ChallengeState.JUDGING, PLAIN, decided(A=SELECTED), "3 entries have no decision yet."),
        (
            ChallengeState.JUDGING, PLAIN, FULL | decided(B=(SELECTED, "grand")), "B: grand is given to 2 entries, but there is 1.",
        ),
        (ChallengeState.JUDGING, PLAIN, FULL | decided(A=NOT_SELECTED), "A departs from the ranking without a reason."),
        (ChallengeState.JUDGING, PLAIN, FULL | decided(A=(NOT_SELECTED, None, "The company withdrew its offer.")), None),
        (
            ChallengeState.JUDGING, PLAIN, FULL | decided(A=NOT_SELECTED, B=(RESERVE, 1), C=SELECTED),
            "A departs from the ranking without a reason. And 2 things more are in the way.",
        ),
    ],
)  # fmt: skip
def test_what_is_in_the_way_of_confirming(state, its_standing, decisions, expected):
    sentence = why_not_confirm(Run(state), its_standing, decisions, Staff())
    assert sentence is None if expected is None else sentence.startswith(expected)


def test_a_stranger_confirms_nothing():
    class Stranger(Staff):
        def belongs_to(self, _organization):
            return False

    assert (
        why_not_confirm(Run(ChallengeState.JUDGING), PLAIN, FULL, Stranger())
        == "Only the organizer's staff can do this."
    )


def test_a_tie_that_no_rule_can_part_leaves_the_place_empty_with_a_reason():
    tied = standing(theme(A, entry("B", 2), entry("C", 2)), chair=False)
    without = decided(A=SELECTED, B=(RESERVE, 1), C=(RESERVE, 1))
    assert set(find_departures(tied, without)) == {key("B"), key("C")}
    with_reasons = decided(A=SELECTED, B=(RESERVE, 1, "tie"), C=(RESERVE, 1, "tie"))
    assert why_not_confirm(Run(ChallengeState.JUDGING), tied, with_reasons, Staff()) is None
