"""The last minute before a close: all startups submit, a third of them twice, against a real server with two processes.

Every startup has a draft of twenty answers and three files. It opens its page of answers, reads it for 5 to 30 seconds, and presses
"submit" at a moment that leans towards the close (half of all come in the last 18 of 60 seconds), 30 % of them twice; where the server is killed meanwhile it presses again, as people do. Afterwards every receipt that
was shown is looked for in the database, with the same hash, and every file is read. The last line printed is one JSON object;
the status is 1 where anything was lost, stored twice, taken late or refused in time.

    python bench/deadline.py --startups 2000 --seconds 60
    DATABASE_URL=postgresql://postgres@127.0.0.1:5432 python bench/deadline.py      (a database of its own is made and dropped)
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
QUESTIONS, LATE = 20, 20
READING = 30  # seconds that the slowest reads the page of answers before the first press


@dataclass
class Startup:
    application: str
    cookie: str
    presses: list[float]  # seconds after the beginning
    reads_for: float = 2.0  # seconds between opening the page of answers and the first press
    receipts: list[tuple[str, str]] = field(default_factory=list)  # number and SHA-256, as the page showed them
    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)  # refusals of what was sent after the close
    closes: float = 0.0  # the end of the last second, by the clock of this process


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--startups", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument(
        "--kill",
        "--kills",
        dest="kills",
        type=int,
        default=0,
        help="how often the server is killed with SIGKILL and started again",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    return parser.parse_args()


def make_database() -> str:
    """A fresh PostgreSQL database beside the one that DATABASE_URL names; returns its name, "" for SQLite."""
    import sqlalchemy as sa

    from config import database_url

    if not os.environ.get("DATABASE_URL"):
        return ""
    name = f"madang_deadline_{secrets.token_hex(4)}"
    url = sa.make_url(database_url(Path()))
    execute(url, f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = url.set(database=name).render_as_string(hide_password=False)
    return name


def drop_database(name: str) -> None:
    import sqlalchemy as sa

    execute(sa.make_url(os.environ["DATABASE_URL"]), f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(url: Any, statement: str) -> None:
    import sqlalchemy as sa

    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(statement))
    server.dispose()


def fill(app: Any, count: int) -> tuple[Any, list[tuple[str, str]]]:
    """A published call and `count` drafts that lack nothing; returns the call's id and (application, cookie) of each."""
    from flask_migrate import upgrade

    from app.accounts.models import Membership, MembershipRole, User
    from app.applications.models import Application, Document, GivenConsent
    from app.applications.rules.completeness import consent_sha256
    from app.challenges.form.model import Kind, Question
    from app.challenges.form.parts import consents_of, documents_of, typed_of, with_documents, with_questions
    from app.core.bilingual import Bilingual
    from app.core.database import db
    from tests import factories

    upgrade(directory=str(ROOT / "migrations"))
    now = datetime.now(UTC)
    challenge = factories.make_challenge(opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=1))
    more = [
        Question(f"q{i}", Kind.LONG_TEXT, Bilingual(f"문항 {i}", f"Question {i}"), limit=2000)
        for i in range(2, QUESTIONS + 1)
    ]
    form = with_questions(challenge.form, [*typed_of(challenge.form), *more])
    third = Question("third", Kind.FILE, Bilingual("기타", "Other"), types=("pdf",))
    challenge.form = with_documents(form, [*documents_of(form), third])
    db.session.commit()
    db.session.refresh(challenge)
    consents = {consent.code: consent_sha256(consent, "ko") for consent in consents_of(challenge.form)}
    serializer = app.session_interface.get_signing_serializer(app)
    drafts = []
    for i in range(count):
        startup = factories.make_organization(business_number="1234567891", address="서울특별시")
        user = User(
            email=f"founder{i}@example.org",
            name="김하나",
            password_hash="!",
            confirmed_at=now,
            created_at=now,
            session_epoch=1,
            language="ko",
        )
        db.session.add(user)
        db.session.flush()
        db.session.add(
            Membership(user_id=user.id, organization_id=startup.id, role=MembershipRole.ADMIN, created_at=now)
        )
        answers = {"summary": "요약 " * 30} | {f"q{n}": f"{i}의 답변 {n}. " * 20 for n in range(2, QUESTIONS + 1)}
        application = Application(
            challenge_id=challenge.id, theme_id=challenge.themes[i % 2].id, startup_id=startup.id, created_by_id=user.id, answers=answers, kept=[], form_sha256=challenge.form_sha256,
            contact_name=user.name, contact_email=user.email, contact_phone="02-555-0100", saved_at=now, created_at=now,
        )  # fmt: skip
        db.session.add(application)
        db.session.flush()
        for question in documents_of(challenge.form):
            stored = app.extensions["storage"].save(
                BytesIO(b"%PDF-1.7\n" + secrets.token_bytes(20_000) + b"\n%%EOF\n"), max_bytes=10**6
            )
            db.session.add(Document(
                application_id=application.id, question=question.code, filename="제안서.pdf", media_type="application/pdf",
                sha256=stored.sha256, size=stored.size, issued_on=now.date() - timedelta(days=5), uploaded_at=now,
            ))  # fmt: skip
        for code, sha256 in consents.items():
            db.session.add(GivenConsent(
                application_id=application.id, question=code, given=True, text_sha256=sha256, language="ko", decided_by_id=user.id, decided_at=now,
            ))  # fmt: skip
        drafts.append(
            (
                str(application.id),
                f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': user.get_id(), '_fresh': True})}",
            )
        )
        if i % 200 == 199:
            db.session.commit()
    db.session.commit()
    return challenge.id, drafts


class Server:
    """What script/server starts, in a process group of its own, so that it can be killed whole."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "script/serve.py"), "--no-sample", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def stop(self, how: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, how)
        self.process.wait()


class Client:
    """Just enough HTTP/1.1 to press a button: one connection for each request."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def ask(
        self, method: str, path: str, cookie: str, form: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, str], str]:
        body = urlencode(form or {}, doseq=True).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\nConnection: close\r\n"
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(head.encode() + b"\r\n" + (body if form is not None else b""))
            await writer.drain()
            answer = await asyncio.wait_for(reader.read(), 60)
        finally:
            writer.close()
        top, _, text = answer.partition(b"\r\n\r\n")
        lines = top.decode().split("\r\n")
        if not lines[0].startswith("HTTP/"):
            raise ConnectionError("no answer")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:] if ": " in line)}
        return int(lines[0].split()[1]), headers, text.decode(errors="replace")


async def read_answers(client: Client, path: str, cookie: str) -> tuple[dict[str, Any], str]:
    """What the page of answers has to be sent back with, and the cookie."""
    status, headers, page = await client.ask("GET", f"{path}/check", cookie)
    if status != 200:
        raise ConnectionError(f"the page of answers: {status}")
    fields = dict(re.findall(r'name="(csrf_token|seen|asked)" value="([^"]*)"', page))
    fields["confirmed"] = re.findall(r'name="confirmed" value="([^"]*)"', page)
    return fields, headers["set-cookie"].split(";")[0] if "set-cookie" in headers else cookie


async def apply(client: Client, startup: Startup, began: float, *, patient: bool) -> None:
    """Open the page of answers, read it for a while, press "submit" at the moment (some press twice), read the receipt."""
    path = f"/applications/{startup.application}"
    await sleep_until(began + startup.presses[0] - startup.reads_for)
    read = await insist(lambda: read_answers(client, path, startup.cookie), startup, patient=patient)
    if read is not None:
        form, cookie = read
        await asyncio.gather(
            *(press(client, startup, path, form, cookie, began + at, patient=patient) for at in startup.presses)
        )


async def sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def insist(ask: Callable[[], Any], startup: Startup, *, patient: bool) -> Any:
    """Ask, and once more where the connection breaks, as people do; None where it never held."""
    tries = 240 if patient else 1
    for attempt in range(tries):
        try:
            return await ask()
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            if attempt == tries - 1:
                startup.faults.append(repr(error))
            await asyncio.sleep(0.25)
    return None


async def press(
    client: Client, startup: Startup, path: str, form: dict[str, Any], cookie: str, at: float, *, patient: bool
) -> None:
    await sleep_until(at)

    async def submit() -> tuple[int, str, float]:
        began = time.monotonic()
        status, headers, _page = await client.ask("POST", f"{path}/submit", cookie, form)
        startup.took.append(time.monotonic() - began)
        return status, headers.get("location", ""), began

    answer = await insist(submit, startup, patient=patient)
    if answer is None:
        return
    status, place, sent = answer
    if status != 303 or not place.endswith("/receipt"):
        # Whoever pressed again after a kill, and only after the close, is refused as everybody is.
        (startup.faults if sent < startup.closes else startup.too_late).append(f"{status} {place}")
        return
    shown = await insist(lambda: client.ask("GET", f"{path}/receipt", cookie), startup, patient=patient)
    if shown is None:
        return
    status, _headers, page = shown
    number, sha256 = re.search(r"\b[A-Z]\w*-2022-\d{3,}\b", page), re.search(r"\b[0-9a-f]{64}\b", page)
    if status == 200 and number and sha256:
        startup.receipts.append((number[0], sha256[0]))
    else:
        startup.faults.append(f"receipt {status}")


async def rush(client: Client, startups: list[Startup], began: float, *, patient: bool) -> None:
    await asyncio.gather(*(apply(client, startup, began, patient=patient) for startup in startups))


async def kill_now_and_then(server: Server, times: int, began: float, seconds: float) -> None:
    for number in range(times):
        await sleep_until(began + (number + 1) * seconds / (times + 1))
        await asyncio.sleep(2)  # so that a machine that is slow to start has served somebody in between
        server.stop(signal.SIGKILL)
        await asyncio.to_thread(server.start)


def check(app: Any, startups: list[Startup], closes_at: datetime) -> dict[str, int]:
    """What the database says of the receipts that were shown."""
    import sqlalchemy as sa

    from app.applications.models import Application, Submission
    from app.core.canonical import canonical_sha256
    from app.core.database import db

    rows: dict[str, list[Submission]] = {}
    for submission in db.session.scalars(sa.select(Submission)):
        rows.setdefault(str(submission.application_id), []).append(submission)
    by_id = {
        str(key): number for key, number in db.session.execute(sa.select(Application.id, Application.receipt_number))
    }
    lost = 0
    for s in startups:
        stored = {
            (by_id[s.application], row.sha256)
            for row in rows.get(s.application, [])
            if canonical_sha256(row.content) == row.sha256
        }
        lost += sum(receipt not in stored for receipt in set(s.receipts))
    given = [number for number in by_id.values() if number]
    storage = app.extensions["storage"]
    for s in startups:
        for row in rows.get(s.application, []):
            for document in row.content["documents"]:
                digest = hashlib.sha256()
                for chunk in storage.read_chunks(document["sha256"]):
                    digest.update(chunk)
                lost += digest.hexdigest() != document["sha256"]
    return {
        "acknowledged": sum(bool(s.receipts) for s in startups),
        "stored": len(rows),
        "lost": lost,
        "duplicated": sum(len(r) - 1 for r in rows.values()) + len(given) - len(set(given)),
        "late": sum(row.submitted_at.replace(microsecond=0) > closes_at for r in rows.values() for row in r),
        "errors": sum(len(s.faults) for s in startups if s.presses[0] >= 0),
    }


def run(app: Any, server: Server, asked: argparse.Namespace, say: Callable[..., None]) -> dict[str, Any]:
    """Fill the database, serve it, let everybody press, and look at what is there afterwards."""
    from app.challenges.models import Challenge
    from app.core.database import db

    began = time.monotonic()
    challenge_id, drafts = fill(app, asked.startups + LATE)
    say(f"{len(drafts)} drafts of {QUESTIONS} answers and 3 files made in {time.monotonic() - began:.0f} s")
    db.session.remove()
    server.start()
    chance = random.Random(asked.seed)
    startups = []
    for application, cookie in drafts[: asked.startups]:
        at = asked.seconds * chance.random() ** 0.5  # more and more towards the close
        twice = chance.random() < 0.3
        presses = [at, min(at + 0.2, asked.seconds)] if twice else [at]
        startups.append(Startup(application, cookie, presses, reads_for=chance.uniform(5, READING)))
    closes_at = (datetime.now(UTC) + timedelta(seconds=asked.seconds + READING + 3)).replace(microsecond=0)
    db.session.get_one(Challenge, challenge_id).closes_at = closes_at
    db.session.commit()
    db.session.remove()
    began = time.monotonic() + (closes_at - datetime.now(UTC)).total_seconds() - asked.seconds
    for startup in startups:
        startup.closes = began + asked.seconds + 1
    late = [Startup(a, c, [asked.seconds + 1.5]) for a, c in drafts[asked.startups :]]
    client = Client(server.port)

    async def everybody() -> None:
        await asyncio.gather(
            rush(client, startups, began, patient=bool(asked.kills)),
            rush(client, late, began, patient=False),
            kill_now_and_then(server, asked.kills, began, asked.seconds),
        )

    asyncio.run(everybody())
    elapsed = time.monotonic() - began
    answer: dict[str, Any] = check(app, startups, closes_at)
    answer["late"] += sum(bool(s.receipts) for s in late)
    for fault in (fault for s in startups for fault in s.faults):
        say("fault:", fault)
    say(f"{sum(bool(s.too_late) and not s.receipts for s in startups)} came back only after the close")
    took = sorted(t for s in startups for t in s.took)
    answer["p50_ms"] = round(1000 * took[len(took) // 2], 1)
    answer["p99_ms"] = round(1000 * took[int(len(took) * 0.99)], 1)
    answer["per_second"] = round(len(took) / max(elapsed, asked.seconds), 1)
    db.session.remove()
    db.engine.dispose()
    return answer


def main() -> int:
    asked = arguments()
    say: Callable[..., None] = (lambda *_: None) if asked.json else print
    folder = tempfile.mkdtemp(prefix="madang-deadline-")
    os.environ |= {"MADANG_DATA": folder, "MADANG_RATE_LIMITS": "off"}
    database = make_database()
    server = Server()
    try:
        from app import create_app

        app = create_app()
        with app.app_context():
            answer = run(app, server, asked, say)
    finally:
        if server.process is not None:
            server.stop(signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)
        if database:
            drop_database(database)
    print(json.dumps(answer))
    wrong = answer["lost"] or answer["duplicated"] or answer["late"] or answer["errors"]
    return int(bool(wrong) or (answer["acknowledged"] < asked.startups and not asked.kills))


if __name__ == "__main__":
    raise SystemExit(main())
