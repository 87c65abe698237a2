"""Every page in English on a desk, in light and dark; its other states are looked at on a phone, where there is less room."""

from collections.abc import Iterator

import pytest

from tests.browser.pages import DESK
from tests.browser.walk import WALKED, Walk, walking

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def walk(browser, server) -> Iterator[Walk]:
    with walking(browser, server, language="en", width=DESK, first_only=True) as walk:
        yield walk


@pytest.mark.parametrize("endpoint", WALKED)
def test_page_on_a_desk(walk, endpoint):
    walk.to(endpoint)
