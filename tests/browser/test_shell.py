"""What every page shares, in a real browser: accessibility, width, the clock, what is typed and never lost."""

import pytest

from tests.browser.pages import DESK, PHONE, assert_accessible, assert_no_sideways_scroll

pytestmark = pytest.mark.browser


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
