"""Who gets which answer from the routes of deciding and publishing."""

from app.awards import services
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
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


RESULTS = {
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
