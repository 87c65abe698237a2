"""How often one account or one address may try, counted for all processes of this machine together."""

import hashlib
import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from limits.storage import Storage

log = structlog.get_logger()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def posted_email() -> str:
    """The account that a form names, however it is written, so that many addresses cannot try one account."""
    return "email:" + request.form.get("email", "").strip().casefold()


@dataclass(frozen=True)
class Throttle:
    """So many tries at one thing, for each account and for each network address (an office shares one).

    Rates are written "10 per 15 minutes".
    """

    name: str
    per_account: str
    per_address: str

    def hit(self, account: str) -> timedelta | None:
        """Count one try; how long to wait where it is one too many, else None.

        A store that is away lets people in: it would otherwise lock everybody out.
        """
        if not limiter.enabled:
            return None
        try:
            return self._count(account)
        except limiter.storage.base_exceptions as error:
            log.warning("limits.away", throttle=self.name, error=repr(error))
            return None

    def _count(self, account: str) -> timedelta | None:
        waits = [
            _wait(rate, *key)
            for rate, *key in (
                (parse(self.per_account), *self._account(account)),
                (parse(self.per_address), *self._here()),
            )
            if not limiter.limiter.hit(rate, *key)
        ]
        return max(waits, default=None)

    def forget(self, account: str) -> None:
        """Begin anew for an account whose owner has proved to be there."""
        if not limiter.enabled:
            return
        try:
            limiter.limiter.clear(parse(self.per_account), *self._account(account))
        except limiter.storage.base_exceptions as error:
            log.warning("limits.away", throttle=self.name, error=repr(error))

    def _account(self, account: str) -> tuple[str, str, str]:
        digest = hashlib.sha256(account.strip().casefold().encode()).hexdigest()[:32]  # the store holds no addresses
        return self.name, "account", digest

    def _here(self) -> tuple[str, str, str]:
        return self.name, "address", get_remote_address()


def _wait(rate: RateLimitItem, *key: str) -> timedelta:
    stats = limiter.limiter.get_window_stats(rate, *key)
    return timedelta(seconds=max(1, math.ceil(stats.reset_time - time.time())))


class FileStorage(Storage):
    """Counters in a small SQLite file that all processes of one machine share (`shared-file:///path`); losing it costs nothing."""

    STORAGE_SCHEME = ["shared-file"]  # noqa: RUF012 - as the base class names it
    SWEEP_EVERY = 3600.0  # seconds between two removals of what has run out

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self.path = Path((uri or "").removeprefix("shared-file://"))
        self.next_sweep = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=5, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS tries (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL)"
            )
            yield connection

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        with self._open() as connection:
            if now >= self.next_sweep:
                self.next_sweep = now + self.SWEEP_EVERY
                connection.execute("DELETE FROM tries WHERE ends <= ?", (now,))
            row = connection.execute(
                "INSERT INTO tries VALUES (:key, :amount, :ends) ON CONFLICT (key) DO UPDATE SET"
                " count = CASE WHEN ends <= :now THEN :amount ELSE count + :amount END,"
                " ends = CASE WHEN ends <= :now THEN :ends ELSE ends END RETURNING count",
                {"key": key, "amount": amount, "ends": now + expiry, "now": now},
            ).fetchone()
        return int(row[0])

    def get(self, key: str) -> int:
        with self._open() as connection:
            row = connection.execute(
                "SELECT count FROM tries WHERE key = ? AND ends > ?", (key, time.time())
            ).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        with self._open() as connection:
            row = connection.execute("SELECT ends FROM tries WHERE key = ?", (key,)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        with self._open():
            return True

    def reset(self) -> int | None:
        with self._open() as connection:
            return connection.execute("DELETE FROM tries").rowcount

    def clear(self, key: str) -> None:
        with self._open() as connection:
            connection.execute("DELETE FROM tries WHERE key = ?", (key,))
