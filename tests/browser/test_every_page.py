"""Every page in Korean on a phone, in light and dark; test_every_page_on_a_desk.py is its twin, so that two processes share the way."""

from collections.abc import Iterator

import pytest

from tests.browser.every_page import PAGES
from tests.browser.pages import PHONE
from tests.browser.walk import WALKED, Walk, walking


@pytest.fixture(scope="module")
def walk(browser, server) -> Iterator[Walk]:
    with walking(browser, server, language="ko", width=PHONE) as walk:
        yield walk


def test_no_page_is_forgotten(app):
    """Each endpoint that can be visited has a row in PAGES: who goes there, or why nobody has to."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert endpoints == set(PAGES)


@pytest.mark.browser
@pytest.mark.parametrize("endpoint", WALKED)
def test_page_on_a_phone(walk, endpoint):
    walk.to(endpoint)
