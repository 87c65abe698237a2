import hashlib
import io
import os
from pathlib import Path

import pytest

from app.core.storage import CHUNK, FolderStorage, TooLarge


def files_below(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file()]


def test_saved_content_is_found_by_its_hash(tmp_path):
    storage = FolderStorage(tmp_path)
    stored = storage.save(io.BytesIO(b"proposal"), max_bytes=100)
    assert stored.sha256 == hashlib.sha256(b"proposal").hexdigest()
    assert (stored.size, stored.head) == (8, b"proposal")
    assert b"".join(storage.read_chunks(stored.sha256)) == b"proposal"


def test_same_content_is_stored_once(tmp_path):
    storage = FolderStorage(tmp_path)
    for _ in range(3):
        storage.save(io.BytesIO(b"x" * (CHUNK + 1)), max_bytes=10 * CHUNK)
    assert len(files_below(tmp_path)) == 1


def test_too_large_leaves_no_trace(tmp_path):
    storage = FolderStorage(tmp_path)
    with pytest.raises(TooLarge):
        storage.save(io.BytesIO(b"12345"), max_bytes=4)
    assert files_below(tmp_path) == []


def test_exactly_the_limit_is_taken(tmp_path):
    assert FolderStorage(tmp_path).save(io.BytesIO(b"1234"), max_bytes=4).size == 4


def test_a_full_disk_leaves_no_trace(tmp_path, monkeypatch):
    storage = FolderStorage(tmp_path)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        storage.save(io.BytesIO(b"proposal"), max_bytes=100)
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_a_name_that_is_no_hash_opens_nothing(tmp_path, name):
    with pytest.raises(ValueError, match="not a SHA-256"):
        FolderStorage(tmp_path).open(name)
