"""Who gets which answer from the routes of certificates."""

from io import BytesIO
from typing import Any

from flask import current_app

from app.awards import services
from app.awards.models import Certificate, Decision
from app.awards.services.make_certificates import finish_certificate
from app.awards.states import Outcome
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.storage import StoredContent
from tests import factories
from tests.access import Row, Scene

#          visitor stranger startup judge sponsor organizer other_organizer other_sponsor
ANYONE = "     200     200     200   200     200       200             200           200"
READERS = "    303     404     404   404     404       200             404           404"
ACTORS = "     303     404     404   404     404       303             404           404"
HOLDERS = "    303     404     200   404     404       200             404           404"
OUT = ChallengeState.RESULTS_OUT


def managed(scene: Scene) -> dict[str, Any]:
    return {"challenge_id": scene.challenge.id}


def select(scene: Scene) -> None:
    db.session.add(
        Decision(challenge_id=scene.challenge.id, application_id=scene.application.id, outcome=Outcome.SELECTED, decided_at=factories.NOW)
    )  # fmt: skip


def issue(scene: Scene) -> None:
    """Two certificates, made; their file is a stand-in, since this is about doors."""
    select(scene)
    db.session.flush()
    stored = current_app.extensions["storage"].save(BytesIO(b"%PDF-1.7 stand-in"), max_bytes=100)
    for certificate in services.issue_certificates(scene.challenge, actor=scene.people["organizer"], now=factories.NOW):
        finish_certificate(certificate.id, StoredContent(stored.sha256, stored.size, b""), now=factories.NOW)
        scene.more["certificate"] = certificate


def certificate_of(scene: Scene) -> Certificate:
    return scene.more["certificate"]


def numbered(scene: Scene) -> dict[str, Any]:
    return {"challenge_id": scene.challenge.id, "certificate_id": certificate_of(scene).id}


def reasoned(_scene: Scene) -> dict[str, Any]:
    return {"reason": "이름이 틀림"}


CERTIFICATES = {
    "GET awards.list_certificates": Row(READERS, managed, state=OUT, prepare=issue),
    "GET awards.show_certificate_progress": Row(READERS, managed, state=OUT, prepare=issue),
    "GET awards.preview_certificate": Row(READERS, managed, state=OUT, prepare=select),
    "POST awards.issue_certificates": Row(ACTORS, managed, state=OUT, prepare=select),
    "POST awards.revoke_certificate": Row(ACTORS, numbered, reasoned, state=OUT, prepare=issue),
    "POST awards.reissue_certificate": Row(ACTORS, numbered, reasoned, state=OUT, prepare=issue),
    "GET awards.download_certificate": Row(HOLDERS, lambda scene: {"certificate_id": certificate_of(scene).id}, state=OUT, prepare=issue),
    "GET awards.show_certificate": Row(ANYONE, lambda scene: {"code": certificate_of(scene).code}, state=OUT, prepare=issue),
    "GET awards.verify_certificate": Row(ANYONE),
    "POST awards.verify_certificate": Row(ANYONE, data=lambda _scene: {"code": "0" * 16}),
}  # fmt: skip
