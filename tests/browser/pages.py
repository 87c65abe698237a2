"""A real server, people in browsers of their own, and what every page has to keep to."""

import os
import secrets
import shutil
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, got_request_exception
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.accounts.models import User
from app.core.clock import Clock
from app.core.database import Base, db, writes
from app.core.jobs.worker import run_one
from app.web.commands import seal_trail
from config import Config
from tests.conftest import _create_database, _drop_database

AXE = (Path(__file__).resolve().parent.parent / "vendor/axe.min.js").read_bytes()
AXE_PATH = "/axe.js"
# What axe has to say about WCAG 2.2 AA, and its best practices.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,  # the only frame is a mail's, in a sandbox that no script enters
}
AXE_COLOURS = AXE_OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}
PHONE, DESK = 390, 1280
ICON = "/favicon.ico"  # what a browser looks for beside a PDF; pages name their own


def chromium_path() -> str | None:
    """The Chromium of this machine: CHROMIUM, else Debian's, the one without windows first; None where there is none."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@dataclass
class Live:
    """A server on 127.0.0.1 with a folder and a database of its own. `clock` is the one that it goes by."""

    app: Flask
    url: str
    clock: Any
    faults: list[str] = field(default_factory=list)  # what broke in it, as it would stand in its log

    @contextmanager
    def database(self) -> Iterator[None]:
        """Make rows or read them: an application context of the server, committed at its end; what was read stays readable."""
        token = writes.set(True)
        try:
            with self.app.app_context():
                db.session().expire_on_commit = False
                yield
                db.session.commit()
        finally:
            writes.reset(token)

    def run_jobs(self) -> int:
        """What the worker does: run all work that is due, then seal the trail. Returns the number of jobs."""
        count = 0
        token = writes.set(True)
        try:
            while run_one(self.app, self.clock):
                count += 1
            with self.app.app_context():
                seal_trail()
        finally:
            writes.reset(token)
        return count

    def empty(self) -> None:
        with self.app.app_context():
            db.session.remove()
            with db.engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(table.delete())


class _Quiet(WSGIRequestHandler):
    def log(self, *_line: Any) -> None:
        """Say nothing: what matters is in Watch and in Live.faults."""


@contextmanager
def serve(folder: Path, clock: Clock, prepare: Callable[[Flask], None] = lambda _app: None) -> Iterator[Live]:
    """A server as people use it, CSRF and all; only the limits on tries are off. `prepare` may add to it first."""
    config = Config()
    config.DATA_FOLDER = folder
    config.SQLALCHEMY_DATABASE_URI = url = f"sqlite:///{folder / 'madang.db'}"
    if server := os.environ.get("TEST_DATABASE_URL"):
        config.SQLALCHEMY_DATABASE_URI = url = f"{server.rstrip('/')}/madang_test_{secrets.token_hex(4)}"
        _create_database(url)
    config.RATELIMIT_ENABLED = False
    config.DEVELOPMENT = True
    app = create_app(config, clock=clock)
    prepare(app)
    # From an address, a browser reads the large script once and not anew for each page.
    kept = {"Cache-Control": "public, max-age=86400, immutable"}
    app.add_url_rule(AXE_PATH, "axe", lambda: Response(AXE, content_type="text/javascript", headers=kept))
    listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    app.config["BASE_URL"] = f"http://127.0.0.1:{listening.port}"
    with app.app_context():
        Base.metadata.create_all(db.engine)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    live = Live(app, app.config["BASE_URL"], clock)

    def note(_app: Flask, exception: BaseException) -> None:
        live.faults.append("".join(traceback.format_exception(exception, limit=-6)))

    got_request_exception.connect(note, app)
    try:
        yield live
    finally:
        listening.shutdown()
        thread.join(timeout=10)
        listening.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if server:
            _drop_database(url)


@dataclass
class Watch:
    """What went wrong in a person's browser; the test fails on anything in it. `allow` holds statuses that are meant; 0 is a connection that breaks."""

    url: str
    allow: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, message.text, message.location["url"]))
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        page.on("response", lambda response: self._answered(response.url, response.status))

    def _console(self, kind: str, text: str, url: str) -> None:
        if url.endswith(ICON):
            return
        meant = "Failed to load resource" in text and any(f"status of {code}" in text for code in self.allow)
        if 0 in self.allow and ("net::ERR_" in text or "htmx:sendError" in text or "htmx:afterRequest" in text):
            return
        htmx_says_so = "Response Status Error Code" in text and any(f"Code {code}" in text for code in self.allow)
        if kind in ("error", "warning") and not meant and not htmx_says_so:
            self.problems.append(f"console {kind}: {text}")

    def _failed(self, url: str, failure: str | None) -> None:
        # A download, or a page that was left while it loaded, is no fault.
        if url.startswith(self.url) and failure != "net::ERR_ABORTED" and 0 not in self.allow:
            self.problems.append(f"{failure}: {url}")

    def _answered(self, url: str, status: int) -> None:
        if url.startswith(self.url) and status >= 400 and status not in self.allow and not url.endswith(ICON):
            self.problems.append(f"{status}: {url}")


@dataclass
class Person:
    """Somebody with a browser profile of their own: `page` is their tab, `watch` what went wrong in it."""

    context: BrowserContext
    page: Page
    watch: Watch
    live: Live

    def visit(self, path: str) -> Page:
        self.page.goto(self.live.url + path)
        return self.page


def height_for(width: int) -> int:
    return 900 if width > PHONE else 844


def open_profile(
    browser: Browser, live: Live, *, language: str = "ko", width: int = DESK, dark: bool = False, scripts: bool = True
) -> Person:
    """A fresh profile: no cookies, nothing stored."""
    context = browser.new_context(
        base_url=live.url,
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        timezone_id="Asia/Seoul",
        viewport={"width": width, "height": height_for(width)},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    watch = Watch(live.url)
    context.on("page", watch.follow)
    return Person(context, context.new_page(), watch, live)


def sign_in(person: Person, user: User | None) -> None:
    """Signed in without the form: the cookie that the form would have led to; None signs out."""
    app = person.live.app
    person.context.clear_cookies()
    if user is None:
        return
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": user.get_id(), "_fresh": True})
    person.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": person.live.url}])


def sideways(page: Page) -> list[str]:
    """What sticks out of the page to the side; empty where the page does not scroll sideways."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          const inScroller = (el) => { for (let at = el.parentElement; at && at !== document.body; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== 'visible') return true; return false; };
          return [...document.querySelectorAll('body *')]
            .filter((el) => el.getBoundingClientRect().right > wide + 1 && !inScroller(el))
            .slice(0, 8)
            .map((el) => `${el.tagName.toLowerCase()}.${el.className} to ${Math.round(el.getBoundingClientRect().right)}: ${(el.textContent || '').trim().slice(0, 60)}`);
        }"""
    ) or (["the page itself"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else [])


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": height_for(width)})


def assert_no_sideways_scroll(page: Page) -> None:
    found = sideways(page)
    assert not found, f"{page.url} scrolls sideways at {page.viewport_size}:\n" + "\n".join(found)


def violations(page: Page, options: dict[str, Any] = AXE_OPTIONS) -> list[str]:
    """What axe finds on the page as it stands."""
    if not page.evaluate("Boolean(window.axe)"):
        page.add_script_tag(url=AXE_PATH)
    results = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [
        f"{found['id']} ({found['impact']}): {node['target']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for found in results
        for node in found["nodes"][:4]
    ]


def assert_accessible(page: Page, *, dark: bool = True) -> None:
    """No violation, in light and in dark, where only colours differ."""
    found = [f"light: {line}" for line in violations(page)]
    if dark:
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in violations(page, AXE_COLOURS)]
        page.emulate_media(color_scheme="light")
    assert not found, f"{page.url} at {page.viewport_size}:\n" + "\n".join(found)
