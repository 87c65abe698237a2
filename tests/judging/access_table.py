"""Who gets which answer from judging's routes."""

from typing import Any

from app.challenges.states import ChallengeState
from app.core.database import db
from app.judging.models import Bonus, Conflict, Judge, ScoreSheet
from app.judging.people.queries import standard_pledge
from app.judging.people.services import pledge_sha256
from app.judging.queries.invitations import token_sha256
from app.judging.states import ConflictKind, JudgeState, SheetState
from tests import factories
from tests.access import Row, Scene

#            visitor stranger startup judge sponsor organizer other_organizer other_sponsor
ANYONE = "       200     200     200   200     200       200             200           200"
SIGNED_IN = "    303     200     200   200     200       200             200           200"
JUDGES = "       303     404     404   200     404       404             404           404"
JUDGES_ACT = "   303     404     404   303     404       404             404           404"
ORGANIZERS = "   303     404     404   404     404       200             404           404"
ORGANIZERS_ACT = "303    404     404   404     404       303             404           404"
TOKEN = "the-token-of-a-mailed-link"
SCORES = {"fit": "26", "technology": "21.5", "feasibility": "17", "business": "12", "team": "8"}


def challenge(scene: Scene) -> dict[str, Any]:
    return {"challenge_id": scene.challenge.id}


def sheet(scene: Scene) -> dict[str, Any]:
    return {"sheet_id": scene.sheet.id}


def managed_sheet(scene: Scene) -> dict[str, Any]:
    return {**challenge(scene), **sheet(scene)}


def another_judge(scene: Scene) -> dict[str, Any]:
    return {**challenge(scene), "judge_id": scene.more["judge"].id}


def own_judge(scene: Scene) -> dict[str, Any]:
    return {**challenge(scene), "judge_id": scene.judge.id}


def a_conflict(scene: Scene) -> dict[str, Any]:
    return {"judge": str(scene.judge.id), "number": scene.application.receipt_number, "reason": "전 직장"}


def declare(scene: Scene) -> None:
    """A conflict over another entry than the one that the judge has."""
    other = factories.make_application(scene.challenge)
    scene.more["conflict"] = Conflict(
        judge_id=scene.judge.id, application_id=other.id, kind=ConflictKind.RECUSAL, reason="전 직장",
        declared_by_id=scene.judge.user_id, declared_at=factories.NOW,
    )  # fmt: skip
    db.session.add(scene.more["conflict"])


def its_conflict(scene: Scene) -> dict[str, Any]:
    return {**challenge(scene), "conflict_id": scene.more["conflict"].id}


def bonus(scene: Scene) -> dict[str, Any]:
    return {**challenge(scene), "bonus_id": scene.more["bonus"].id}


def document(scene: Scene) -> dict[str, Any]:
    return {**sheet(scene), "document_id": scene.more["document"].id}


def scores(scene: Scene) -> dict[str, Any]:
    return {
        "version": scene.sheet.version, "password": factories.PASSWORD,
        **{f"score-{code}": score for code, score in SCORES.items()},
    }  # fmt: skip


def invite(scene: Scene) -> None:
    judge = Judge(
        challenge_id=scene.challenge.id, email="invited@example.org", name="이초대", state=JudgeState.INVITED,
        token_sha256=token_sha256(TOKEN), invited_at=factories.NOW,
    )  # fmt: skip
    db.session.add(judge)
    scene.more["judge"] = judge


def give_bonus(scene: Scene) -> None:
    given = Bonus(
        round_id=scene.challenge.rounds[0].id, application_id=scene.application.id, points=1, evidence="여성기업 확인서",
        given_at=factories.NOW,
    )  # fmt: skip
    db.session.add(given)
    scene.more["bonus"] = given


def sign(scene: Scene) -> None:
    held = db.session.get(ScoreSheet, scene.sheet.id)
    held.scores, held.total = dict(SCORES), factories.Decimal("84.5")
    held.state, held.signed_at, held.saved_at = SheetState.SIGNED, factories.NOW, factories.NOW


def fill_in(scene: Scene) -> None:
    held = db.session.get(ScoreSheet, scene.sheet.id)
    held.scores, held.total, held.saved_at = dict(SCORES), factories.Decimal("84.5"), factories.NOW


def tie(scene: Scene) -> None:
    """A second application of the same theme with the same scores, so that the chair has something to decide."""
    sign(scene)
    other = factories.make_application(scene.challenge)
    db.session.add(
        ScoreSheet(
            round_id=scene.sheet.round_id,
            judge_id=scene.judge.id,
            application_id=other.id,
            assigned_at=factories.NOW,
            scores=dict(SCORES),
            total=factories.Decimal("84.5"),
            state=SheetState.SIGNED,
            signed_at=factories.NOW,
        )
    )
    scene.more["other"] = other


def upload(scene: Scene) -> None:
    scene.more["document"] = factories.make_document(scene.application)


ACCESS: dict[str, Row] = {
    "GET judging.list_judges": Row(ORGANIZERS, challenge),
    "POST judging.invite_judge": Row(
        ORGANIZERS_ACT, challenge, lambda _scene: {"name": "박평가", "email": "new@example.org"}
    ),
    "POST judging.invite_judge_again": Row(ORGANIZERS_ACT, another_judge, prepare=invite),
    "GET judging.edit_profile": Row(ORGANIZERS, own_judge),
    "POST judging.edit_profile": Row(ORGANIZERS_ACT, own_judge, lambda _scene: {"version": "0"}),
    "GET judging.edit_own_profile": Row(JUDGES, challenge),
    "POST judging.edit_own_profile": Row(JUDGES_ACT, challenge, lambda _scene: {"version": "0"}),
    "GET judging.word_pledge": Row(ORGANIZERS, challenge),
    "POST judging.word_pledge": Row(ORGANIZERS_ACT, challenge, lambda _scene: {"text_ko": "비밀을 지킵니다."}),
    "GET judging.sign_pledge": Row(JUDGES, challenge),
    "POST judging.sign_pledge": Row(
        JUDGES_ACT, challenge, lambda _scene: {"pledge": "y", "shown": pledge_sha256(standard_pledge())}
    ),
    "POST judging.remove_judge": Row(ORGANIZERS_ACT, another_judge, prepare=invite),
    "POST judging.start_judging": Row(ORGANIZERS_ACT, challenge, state=ChallengeState.CLOSED),
    "GET judging.assign_judges": Row(ORGANIZERS, challenge),
    "POST judging.assign_judges": Row(ORGANIZERS_ACT, challenge),
    "GET judging.show_progress": Row(ORGANIZERS, challenge),
    "POST judging.remind_judges": Row(ORGANIZERS_ACT, challenge),
    "GET judging.show_sheet_to_organizer": Row(ORGANIZERS, managed_sheet),
    "POST judging.reopen_sheet": Row(
        ORGANIZERS_ACT, managed_sheet, lambda _scene: {"reason": "합계 오류"}, prepare=sign
    ),
    "GET judging.show_ranking": Row(ORGANIZERS, challenge),
    "POST judging.add_bonus": Row(
        ORGANIZERS_ACT,
        challenge,
        lambda scene: {"application": str(scene.application.id), "points": "1", "evidence": "여성기업 확인서"},
    ),
    "POST judging.remove_bonus": Row(ORGANIZERS_ACT, bonus, prepare=give_bonus),
    "POST judging.record_chair_decision": Row(
        ORGANIZERS_ACT,
        challenge,
        lambda scene: {
            f"place-{scene.application.id}": "1",
            f"place-{scene.more['other'].id}": "2",
            "reason": "실증 자료를 확보함",
        },
        prepare=tie,
    ),
    "GET judging.list_conflicts": Row(ORGANIZERS, challenge),
    "POST judging.record_conflict": Row(ORGANIZERS_ACT, challenge, a_conflict),
    "POST judging.settle_suggestion": Row(ORGANIZERS_ACT, challenge),
    "POST judging.pin_conflict": Row(ORGANIZERS_ACT, its_conflict, prepare=declare),
    "POST judging.lift_conflict": Row(ORGANIZERS_ACT, its_conflict, prepare=declare),
    "POST judging.take_back_conflict": Row(JUDGES_ACT, its_conflict, prepare=declare),
    "GET judging.list_rounds": Row(SIGNED_IN),
    "GET judging.answer_invitation": Row(ANYONE, lambda _scene: {"token": TOKEN}, prepare=invite),
    "POST judging.answer_invitation": Row(
        ANYONE, lambda _scene: {"token": TOKEN}, lambda _scene: {"answer": "decline"}, prepare=invite
    ),
    "GET judging.declare_conflicts": Row(JUDGES, challenge),
    "POST judging.declare_conflicts": Row(JUDGES_ACT, challenge, lambda _scene: {"confirm": "y"}),
    "GET judging.service_worker": Row(ANYONE),
    "GET judging.show_outbox": Row(SIGNED_IN),
    "GET judging.show_queue": Row(JUDGES, challenge),
    "GET judging.write_sheet": Row(JUDGES, sheet),
    "POST judging.write_sheet": Row(JUDGES_ACT, sheet, scores),
    "POST judging.autosave_sheet": Row(JUDGES, sheet, scores),
    "POST judging.sign_sheet": Row(JUDGES_ACT, sheet, scores),
    "GET judging.sign_complete_sheets": Row(JUDGES, challenge),
    "POST judging.sign_complete_sheets": Row(
        JUDGES_ACT,
        challenge,
        lambda scene: {"sheet": f"{scene.sheet.id}:{scene.sheet.version}", "password": factories.PASSWORD},
        prepare=fill_in,
    ),
    "POST judging.recuse": Row(JUDGES_ACT, sheet, lambda _scene: {"reason": "전 직장"}),
    "GET judging.download_entry_document": Row(JUDGES, document, prepare=upload),
}
