"""script/server as one runs it: what it prints, that what dies comes back, and that nothing is left behind."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE_URL") is not None, reason="the same on both databases; tried on SQLite"
)


@pytest.fixture
def serve():
    """The module behind script/server."""
    spec = importlib.util.spec_from_file_location("serve", ROOT / "script/serve.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def children(pid: int) -> set[int]:
    return {int(p) for task in Path(f"/proc/{pid}/task").glob("*/children") for p in task.read_text().split()}


def is_running(pid: int) -> bool:
    """A zombie that nobody has collected yet runs no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    started = []
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MADANG_")} | {
        "MADANG_DATA": str(tmp_path / "data")
    }

    def run(*arguments: str) -> subprocess.Popen:
        command = [sys.executable, "script/serve.py", *arguments]
        started.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc to find the processes")
def test_a_server_serves_survives_and_leaves_nothing_behind(start, tmp_path):
    port = free_port()
    server = start("--port", str(port), "--no-sample")
    wait_for(lambda: answers(port))
    web, worker = sorted(children(server.pid))
    wait_for(lambda: len(children(web)) == 2)

    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(children(server.pid)) == 2 and worker not in children(server.pid))
    everyone = {server.pid, *children(server.pid), *children(web)}
    assert len(everyone) == 5

    second = start("--port", str(port), "--no-sample")
    out, err = second.communicate(timeout=120)
    assert (second.returncode, out) == (1, "")
    assert err == f"Port {port} is in use; choose another: script/server --port {port + 1}\n"

    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=120)
    assert (server.returncode, err) == (0, "")
    assert f"Madang is at http://127.0.0.1:{port}/" in out
    assert "/dev/mailbox" in out
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "data").rglob("*")} == {0}
    assert not any(is_running(pid) for pid in everyone)
    assert not answers(port)

    # Killed without a chance to say goodbye, it still takes the others along.
    server = start("--port", str(port), "--no-sample")
    wait_for(lambda: answers(port))
    everyone = children(server.pid) | {pid for child in children(server.pid) for pid in children(child)}
    server.kill()
    server.wait()
    wait_for(lambda: not any(is_running(pid) for pid in everyone))

    with sqlite3.connect(tmp_path / "data/madang.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    newer = start("--port", str(port))
    assert "The database is from a newer version of Madang than this one." in newer.communicate(timeout=120)[1]
    assert newer.returncode == 1


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("127.0.0.1", 0, "Port 0 does not exist"),
        ("127.0.0.1", 70000, "Port 70000 does not exist"),
        ("192.0.2.1", 8000, "Cannot listen on 192.0.2.1, port 8000: "),
    ],
)
def test_an_address_that_cannot_be_gets_one_line(serve, capsys, host, port, sentence):
    with pytest.raises(SystemExit) as stopped:
        serve.check_port(host, port)
    said = capsys.readouterr().err
    assert stopped.value.code == 1
    assert said.startswith(sentence)
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "settings", "expected"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {"MADANG_BASE_URL": "http://localhost:8000"}, True),
        ("192.0.2.1", {}, False),
        ("127.0.0.1", {"SMTP_URL": "smtp://localhost"}, False),
        ("127.0.0.1", {"MADANG_BASE_URL": "https://challenge.example.org"}, False),
        ("127.0.0.1", {"MADANG_PROXIES": "1"}, False),
    ],
)
def test_only_a_server_that_nobody_else_reaches_shows_its_mails(serve, monkeypatch, host, settings, expected):
    """A proxy on the same machine would otherwise open the mailbox, and with it everybody's links, to the world."""
    for name in ("MADANG_BASE_URL", "MADANG_PROXIES", "SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert serve.is_for_oneself(host) is expected


def test_a_folder_that_cannot_be_written_gets_one_line(serve, capsys, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MADANG_DATA", str(tmp_path / "file" / "folder"))
    with pytest.raises(SystemExit):
        serve.check_folder()
    assert re.fullmatch(
        r"The data folder .*/file/folder cannot be written \(.*\); name another: MADANG_DATA=DIR script/server\n",
        capsys.readouterr().err,
    )


def test_a_relative_data_folder_is_where_one_stands(tmp_path):
    """script/server goes to the project's folder, and has to remember where it was called."""
    copy = tmp_path / "project"
    (copy / "script").mkdir(parents=True)
    shutil.copy(ROOT / "script/server", copy / "script/server")
    (copy / "script/setup").write_text("#!/bin/sh\n")
    (copy / ".venv/bin").mkdir(parents=True)
    (copy / ".venv/bin/python").write_text('#!/bin/sh\necho "$MADANG_DATA"\n')
    for name in ("script/setup", ".venv/bin/python"):
        (copy / name).chmod(0o755)
    (tmp_path / "here").mkdir()
    command = [copy / "script/server", "--port", "1"]
    said = subprocess.run(
        command,
        cwd=tmp_path / "here",
        env={**os.environ, "MADANG_DATA": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(tmp_path / "here/mine")


def test_setting_up_again_installs_nothing():
    traced = subprocess.run(["bash", "-x", "script/setup"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert traced.stdout == ""
    assert "cksum" in traced.stderr
    assert not re.search(r"pip install|apt-get|venv \.venv", traced.stderr)


def test_flask_finds_the_application_by_itself(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "FLASK_APP"} | {"MADANG_DATA": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-m", "flask", "sample", "--help"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "generate" in said.stdout
