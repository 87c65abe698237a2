"""One large upload against a real server, broken at many points and resumed: what it costs in memory, and whether the hash is right.

The file goes by the tus protocol through script/server's own web processes. At each break the connection is cut in the middle of
a piece; then the server is asked how much has arrived, and the rest is sent from there. The resident memory of every process of
the server is looked at all the while, the finishing included. A call allows at most 200 MB for a document, so the server of this
bench runs with that limit lifted; nothing else differs. The last line printed is one JSON object; the status is 1 where the hash
is wrong or a process grew by more than --most-mb.

    python bench/upload.py --gigabytes 2 --breaks 30
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 1024 * 1024
HEAD, TAIL = b"%PDF-1.7\n", b"\n%%EOF\n"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--breaks", type=int, default=30)
    parser.add_argument("--most-mb", type=float, default=60.0, help="how much a process may grow")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)  # the bench starts itself as the server
    return parser.parse_args()


def serve(port: int) -> None:
    """script/serve.py's web processes, with the limit on a document's size lifted."""
    from app import create_app
    from app.applications.rules import documents
    from script import serve as script

    documents.why_not_size = lambda _asked, size: None if size else "empty"  # type: ignore[assignment]
    script.serve_web(create_app(), "127.0.0.1", port)


def content(length: int, seed: int) -> Any:
    """Pieces of a PDF of `length` bytes that no disk packs, the same for a seed: a function from offset to bytes."""
    block = random.Random(seed).randbytes(PIECE)
    body = length - len(HEAD) - len(TAIL)

    def piece(offset: int, size: int) -> bytes:
        whole = b""
        while len(whole) < size and offset < length:
            if offset < len(HEAD):
                part = HEAD[offset : len(HEAD)]
            elif offset < len(HEAD) + body:
                number, at = divmod(offset - len(HEAD), PIECE)
                marked = number.to_bytes(8, "big") + block[8:]  # each block differs, so that a swap would show
                part = marked[at : min(PIECE, at + len(HEAD) + body - offset)]
            else:
                part = TAIL[offset - len(HEAD) - body :]
            part = part[: size - len(whole)]
            whole, offset = whole + part, offset + len(part)
        return whole

    return piece


class Memory(threading.Thread):
    """The largest resident memory of each process of a group, by looking often."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self.group, self.first, self.most, self.done = group, {}, {}, threading.Event()

    def look(self) -> None:
        for path in Path("/proc").glob("[0-9]*"):
            try:
                pid = int(path.name)
                if os.getpgid(pid) != self.group:
                    continue
                rss = int((path / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, ValueError):
                continue
            self.first.setdefault(pid, rss)
            self.most[pid] = max(rss, self.most.get(pid, 0))

    def run(self) -> None:
        while not self.done.wait(0.1):
            self.look()

    @property
    def growth(self) -> float:
        return max((self.most[pid] - self.first[pid] for pid in self.most), default=0) / 1024 / 1024


def scene() -> tuple[Any, str, str]:
    """A draft in a fresh database: its id, the question's code, and the cookie of its person."""
    from flask_migrate import upgrade

    from app import create_app
    from app.applications.states import ApplicationState
    from app.challenges.form.parts import documents_of
    from app.core.database import db
    from tests import factories

    app = create_app()
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        now = datetime.now(UTC)
        challenge = factories.make_challenge(opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=1))
        startup = factories.make_organization()
        person = factories.make_user(member_of=startup)
        application = factories.make_application(challenge, startup=startup, state=ApplicationState.DRAFT)
        db.session.commit()
        code = documents_of(challenge.form)[0].code
        signed = app.session_interface.get_signing_serializer(app).dumps({"_user_id": person.get_id(), "_fresh": True})
        found = str(application.id), code, f"{app.config['SESSION_COOKIE_NAME']}={signed}"
        db.session.remove()
        db.engine.dispose()
    return found


class Sender:
    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.headers = port, {**TUS, "Cookie": cookie}

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body=body, headers={**self.headers, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, answer.headers, text

    def send(self, place: str, offset: int, until: int, length: int, piece: Any) -> None:
        """Send from `offset` on as if all of the rest were coming, and cut the connection at `until`."""
        head = f"PATCH {place} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        fields = {
            **self.headers, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length - offset), "Connection": "close",
        }  # fmt: skip
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(head.encode())
            while offset < until:
                part = piece(offset, min(PIECE, until - offset))
                try:
                    connection.sendall(part)
                except OSError as error:
                    raise RuntimeError(connection.recv(65536).decode(errors="replace")) from error
                offset += len(part)
            if until == length:
                answer = connection.recv(65536).split(b"\r\n")[0]
                if b" 204 " not in answer:
                    raise RuntimeError(answer.decode())

    def offset(self, place: str) -> int:
        """How much has arrived, once the server has let go of the broken connection."""
        before = -1
        while True:
            status, headers, _text = self.ask("HEAD", place)
            assert status == 200, status
            if (now := int(headers["Upload-Offset"])) == before:
                return now
            before = now
            time.sleep(0.1)


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def upload(asked: argparse.Namespace, port: int, found: tuple[Any, str, str], memory: Memory) -> dict[str, Any]:
    application, code, cookie = found
    length = int(asked.gigabytes * 1024**3)
    piece = content(length, asked.seed)
    sender = Sender(port, cookie)
    for _ in range(20):  # so that both processes have done what the first requests of a process do
        _status, headers, page = sender.ask("GET", f"/applications/{application}/edit/documents")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page[:2000]
        if "Set-Cookie" in headers:
            sender.headers["Cookie"] = headers["Set-Cookie"].split(";")[0]
    sender.headers["X-CSRFToken"] = token[1]
    time.sleep(0.5)
    memory.start()
    memory.look()
    metadata = f"question {b64encode(code.encode()).decode()},filename {b64encode(b'large.pdf').decode()}"
    began = time.monotonic()
    status, headers, text = sender.ask(
        "POST", f"/applications/{application}/uploads", {"Upload-Length": str(length), "Upload-Metadata": metadata}
    )
    assert status == 201, (status, text)
    place = headers["Location"]
    points = sorted(random.Random(asked.seed).sample(range(1, length), asked.breaks))
    resumed = 0
    for until in [*points, length]:
        offset = sender.offset(place)
        resumed += offset > 0
        if offset < until:
            sender.send(place, offset, until, length, piece)
    arrived = time.monotonic() - began
    upload_id = place.rpartition("/")[2]
    status, headers, text = sender.ask(
        "POST", f"/applications/{application}/documents/{code}",
        {"Content-Type": "application/x-www-form-urlencoded"}, f"upload={upload_id}",
    )  # fmt: skip
    assert status == 303, (status, text[:2000])
    elapsed = time.monotonic() - began
    memory.look()
    memory.done.set()
    digest = hashlib.sha256()
    for at in range(0, length, PIECE):
        digest.update(piece(at, PIECE))
    kept = Path(os.environ["MADANG_DATA"]) / "files" / digest.hexdigest()[:2] / digest.hexdigest()
    right = kept.exists() and kept.stat().st_size == length
    if right:
        on_disk = hashlib.sha256()
        with kept.open("rb") as file:
            while chunk := file.read(PIECE):
                on_disk.update(chunk)
        right = on_disk.digest() == digest.digest()
    return {
        "bytes": length, "breaks": asked.breaks, "resumed": resumed, "hash_right": right, "rss_growth_mb": round(memory.growth, 1),
        "rss_before_mb": round(max(memory.first.values()) / 1024 / 1024, 1), "seconds": round(elapsed, 1),
        "mb_per_second": round(length / 1024 / 1024 / arrived, 1), "finish_seconds": round(elapsed - arrived, 1),
    }  # fmt: skip


def main() -> int:
    asked = arguments()
    if asked.serve:
        serve(asked.serve)
        return 0
    folder = tempfile.mkdtemp(prefix="madang-upload-")
    os.environ |= {"MADANG_DATA": folder, "MADANG_RATE_LIMITS": "off"}
    os.environ.pop("DATABASE_URL", None)
    server = None
    try:
        found = scene()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, __file__, "--serve", str(port)]
        server = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
        wait_for(port)
        answer = upload(asked, port, found, Memory(server.pid))
    finally:
        if server is not None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(answer))
    return int(not answer["hash_right"] or answer["rss_growth_mb"] > asked.most_mb)


if __name__ == "__main__":
    raise SystemExit(main())
