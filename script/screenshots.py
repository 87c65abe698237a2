"""Pictures of the main pages in both languages, some on a phone and in dark, by a browser, from a server that has the samples."""

import argparse
import io
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

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/screenshots"
sys.path.insert(0, str(ROOT))

DESK, PHONE = 1280, 390
TALLEST = 1700  # pixels of a page that are shown; what is longer is cut
ORGANIZER = "organizer@example.org"

# name, whose eyes, the address with names that `names` finds
PAGES = (
    ("home", None, "/"),
    ("call", None, "/challenges/{open}"),
    ("application", "byeolshield@example.org", "/applications/{draft}/edit"),
    ("receipt", "gaonsem@example.org", "/applications/{sent}"),
    ("overview", ORGANIZER, "/manage/{closed_id}"),
    ("received", ORGANIZER, "/manage/{closed_id}/applications"),
    ("judge", "judge4@example.org", "/judging/sheets/{sheet}"),
    ("progress", ORGANIZER, "/manage/{judging_id}/progress"),
    ("ranking", ORGANIZER, "/manage/{published_id}/ranking"),
    ("decision", ORGANIZER, "/manage/{judging_id}/decision"),
    ("results", None, "/challenges/{published}/results"),
    ("certificate", None, "/v/{code}"),
)
# Beside these on a desk and in light: on a phone, and in dark.
ON_A_PHONE = ("call", "application", "judge", "certificate")
IN_DARK = ("judge", "ranking")
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
    """A server with samples at the stages that are shown, in a folder of its own; gives the names for the addresses."""
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
        for stage in ("judging", "closed"):
            subprocess.run([*flask, "sample", "load", "--stage", stage], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own command
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


def take(browser: Browser, base: str, found: dict[str, str], only: str) -> None:
    for name, email, address in PAGES:
        for language in ("ko-KR", "en-US"):
            stem = name if language == "ko-KR" else f"{name}-en"
            looks = [(stem, DESK, False)]
            if language == "ko-KR":
                looks += [(f"{stem}-phone", PHONE, False)] * (name in ON_A_PHONE)
                looks += [(f"{stem}-dark", DESK, True)] * (name in IN_DARK)
            looks = [look for look in looks if only in look[0]]
            if not looks:
                continue
            page = open_page(browser, base, email, language)
            for file, width, dark in looks:
                page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
                page.set_viewport_size({"width": width, "height": 844})
                answer = page.goto(base + address.format(**found))
                if answer is None or not answer.ok:
                    raise SystemExit(f"{name}: {answer and answer.status} at {page.url}")
                keep(page, FOLDER / f"{file}.png", width)
            page.context.close()


def keep(page: Page, file: Path, width: int) -> None:
    """The page as it stands, in 128 colours, which nobody sees and which take a third of the room."""
    page.evaluate("document.fonts.ready")
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(600, min(tall, TALLEST))})
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} KB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/screenshots")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--only", default="", help="take only the pictures whose names have this in them")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server(asked.port) as found, sync_playwright() as driver:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-headless-shell")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        take(browser, f"http://127.0.0.1:{asked.port}", found, asked.only)
        browser.close()


if __name__ == "__main__":
    main()
