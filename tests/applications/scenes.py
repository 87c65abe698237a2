"""A call with questions, and an applicant who can fill all of it; used by the tests of applications."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.applications import services
from app.applications.jobs import tell_of_receipt
from app.applications.models import Application, Submission
from app.applications.rules import confirmations_asked
from app.applications.services import DraftInput
from app.challenges.form.changes import add_question
from app.challenges.form.model import Kind, Question
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.core.database import db, new_id
from app.core.jobs.models import Job
from app.core.jobs.registry import JobRun
from app.core.storage import Storage
from tests import factories
from tests.files import pdf

OPEN = factories.NOW
LAST_SECOND = factories.seoul("2022-09-23T17:00:00.999")
TOO_LATE = factories.seoul("2022-09-23T17:00:01")
AFTER = factories.seoul("2022-09-26T10:00")
FULL = DraftInput(
    contact_name="김하나",
    contact_email="hana@example.org",
    contact_phone="02-123-4567",
    answers={"summary": "현금흐름 점수", "employees": "12", "site": "https://example.org", "prior": "no"},
)


@dataclass
class Scene:
    challenge: Challenge
    startup: Organization
    person: User
    organizer: User
    application: Application


MORE = (
    Question("employees", Kind.NUMBER, Bilingual("상시 인원", "Employees"), least=Decimal(0), most=Decimal(1000)),
    Question("site", Kind.URL, Bilingual("누리집", "Website"), required=False),
    Question("prior", Kind.YES_NO, Bilingual("정부지원 이력", "Public funding before"), private=True),
)


def add_questions(challenge: Challenge) -> None:
    """Three kinds beside the factory's one."""
    for question in MORE:
        challenge.form = add_question(challenge.form, "proposal", question)
    db.session.flush()


def make_scene(**values) -> Scene:
    challenge = factories.make_challenge(**values)
    add_questions(challenge)
    startup = factories.make_organization(
        name=Bilingual("두레신용(가상)", "Dure Credit (fictional)"), business_number="9999902022"
    )
    person = factories.make_user(member_of=startup)
    organizer = factories.make_user("이운영", member_of=challenge.host)
    application = services.start_application(challenge.themes[0], startup, actor=person, now=OPEN)
    db.session.commit()
    return Scene(challenge, startup, person, organizer, application)


def attach(
    scene: Scene, storage: Storage, content: bytes = b"", name: str = "제안서.pdf", code: str = "proposal", **values
):
    question = scene.challenge.form.question(code)
    return services.attach_document(
        scene.application, question, stream=io.BytesIO(content or pdf("proposal")), filename=name, storage=storage,
        actor=values.pop("actor", scene.person), now=values.pop("now", OPEN), **values,
    )  # fmt: skip


def fill(scene: Scene, storage: Storage, now: datetime = OPEN) -> None:
    """Everything that the call asks for."""
    services.save_draft(scene.application, FULL, version=scene.application.version, actor=scene.person, now=now)
    attach(scene, storage, now=now)
    attach(scene, storage, pdf("registration"), "사업자등록증.pdf", "registration", issued_on=date(2022, 8, 1), now=now)
    confirm(scene, now)
    services.set_consents(
        scene.application, {"privacy": True, "sponsor": True}, language="ko", actor=scene.person, now=now
    )
    db.session.commit()


def confirm(scene: Scene, now: datetime = OPEN) -> None:
    """Every statement on eligibility that the call asks for."""
    keys = [c.key for c in confirmations_asked(scene.challenge)]
    services.confirm_eligibility(scene.application, keys, actor=scene.person, now=now)


def submit(scene: Scene, now: datetime = OPEN) -> Submission:
    submission = services.submit_application(scene.application, actor=scene.person, now=now)
    db.session.commit()
    return submission


def make_submitted(storage: Storage, **values) -> Scene:
    scene = make_scene(**values)
    fill(scene, storage)
    submit(scene)
    return scene


def write_receipts() -> None:
    """What the worker does after a submission: the receipts by mail, once."""
    for job in db.session.scalars(sa.select(Job).where(Job.kind == "applications.tell_of_receipt")).all():
        tell_of_receipt(JobRun(job.id, new_id(), dict(job.payload), job.run_at))
        db.session.delete(job)
    db.session.commit()
