import errno
import hashlib
import io
import os
import threading
import uuid

import pytest

from app.core.incoming import PIECE, Checksum, PartBusy, PartFiles, PartGone, WrongChecksum
from app.core.storage import DiskFull

ID = uuid.UUID(int=1)


@pytest.fixture
def parts(tmp_path):
    files = PartFiles(tmp_path / "parts")
    files.create(ID)
    return files


class Broken:
    """A stream that breaks off after `content`."""

    def __init__(self, content: bytes) -> None:
        self.left = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        if piece := self.left.read(size):
            return piece
        raise ConnectionResetError


def append(parts, content, **values) -> int:
    with parts.hold(ID) as part:
        return part.append(io.BytesIO(content), most=10**9, **values)


def test_pieces_follow_each_other(parts):
    assert append(parts, b"one ") == 4
    assert append(parts, b"two") == 7
    assert parts.path(ID).read_bytes() == b"one two"
    assert parts.size(ID) == 7


def test_no_more_than_the_most_is_taken(parts):
    with parts.hold(ID) as part:
        assert part.append(io.BytesIO(b"12345"), most=3) == 3


def test_what_came_before_a_break_stays(parts):
    content = bytes(PIECE) + b"tail"
    with parts.hold(ID) as part, pytest.raises(ConnectionResetError):
        part.append(Broken(content), most=10**9)
    assert parts.path(ID).read_bytes() == content


def test_a_piece_with_a_checksum_is_taken_whole_or_not_at_all(parts):
    append(parts, b"good")
    with pytest.raises(WrongChecksum):
        append(parts, b"bad", checksum=Checksum(hashlib.sha256, b"x" * 32))
    with parts.hold(ID) as part, pytest.raises(ConnectionResetError):
        part.append(Broken(b"half"), most=10**9, checksum=Checksum(hashlib.sha256, b"x" * 32))
    assert parts.path(ID).read_bytes() == b"good"
    assert append(parts, b" too", checksum=Checksum(hashlib.sha256, hashlib.sha256(b" too").digest())) == 8


def test_two_never_write_at_once(parts):
    refused = []

    def other():
        try:
            with parts.hold(ID):
                pass
        except PartBusy:
            refused.append(True)

    with parts.hold(ID):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == [True]
    other()
    assert refused == [True]


def test_what_was_removed_is_gone(parts):
    parts.remove(ID)
    parts.remove(ID)
    assert parts.size(ID) is None
    with pytest.raises(PartGone), parts.hold(ID):
        pass


def test_a_full_disk_is_told_and_keeps_what_was_there(parts, monkeypatch):
    append(parts, b"before")

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            append(parts, b"after")
    assert parts.path(ID).read_bytes().startswith(b"before")


def test_only_what_is_old_is_listed(parts):
    (parts.root / "not-ours").touch()
    assert parts.older_than(60) == []
    os.utime(parts.path(ID), (1, 1))
    os.utime(parts.root / "not-ours", (1, 1))
    assert parts.older_than(60) == [ID]
    assert PartFiles(parts.root / "nowhere").older_than(60) == []
