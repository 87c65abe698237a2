"""Walking along the table of every page in one browser profile, with what each page has to keep to."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import url_for
from playwright.sync_api import Browser

from tests.browser.every_page import PAGES, Scene, Stop, set_scene
from tests.browser.pages import PHONE, Live, Person, assert_accessible, assert_no_sideways_scroll, open_profile, sign_in

WALKED = sorted(endpoint for endpoint, stops in PAGES.items() if not isinstance(stops, str))


class Walk:
    """One walk: a language and a width, the scene set once for all pages."""

    def __init__(self, scene: Scene, person: Person, language: str, *, first_only: bool) -> None:
        self.scene, self.person, self.language, self.first_only = scene, person, language, first_only

    def to(self, endpoint: str) -> None:
        """Look at the stops of one endpoint; fails with all that is wrong at any of them."""
        stops = PAGES[endpoint]
        assert not isinstance(stops, str)
        wrong: list[str] = []
        for number, stop in enumerate(stops[:1] if self.first_only else stops):
            self.person.watch.problems.clear()
            self.person.watch.allow = {stop.allow} if stop.allow >= 400 else set()
            try:
                self._look_at(endpoint, stop, dark=number == 0)  # its colours are the same at each stop
            except AssertionError as fault:
                wrong.append(f"{stop.name}: {fault}")
            wrong += [f"{stop.name}: {problem}" for problem in self.person.watch.problems]
        assert not wrong, "\n\n".join(wrong + self.person.live.faults)

    def _look_at(self, endpoint: str, stop: Stop, *, dark: bool) -> None:
        live, page = self.person.live, self.person.page
        live.clock.time = self.scene.now_at(stop.stage)
        sign_in(self.person, self.scene.people[stop.who])
        with live.app.test_request_context():
            path = url_for(endpoint, **stop.values(self.scene))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == stop.allow, f"{path} answers {answer.status}"
        assert answer.request.redirected_from is None, f"{path} sends on to {page.url}"
        assert page.locator("html").get_attribute("lang") == self.language
        assert [text.strip() != "" for text in page.locator("h1").all_inner_texts()] == [True], (
            f"{path}: one h1, with words"
        )
        assert page.title().split(" · ")[0].strip(), f"{path} has no title"
        page.wait_for_function("document.fonts.status === 'loaded'")
        assert_accessible(page, dark=dark)
        size = page.viewport_size
        page.set_viewport_size(
            {"width": PHONE, "height": 844}
        )  # English words are longer: on a phone, too, nothing sticks out
        try:
            assert_no_sideways_scroll(page)
        finally:
            page.set_viewport_size(size)


@contextmanager
def walking(browser: Browser, server: Live, *, language: str, width: int, first_only: bool = False) -> Iterator[Walk]:
    """A walk with a scene of its own, which is cleared away after it."""
    server.faults.clear()
    person = open_profile(browser, server, language=language, width=width)
    try:
        yield Walk(set_scene(server, language), person, language, first_only=first_only)
    finally:
        person.context.close()
        server.empty()
