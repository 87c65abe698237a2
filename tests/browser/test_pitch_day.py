"""A pitch day with three judges at once, a secretary who reloads nothing, and the big screen."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.browser.pages import PHONE, sign_in
from tests.browser.test_judging_offline import TYPE
from tests.judging.scene import make_room, make_sheet


def test_three_judges_at_once_and_the_secretary_sees_it_happen(live, enter):
    with live.database():
        room = make_room(judges=3, entries=2)
        for entry in room.entries:
            for judge in room.judges:
                make_sheet(judge, entry)
        judges = [room.person(number) for number in range(3)]
    secretary, screen, people = enter(), enter(), [enter(width=PHONE) for _ in judges]
    for person, user in zip((secretary, screen, *people), (room.organizer, room.organizer, *judges), strict=True):
        sign_in(person, user)
    desk = secretary.visit(f"/manage/{room.challenge.id}/pitch")
    desk.get_by_role("button", name="발표평가 계획하기").click()
    wall = screen.visit(f"/manage/{room.challenge.id}/pitch/screen")
    waiting = people[0].visit(f"/judging/{room.challenge.id}")
    expect(waiting.get_by_text("발표 시작 후 열림")).to_have_count(2)
    desk.get_by_role("button", name="발표 시작하기").first.click()
    expect(wall.locator(".pitch-timer")).to_have_text(re.compile(r"(10:00|9:5\d)"))  # by itself
    team = wall.locator("h1").inner_text()
    pages = []
    for number, person in enumerate(people):
        page = person.visit(f"/judging/{room.challenge.id}")
        page.locator("#queue-next .btn-primary").click()
        expect(page.locator("h2#entry")).to_have_text(team)
        page.evaluate(TYPE, ["20", "20", "10", "10", str(number), f"{number}번 위원의 의견"])
        pages.append(page)
    expect(desk.locator(".pitch-sheets")).to_contain_text("위원3 작성 중")
    for page in pages:
        page.locator(".sign-box summary").click()
        page.locator("#password").fill(factories.PASSWORD)
        page.get_by_role("button", name="서명하고 잠그기").click()
    expect(desk.locator(".pitch-sheets").get_by_text("서명함")).to_have_count(3)
    desk.get_by_role("button", name="질의응답 시작하기").click()
    expect(wall.locator(".screen-phase").first).to_contain_text("질의응답")
    desk.get_by_role("button", name="발표 끝내기").click()
    expect(wall.locator("h1")).to_contain_text("다음:")
    for text in ("60", "61", "62"):
        assert text not in wall.locator("main").inner_text()
