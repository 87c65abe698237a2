"""Pictures of the ten main pages in both languages, by a browser, from a server that has the samples."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/screenshots"
sys.path.insert(0, str(ROOT))

# name, whose eyes, the address with names that `names` finds
PAGES = (
    ("home", None, "/"),
    ("call", None, "/challenges/{open}"),
    ("application", "byeolshield@example.org", "/applications/{draft}/edit"),
    ("receipt", "gaonsem@example.org", "/applications/{sent}"),
    ("received", "organizer@example.org", "/manage/{judging_id}/applications"),
    ("judge", "judge4@example.org", "/judging/sheets/{sheet}"),
    ("progress", "organizer@example.org", "/manage/{judging_id}/progress"),
    ("ranking", "organizer@example.org", "/manage/{published_id}/ranking"),
    ("results", None, "/challenges/{published}/results"),
    ("certificate", None, "/v/{code}"),
)
APPLICATION = """
SELECT a.id FROM applications a JOIN organizations o ON o.id = a.startup_id JOIN challenges c ON c.id = a.challenge_id
WHERE c.slug LIKE '%-open' AND o.name_en LIKE ?
"""
SHEET = """
SELECT s.id FROM score_sheets s JOIN judges j ON j.id = s.judge_id
WHERE j.email = 'judge4@example.org' AND s.state = 'open' ORDER BY s.total IS NULL, s.id
"""


@contextmanager
def server(port: int) -> Iterator[dict[str, str]]:
    """A server with an open, a judged and a published sample, in a folder of its own; gives the names for the addresses."""
    folder = tempfile.mkdtemp(prefix="madang-screenshots-")
    environment = {
        **os.environ,
        "MADANG_DATA": folder,
        "MADANG_DEVELOPMENT": "1",
        "DATABASE_URL": "",
        "BROKER_URL": "",
        "REDIS_URL": "",
    }
    process = subprocess.Popen([sys.executable, "script/serve.py", "--port", str(port)], cwd=ROOT, env=environment)  # noqa: S603 - our own script
    try:
        until = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        flask = [sys.executable, "-m", "flask"]
        subprocess.run([*flask, "sample", "load", "--stage", "judging"], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own command
        yield names(folder)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def names(folder: str) -> dict[str, str]:
    import sqlite3
    from uuid import UUID

    with sqlite3.connect(Path(folder) / "madang.db") as database:
        found = {}
        for slug, key in database.execute("SELECT slug, id FROM challenges"):
            stage = slug.rpartition("-")[2]
            found |= {stage: slug, f"{stage}_id": str(UUID(key))}
        for name, query, values in (
            ("draft", APPLICATION, ["Byeol%"]),
            ("sent", APPLICATION, ["Gaonsem%"]),
            ("sheet", SHEET, []),
        ):
            found[name] = str(UUID(database.execute(query, values).fetchone()[0]))
        found["code"] = database.execute(
            "SELECT code FROM certificates WHERE language = 'ko' ORDER BY number"
        ).fetchone()[0]
    database.close()
    return found


def open_page(browser: Browser, base: str, email: str | None, language: str) -> Page:
    from app.sample.material import PASSWORD

    page = browser.new_context(
        locale=language, viewport={"width": 1280, "height": 800}, timezone_id="Asia/Seoul"
    ).new_page()
    if email:
        page.goto(f"{base}/sign-in")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
    wanted = language[:2]
    if page.url == "about:blank":
        page.goto(base)
    if page.get_attribute("html", "lang") != wanted:
        page.locator(f"button[name=language][value={wanted}]:visible").first.click()
        page.wait_for_load_state()
    return page


def take(browser: Browser, base: str, found: dict[str, str]) -> None:
    for name, email, address in PAGES:
        for language in ("ko-KR", "en-US"):
            page = open_page(browser, base, email, language)
            answer = page.goto(base + address.format(**found))
            if answer is None or not answer.ok:
                raise SystemExit(f"{name}: {answer and answer.status} at {page.url}")
            page.evaluate("document.fonts.ready")
            suffix = "" if language == "ko-KR" else "-en"
            page.screenshot(path=FOLDER / f"{name}{suffix}.png")
            print(f"{name}{suffix}", flush=True)
            page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8090)
    port = parser.parse_args().port
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server(port) as found, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, f"http://127.0.0.1:{port}", found)
        browser.close()


if __name__ == "__main__":
    main()
