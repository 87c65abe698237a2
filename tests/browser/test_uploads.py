"""A large file by a person with a bad connection: it waits, is paused, goes on, and goes on after a reload."""

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.applications.models import Document, Upload
from app.core.database import db
from tests.applications.scenes import make_scene
from tests.browser.pages import PHONE, assert_accessible, assert_no_sideways_scroll, sign_in
from tests.files import pdf

pytestmark = pytest.mark.browser
CONTENT = pdf("%" + "x" * 3_000_000)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "제안서.pdf"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def page(person, live):
    """The documents of somebody's draft."""
    with live.database():
        scene = make_scene()
        application_id = scene.application.id
    sign_in(person, scene.person)
    return person.visit(f"/applications/{application_id}/edit/documents")


def stored(live) -> list[tuple[str, str]]:
    with live.database():
        return [(d.filename, d.sha256) for d in db.session.scalars(sa.select(Document))]


HERE = [("제안서.pdf", hashlib.sha256(CONTENT).hexdigest())]


def test_a_large_file_goes_up_in_pieces(page, live, file):
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#doc-proposal-file").set_input_files(file)
    expect(page.locator("#doc-proposal").get_by_role("link", name="제안서.pdf")).to_be_visible()
    assert stored(live) == HERE
    assert [method for method in sent if method in ("POST", "PATCH")] == ["POST", "PATCH", "POST"]


def test_a_lost_connection_is_told_and_the_upload_goes_on_by_itself(page, live, file, person):
    person.watch.allow.add(503)
    broken = []

    def away(route):
        if len(broken) < 2:
            broken.append(route.request.method)
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/uploads/*", away)
    page.locator("#doc-proposal-file").set_input_files(file)
    expect(page.locator("#doc-proposal [data-upload-state]")).to_contain_text("연결이 끊겼습니다")
    assert_accessible(page)
    expect(page.locator("#doc-proposal").get_by_role("link", name="제안서.pdf")).to_be_visible()
    assert broken == ["PATCH", "HEAD"]
    assert stored(live) == HERE


def test_an_upload_is_paused_and_taken_up_again(page, live, file):
    page.route("**/uploads/*", lambda route: None if route.request.method == "PATCH" else route.continue_())
    page.locator("#doc-proposal-file").set_input_files(file)
    row = page.locator("#doc-proposal")
    with page.expect_request(lambda request: request.method == "PATCH"):
        pass
    row.get_by_role("button", name="잠시 멈춤").click()
    expect(row.locator("[data-upload-state]")).to_contain_text("최대 이틀")
    page.set_viewport_size({"width": PHONE, "height": 844})
    assert_no_sideways_scroll(page)
    page.unroute("**/uploads/*")
    row.get_by_role("button", name="이어서 올리기").click()
    expect(row.get_by_role("link", name="제안서.pdf")).to_be_visible()
    assert stored(live) == HERE


def test_the_same_file_goes_on_where_it_stopped_after_a_reload(page, live, file):
    page.route("**/uploads/*", lambda route: None if route.request.method == "PATCH" else route.continue_())
    with page.expect_request(lambda request: request.method == "PATCH"):
        page.locator("#doc-proposal-file").set_input_files(file)
    with live.database():
        upload = db.session.scalars(sa.select(Upload)).one()
    half = len(CONTENT) // 2
    live.app.extensions["parts"].path(upload.id).write_bytes(CONTENT[:half])
    page.reload()
    page.unroute("**/uploads/*")
    expect(page.locator("#doc-proposal [data-upload-state]")).to_contain_text("제안서.pdf 올리기가 중간에 멈췄습니다")
    with page.expect_request(lambda request: request.method == "PATCH") as caught:
        page.locator("#doc-proposal-file").set_input_files(file)
    assert caught.value.headers["upload-offset"] == str(half)
    expect(page.locator("#doc-proposal").get_by_role("link", name="제안서.pdf")).to_be_visible()
    assert stored(live) == HERE


def test_a_stopped_upload_leaves_nothing(page, live, file):
    page.route("**/uploads/*", lambda route: None if route.request.method == "PATCH" else route.continue_())
    with page.expect_request(lambda request: request.method == "PATCH"):
        page.locator("#doc-proposal-file").set_input_files(file)
    row = page.locator("#doc-proposal")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        row.get_by_role("button", name="중지").click()
    expect(row.locator("[data-upload-state]")).to_contain_text("저장된 것은 없습니다")
    with live.database():
        assert db.session.scalars(sa.select(Upload)).all() == []


def test_the_sentence_of_the_close_is_shown(page, live, file, person):
    person.watch.allow.add(403)
    live.clock.advance(days=4)
    page.locator("#doc-proposal-file").set_input_files(file)
    expect(page.locator("#doc-proposal [data-upload-state]")).to_contain_text("17:00")
    live.clock.time -= timedelta(days=4)
