"""Files, addressed by the SHA-256 of their content; a file is whole on disk before anybody hears its name."""

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

CHUNK = 1024 * 1024
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SPARE = 64 * 1024 * 1024  # bytes that uploads leave free, for the database to write what people submit


class TooLarge(Exception):  # noqa: N818 - a refusal, not a fault
    """The stream went past the limit; nothing was kept."""


class DiskFull(OSError):  # noqa: N818 - says what is the case
    """There is no room on the disk; nothing that was stored before has changed."""


@contextmanager
def told_when_full() -> Iterator[None]:
    """Raise DiskFull for the errors of a full disk, so that whoever asked can say so in a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL and not isinstance(error, DiskFull):
            raise DiskFull(*error.args) from error
        raise


@dataclass(frozen=True)
class StoredContent:
    sha256: str
    size: int
    head: bytes  # the first bytes, for telling the kind of file


class Storage(Protocol):
    """Where the content of files lies; implemented by a folder here, and by S3-compatible stores behind the same verbs."""

    def save(self, stream: IO[bytes], *, max_bytes: int) -> StoredContent: ...
    def adopt(self, path: Path) -> StoredContent: ...
    def has_room(self, size: int) -> bool: ...
    def open(self, sha256: str) -> IO[bytes]: ...
    def exists(self, sha256: str) -> bool: ...
    def delete(self, sha256: str) -> None: ...
    def read_chunks(self, sha256: str) -> Iterator[bytes]: ...
    def older_than(self, seconds: float) -> dict[str, int]: ...
    def delete_unless_younger(self, sha256: str, seconds: float) -> bool: ...
    def leftovers(self, seconds: float) -> list[Path]: ...


class FolderStorage:
    """Files in a folder: written to a temporary name, fsynced, renamed. The same content is stored once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256

    def save(self, stream: IO[bytes], *, max_bytes: int) -> StoredContent:
        """Store all of `stream`. Raises TooLarge past `max_bytes`, DiskFull where there is no room; neither leaves a trace."""
        temporary = self._temporary()
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            with told_when_full(), temporary.open("xb") as out:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > max_bytes:
                        raise TooLarge
                    head = head or chunk[:8192]
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            sha256 = digest.hexdigest()
            self._give_name(temporary, sha256)
        finally:
            temporary.unlink(missing_ok=True)
        return StoredContent(sha256, size, head)

    def adopt(self, path: Path) -> StoredContent:
        """Store the whole file at `path`, which lies on the same disk, without copying it: it is read once, for its hash.

        The file stays where it is under a second name, and must not be written to any more. Raises DiskFull.
        """
        digest, size, head = hashlib.sha256(), 0, b""
        temporary = self._temporary()
        try:
            with told_when_full(), path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    size += len(chunk)
                    head = head or chunk[:8192]
                    digest.update(chunk)
                os.fsync(file.fileno())
                os.utime(path)  # the sweep leaves alone what is young, whenever its last byte came
                os.link(path, temporary)
            self._give_name(temporary, digest.hexdigest())
        finally:
            temporary.unlink(missing_ok=True)
        return StoredContent(digest.hexdigest(), size, head)

    def has_room(self, size: int) -> bool:
        """Whether `size` more bytes leave the disk enough to breathe."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free >= size + SPARE

    def _temporary(self) -> Path:
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        return incoming / secrets.token_hex(16)

    def _give_name(self, temporary: Path, sha256: str) -> None:
        final = self.path(sha256)
        with told_when_full():
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(final)
            _sync_folder(final.parent)

    def open(self, sha256: str) -> IO[bytes]:
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> dict[str, int]:
        """What was stored at least so long ago: each hash with its size."""
        until = time.time() - seconds
        found = {}
        for path in self.root.glob("??/*"):
            try:
                kept = path.stat()
            except FileNotFoundError:
                continue
            if len(path.name) == 64 and kept.st_mtime < until:
                found[path.name] = kept.st_size
        return found

    def delete_unless_younger(self, sha256: str, seconds: float) -> bool:
        """Delete what was stored at least so long ago; False where somebody stored the same content again meanwhile.

        The file is taken aside before its age is looked at, so that a save between the look and the removal loses nothing.
        """
        aside = self._temporary()
        try:
            self.path(sha256).rename(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime < time.time() - seconds:
            aside.unlink()
            return True
        self._give_name(aside, sha256)
        return False

    def leftovers(self, seconds: float) -> list[Path]:
        """What a crash left behind in the middle of a save, so long ago that nobody can be writing it any more."""
        until = time.time() - seconds
        incoming = self.root / "incoming"
        paths = (path for path in (incoming.iterdir() if incoming.exists() else ()) if path.is_file())
        return [path for path in paths if path.stat().st_mtime < until]

    def read_chunks(self, sha256: str) -> Iterator[bytes]:
        with self.open(sha256) as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _sync_folder(folder: Path) -> None:
    """The rename itself survives a power cut only once the folder is synced too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
