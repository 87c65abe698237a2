"""Every page in Korean on a phone and on a desk, in light and dark, and in English on a phone."""

from collections.abc import Iterator

import pytest

from tests.browser.every_page import PAGES
from tests.browser.walk import WALKED, Walk


@pytest.fixture(scope="module")
def walk(browser, server) -> Iterator[Walk]:
    """One walk for all pages, since to set its scene takes as long as to look at twenty of them."""
    server.faults.clear()
    try:
        walk = Walk(browser, server)
        yield walk
        walk.leave()
    finally:
        server.empty()


def test_no_page_is_forgotten(app):
    """Each endpoint that can be visited has a row in PAGES: who goes there, or why nobody has to."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert endpoints == set(PAGES)


@pytest.mark.browser
@pytest.mark.parametrize("endpoint", WALKED)
def test_page_in_korean(walk, endpoint):
    walk.speak("ko")
    walk.to(endpoint)


@pytest.mark.browser
@pytest.mark.parametrize("endpoint", WALKED)
def test_page_in_english(walk, endpoint):
    walk.speak("en")
    walk.to(endpoint)
