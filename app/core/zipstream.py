"""A zip that is sent while it is written: nothing is kept but the list of its members, whatever their sizes."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, cast

from app.core.filetypes import safe_filename

LONGEST_PART = 180  # bytes of a folder's or a file's name: most file systems stop at 255, and others will add to it


@dataclass(frozen=True)
class Member:
    """One file: its path with "/", a moment of the wall clock, its size as far as known, and its content in pieces."""

    path: str
    moment: datetime
    size: int
    chunks: Iterable[bytes]


class _Pipe:
    """What the zip writer takes for a file that cannot be sought; holds what was written until it is taken."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def stream_zip(members: Iterable[Member]) -> Iterator[bytes]:
    """The zip of `members`, stored as they are (documents are packed already), in pieces as they come.

    Names are marked as UTF-8. Where a member cannot be read the stream breaks off before the zip's list of members, so
    that nobody takes a part for the whole.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(cast("IO[bytes]", pipe), "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for member in members:
            moment = member.moment
            entry = zipfile.ZipInfo(member.path, (max(1980, moment.year), *moment.timetuple()[1:6]))
            entry.file_size = member.size  # a hint, from which the writer tells whether it takes 64-bit numbers
            entry.external_attr = 0o100644 << 16
            with archive.open(entry, "w") as out:
                yield pipe.take()  # the head at once: whoever waits sees that it has begun
                for chunk in member.chunks:
                    out.write(chunk)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()


def path_part(*texts: str) -> str:
    """One folder's or file's name out of texts that may be hostile, joined by "_"; no path, short, Korean as it is."""
    name = safe_filename("_".join(text.replace("/", " ").replace("\\", " ").strip() for text in texts))
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    room = LONGEST_PART - len(f".{ending}".encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem}.{ending}" if ending else stem


class UniquePaths:
    """Gives each path once, whatever the case of its letters: the second "a.pdf" becomes "a (2).pdf"."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def give(self, folder: str, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        if not dot:
            stem, ending = name, ""
        path, number = f"{folder}/{name}", 1
        while path.casefold() in self.given:
            number += 1
            path = f"{folder}/{stem} ({number}){dot}{ending}"
        self.given.add(path.casefold())
        return path
