"""Stored files that nothing names any more, found by looking through everything that could name one.

Any text or JSON in any table that holds a file's hash keeps the file: a document, a frozen submission, a version of a draft, a
job that waits. So a new table needs no word here. Only the trail does not keep files: it names them for ever.
"""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.database import Base, db
from app.core.storage import Storage

OLD = 24 * 3600.0  # seconds: a save whose transaction has not ended by then has none
UNKEEPING = frozenset({"audit_events", "audit_personal", "audit_head"})
HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
ROWS = 500


@dataclass(frozen=True)
class Swept:
    """What a sweep took away, or would: stored files by hash with their sizes, and leftovers of broken saves."""

    files: dict[str, int]
    leftovers: int

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


def sweep_storage(storage: Storage, *, dry_run: bool, old: float = OLD) -> Swept:
    """Delete what is older than `old` seconds and named nowhere; only count it in a dry run.

    The files are listed before the tables are read: what is named by then is seen, and what is stored again later is young.
    """
    orphans = storage.older_than(old)
    if orphans:
        for sha256 in _named(set(orphans)):
            del orphans[sha256]
    leftovers = storage.leftovers(old)
    if dry_run:
        return Swept(orphans, len(leftovers))
    swept = {sha256: size for sha256, size in orphans.items() if storage.delete_unless_younger(sha256, old)}
    for path in leftovers:
        path.unlink(missing_ok=True)
    return Swept(swept, len(leftovers))


def _named(hashes: set[str]) -> set[str]:
    """Those of `hashes` that stand anywhere in the database; one statement for each table with text in it."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if _holds_text(column)]
        if table.name in UNKEEPING or not columns:
            continue
        query = sa.select(*(sa.cast(column, sa.Text) for column in columns)).execution_options(yield_per=ROWS)
        with db.session.execute(query) as rows:
            for row in rows:
                for text in filter(None, row):
                    found.update(name for name in HASH.findall(text) if name in hashes)
    return found


def _holds_text(column: sa.Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, sa.Enum):
        return False
    return isinstance(kind, sa.JSON) or (isinstance(kind, sa.String) and (kind.length is None or kind.length >= 64))
