import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import filetypes
from app.core.filetypes import FileFault, FileRefused, ending_of, kind_for_ending, safe_filename, tell_kind
from tests.files import HWP, JPEG, OFFICE_MAIN, PDF, PNG, compound_file, office, zipped


def told(content: bytes) -> str:
    file = io.BytesIO(content)
    file.seek(3)
    kind = tell_kind(file)
    assert file.tell() == 0
    return kind.code


def fault(content: bytes) -> FileFault:
    with pytest.raises(FileRefused) as refused:
        tell_kind(io.BytesIO(content))
    return refused.value.fault


HWPX = zipped({"mimetype": b"application/hwp+zip", "Contents/content.hpf": b"<x/>", "Contents/section0.xml": b"<x/>"})


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("pdf", PDF),
        ("png", PNG),
        ("jpg", JPEG),
        ("jpg", JPEG + b"\x00\x00\x00\x18ftypmp42 a moving picture of a phone"),
        ("hwp", HWP),
        ("hwp", compound_file("FileHeader", b"HWP Document File" + bytes(5000))),
        ("hwpx", HWPX),
        ("docx", office("docx")),
        ("xlsx", office("xlsx")),
        ("pptx", office("pptx")),
    ],
)
def test_each_kind_is_told_by_its_content(code, content):
    assert told(content) == code


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", FileFault.EMPTY),
        (b"hello", FileFault.UNKNOWN),
        (b"MZ\x90\x00 a program", FileFault.UNKNOWN),
        (b"<html><script>alert(1)</script>", FileFault.UNKNOWN),
        (b"\n%PDF-1.7 begins late %%EOF", FileFault.UNKNOWN),
        (b"%PDF-1.7 and no end", FileFault.BROKEN),
        (PNG[:-4], FileFault.BROKEN),
        (PNG + b"something behind", FileFault.BROKEN),
        (b"\xff\xd8\xff\xe0 cut off", FileFault.BROKEN),
        (compound_file("WordDocument", b"\xec\xa5\xc1\x00"), FileFault.UNKNOWN),
        (HWP[:700], FileFault.BROKEN),
        (zipped({"readme.txt": b"x"}), FileFault.UNKNOWN),
        (office("docx")[:-10], FileFault.BROKEN),
        (zipped({OFFICE_MAIN["docx"]: b"<x/>"}), FileFault.BROKEN),
        (zipped({"mimetype": b"application/hwp+zip"}), FileFault.BROKEN),
        (office("docx", {"../../evil.xml": b"x"}), FileFault.BROKEN),
        (office("docx", {"/etc/passwd": b"x"}), FileFault.BROKEN),
        (office("docx", {"word/vbaProject.bin": b"x"}), FileFault.MACROS),
        (office("docx", {OFFICE_MAIN["xlsx"]: b"x"}), FileFault.TWO_KINDS),
        (PDF + office("docx"), FileFault.TWO_KINDS),
        (PDF.replace(b"%%EOF", office("docx") + b"%%EOF"), FileFault.TWO_KINDS),
        (PNG[:8] + b"%PDF-1.4" + PNG[8:], FileFault.TWO_KINDS),
        (JPEG + office("xlsx"), FileFault.TWO_KINDS),
        (b"PK\x03\x04" + PDF + office("docx"), FileFault.TWO_KINDS),
        (office("docx") + PDF, FileFault.TWO_KINDS),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_fault(content, expected):
    assert fault(content) is expected


def test_a_zip_bomb_is_refused_unopened():
    assert fault(office("xlsx", {"xl/worksheets/sheet1.xml": bytes(60_000_000)})) is FileFault.BOMB


def test_members_that_share_bytes_are_refused():
    whole = bytearray(office("docx", {"a.xml": b"a" * 50, "b.xml": b"b" * 50}))
    first, second = (whole.rindex(b"PK\x01\x02", 0, whole.rindex(name)) for name in (b"a.xml", b"b.xml"))
    whole[second + 42 : second + 46] = whole[first + 42 : first + 46]
    assert fault(bytes(whole)) is FileFault.BOMB


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(filetypes, "MOST_MEMBERS", 3)
    assert fault(office("docx", {"a": b"", "b": b""})) is FileFault.BOMB


def _with_a_pointer_to_64_bits(content: bytes) -> bytes:
    end = content.rindex(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def test_a_long_list_of_members_is_refused_unread(monkeypatch):
    """A million members fit into an upload, and reading their list takes a gigabyte."""
    whole = office("docx", {f"{n}.xml": b"" for n in range(5)})
    monkeypatch.setattr(filetypes, "MOST_DIRECTORY", 300)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert fault(whole) is FileFault.BOMB
    assert fault(whole[:-2] + b"\x09\x00a comment") is FileFault.BOMB
    monkeypatch.setattr(filetypes, "MOST_DIRECTORY", 4_000_000)
    assert fault(_with_a_pointer_to_64_bits(whole)) is FileFault.BOMB


def test_a_chain_of_sectors_without_an_end_is_refused():
    looped = bytearray(HWP)
    struct.pack_into("<I", looped, 512 + 4, 1)  # the directory's sector follows itself
    assert fault(bytes(looped)) is FileFault.BROKEN


@given(st.binary(max_size=3000))
def test_no_content_breaks_the_reader(content):
    for start in (b"", b"PK\x03\x04", HWP[:600], b"%PDF-", b"\xff\xd8\xff"):
        with suppress(FileRefused):
            tell_kind(io.BytesIO(start + content))


@given(st.integers(0, len(HWP) - 1), st.integers(0, 255))
def test_no_changed_byte_of_a_compound_file_breaks_the_reader(at, value):
    changed = bytearray(HWP)
    changed[at] = value
    with suppress(FileRefused):
        assert tell_kind(io.BytesIO(changed)).code == "hwp"


def test_a_zip_without_its_own_start_is_refused():
    buffer = io.BytesIO(b"#!/bin/sh\n")
    buffer.seek(0, 2)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("x", b"x")
    assert fault(buffer.getvalue()) is FileFault.UNKNOWN


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("제안서_두레신용.pdf", "제안서_두레신용.pdf"),
        ("../../x.pdf", "x.pdf"),
        ("C:\\Users\\김하나\\제안서.hwp", "제안서.hwp"),
        ("/etc/passwd", "passwd"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nSet-Cookie.pdf", "abSet-Cookie.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("  제안  서 .pdf ", "제안 서.pdf"),
        ("", "file"),
        ("..", "file"),
        ("../", "file"),
        (".pdf", "pdf"),
        ("가" * 300 + ".pdf", "가" * 116 + ".pdf"),
        ("\u1100\u1161.pdf", "가.pdf"),  # as a Mac writes 가
    ],
)
def test_a_file_name_is_made_safe(name, safe):
    assert safe_filename(name) == safe


@given(st.text(max_size=400))
def test_a_safe_name_stays_safe(name):
    safe = safe_filename(name)
    assert 1 <= len(safe) <= 120
    assert not set(safe) & set('/\\<>:"|?*\r\n\x00')
    assert not safe.startswith(".")
    assert safe_filename(safe) == safe


def test_endings_lead_to_kinds():
    assert kind_for_ending("JPEG") is filetypes.JPEG
    assert kind_for_ending(".pdf") is filetypes.PDF
    assert kind_for_ending("exe") is None
    assert [ending_of(n) for n in ("a.PDF", "a.tar.gz", "pdf", ".pdf", "")] == ["pdf", "gz", "", "", ""]
