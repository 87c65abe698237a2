"""A judge scores ten entries without a connection, and nothing is lost when it returns."""

import socket
from contextlib import suppress
from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.core.database import db
from app.judging.models import ScoreSheet
from tests.browser.pages import sign_in
from tests.judging.scene import make_room, make_sheet

pytestmark = pytest.mark.browser

SCORES = ("30", "20", "15", "10", "0")
TYPE = """(texts) => document.querySelectorAll("[data-sum], [name=comment]").forEach((field, place) => {
  field.value = texts[place];
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


class Hall:
    """A server behind a hall's Wi-Fi that has failed: every connection breaks without an answer."""

    def __init__(self, app, monkeypatch):
        self.connected, self.serve = False, app.wsgi_app
        monkeypatch.setattr(app, "wsgi_app", self.answer)

    def answer(self, environ, start_response):
        if self.connected:
            return self.serve(environ, start_response)
        with suppress(OSError):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        start_response("204 No Content", [])
        return []


def test_ten_entries_are_scored_without_a_connection(live, person, monkeypatch):
    with live.database():
        room = make_room(entries=10)
        for entry in room.entries:
            make_sheet(room.judges[0], entry)
        judge = room.person()
    sign_in(person, judge)
    person.watch.allow |= {0, 409, 422}
    page = person.visit(f"/judging/{room.challenge.id}")
    # What the page does by itself after a while: the worker takes the sheets along.
    page.evaluate(
        """() => new Promise(async (done) => {
          const { active } = await navigator.serviceWorker.ready;
          navigator.serviceWorker.addEventListener("message", ({ data }) => (data.failed || data.done === data.total) && done(data));
          const pages = [location.pathname, ...[...document.querySelectorAll("a[href^='/judging/sheets/']")].map((one) => one.getAttribute("href"))];
          active.postMessage({ take: { pages } });
        })"""
    )
    hall = Hall(live.app, monkeypatch)
    page.reload()
    expect(page.locator("#outbox")).to_contain_text("서버가 응답하지 않습니다")
    first = UUID(page.locator("tbody a").first.get_attribute("href").rsplit("/", 1)[1])
    for number in range(10):
        page.locator(".queue li a, tbody a").nth(number).click()
        expect(page.locator(".queue li a").nth(number)).to_have_attribute("aria-current", "page")
        if number == 0:  # by keyboard
            page.locator("[data-sum]").first.focus()
            for score in SCORES:
                page.keyboard.insert_text(score)
                page.keyboard.press("Enter")
            page.keyboard.insert_text("0번째 의견")
        else:
            page.evaluate(TYPE, [*SCORES[:-1], str(number), f"{number}번째 의견"])
    with live.database():
        assert db.session.scalar(sa.select(sa.func.count()).where(ScoreSheet.saved_at.is_not(None))) == 0
    # The first one was meanwhile changed on another device.
    page.locator(".queue li a").first.click()
    expect(page.locator("[data-sum]").first).to_have_value("30")
    with live.database():
        row = db.session.get(ScoreSheet, first)
        row.note, row.version, row.saved_at = "다른 기기에서", row.version + 1, live.clock()
    page.locator(".queue li a").nth(9).click()
    hall.connected = True
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#outbox")).to_contain_text("바뀌거나 잠겨서")
    with live.database():
        rows = list(db.session.scalars(sa.select(ScoreSheet)))
        came = {(row.comment, row.scores["team"]) for row in rows if row.saved_at and row.id != first}
        assert came >= {(f"{number}번째 의견", str(number)) for number in range(1, 9)}
        assert [(row.note, row.comment) for row in rows if row.id == first] == [("다른 기기에서", "")]
    expect(page.locator(".save-state")).to_contain_text("저장됨")
    # Both versions of the first are shown, and the judge chooses.
    page.locator("#outbox a").click()
    page.get_by_role("button", name="두 내용 비교하기").click()
    expect(page.locator("main")).to_contain_text("다른 기기에서")
    page.get_by_role("button", name="여기에 쓴 내용으로 저장").click()
    page.wait_for_url(f"**/judging/sheets/{first}")
    with live.database():
        assert db.session.get(ScoreSheet, first).comment == "0번째 의견"
        assert db.session.scalar(sa.select(sa.func.count()).where(ScoreSheet.saved_at.is_not(None))) == 10
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('sheets')).length") == 0
    # Who signs out leaves nothing on the device.
    page.locator(".who summary").click()
    page.locator(".who button[type=submit]").click()
    page.wait_for_load_state()
    assert page.evaluate("caches.keys()") == []
