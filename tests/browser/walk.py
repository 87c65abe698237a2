"""Walking along the table of every page, with what each page has to keep to.

A page is loaded in Korean once and looked at on a phone and then on a desk, since to load it and to start axe in it
costs as much as to look; in English, whose words are longer, on a phone, where nothing may stick out either.
"""

import sqlalchemy as sa
from flask import url_for
from playwright.sync_api import Browser, Page

from app.accounts.models import User
from app.core.database import db
from tests.browser.every_page import PAGES, Stop, set_scene
from tests.browser.pages import (
    DESK,
    PHONE,
    Live,
    Person,
    assert_accessible,
    assert_no_sideways_scroll,
    open_profile,
    resize,
    sign_in,
)

WALKED = sorted(endpoint for endpoint, stops in PAGES.items() if not isinstance(stops, str))


class Walk:
    """One scene, and the profile that walks through it in one language at a time."""

    def __init__(self, browser: Browser, live: Live) -> None:
        self.browser, self.live, self.scene = browser, live, set_scene(live)
        self.language, self.person = "ko", self._enter("ko")

    def _enter(self, language: str) -> Person:
        with self.live.database():
            db.session.execute(sa.update(User).values(language=language))
        return open_profile(self.browser, self.live, language=language, width=PHONE)

    def speak(self, language: str) -> None:
        if self.language != language:
            self.leave()
            self.language, self.person = language, self._enter(language)

    def leave(self) -> None:
        self.person.context.close()

    def to(self, endpoint: str) -> None:
        """Look at the stops of one endpoint, in English only at the first; fails with all that is wrong at any of them."""
        stops = PAGES[endpoint]
        assert not isinstance(stops, str)
        wrong: list[str] = []
        for number, stop in enumerate(stops if self.language == "ko" else stops[:1]):
            self.person.watch.problems.clear()
            self.person.watch.allow = {stop.allow} if stop.allow >= 400 else set()
            try:
                page = self._load(endpoint, stop)
                if self.language == "ko":
                    look_at(page, whole=number == 0)  # its colours and its frame are the same at each stop
            except AssertionError as fault:
                wrong.append(f"{stop.name}: {fault}")
            wrong += [f"{stop.name}: {problem}" for problem in self.person.watch.problems]
        assert not wrong, "\n\n".join(wrong + self.live.faults)

    def _load(self, endpoint: str, stop: Stop) -> Page:
        page = self.person.page
        self.live.clock.time = self.scene.now_at(stop.stage)
        sign_in(self.person, self.scene.people[stop.who])
        with self.live.app.test_request_context():
            path = url_for(endpoint, **stop.values(self.scene))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == stop.allow, f"{path} answers {answer.status}"
        assert answer.request.redirected_from is None, f"{path} sends on to {page.url}"
        assert page.locator("html").get_attribute("lang") == self.language
        headings = page.locator("h1").all_inner_texts()
        assert [text.strip() != "" for text in headings] == [True], f"{path}: one h1, with words"
        assert page.title().split(" · ")[0].strip(), f"{path} has no title"
        page.evaluate("document.fonts.ready.then(() => null)")
        assert_no_sideways_scroll(page)
        return page


def look_at(page: Page, *, whole: bool) -> None:
    """On a phone; the `whole` of it also in the dark, and on a desk in both."""
    assert_accessible(page, dark=whole)
    if whole:
        resize(page, DESK)
        try:
            assert_accessible(page)
        finally:
            resize(page, PHONE)
