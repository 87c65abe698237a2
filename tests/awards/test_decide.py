"""Drafting, confirming and taking back the decision."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.applications.states import ApplicationState
from app.awards import services
from app.awards.models import Decision, ResultSet
from app.awards.queries import get_board
from app.awards.services.write_decisions import DecisionsRefused
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.models import Job
from app.judging.models import ChairDecision, ScoreSheet
from app.judging.services import reopen_sheet, save_sheet
from app.judging.states import SheetState
from tests import factories
from tests.awards.scenes import NOW, decided_challenge, decisions_of, judged_challenge, proposed

SELECTED, RESERVE, NOT_SELECTED = (
    DecisionInput(Outcome.SELECTED),
    DecisionInput(Outcome.RESERVE),
    DecisionInput(Outcome.NOT_SELECTED),
)


def save(scene, **decisions):
    return services.set_decisions(
        scene.challenge, {scene.id(letter): d for letter, d in decisions.items()}, actor=scene.organizer, now=NOW
    )


def events(action):
    return list(db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)))


def test_the_proposal_becomes_a_draft():
    scene = judged_challenge()
    proposed(scene)
    assert decisions_of(scene) == {
        "A": ("selected", "Grand prize"),
        "B": ("selected", "First prize"),
        "C": ("reserve", 1),
        "D": ("not_selected", None),
        "E": ("selected", "First prize"),
        "F": ("selected", "Excellence prize"),
    }
    (event,) = events("awards.set_decisions")
    assert event.details["version"] == 1
    assert event.details["decisions"][str(scene.id("C"))] == {
        "before": None,
        "after": {"outcome": "reserve", "prize": None, "reserve_rank": 1, "reason": ""},
    }


def test_saving_the_same_again_writes_no_event_and_keeps_the_rows():
    scene = judged_challenge()
    proposed(scene)
    before = set(db.session.scalars(sa.select(Decision.id)))
    proposed(scene)
    assert len(events("awards.set_decisions")) == 1
    assert set(db.session.scalars(sa.select(Decision.id))) == before


def test_a_decision_is_changed_in_part_and_taken_back():
    scene = judged_challenge()
    proposed(scene)
    save(scene, C=NOT_SELECTED, F=None)
    assert decisions_of(scene)["C"] == ("not_selected", None)
    assert "F" not in decisions_of(scene)
    assert decisions_of(scene)["A"] == ("selected", "Grand prize")


def test_reserves_without_a_rank_are_ranked_by_the_ranking():
    scene = judged_challenge()
    save(scene, B=RESERVE, C=RESERVE)
    assert decisions_of(scene) == {"B": ("reserve", 1), "C": ("reserve", 2)}


def test_tied_reserves_share_a_rank():
    scene = judged_challenge(totals={"A": 90, "B": 80, "C": 80})
    save(scene, B=RESERVE, C=RESERVE)
    assert decisions_of(scene) == {"B": ("reserve", 1), "C": ("reserve", 1)}


def test_a_stale_tab_saves_nothing():
    scene = judged_challenge()
    proposed(scene)
    with pytest.raises(StaleEdit) as refusal:
        services.set_decisions(
            scene.challenge, {scene.id("A"): NOT_SELECTED}, version=0, actor=scene.organizer, now=NOW
        )
    assert refusal.value.current == 1
    assert decisions_of(scene)["A"][0] == "selected"
    assert (
        services.set_decisions(
            scene.challenge, {scene.id("A"): NOT_SELECTED}, version=1, actor=scene.organizer, now=NOW
        )
        == 2
    )


def test_what_the_rule_forbids_is_refused_beside_its_row():
    scene = judged_challenge()
    with pytest.raises(DecisionsRefused) as refusal:
        save(scene, A=SELECTED, D=SELECTED, X=NOT_SELECTED)
    assert set(refusal.value.faults) == {scene.id("D"), scene.id("X")}
    db.session.rollback()
    assert decisions_of(scene) == {}


def test_a_prize_of_another_challenge_is_refused():
    scene, other = judged_challenge(), judged_challenge()
    with pytest.raises(DecisionsRefused):
        save(scene, A=DecisionInput(Outcome.SELECTED, prize_id=other.challenge.prizes[0].id))


@pytest.mark.parametrize("person", ["applicant", "judge", "other organizer"])
def test_only_the_organizer_decides(person):
    scene = judged_challenge()
    proposed(scene)
    actor = {
        "applicant": scene.applicants["A"],
        "judge": scene.judges[0].user,
        "other organizer": factories.make_user(member_of=factories.make_host()),
    }[person]
    calls = [
        lambda: services.set_decisions(scene.challenge, {}, actor=actor, now=NOW),
        lambda: services.confirm_decision(scene.challenge, actor=actor, now=NOW),
        lambda: services.reopen_judging(scene.challenge, "why", actor=actor, now=NOW),
        lambda: services.publish_results(scene.challenge, actor=actor, now=NOW),
        lambda: services.correct_results(scene.challenge, {}, "why", actor=actor, now=NOW),
    ]
    for call in calls:
        with pytest.raises(RuleBroken, match=r"운영기관|organizer"):
            call()


def test_confirming_moves_the_challenge_and_is_refused_a_second_time():
    scene = decided_challenge()
    assert scene.challenge.state is ChallengeState.DECIDED
    assert events("awards.confirm_decision")[0].details == {"version": 1, "entries": 6, "selected": 4, "dropped": {}}
    with pytest.raises(RuleBroken):
        services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    with pytest.raises(RuleBroken):
        save(scene, A=NOT_SELECTED)


def test_an_open_sheet_hinders_confirming():
    scene = judged_challenge()
    proposed(scene)
    sheet = db.session.scalar(sa.select(ScoreSheet).limit(1))
    sheet.state, sheet.signed_at = SheetState.OPEN, None
    db.session.flush()
    with pytest.raises(RuleBroken, match="1"):
        services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)


def test_a_stale_tab_confirms_nothing():
    scene = judged_challenge()
    proposed(scene)
    with pytest.raises(StaleEdit):
        services.confirm_decision(scene.challenge, version=0, actor=scene.organizer, now=NOW)


def test_a_tie_at_the_cut_waits_for_the_chair():
    scene = judged_challenge(totals={"A": 90, "B": 80, "C": 80})
    assert set(services.propose_decisions(scene.challenge)) == {scene.id("A")}
    with pytest.raises(DecisionsRefused):
        save(scene, B=SELECTED)
    save(scene, A=SELECTED, B=RESERVE, C=RESERVE)
    with pytest.raises(RuleBroken):
        services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    order = [str(scene.id("C")), str(scene.id("B"))]
    db.session.add(ChairDecision(round_id=scene.challenge.rounds[0].id, order=order, reason="까닭", recorded_at=NOW))
    db.session.flush()
    proposal = services.propose_decisions(scene.challenge)
    assert proposal[scene.id("C")].outcome is Outcome.SELECTED
    services.set_decisions(scene.challenge, proposal, actor=scene.organizer, now=NOW)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    assert decisions_of(scene)["B"] == ("reserve", 1)


def test_scores_that_changed_after_the_draft_are_seen_when_confirming():
    scene = judged_challenge()
    proposed(scene)
    for sheet in db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.application_id == scene.id("B"))):
        sheet.scores = {"fit": "10", "technology": "10", "feasibility": "10", "business": "10", "team": "10"}
    db.session.flush()
    with pytest.raises(RuleBroken, match="B기업"):
        services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)


def test_judging_is_reopened_for_a_reason_and_the_draft_stays():
    scene = decided_challenge()
    for nothing in ("", "   ", "가" * 501):
        with pytest.raises(RuleBroken) as refusal:
            services.reopen_judging(scene.challenge, nothing, actor=scene.organizer, now=NOW)
        assert refusal.value.field == "reason"
    services.reopen_judging(scene.challenge, " 가점 증빙이 늦게 왔습니다. ", actor=scene.organizer, now=NOW)
    assert scene.challenge.state is ChallengeState.JUDGING
    assert events("awards.reopen_judging")[0].details == {"reason": "가점 증빙이 늦게 왔습니다."}
    assert len(decisions_of(scene)) == 6
    with pytest.raises(RuleBroken):
        services.reopen_judging(scene.challenge, "다시", actor=scene.organizer, now=NOW)


@pytest.mark.parametrize("copies", [1, 3])
def test_the_board_takes_the_same_statements_for_any_number_of_entries(statements, copies):
    totals = {letter: 90 - i for i, letter in enumerate("ABCGHIJKL"[: 3 * copies])}
    scene = judged_challenge(totals=totals)
    proposed(scene)
    db.session.expire_all()
    challenge = scene.challenge
    assert challenge.title
    statements.statements.clear()
    board = get_board(challenge)
    assert len(board.standing.entries) == len(totals)
    assert len(statements) == 9  # the ranking is known from the proposal: one instead of five


def test_reserves_close_up_where_one_has_gone():
    scene = judged_challenge(totals={"A": 90, "B": 85, "C": 80, "D": 75})
    save(scene, B=RESERVE, C=RESERVE, D=RESERVE)
    save(
        scene,
        B=SELECTED,
        C=DecisionInput(Outcome.RESERVE, reserve_rank=2),
        D=DecisionInput(Outcome.RESERVE, reserve_rank=7),
    )
    assert decisions_of(scene) == {"B": ("selected", None), "C": ("reserve", 1), "D": ("reserve", 2)}
    with pytest.raises(DecisionsRefused):
        save(scene, C=DecisionInput(Outcome.RESERVE, reserve_rank=0))
    with pytest.raises(DecisionsRefused):
        save(scene, C=DecisionInput(Outcome.RESERVE, reserve_rank=3), D=DecisionInput(Outcome.RESERVE, reserve_rank=3))


def test_a_decision_on_what_was_found_ineligible_since_goes_with_the_next_save():
    scene = judged_challenge()
    proposed(scene)
    scene.applications["F"].state = ApplicationState.INELIGIBLE
    db.session.flush()
    save(scene, D=NOT_SELECTED)
    assert "F" not in decisions_of(scene)
    scene.applications["D"].state = ApplicationState.INELIGIBLE
    db.session.flush()
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    assert set(decisions_of(scene)) == {"A", "B", "C", "E"}
    assert list(events("awards.confirm_decision")[0].details["dropped"]) == [str(scene.id("D"))]


def test_score_sheets_are_locked_by_the_decision():
    scene = decided_challenge()
    sheet = db.session.scalar(sa.select(ScoreSheet).where(ScoreSheet.judge_id == scene.judges[0].id).limit(1))
    with pytest.raises(RuleBroken):
        reopen_sheet(sheet, "오기", actor=scene.organizer, now=NOW)
    with pytest.raises(RuleBroken):
        save_sheet(sheet, scores={}, comments={}, actor=scene.judges[0].user, now=NOW)


def at_once(app, *acts):
    """Run each act in a thread and an application context of its own, all let go together; their results or refusals."""
    gate = Barrier(len(acts))

    def run(act):
        with app.app_context():
            gate.wait(timeout=10)
            try:
                found = act()
                db.session.commit()
            except (RuleBroken, StaleEdit) as refusal:
                db.session.rollback()
                return refusal
            else:
                return found
            finally:
                db.session.remove()

    db.session.commit()
    db.session.remove()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_tabs_that_save_the_same_version_at_once_one_is_stale(app):
    scene = judged_challenge()
    ids = (scene.challenge.id, scene.organizer.id, scene.id("A"))

    def save_as(decision):
        challenge, actor = db.session.get(Challenge, ids[0]), db.session.get(User, ids[1])
        return services.set_decisions(challenge, {ids[2]: decision}, version=0, actor=actor, now=NOW)

    found = at_once(app, lambda: save_as(SELECTED), lambda: save_as(NOT_SELECTED))
    assert sorted(type(f).__name__ for f in found) == ["StaleEdit", "int"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


def test_two_publications_at_once_are_one(app):
    scene = decided_challenge()
    challenge_id, actor_id = scene.challenge.id, scene.organizer.id

    def publish():
        challenge, actor = db.session.get(Challenge, challenge_id), db.session.get(User, actor_id)
        return services.publish_results(challenge, actor=actor, now=NOW).id

    found = at_once(app, publish, publish)
    assert found[0] == found[1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1
    assert [job.payload["result_set_id"] for job in db.session.scalars(sa.select(Job))] == [str(found[0])]
