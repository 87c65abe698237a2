import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.zipstream import LONGEST_PART, Member, UniquePaths, path_part, stream_zip

MOMENT = datetime(2022, 9, 20, 14, 12, tzinfo=UTC)


def test_a_zip_is_read_back_as_it_was_written():
    members = [Member("가/나.pdf", MOMENT, 6, [b"abc", b"def"]), Member("빈.txt", MOMENT, 0, [])]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream_zip(members))))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {"가/나.pdf": b"abcdef", "빈.txt": b""}


def test_what_is_past_the_old_limits_takes_64_bit_numbers(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    members = [Member(f"{n}.bin", MOMENT, 3000, [b"x" * 1500, b"y" * 1500]) for n in range(3)]
    data = b"".join(stream_zip(members))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert b"PK\x06\x06" in data
    assert archive.read("2.bin") == b"x" * 1500 + b"y" * 1500


def test_the_first_piece_comes_before_any_content_is_read():
    def content():
        raise AssertionError("read too early")
        yield b""

    assert next(stream_zip([Member("a", MOMENT, 1, content())])).startswith(b"PK\x03\x04")


def test_a_member_that_breaks_off_leaves_no_whole_zip():
    def content():
        yield b"half"
        raise OSError("the disk is gone")

    received = []
    with pytest.raises(OSError, match="the disk"):
        received.extend(stream_zip([Member("a", MOMENT, 8, content())]))
    assert not zipfile.is_zipfile(io.BytesIO(b"".join(received)))


@given(st.lists(st.text(max_size=300), min_size=1, max_size=3))
def test_any_text_makes_one_short_part_of_a_path(texts):
    part = path_part("SF-001", *texts)
    assert part
    assert part not in (".", "..")
    assert len(part.encode()) <= LONGEST_PART
    assert not set(part) & set('/\\:*?"<>|\r\n\0')
    assert part == part.strip(". ")


@given(st.lists(st.sampled_from(["a.pdf", "A.PDF", "a (2).pdf", "b", "B"]), max_size=12))
def test_no_path_is_given_twice(names):
    paths = UniquePaths()
    given_paths = [paths.give("폴더", name).casefold() for name in names]
    assert len(set(given_paths)) == len(names)
