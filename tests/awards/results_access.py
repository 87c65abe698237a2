"""Who gets which answer from the routes of deciding and publishing."""

from datetime import timedelta

from app.awards import services
from app.awards.appeals.models import PublicReview
from app.awards.appeals.services import file_appeal
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.models import Milestone
from app.challenges.states import MilestoneKind
from app.core.audit import trail
from app.core.database import db
from tests import factories
from tests.access import Row, Scene

#            visitor stranger startup judge sponsor organizer other_organizer other_sponsor
ANYONE = "       200     200     200   200     200       200             200           200"
READERS = "      303     404     404   404     404       200             404           404"
ACTORS = "       303     404     404   404     404       303             404           404"
APPLICANT = "    303     404     200   404     404       404             404           404"


def managed(scene: Scene) -> dict:
    return {"challenge_id": scene.challenge.id}


def numbered(scene: Scene) -> dict:
    return {"challenge_id": scene.challenge.id, "number": 1}


def draft(scene: Scene) -> None:
    """The one entry, without a signed sheet, is not selected."""
    db.session.delete(scene.sheet)
    decisions = {scene.application.id: DecisionInput(Outcome.NOT_SELECTED)}
    services.set_decisions(scene.challenge, decisions, actor=scene.people["organizer"], now=factories.NOW)


def decide(scene: Scene) -> None:
    draft(scene)
    services.confirm_decision(scene.challenge, actor=scene.people["organizer"], now=factories.NOW)


def publish(scene: Scene) -> None:
    decide(scene)
    services.publish_results(scene.challenge, actor=scene.people["organizer"], now=factories.NOW)


def publish_and_seal(scene: Scene) -> None:
    publish(scene)
    trail.seal()


def typed(scene: Scene) -> dict:
    return {"version": "0", f"outcome-{scene.application.id}": "not_selected"}


def typed_correction(scene: Scene) -> dict:
    key = scene.application.id
    return {"version": "1", "reason": "오기", f"outcome-{key}": "not_selected", f"reason-{key}": "평가표가 없습니다."}


def publish_with_appeals(scene: Scene) -> None:
    window = Milestone(
        challenge_id=scene.challenge.id, kind=MilestoneKind.APPEALS, starts_at=factories.NOW, ends_at=factories.NOW + timedelta(days=7)
    )  # fmt: skip
    scene.challenge.milestones.append(window)
    publish(scene)


def appeal(scene: Scene) -> None:
    publish_with_appeals(scene)
    scene.more["appeal"] = file_appeal(
        scene.application, "기피 신청이 처리되지 않았습니다.", actor=scene.people["startup"], now=factories.NOW
    )


def review(scene: Scene) -> None:
    decide(scene)
    row = {
        "application_id": str(scene.application.id),
        "company": {"ko": "가", "en": ""},
        "theme": {"ko": "나", "en": ""},
    }
    db.session.add(
        PublicReview(
            challenge_id=scene.challenge.id,
            content=[row],
            opened_at=factories.NOW,
            ends_at=factories.NOW + timedelta(days=3),
        )
    )


def appealed(scene: Scene) -> dict:
    return {**managed(scene), "appeal_id": scene.more["appeal"].id}


def typed_answer(scene: Scene) -> dict:
    key = scene.more["appeal"].id
    return {f"verdict-{key}": "dismissed", f"answer-{key}": "기록을 확인했습니다."}


RESULTS = {
    "GET awards.file_appeal": Row(
        APPLICANT, lambda scene: {"application_id": scene.application.id}, prepare=publish_with_appeals
    ),
    "POST awards.file_appeal": Row(
        "303 404 303 404 404 404 404 404",
        lambda scene: {"application_id": scene.application.id},
        lambda _scene: {"text": "공고와 다른 배점입니다."},
        prepare=publish_with_appeals,
    ),
    "GET awards.show_public_review": Row(ANYONE, lambda scene: {"slug": scene.challenge.slug}, prepare=review),
    "POST awards.show_public_review": Row(
        "200 303 303 303 303 303 303 303",
        lambda scene: {"slug": scene.challenge.slug},
        lambda scene: {"entry": str(scene.application.id), "text": "특허권 분쟁이 있습니다."},
        prepare=review,
    ),
    "GET awards.list_appeals": Row(READERS, managed, prepare=appeal),
    "POST awards.open_public_review": Row(
        "303 404 404 404 404 422 404 404",
        managed,
        lambda _scene: {"ends_at": "2022-10-01T18:00"},
        prepare=decide,  # nobody is selected
    ),
    "POST awards.answer_appeal": Row(ACTORS, appealed, typed_answer, prepare=appeal),
    "GET awards.decide": Row(READERS, managed),
    "POST awards.decide": Row(ACTORS, managed, typed),
    "POST awards.confirm_decision": Row(ACTORS, managed, prepare=draft),
    "POST awards.reopen_judging": Row(ACTORS, managed, lambda _scene: {"reason": "증빙"}, prepare=decide),
    "GET awards.preview_results": Row(READERS, managed, prepare=decide),
    "POST awards.publish_results": Row(ACTORS, managed, prepare=decide),
    "GET awards.download_result_set": Row(READERS, numbered, prepare=publish),
    "GET awards.download_bundle": Row(READERS, numbered, prepare=publish_and_seal),
    "GET awards.correct_results": Row(READERS, managed, prepare=publish),
    "POST awards.correct_results": Row(ACTORS, managed, typed_correction, prepare=publish),
    "GET awards.show_results": Row(ANYONE, lambda scene: {"slug": scene.challenge.slug}, prepare=publish),
    "GET awards.show_own_result": Row(
        APPLICANT, lambda scene: {"application_id": scene.application.id}, prepare=publish
    ),
}
