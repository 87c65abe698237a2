"""Serve Madang from one folder on one machine: check, migrate, load the samples the first time, then web and worker.

Started by script/server, which sets up the environment first. The first process only watches over the others: one that dies
is started again, and when the first one ends, however it ends, so do they.
"""

import argparse
import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PATIENCE = 15.0  # seconds that a process may take to stop before it is killed; a job cut short comes back


def stop(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Run Madang on this machine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--no-sample", action="store_true", help="do not load the sample challenges the first time")
    return parser.parse_args()


def is_for_oneself(host: str) -> bool:
    """Whether only whoever sits at this machine reaches the server: then everybody's mails may be read, and samples signed in as.

    A server behind another one listens here, too; it is known by its public address or by the proxies that are counted.
    """
    public = urlsplit(os.environ.get("MADANG_BASE_URL", "")).hostname
    proxied = os.environ.get("MADANG_PROXIES", "0") not in ("", "0")
    return (
        host in LOOPBACK and (public is None or public in LOOPBACK) and not proxied and not os.environ.get("SMTP_URL")
    )


def check_port(host: str, port: int) -> None:
    """Stop with one line where the port is taken or the address is not ours."""
    if not 1 <= port <= 65535:
        stop(f"Port {port} does not exist; choose one from 1 to 65535, for example: script/server --port 8000")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            stop(f"Port {port} needs rights that you do not have; choose one above 1023: script/server --port 8000")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                stop(
                    f"Port {port} is in use; choose another: script/server --port {port + 1 if port < 65535 else 8000}"
                )
            stop(f"Cannot listen on {host}, port {port}: {error.strerror}.")


def check_folder() -> Path:
    """Stop with one line where the data folder cannot be written."""
    from config import data_folder

    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        stop(
            f"The data folder {folder} cannot be written ({error.strerror}); name another: MADANG_DATA=DIR script/server"
        )
    return folder


def migrate() -> bool:
    """Bring the database to this version; True when it was new. Stop with one line where it is from a newer one."""
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError
    from flask_migrate import upgrade

    from app.core.database import db

    directory = ScriptDirectory(str(ROOT / "migrations"))
    try:
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.DBAPIError as error:
        stop(f"The database cannot be opened: {str(error.orig).strip().splitlines()[0]}")
    if current is not None:
        try:
            directory.get_revision(current)
        except CommandError:
            stop(
                "The database is from a newer version of Madang than this one. Run that version, or name another folder with MADANG_DATA."
            )
    if current != directory.get_current_head():
        print("Bringing the database up to date …", flush=True)
        upgrade(directory=str(ROOT / "migrations"))
    return current is None


def prepare(app: "Flask", folder: Path, *, sample: bool) -> None:
    """Migrate, load the samples into a new database, and say where everything is."""
    from app.sample.demo import demo_accounts, load_first_samples

    with app.app_context():
        if migrate() and sample:
            print("Loading the sample challenges …", flush=True)
            load_first_samples()
        accounts, password = demo_accounts()
    print(f"\nMadang is at {app.config['BASE_URL']}/  (data in {folder}; Ctrl-C stops it)")
    if app.config["DEVELOPMENT"]:
        print(f"Mails arrive at {app.config['BASE_URL']}/dev/mailbox")
    elif not app.config["SMTP_URL"]:
        print("No mail server is named, so mails wait: set SMTP_URL=smtp://user:password@host:587")
    if accounts:
        print(f"Demo accounts, all with the password {password}")
        for account in accounts:
            print(f"  {account.role:<12} {account.email:<32} {account.name}")


def serve_web(app: "Flask", host: str, port: int) -> None:
    """Two processes. Of their threads few are at the database at a time (core.database); the others wait for slow networks."""
    from gunicorn.app.base import BaseApplication

    from app.web.server import DatedWorker

    # Whoever holds the lock to write gives the interpreter away at each statement; so short a time later it has it again.
    sys.setswitchinterval(0.001)

    class Server(BaseApplication):
        def load_config(self) -> None:
            listening = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            settings = {
                "bind": listening, "workers": 2, "threads": 24, "worker_class": DatedWorker, "preload_app": True, "backlog": 4096,
                "worker_connections": 4000,
                "timeout": 120, "graceful_timeout": 10, "loglevel": "warning", "proc_name": "madang", "control_socket_disable": True,
            }  # fmt: skip
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> "Flask":
            return app

    Server().run()


def serve_jobs(app: "Flask") -> None:
    from app.web.commands import run_worker

    os.nice(5)  # mails can wait a moment for people who submit
    run_worker(app)


def serve_celery(app: "Flask") -> None:
    """Only where BROKER_URL names a broker: it carries the jobs, and the worker beside it sends again what was lost."""
    import warnings

    from celery.platforms import SecurityWarning

    warnings.simplefilter(
        "ignore", SecurityWarning
    )  # on root, who may have started us; nothing that it runs is pickled
    app.extensions["celery"].worker_main(["--quiet", "worker", "--loglevel", "WARNING", "--concurrency", "2"])


def fork(body: Callable[[], None], signals: set[signal.Signals]) -> int:
    """Run `body` in a child that ends when this process does; returns its id."""
    parent = os.getpid()
    sys.stdout.flush()
    if child := os.fork():
        return child
    status = 1
    try:
        for name in signals:
            signal.signal(name, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        threading.Thread(target=end_with, args=[parent], daemon=True).start()
        body()
        status = 0
    except SystemExit as asked:
        status = asked.code if isinstance(asked.code, int) else 1
    except KeyboardInterrupt:
        status = 130
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def end_with(parent: int) -> None:
    """Ask the present process to stop once `parent` is gone, so that nothing is left behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def watch(bodies: list[Callable[[], None]], signals: set[signal.Signals]) -> None:
    """Keep one child for each body until somebody asks to stop; then stop all of them."""
    running = {fork(body, signals): (body, time.monotonic()) for body in bodies}
    while True:
        if signal.sigwait(signals) is not signal.SIGCHLD:
            break
        while running and (gone := os.waitpid(-1, os.WNOHANG)[0]):
            if gone in running:
                body, since = running.pop(gone)
                if time.monotonic() - since < 1:
                    time.sleep(1)  # one that cannot start is not tried a thousand times a second
                running[fork(body, signals)] = (body, time.monotonic())
    stop_all(set(running))


def stop_all(children: set[int]) -> None:
    """Ask, wait, and kill what has not stopped after a while."""
    for child in children:
        os.kill(child, signal.SIGTERM)
    patient_until = time.monotonic() + PATIENCE
    while children:
        gone = os.waitpid(-1, os.WNOHANG)[0]
        children.discard(gone)
        if not gone:
            if time.monotonic() > patient_until:
                for child in children:
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.05)


def main() -> None:
    os.umask(0o077)  # what is written here, files, mails and keys, is nobody else's on this machine
    asked = arguments()
    check_port(asked.host, asked.port)
    folder = check_folder()
    loopback = asked.host in LOOPBACK
    name = (f"[{asked.host}]" if ":" in asked.host else asked.host) if loopback else socket.gethostname()
    if is_for_oneself(asked.host):
        os.environ.setdefault("MADANG_DEVELOPMENT", "1")
    os.environ.setdefault("MADANG_BASE_URL", f"http://{name}:{asked.port}")

    from app import create_app

    app = create_app()
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # In a child of its own, so that no connection and no memory of it is handed down to those that serve.
    first = fork(lambda: prepare(app, folder, sample=not asked.no_sample), signals)
    if status := os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]):
        raise SystemExit(abs(status))
    bodies = [lambda: serve_web(app, asked.host, asked.port), lambda: serve_jobs(app)]
    if app.config["BROKER_URL"]:
        bodies.append(lambda: serve_celery(app))
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    watch(bodies, signals)


if __name__ == "__main__":
    main()
