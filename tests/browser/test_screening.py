"""The desk by keyboard alone: find, choose, decide, undo, open, go on, note, tag; and the same work with scripts off."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.applications.models import Application
from app.applications.services import index_due
from app.applications.states import ApplicationState
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from tests import factories
from tests.applications.scenes import AFTER
from tests.browser.pages import Live, Person, assert_accessible, sign_in

pytestmark = pytest.mark.browser

NAMES = ("가온셈랩", "나래금융", "두레신용", "마루말벗")


@dataclass
class Desk:
    live: Live
    person: Person
    at: str

    @property
    def page(self) -> Page:
        return self.person.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def states(self) -> list[str]:
        with self.live.database():
            query = db.session.query(Application.state).order_by(Application.receipt_number)
            return [state.value for (state,) in query]


def make_desk(live: Live, person: Person) -> Desk:
    live.clock.time = AFTER
    with live.database():
        challenge = factories.make_challenge(state=ChallengeState.CLOSED)
        organizer = factories.make_user("이운영", member_of=challenge.host)
        for name in NAMES:
            startup = factories.make_organization(name=Bilingual(name, ""))
            summary = f"{name}의 제안. 현금흐름을 예측합니다."
            factories.make_application(
                challenge, startup=startup, state=ApplicationState.SUBMITTED, answers={"summary": summary}
            )
        index_due(now=AFTER)
        at = f"/manage/{challenge.id}/applications"
    sign_in(person, organizer)
    return Desk(live, person, at)


@pytest.fixture
def desk(live: Live, enter: Callable[..., Person]) -> Desk:
    return make_desk(live, enter())


def test_the_keyboard_all_the_way(desk: Desk) -> None:
    page = desk.page
    desk.person.visit(desk.at)
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(4)

    desk.press("/")
    page.keyboard.type("나래")  # the letters of keys that mean something elsewhere go into the field
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("search="))
    page.locator("#search").fill("")
    expect(rows).to_have_count(4)
    desk.press("Escape", "j", "x", "j", "j", "x")
    expect(page.locator("[data-chosen]")).to_have_text("2건 선택")
    expect(page.locator("tr.is-chosen")).to_have_count(2)
    desk.press("k")
    expect(page.get_by_role("link", name="나래금융")).to_be_focused()

    desk.press("i")
    expect(page.get_by_role("heading", level=1)).to_have_text("부적격: 선택한 2건 중 2건")
    page.get_by_label("사유").fill("서울 밖의 기업입니다.")
    desk.press("Tab", "Enter")
    expect(page.locator(".note").get_by_role("button")).to_be_visible()
    assert desk.states() == ["ineligible", "submitted", "ineligible", "submitted"]
    page.locator(".note").get_by_role("button").press("Enter")
    expect(page.locator(".note").get_by_role("button")).to_have_count(0)
    assert desk.states() == ["submitted"] * 4


def test_one_application_and_its_neighbours_by_keys(desk: Desk) -> None:
    page = desk.page
    desk.person.visit(f"{desk.at}?sort=-company")
    desk.press("j", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("마루말벗")
    desk.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text("두레신용")
    desk.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("j와 x는 글자입니다")
    expect(page.locator("#note")).to_have_value("j와 x는 글자입니다")
    desk.press("Tab", "Enter")
    expect(page.locator("#notes .given-text")).to_have_text("j와 x는 글자입니다")
    desk.press("t")
    page.keyboard.type("확인")
    desk.press("Enter")
    expect(page.locator(".desk-tags .state")).to_have_text("확인")
    desk.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("마루말벗")
    desk.press("e")
    desk.press("Enter")
    expect(page.locator("#checks")).to_be_visible()
    assert desk.states() == ["submitted", "submitted", "submitted", "eligible"]
    desk.press("?")
    expect(page.locator("#desk-keys")).to_be_visible()
    assert_accessible(page)
    desk.press("j")  # no key works behind the dialog
    desk.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("마루말벗")
    desk.press("u")
    expect(page.locator("[data-row]")).to_have_count(4)


def test_keys_work_while_hangul_is_typed(desk: Desk) -> None:
    """The key beside Caps Lock's row says ㅓ then, and is the same key."""
    desk.person.visit(desk.at)
    hangul = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ㅓ', code: 'KeyJ', bubbles: true}))"
    desk.page.evaluate(hangul)
    expect(desk.page.get_by_role("link", name=NAMES[0])).to_be_focused()


def test_the_desk_without_scripts(live: Live, enter: Callable[..., Person]) -> None:
    desk = make_desk(live, enter(scripts=False))
    page = desk.page
    desk.person.visit(desk.at)
    page.locator("#search").fill("두레 현금")
    page.locator(".desk-filters button").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("input[name=chosen]").check()
    page.locator("button[value=eligible]").click()
    page.locator(".decide-bulk button[type=submit]").click()
    assert desk.states() == ["submitted", "submitted", "eligible", "submitted"]
    expect(page.locator(".note").get_by_role("button")).to_be_visible()
