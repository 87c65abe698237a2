"""Files that are still on their way: each grows in a folder of its own until it is whole, and survives whatever cuts it short.

The file on disk is the truth about how much has arrived. What was written before a crash of the process is there afterwards;
a power cut takes at most what came after the last fsync, and the file is that much shorter.
"""

import fcntl
import hmac
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import UUID

from app.core.storage import told_when_full

PIECE = 256 * 1024  # bytes held in memory at a time


class PartGone(Exception):  # noqa: N818 - says what is the case
    """There is no such file on its way any more."""


class PartBusy(Exception):  # noqa: N818 - as above
    """Another request writes to this file at the moment."""


class WrongChecksum(Exception):  # noqa: N818 - as above
    """What arrived is not what was sent; nothing of it was kept."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Checksum:
    """What a piece should hash to; `start` makes the hash ("sha256" of hashlib)."""

    start: Callable[[], Any]
    expected: bytes


class Part:
    """One file on its way, held so that nobody else writes to it."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path, self.file = path, file

    @property
    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def append(self, stream: Readable, *, most: int, checksum: Checksum | None = None) -> int:
        """Write what `stream` gives, at most `most` bytes, behind what is there, and sync it; returns the new size.

        A stream that breaks off raises what it raises, and what came before that is kept, except where a checksum was to
        cover it. Raises WrongChecksum and DiskFull.
        """
        before = self.size
        digest = checksum.start() if checksum else None
        self.file.seek(before)
        whole = False
        try:
            with told_when_full():
                left = most
                while left > 0 and (piece := stream.read(min(left, PIECE))):
                    self.file.write(piece)
                    left -= len(piece)
                    if digest is not None:
                        digest.update(piece)
                self.file.flush()
            if digest is not None and checksum and not hmac.compare_digest(digest.digest(), checksum.expected):
                raise WrongChecksum
            whole = True
        finally:
            if not whole and checksum is not None:
                self.file.truncate(before)
            with told_when_full():
                os.fsync(self.file.fileno())
        return self.size


class PartFiles:
    """The folder of files on their way, one for each id."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, part_id: UUID) -> Path:
        return self.root / part_id.hex

    def create(self, part_id: UUID) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with told_when_full():
            self.path(part_id).open("xb").close()

    def size(self, part_id: UUID) -> int | None:
        """How much has arrived; None where there is no such file."""
        try:
            return self.path(part_id).stat().st_size
        except FileNotFoundError:
            return None

    @contextmanager
    def hold(self, part_id: UUID) -> Iterator[Part]:
        """The file, locked against every other process and thread. Raises PartGone and PartBusy."""
        path = self.path(part_id)
        try:
            # Unbuffered, so that the process holds no more than the piece at hand and a crash of it loses nothing written.
            file = path.open("r+b", buffering=0)
        except FileNotFoundError:
            raise PartGone from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PartBusy from None
            if os.fstat(file.fileno()).st_nlink == 0:  # removed between opening and locking
                raise PartGone
            yield Part(path, file)

    def remove(self, part_id: UUID) -> None:
        """Forget the file; whoever is writing to it writes into the void."""
        self.path(part_id).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> list[UUID]:
        """The files that nobody has written to for so long."""
        found = []
        until = time.time() - seconds
        for path in self.root.glob("*") if self.root.exists() else ():
            try:
                if path.stat().st_mtime < until:
                    found.append(UUID(hex=path.name))
            except (FileNotFoundError, ValueError):  # gone meanwhile, or no part of ours
                continue
        return found
