"""Serve Madang from one folder on one machine: check, migrate, load the sample the first time, then web and worker.

Started by script/server, which sets up the environment first.
"""

import argparse
import os
import signal
import socket
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def stop(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Run Madang on this machine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--no-sample", action="store_true", help="do not load the sample challenges the first time")
    return parser.parse_args()


def check_port(host: str, port: int) -> None:
    """Stop with one line where the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            stop(f"Port {port} needs rights that you do not have; choose one above 1023: script/server --port 8000")
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == 98 or "in use" in str(error):
                stop(f"Port {port} is in use; choose another: script/server --port {port + 1}")
            stop(f"Cannot listen on {host}:{port}: {error}")


def check_folder() -> Path:
    """Stop with one line where the data folder cannot be written."""
    from config import data_folder

    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
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
    except sa.exc.OperationalError as error:
        stop(f"The database does not answer: {error.orig}")
    if current is not None:
        try:
            directory.get_revision(current)
        except CommandError:
            stop(
                "The database is from a newer version of Madang than this one; run that version, or name another folder with MADANG_DATA."
            )
    if current != directory.get_current_head():
        print("Bringing the database up to date …", flush=True)
        upgrade(directory=str(ROOT / "migrations"))
    return current is None


def start_worker(app: object) -> int:
    """A keeper that runs the background work in a child, and a new child when one dies; returns the keeper's id."""
    from app.core.database import db
    from app.web.commands import run_worker

    with app.app_context():  # type: ignore[attr-defined]
        db.engine.dispose()
    web = os.getpid()
    if keeper := os.fork():
        return keeper
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the web process, which tells us
    worker = 0
    while not stopping and os.getppid() == web:
        if worker == 0:
            worker = os.fork()
            if worker == 0:
                try:
                    run_worker(app)
                finally:
                    os._exit(0)
        time.sleep(0.5)
        if os.waitpid(worker, os.WNOHANG) != (0, 0):
            worker = 0
    if worker:
        end(worker)
    os._exit(0)


def serve(app: object, host: str, port: int, keeper: int) -> None:
    """Two processes with few threads each: what SQLite's single writer likes best (see architecture, measured)."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            listening = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            settings = {
                "bind": listening, "workers": 2, "threads": 4, "worker_class": "gthread", "preload_app": True,
                "timeout": 120, "graceful_timeout": 10, "loglevel": "warning", "proc_name": "madang",
                "on_exit": lambda _server: end(keeper), "control_socket_disable": True,
            }  # fmt: skip
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> object:
            return app

    Server().run()


def end(child: int) -> None:
    """Ask a child to stop and wait until it has."""
    try:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def main() -> None:
    asked = arguments()
    check_port(asked.host, asked.port)
    folder = check_folder()
    loopback = asked.host in ("127.0.0.1", "::1", "localhost")
    os.environ.setdefault("MADANG_BASE_URL", f"http://{asked.host if loopback else socket.gethostname()}:{asked.port}")
    if loopback and not os.environ.get("SMTP_URL"):
        os.environ.setdefault("MADANG_DEVELOPMENT", "1")

    from app import create_app
    from app.sample.demo import demo_accounts, load_first_samples

    app = create_app()
    with app.app_context():
        fresh = migrate()
        if fresh and not asked.no_sample:
            print("Loading the sample challenges …", flush=True)
            load_first_samples()
        accounts, password = demo_accounts()
    keeper = start_worker(app)
    print(f"\nMadang is at {app.config['BASE_URL']}/  (data in {folder}; Ctrl-C stops it)")
    if app.config["DEVELOPMENT"]:
        print(f"Mails arrive at {app.config['BASE_URL']}/dev/mailbox")
    if accounts:
        print(f"Demo accounts, all with the password {password}")
        for account in accounts:
            print(f"  {account.role:<12} {account.email:<32} {account.name}")
    sys.stdout.flush()
    serve(app, asked.host, asked.port, keeper)


if __name__ == "__main__":
    main()
