"""What every page shares, in a real browser: accessibility, width, and that every macro looks after itself."""

import pytest

from tests import factories
from tests.browser.pages import DESK, PHONE, assert_accessible, assert_no_sideways_scroll, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_macro_is_accessible_and_fits(enter, width, language):
    person = enter(width=width, language=language)
    page = person.visit("/sink?sort=-score")
    page.locator("details.as-table, details.confirm").evaluate_all("all => all.forEach((at) => { at.open = true; })")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_error_page_is_accessible_and_fits(enter, width, language):
    person = enter(width=width, language=language)
    person.watch.allow.add(404)
    page = person.visit("/nowhere")
    assert (
        page.locator("h1").inner_text() == {"ko": "페이지를 찾을 수 없습니다", "en": "There is no such page"}[language]
    )
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_the_menu_of_a_phone_opens_closes_on_escape_and_leads_on(enter, live):
    with live.database():
        user = factories.make_user(member_of=factories.make_host())
    person = enter(width=PHONE)
    sign_in(person, user)
    page = person.visit("/sink/done")
    page.get_by_text("메뉴", exact=True).click()
    assert page.get_by_role("navigation", name="전체 메뉴").get_by_text("챌린지 운영").is_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not page.get_by_role("navigation", name="전체 메뉴").is_visible()


def test_what_can_be_touched_on_a_phone_is_44_pixels_high(enter):
    page = enter(width=PHONE).visit("/sink")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .form-control, .form-select, .tabs-page a, .option, .menu summary, .toc a')]
          .filter((el) => el.offsetParent && el.getBoundingClientRect().height < 43.5 && !el.matches('.score-in *'))
          .map((el) => `${el.className} ${el.getBoundingClientRect().height}`)"""
    )
    assert small == []


def test_the_skip_link_comes_first_and_leads_to_the_content(person):
    page = person.visit("/sink/done")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_errors_take_the_focus_and_lead_to_their_fields(person):
    page = person.visit("/sink")
    page.get_by_label("제안 요약").fill("가" * 30)
    page.get_by_role("button", name="저장").click()
    summary = page.get_by_role("alert").first
    assert "고쳐야 할 곳이 2군데 있습니다" in summary.inner_text()
    assert page.evaluate("document.activeElement === document.querySelector('.errors')")
    summary.get_by_role("link", name="제안 요약").click()
    assert page.evaluate("document.activeElement.id") == "summary"
    assert page.get_by_label("제안 요약").input_value() == "가" * 30
    assert_accessible(page)


def test_a_page_in_print_is_white_and_has_no_menu(person):
    page = person.visit("/sink")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('header.top')).display") == "none"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(20, 23, 28)"


def test_forced_colours_keep_what_is_marked(person):
    page = person.visit("/sink")
    page.emulate_media(forced_colors="active")
    assert page.evaluate("getComputedStyle(document.querySelector('.tabs a[aria-current]')).outlineStyle") == "solid"
