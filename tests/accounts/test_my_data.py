"""My data: what is shown and taken along, and what closing an account does."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, MembershipRole, User
from app.applications import services
from app.applications.models import ReminderStop
from app.applications.writing.models import ApplicationRight, CoWriterInvitation
from app.applications.writing.states import Right
from app.core.audit import trail
from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.jobs.queue import enqueue
from app.core.persons import ERASED
from app.core.storage import Storage
from app.mail.models import Mail
from app.mail.states import MailState
from tests import factories
from tests.applications.scenes import OPEN, fill, make_scene, submit


@pytest.fixture
def storage(app) -> Storage:
    return app.extensions["storage"]


@pytest.fixture
def scene(storage):
    scene = make_scene()
    fill(scene, storage)
    submit(scene)
    return scene


def archive(response) -> zipfile.ZipFile:
    assert response.status_code == 200, response.text
    return zipfile.ZipFile(io.BytesIO(response.data))


def test_one_sees_and_takes_all_that_is_held(browse_as, scene, storage):
    browser = browse_as(scene.person)
    page = browser.get("/account/my-data").text
    assert "현금흐름 점수" in page
    assert "두레신용" in page
    assert "제안서.pdf" not in page or "파일 2개" in page
    with archive(browser.post("/account/my-data.zip")) as taken:
        data = json.loads(taken.read("my-data.json"))
        assert data["account"]["rows"][0]["이메일"] == scene.person.email
        assert "현금흐름 점수" in json.dumps(data["applications"], ensure_ascii=False)
        assert {row["동의함"] for row in data["consents"]["rows"]} == {"예"}
        names = set(taken.namelist())
        assert {"files/applications/제안서.pdf", "files/applications/사업자등록증.pdf", "my-data.html"} <= names
        assert b"proposal" in taken.read("files/applications/제안서.pdf")
        assert scene.person.email in taken.read("my-data.html").decode()
    db.session.rollback()
    assert "accounts.download_my_data" in {e.action for e in db.session.scalars(sa.select(trail.AuditEvent))}


def test_who_is_only_named_as_a_contact_reads_no_answers(browse_as, scene):
    other = factories.make_user(email=scene.application.contact_email)
    page = browse_as(other).get("/account/my-data").text
    assert scene.application.receipt_number in page
    assert "현금흐름 점수" not in page
    data = json.loads(archive(browse_as(other).post("/account/my-data.zip")).read("my-data.json"))
    assert data["applications"]["files"] == []
    assert "consents" not in data


def test_a_contact_is_found_in_whatever_case_the_address_was_typed(browse_as, scene):
    other = factories.make_user(email="hana.kim@example.org")
    scene.application.contact_email = "Hana.Kim@Example.org"
    db.session.commit()
    assert "02-123-4567" in browse_as(other).get("/account/my-data").text


def test_a_former_member_reads_no_more_of_the_contact_person(browse_as, scene):
    scene.application.contact_email = "colleague@example.org"
    db.session.delete(scene.person.memberships[0])
    db.session.commit()
    db.session.expire_all()
    (row,) = json.loads(archive(browse_as(scene.person).post("/account/my-data.zip")).read("my-data.json"))["applications"]["rows"]  # fmt: skip
    assert scene.application.receipt_number in row.values()
    assert not {"colleague@example.org", "02-123-4567", scene.application.contact_name} & set(row.values())


def test_one_reads_the_mails_that_came_without_the_keys_in_their_links(browse_as):
    user = factories.make_user()
    key = "k" * 43
    for state in MailState:
        sent_at = factories.NOW if state is MailState.SENT else None
        db.session.add(
            make_mail(user.email, f"is {state.value} https://madang.example/{key}", state=state, sent_at=sent_at)
        )
    before = factories.NOW - timedelta(seconds=1)
    db.session.add(make_mail(user.email, "of another", state=MailState.SENT, sent_at=factories.NOW, created_at=before))
    db.session.commit()
    data = json.loads(archive(browse_as(user).post("/account/my-data.zip")).read("my-data.json"))
    assert [row["본문"] for row in data["mails"]["rows"]] == ["is sent https://madang.example/…"]


def make_mail(address: str, text: str, **values: Any) -> Mail:
    words = {"template": "accounts/confirm_email", "subject": "s", "text": text, "html": "", "language": "ko"}
    return Mail(**{"to_address": address, "created_at": factories.NOW} | words | values)


def test_nobody_reads_what_is_held_of_others(browse_as, scene):
    stranger = factories.make_user(member_of=factories.make_organization())
    text = archive(browse_as(stranger).post("/account/my-data.zip")).read("my-data.json").decode()
    assert scene.person.email not in text
    assert "현금흐름 점수" not in text


def test_the_page_takes_the_same_statements_for_one_application_and_for_three(browse_as, scene, statements):
    browser = browse_as(scene.person)
    counts = []
    for theme in (None, scene.challenge.themes[1], factories.make_challenge().themes[0]):
        if theme is not None:
            services.start_application(theme, scene.startup, actor=scene.person, now=OPEN)
            db.session.commit()
        db.session.expire_all()
        statements.statements.clear()
        assert browser.get("/account/my-data").status_code == 200
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_a_hostile_name_makes_no_path(browse_as, scene):
    document = scene.application.documents[0]
    document.filename = "../../etc/<b>암호.pdf"
    db.session.commit()
    taken = archive(browse_as(scene.person).post("/account/my-data.zip"))
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in taken.namelist())
    assert "<b>암호" not in taken.read("my-data.html").decode()


CLOSE = {"current": factories.PASSWORD, "sure": "y"}


@pytest.mark.parametrize("data", [{}, {"sure": "y"}, {"current": factories.PASSWORD}, CLOSE | {"current": "wrong"}])
def test_an_account_is_not_closed_by_accident(browse_as, data):
    user = factories.make_user()
    assert browse_as(user).post("/account/close", data=data).status_code == 422
    db.session.rollback()
    assert db.session.scalars(sa.select(User)).one().erased_at is None


def test_a_closed_account_is_nobodys(browse_as, client, scene):
    email = scene.person.email
    browser, elsewhere = browse_as(scene.person), browse_as(scene.person)
    assert browser.post("/account/close", data=CLOSE).status_code == 303
    db.session.rollback()
    user = db.session.get_one(User, scene.person.id)
    assert (user.name, user.email, user.confirmed_at) == (ERASED, f"erased-{user.id}@erased.invalid", None)
    assert db.session.scalar(sa.select(sa.func.count()).where(Membership.user_id == user.id)) == 0
    for one in (browser, elsewhere):
        assert one.get("/account").status_code == 303
    for address in (email, user.email):
        for password in (factories.PASSWORD, "!", ERASED):
            answer = client.post("/sign-in", data={"email": address, "password": password})
            assert answer.status_code == 422
    assert scene.application.state == "submitted"  # what was handed in is the startup's
    fresh = factories.make_user(email=email)  # the address is free again
    assert browse_as(fresh).get("/account").status_code == 200


def test_closing_takes_invitations_rights_and_stops_along(browse_as, scene):
    """And the jobs that carry the address, not those of an address that only ends alike."""
    user, other = factories.make_user(email="min@example.org"), factories.make_user(email="admin@example.org")
    for number, email in enumerate(("min@example.org", "admin@example.org")):
        db.session.add(
            CoWriterInvitation(
                application_id=scene.application.id, email=email, offered=Right.EDIT, token_sha256=f"{number:064}", sent_at=OPEN,
                expires_at=OPEN,
            )
        )  # fmt: skip
        db.session.add(ReminderStop(application_id=scene.application.id, email=email, stopped_at=OPEN))
        job_id = enqueue("accounts.mail_password_reset", {"email": email.title()}, key=f"reset:{number}", now=OPEN)
        db.session.get_one(Job, job_id).state = JobState.DONE
    for one in (user, other):
        db.session.add(
            ApplicationRight(application_id=scene.application.id, user_id=one.id, held=Right.EDIT, given_at=OPEN)
        )
    db.session.commit()
    assert browse_as(user).post("/account/close", data=CLOSE).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(CoWriterInvitation.email)).all() == ["admin@example.org"]
    assert db.session.scalars(sa.select(ReminderStop.email)).all() == ["admin@example.org"]
    assert db.session.scalars(sa.select(ApplicationRight.user_id)).all() == [other.id]
    jobs = db.session.scalars(sa.select(Job).where(Job.key.like("reset:%")).order_by(Job.key))
    assert [job.payload for job in jobs] == [{}, {"email": "Admin@Example.Org"}]


def test_the_last_admin_of_a_startup_leaves_no_members_behind(browse_as):
    startup = factories.make_organization()
    user = factories.make_user(member_of=startup)
    member = factories.make_user(member_of=startup, role=MembershipRole.MEMBER)
    browser = browse_as(user)
    assert "마지막 관리자" in browser.get("/account/close").text
    assert browser.post("/account/close", data=CLOSE).status_code == 422
    db.session.rollback()
    assert browse_as(member).post("/account/close", data=CLOSE).status_code == 303
    assert browser.post("/account/close", data=CLOSE).status_code == 303


def test_the_last_admin_of_a_host_finds_another_first(browse_as):
    host = factories.make_host()
    user = factories.make_user(member_of=host)
    browser = browse_as(user)
    assert "마지막 관리자" in browser.get("/account/close").text
    assert browser.post("/account/close", data=CLOSE).status_code == 422
    factories.make_user(member_of=host, role=MembershipRole.ADMIN)
    db.session.commit()
    assert browser.post("/account/close", data=CLOSE).status_code == 303
