"""Browsers for tests: a server for the session, emptied after each test, and people with a profile each.

A test fails by itself on any error in a console, any breach of the content security policy and any request to our own
server that failed; `person.watch.allow.add(404)` says that one is meant.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.browser.pages import Live, Person, chromium_path, open_profile, serve
from tests.browser.sink import add_sink
from tests.conftest import START, FixedClock


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        except Error:
            pytest.skip(
                "no Chromium that starts: on Debian, apt-get install chromium-headless-shell; elsewhere set CHROMIUM to its path"
            )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serve(tmp_path_factory.mktemp("live"), FixedClock(), add_sink) as live:
        yield live


@pytest.fixture
def live(server: Live) -> Iterator[Live]:
    """The server, with nothing in it; its clock stands at START until the test moves it."""
    server.clock.time = START
    server.faults.clear()
    yield server
    server.empty()


@pytest.fixture
def enter(browser: Browser, live: Live) -> Iterator[Callable[..., Person]]:
    """Let a person in, with a browser profile of their own: enter(language="ko", width=1280, dark=False, scripts=True)."""
    people: list[Person] = []

    def let_in(**how: object) -> Person:
        people.append(open_profile(browser, live, **how))
        return people[-1]

    yield let_in
    problems = [problem for person in people for problem in person.watch.problems]
    for person in people:
        person.context.close()
    assert not problems, "\n".join(problems + live.faults)


@pytest.fixture
def person(enter: Callable[..., Person]) -> Person:
    return enter()


@pytest.fixture
def page(person: Person) -> Page:
    return person.page
