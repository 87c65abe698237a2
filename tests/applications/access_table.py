"""Who gets which answer from the routes of applications."""

import io
from collections.abc import Callable
from datetime import timedelta

from flask import current_app

from app.accounts.models import Organization
from app.accounts.profile.codes import DocumentKind
from app.accounts.profile.models import ProfileDocument, StartupProfile
from app.accounts.services import token_sha256
from app.applications.desk.models import BulkDecision, Likeness, LikenessKind, SavedView, ScreeningNote
from app.applications.mails import reminder_token
from app.applications.models import CheckOutcome, Document, EligibilityOverride, GivenConsent, Submission, Upload
from app.applications.rules import consent_sha256
from app.applications.states import ApplicationState
from app.applications.writing.models import ApplicationRight, CoWriterInvitation, DraftVersion
from app.applications.writing.states import Right, VersionKind
from app.challenges.form.parts import consents_of, documents_of
from app.challenges.states import ChallengeState
from app.core.database import db
from tests.access import Row, Scene
from tests.factories import NOW, PASSWORD, make_application, make_submission, make_user
from tests.files import PDF


def own(scene: Scene) -> dict[str, object]:
    return {"application_id": scene.application.id}


def managed(scene: Scene) -> dict[str, object]:
    return {"challenge_id": scene.challenge.id}


def received(scene: Scene) -> dict[str, object]:
    return {"challenge_id": scene.challenge.id, "application_id": scene.application.id}


def file_question(scene: Scene) -> dict[str, object]:
    return {"application_id": scene.application.id, "code": "proposal"}


def submitted_file(scene: Scene) -> dict[str, object]:
    return {"application_id": scene.application.id, "document_id": scene.more["document"].id}


def add_upload(scene: Scene) -> None:
    """A file on its way."""
    scene.more["upload"] = Upload(
        application_id=scene.application.id, question=documents_of(scene.challenge.form)[0].code, by_id=scene.people["startup"].id,
        filename="a.pdf", length=10, created_at=NOW, expires_at=NOW + timedelta(days=2),
    )  # fmt: skip
    db.session.add(scene.more["upload"])
    db.session.flush()


def upload(scene: Scene) -> dict[str, object]:
    return {"application_id": scene.application.id, "upload_id": scene.more["upload"].id}


def add_file(scene: Scene) -> None:
    """A document that stands in the submission."""
    stored = current_app.extensions["storage"].save(io.BytesIO(PDF), max_bytes=10_000)
    document = Document(
        application_id=scene.application.id, question="proposal", filename="a.pdf",
        media_type="application/pdf", sha256=stored.sha256, size=stored.size, uploaded_at=NOW,
    )  # fmt: skip
    db.session.add(document)
    db.session.query(Submission).delete()
    db.session.flush()
    db.session.expire_all()
    make_submission(scene.application)
    scene.more["document"] = document


def add_desk(scene: Scene) -> None:
    """A note, a view and a bulk decision by the organizer, and another application that is like the first."""
    organizer = scene.people["organizer"]
    key = {"application_id": scene.application.id}
    note = ScreeningNote(**key, author_id=organizer.id, text="메모", written_at=NOW)
    view = SavedView(challenge_id=scene.challenge.id, owner_id=organizer.id, name="보기")
    bulk = BulkDecision(
        challenge_id=scene.challenge.id, outcome=CheckOutcome.ELIGIBLE, decided_by_id=organizer.id, decided_at=NOW,
        undo_until=NOW + timedelta(minutes=5),
    )  # fmt: skip
    other = make_application(scene.challenge)
    db.session.add_all([note, view, bulk])
    first, second = sorted((scene.application.id, other.id))
    db.session.add(
        Likeness(
            challenge_id=scene.challenge.id, first_id=first, second_id=second, kind=LikenessKind.NAME, percent=80, found_at=NOW
        )
    )  # fmt: skip
    db.session.flush()
    scene.more |= {"note": note, "view": view, "bulk": bulk, "other": other}


def more(name: str, key: str, *, one: bool = False) -> Callable[[Scene], dict[str, object]]:
    return lambda scene: {**(received(scene) if one else managed(scene)), key: scene.more[name].id}


def share(scene: Scene) -> None:
    """The applicant has agreed that the sponsor reads the application."""
    consent = next(c for c in consents_of(scene.challenge.form) if c.shares_with_sponsor)
    db.session.add(
        GivenConsent(
            application_id=scene.application.id, question=consent.code, given=True, text_sha256=consent_sha256(consent, "ko"),
            language="ko", decided_at=NOW,
        )
    )  # fmt: skip
    db.session.query(Submission).delete()
    db.session.flush()
    db.session.expire_all()
    make_submission(scene.application)


def reminder_link(scene: Scene) -> dict[str, object]:
    """Whoever has the mail with it may follow it."""
    return {"token": reminder_token(scene.application.id, "hana@example.org")}


EVERYBODY = "200 200 200 200 200 200 200 200"


def except_from_age(scene: Scene, startup: Organization | None = None) -> None:
    """The organizer has made an exception for the startup."""
    override = EligibilityOverride(
        challenge_id=scene.challenge.id,
        startup_id=(startup or scene.startup).id,
        rules=["age"],
        reason="분할 설립",
        given_at=NOW,
    )
    db.session.add(override)
    scene.more["override"] = override


OWN = "303 404 {} 404 404 404 404 404"  # visitor stranger startup judge sponsor organizer other_organizer other_sponsor
MANAGED = "303 404 404 404 404 {} 404 404"
SPONSORED = "303 404 404 404 {} 404 404 404"
DRAFT = {"state": ChallengeState.PUBLISHED, "application_state": ApplicationState.DRAFT}
SENT = {"state": ChallengeState.PUBLISHED, "application_state": ApplicationState.SUBMITTED}


def mate(scene: Scene) -> dict[str, object]:
    return {**own(scene), "user_id": scene.more["mate"].id}


def add_mate(scene: Scene) -> None:
    """Somebody from outside who writes with the startup."""
    scene.more["mate"] = make_user("손님")
    db.session.add(
        ApplicationRight(
            application_id=scene.application.id,
            user_id=scene.more["mate"].id,
            held=Right.EDIT,
            is_guest=True,
            given_at=NOW,
        )
    )
    db.session.flush()
    db.session.expire(scene.application, ["rights"])


def co_writer(scene: Scene) -> dict[str, object]:
    return {**own(scene), "invitation_id": scene.more["co_writer"].id}


def invite(scene: Scene) -> None:
    scene.more["co_writer"] = CoWriterInvitation(
        application_id=scene.application.id, email="new@example.org", offered=Right.EDIT, token_sha256=token_sha256("co-writer"),
        sent_at=NOW, expires_at=NOW + timedelta(days=14),
    )  # fmt: skip
    db.session.add(scene.more["co_writer"])
    db.session.flush()


def keep(scene: Scene) -> None:
    """A document in the startup's profile."""
    stored = current_app.extensions["storage"].save(io.BytesIO(PDF), max_bytes=10_000)
    db.session.add(StartupProfile(organization_id=scene.startup.id, saved_at=NOW))
    scene.more["kept"] = ProfileDocument(
        organization_id=scene.startup.id, kind=DocumentKind.OTHER, filename="a.pdf", media_type="application/pdf",
        sha256=stored.sha256, size=stored.size, uploaded_at=NOW,
    )  # fmt: skip
    db.session.add(scene.more["kept"])
    db.session.flush()


def version(scene: Scene) -> dict[str, object]:
    return {**own(scene), "number": 1}


def write_version(scene: Scene) -> None:
    scene.application.answers = {"summary": "새 글"}
    db.session.add(
        DraftVersion(
            application_id=scene.application.id, number=1, kind=VersionKind.SAVED, began_at=NOW, saved_at=NOW,
            changes={"answer-summary": {"before": "", "after": "요약"}},
        )
    )  # fmt: skip
    db.session.flush()


ACCESS: dict[str, Row] = {
    "GET applications.show_team": Row(OWN.format(200), own),
    "POST applications.give_right": Row(OWN.format(303), mate, lambda _: {"right": "view"}, prepare=add_mate),
    "POST applications.take_right": Row(OWN.format(303), mate, prepare=add_mate),
    "POST applications.invite_co_writer": Row(
        OWN.format(303), own, lambda _: {"email": "new@example.org", "right": "edit"}
    ),
    "POST applications.cancel_co_writer": Row(OWN.format(303), co_writer, prepare=invite),
    "GET applications.accept_co_writing": Row(
        "200 200 200 200 200 200 200 200", lambda _: {"token": "co-writer"}, prepare=invite
    ),
    "POST applications.accept_co_writing": Row(
        # The invitation is for an address that has no account: a visitor makes one, others have another address.
        "303 422 422 422 422 422 422 422",
        lambda _: {"token": "co-writer"},
        lambda _: {"name": "김하나", "password": PASSWORD},
        prepare=invite,
        open_to_visitors=True,
    ),
    "POST applications.say_presence": Row(OWN.format(200), own, lambda _: {"section": "proposal"}, **DRAFT),
    "POST applications.take_over_profile": Row(OWN.format(303), lambda s: {**own(s), "section": "proposal"}, **DRAFT),
    "POST applications.hand_in_kept": Row(
        OWN.format(303),
        lambda s: {**own(s), "code": "proposal"},
        lambda s: {"document": s.more["kept"].id},
        prepare=keep,
        **DRAFT,
    ),
    "GET applications.list_versions": Row(OWN.format(200), own, prepare=write_version),
    "GET applications.show_version": Row(OWN.format(200), version, prepare=write_version),
    "POST applications.restore_version": Row(OWN.format(303), version, prepare=write_version, **DRAFT),
    "GET applications.list_applications": Row("303 200 200 200 200 200 200 200"),
    "GET applications.start_application": Row(
        "303 200 200 200 200 200 200 200", lambda s: {"slug": s.challenge.slug}, state=ChallengeState.PUBLISHED
    ),
    "POST applications.start_application": Row(
        "303 422 303 422 422 422 422 422",
        lambda s: {"slug": s.challenge.slug},
        lambda s: {"theme": str(s.challenge.themes[1].id), "startup": str(s.startup.id)},
        state=ChallengeState.PUBLISHED,
    ),
    "GET applications.show_application": Row(OWN.format(200), own),
    "GET applications.edit_application": Row(OWN.format(200), own, **DRAFT),
    "POST applications.edit_application": Row(OWN.format(303), own, lambda _s: {"draft": "1", "version": "1"}, **DRAFT),
    "POST applications.autosave_application": Row(
        OWN.format(200), own, lambda _s: {"section": "contact", "version": "1"}, **DRAFT
    ),
    "POST applications.upload_document": Row(OWN.format(422), file_question, **DRAFT),
    # 412: the protocol's version is asked for only of those who may know that there is something.
    "POST applications.create_upload": Row(OWN.format(412), own, **DRAFT),
    "PATCH applications.continue_upload": Row(OWN.format(412), upload, prepare=add_upload, **DRAFT),
    "DELETE applications.drop_upload": Row(OWN.format(412), upload, prepare=add_upload, **DRAFT),
    "POST applications.remove_document": Row(OWN.format(303), file_question, **DRAFT),
    "GET applications.download_document": Row(
        "303 404 200 404 200 200 404 404", submitted_file, prepare=lambda s: (share(s), add_file(s))
    ),
    "GET applications.check_application": Row(OWN.format(200), own, **DRAFT),
    "POST applications.submit_application": Row(OWN.format(422), own, **DRAFT),
    "POST applications.reopen_application": Row(OWN.format(303), own, **SENT),
    "POST applications.withdraw_application": Row(OWN.format(303), own, **SENT),
    "GET applications.show_receipt": Row(OWN.format(200), own),
    "GET applications.preview_form": Row(MANAGED.format(200), managed),
    "GET applications.list_received": Row(MANAGED.format(200), managed),
    "GET applications.show_received": Row(MANAGED.format(200), received),
    "POST applications.export_csv": Row(MANAGED.format(200), managed),
    "POST applications.export_xlsx": Row(MANAGED.format(200), managed),
    "POST applications.export_documents": Row(MANAGED.format(200), managed),
    "POST applications.check_eligibility": Row(
        MANAGED.format(303),
        received,
        lambda _s: {"outcome": "eligible", "seen_submission": "1", "seen_checks": "0"},
        state=ChallengeState.CLOSED,
        application_state=ApplicationState.SUBMITTED,
    ),
    "GET applications.withdraw_consent": Row(OWN.format(200), lambda s: own(s) | {"code": "sponsor"}),
    "POST applications.withdraw_consent": Row(OWN.format(303), lambda s: own(s) | {"code": "sponsor"}, prepare=share),
    "GET applications.list_exceptions": Row(MANAGED.format(200), managed, **DRAFT),
    "POST applications.list_exceptions": Row(
        MANAGED.format(303),
        managed,
        lambda s: {
            "startup": s.people["stranger"].memberships[0].organization.name.ko,
            "rules": "age",
            "reason": "분할 설립",
        },
        **DRAFT,
    ),
    "POST applications.take_back_override": Row(
        MANAGED.format(303),
        lambda s: managed(s) | {"override_id": s.more["override"].id},
        prepare=except_from_age,
        **DRAFT,
    ),
    "POST applications.mark_applications": Row(
        MANAGED.format(303), managed, lambda s: {"do": "tag", "tag": "확인", "chosen": str(s.application.id)}
    ),
    "POST applications.assign_evenly": Row(MANAGED.format(303), managed),
    "POST applications.save_view": Row(MANAGED.format(303), managed, lambda _s: {"view": "내 것"}),
    "POST applications.remove_view": Row(MANAGED.format(303), more("view", "view_id"), prepare=add_desk),
    "POST applications.write_note": Row(MANAGED.format(303), received, lambda _s: {"note": "확인함"}),
    "POST applications.edit_note": Row(
        MANAGED.format(303), more("note", "note_id", one=True), lambda _s: {"note": "다시 확인함"}, prepare=add_desk
    ),
    "GET applications.show_like": Row(MANAGED.format(200), more("other", "other_id", one=True), prepare=add_desk),
    "POST applications.decide_in_bulk": Row(
        MANAGED.format(200),
        managed,
        lambda s: {"outcome": "eligible", "chosen": str(s.application.id)},
        state=ChallengeState.CLOSED,
    ),
    "POST applications.undo_bulk": Row(MANAGED.format(303), more("bulk", "bulk_id"), prepare=add_desk),
    "GET applications.list_shared": Row(SPONSORED.format(200), managed),
    "GET applications.show_shared": Row(SPONSORED.format(200), received, prepare=share),
    "GET applications.show_reminders": Row(EVERYBODY, reminder_link),
    "POST applications.stop_reminders": Row(EVERYBODY.replace("200", "303"), reminder_link, open_to_visitors=True),
    "POST applications.resume_reminders": Row(EVERYBODY.replace("200", "303"), reminder_link, open_to_visitors=True),
    "GET applications.write_message": Row(MANAGED.format(200), managed),
    "POST applications.write_message": Row(MANAGED.format(422), managed),
}
