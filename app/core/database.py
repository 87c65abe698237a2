"""The database's base: types, naming of constraints, and how each of the two databases is opened."""

import enum
import os
import sqlite3
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column

from app.core.canonical import write_json

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


def table_of(model: type[Base]) -> sa.Table:
    """The model's table, for what is written by hand because it is written with every change."""
    return cast("sa.Table", model.__table__)


db = SQLAlchemy(model_class=Base, engine_options={"json_serializer": write_json})

__all__ = ["Base", "MappedAsDataclass", "db"]


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. Stored in UTC, given back in UTC; a value without a time zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A decimal number with at most `scale` places, exact on both databases (SQLite holds it as a scaled integer)."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        exact = Decimal(value)
        scaled = exact.scaleb(self.scale)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimal places")
        return int(scaled) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


E = TypeVar("E", bound=enum.Enum)


def enum_column(kind: type[E], *, length: int = 32) -> sa.Enum:
    """The column type of an enum, which stores the value (not the name) and holds it to the enum's values by CHECK."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=length,
        name=kind.__name__.lower(),
    )


Json = sa.JSON().with_variant(JSONB(), "postgresql")
Score = ExactDecimal(7, 2)

# Keys sort by time, so that new rows stand together on disk and in lists.
UuidKey = Annotated[uuid.UUID, mapped_column(sa.Uuid, primary_key=True, default=lambda: new_id())]  # noqa: PLW0108 - defined further down


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    random = int.from_bytes(os.urandom(10))
    bits = (
        (milliseconds << 80) | (0x7 << 76) | ((random >> 62 & 0xFFF) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    )
    return uuid.UUID(int=bits)


# Whether the transaction that begins next will write. SQLite then takes its write lock at once: a reader that turned
# into a writer halfway would be refused instead of waiting its turn.
writes: ContextVar[bool] = ContextVar("writes", default=True)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read as of one moment, however many statements it takes, and keep no writer waiting meanwhile.

    Ends the transaction that stands and, at the end, its own; for requests that read much before they write a little.
    """
    db.session.rollback()
    before = writes.set(False)
    try:
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
    finally:
        db.session.rollback()
        writes.reset(before)


def begin_writing(*, keep: bool = False) -> None:
    """End the transaction that stands: the next one, to the end of the request, may write.

    With `keep`, what was read stays in memory as it was; whoever then writes has to look under a lock whether it still holds.
    """
    if keep:
        session = db.session()
        if session.new or session.dirty or session.deleted:
            raise RuntimeError("something was changed in a transaction that only reads")
        session.expire_on_commit = False
        try:
            session.commit()
        finally:
            session.expire_on_commit = True
    else:
        db.session.rollback()
    writes.set(True)


PATIENCE = 15.0  # seconds that a writer waits for its turn
BUSY = "database is locked"


class Turn:
    """Whose turn it is to write, among the threads of this process: first come, first served.

    SQLite lets writers of all threads and processes look again and again, each after ever longer naps, and whoever looks at
    the right moment is next: with thirty of them some wait for half a second while the lock lies idle. Here one of each process looks,
    and looks often.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, timeout: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over in the last moment

    def give_back(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def prepare_engine(engine: sa.Engine) -> None:
    """Open SQLite as the architecture says: WAL, full synchronisation, foreign keys, a patient lock, writers first."""
    if engine.dialect.name != "sqlite":
        return
    turn = Turn()
    os.register_at_fork(after_in_child=turn.__init__)  # type: ignore[misc] # whose turn it was is the parent's affair

    @sa.event.listens_for(engine, "connect")
    def _open(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={int(PATIENCE * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if not writes.get():
            connection.exec_driver_sql("BEGIN")
            return
        until = time.monotonic() + PATIENCE
        if turn.take(PATIENCE):
            connection.info["turn"] = True
        _begin_to_write(connection, until)

    @sa.event.listens_for(engine, "checkin")
    def _end(_connection: object, record: Any) -> None:
        if record.info.pop("turn", False):
            turn.give_back()


def _begin_to_write(connection: sa.Connection, until: float) -> None:
    """Take SQLite's lock, looking every half a millisecond for the end of another process's turn."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if BUSY not in str(error) or time.monotonic() >= until:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises it as errors of the database are raised
                    return
                time.sleep(0.0005)
            else:
                return
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")


def sqlite_path(url: str) -> Path | None:
    """The file behind an SQLite address, or None for another database."""
    parsed = sa.make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
