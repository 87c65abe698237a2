"""Files, addressed by the SHA-256 of their content; a file is whole on disk before anybody hears its name."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

CHUNK = 1024 * 1024


class TooLarge(Exception):  # noqa: N818 - a refusal, not a fault
    """The stream went past the limit; nothing was kept."""


@dataclass(frozen=True)
class StoredContent:
    sha256: str
    size: int
    head: bytes  # the first bytes, for telling the kind of file


class Storage(Protocol):
    """Where the content of files lies; implemented by a folder here, and by S3-compatible stores behind the same verbs."""

    def save(self, stream: IO[bytes], *, max_bytes: int) -> StoredContent: ...
    def open(self, sha256: str) -> IO[bytes]: ...
    def exists(self, sha256: str) -> bool: ...
    def delete(self, sha256: str) -> None: ...
    def read_chunks(self, sha256: str) -> Iterator[bytes]: ...


class FolderStorage:
    """Files in a folder: written to a temporary name, fsynced, renamed. The same content is stored once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256

    def save(self, stream: IO[bytes], *, max_bytes: int) -> StoredContent:
        """Store all of `stream`. Raises TooLarge past `max_bytes`, OSError where the disk is full; neither leaves a trace."""
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        temporary = incoming / secrets.token_hex(16)
        digest, size, head = hashlib.sha256(), 0, b""
        try:
            with temporary.open("xb") as out:
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
            final = self.path(sha256)
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(final)
            _sync_folder(final.parent)
        finally:
            temporary.unlink(missing_ok=True)
        return StoredContent(sha256, size, head)

    def open(self, sha256: str) -> IO[bytes]:
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

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
