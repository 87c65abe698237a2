"""My data: what is shown and taken along, and what closing an account does."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, MembershipRole, User
from app.applications import services
from app.core.audit import trail
from app.core.database import db
from app.core.persons import ERASED
from app.core.storage import Storage
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


def test_the_last_admin_of_a_host_finds_another_first(browse_as):
    host = factories.make_host()
    user = factories.make_user(member_of=host)
    browser = browse_as(user)
    assert "마지막 관리자" in browser.get("/account/close").text
    assert browser.post("/account/close", data=CLOSE).status_code == 422
    factories.make_user(member_of=host, role=MembershipRole.ADMIN)
    db.session.commit()
    assert browser.post("/account/close", data=CLOSE).status_code == 303
