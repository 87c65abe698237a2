"""One application and one database for each test process; every test begins with empty tables and a clock of its own.

TEST_DATABASE_URL names a PostgreSQL server's database to run on; without it the tests run on SQLite.
"""

import gc
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

FOLDER = Path(tempfile.mkdtemp(prefix="madang-tests-"))
os.environ["MADANG_DATA"] = str(FOLDER)
os.environ["MADANG_DEVELOPMENT"] = "1"
os.environ.pop("DATABASE_URL", None)
os.environ.pop("BROKER_URL", None)
os.environ.pop("REDIS_URL", None)

from app import create_app  # noqa: E402 - reads the environment set above
from app.accounts.models import User  # noqa: E402
from app.core.database import Base, db, writes  # noqa: E402
from config import Config  # noqa: E402

START = datetime(2022, 9, 20, 5, 12, tzinfo=UTC)  # 14:12 in Seoul, three days before the sample's close


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **amount: float) -> datetime:
        self.time += timedelta(**amount)
        return self.time


def _create_database(url: str) -> None:
    parsed = sa.make_url(url)
    server = sa.create_engine(parsed.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{parsed.database}"'))
    server.dispose()


def _drop_database(url: str) -> None:
    parsed = sa.make_url(url)
    server = sa.create_engine(parsed.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)'))
    server.dispose()


def _forget_the_last_request() -> None:
    for name in ("_login_user", "_flask_babel"):
        g.pop(name, None)


@lru_cache(maxsize=4096)
def _filled_by(statement: str) -> str | None:
    """The table that a statement puts rows into."""
    found = re.match(r"\s*(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?INTO\s+\W?(\w+)", statement, re.IGNORECASE)
    return found[1] if found else None


def _empty(filled: set[str]) -> None:
    """Take the rows out of the tables that got some; to ask all of them each time would take longer than most tests do."""
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in filled:
                connection.execute(table.delete())
    filled.clear()


@pytest.fixture(scope="session")
def filled(app: Flask) -> Iterator[set[str]]:
    """The tables that have got rows since they were last emptied; in the end none may hold any that went unnoticed."""
    names: set[str] = set()

    def note(_connection, _cursor, statement, *_rest) -> None:
        if (name := _filled_by(statement)) is not None:
            names.add(name)

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
        yield names
        left = [
            t.name
            for t in Base.metadata.sorted_tables
            if db.session.scalar(sa.select(sa.literal(1)).select_from(t).limit(1))
        ]
        assert left == [], "rows came in by a way that _filled_by does not see"


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    server = os.environ.get("TEST_DATABASE_URL")
    config = Config()
    if server:
        url = f"{server.rstrip('/')}/madang_test_{secrets.token_hex(4)}"
        _create_database(url)
        config.SQLALCHEMY_DATABASE_URI = url
    config.TESTING = True  # type: ignore[attr-defined]
    config.WTF_CSRF_ENABLED = False  # type: ignore[attr-defined] # asked for where it is the subject
    config.RATELIMIT_ENABLED = False
    application = create_app(config, clock=FixedClock())
    # A test's requests share its application context; who asked before, and in which language, must not stay in it.
    application.before_request_funcs.setdefault(None, []).insert(0, _forget_the_last_request)
    application.teardown_request(lambda _error: _forget_the_last_request())
    with application.app_context():
        if not server:
            sa.event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
        Base.metadata.create_all(db.engine)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    if server:
        _drop_database(url)


@pytest.fixture(autouse=True)
def clock(app: Flask) -> FixedClock:
    fixed: FixedClock = app.extensions["clock"]
    fixed.time = START
    return fixed


@pytest.fixture(autouse=True)
def _database(app: Flask, filled: set[str]) -> Iterator[None]:
    """An application context around the test, and empty tables after it."""
    context = app.app_context()
    context.push()
    # The test's own session reads without SQLite's write lock, which would lock out the requests that the test makes.
    # After a request has written, begin anew (`db.session.commit()` or `rollback()`) before writing in the test itself.
    token = writes.set(False)
    yield
    writes.reset(token)
    db.session.remove()
    _empty(filled)
    context.pop()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def browse_as(app: Flask) -> Callable[[User | None], FlaskClient]:
    """A browser of its own for a person who is signed in, or for a visitor (None)."""

    def open_browser(user: User | None) -> FlaskClient:
        browser = app.test_client()
        if user is not None:
            db.session.commit()
            with browser.session_transaction() as session:
                session["_user_id"] = user.get_id()
                session["_fresh"] = True
        return browser

    return open_browser


class StatementCounter:
    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def statements(app: Flask) -> Iterator[StatementCounter]:
    """The SQL statements since the test cleared the list (`statements.statements.clear()`), transactions' ends left out."""
    counter = StatementCounter()

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            counter.statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield counter
    sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True, scope="session")
def _few_looks_for_rubbish(app: Flask) -> None:
    """What the application is made of stays to the end; looking through it again and again takes a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
