"""What kind of file this is, told by its content; a file that is two kinds at once, or a zip bomb, is none that we take."""

import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

MOST_MEMBERS = 10_000
MOST_DIRECTORY = 4 * 1024 * 1024  # bytes of the list of members
ZIP_TAIL = 65_578  # in which a zip ends: its longest comment, the record before it, and the pointer before that
MOST_UNPACKED = 512 * 1024 * 1024
MOST_RATIO = 200  # XML packs 20 to 60 times; a bomb a thousand times and more
LONGEST_NAME = 120


@dataclass(frozen=True)
class FileKind:
    code: str
    media_type: str
    endings: tuple[str, ...]


PDF = FileKind("pdf", "application/pdf", ("pdf",))
PNG = FileKind("png", "image/png", ("png",))
JPEG = FileKind("jpg", "image/jpeg", ("jpg", "jpeg"))
HWP = FileKind("hwp", "application/x-hwp", ("hwp",))
HWPX = FileKind("hwpx", "application/hwp+zip", ("hwpx",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileKind("docx", _OFFICE + "wordprocessingml.document", ("docx",))
XLSX = FileKind("xlsx", _OFFICE + "spreadsheetml.sheet", ("xlsx",))
PPTX = FileKind("pptx", _OFFICE + "presentationml.presentation", ("pptx",))
KINDS = (PDF, PNG, JPEG, HWP, HWPX, DOCX, XLSX, PPTX)


class FileFault(StrEnum):
    EMPTY = "empty"
    UNKNOWN = "unknown"  # no kind that we take
    BROKEN = "broken"  # begins like one kind and does not go on like it
    TWO_KINDS = "two kinds"  # can be read as another kind, too
    BOMB = "bomb"  # unpacks to far more than it should
    MACROS = "macros"  # an office file that carries programs


class FileRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """The content is no file that we take; `fault` says why. Whoever shows it has the sentence."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def kind_for_ending(ending: str) -> FileKind | None:
    """The kind behind "pdf" or ".PDF", or None for an ending that we do not take."""
    ending = ending.lower().removeprefix(".")
    return next((kind for kind in KINDS if ending in kind.endings), None)


def ending_of(filename: str) -> str:
    """The part after the last dot in small letters, "" where there is none."""
    stem, dot, ending = filename.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def tell_kind(file: IO[bytes]) -> FileKind:
    """The kind of a whole, seekable file, which is left at its start. Raises FileRefused.

    Nothing is unpacked but a zip's short `mimetype`.
    """
    file.seek(0)
    head = file.read(1024)
    try:
        return _tell(file, head)
    finally:
        file.seek(0)


def _tell(file: IO[bytes], head: bytes) -> FileKind:
    if not head:
        raise FileRefused(FileFault.EMPTY)
    if head.startswith(b"PK\x03\x04"):
        kind = _kind_of_zip(file)
    elif head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        kind = _kind_of_compound(file)
    elif head.startswith(b"%PDF-"):
        kind = _ends_with(file, b"%%EOF", within=2048, kind=PDF)
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = _ends_with(file, b"IEND\xaeB`\x82", within=12, kind=PNG)
    elif head.startswith(b"\xff\xd8\xff"):
        # Phones append moving pictures and notes of their own behind the picture, so its end is looked for in all of it.
        kind = _ends_with(file, b"\xff\xd9", within=None, kind=JPEG)
    else:
        raise FileRefused(FileFault.UNKNOWN)
    # Readers of PDF look for its mark in the first 1,024 bytes, readers of zip for theirs in the last 64 KB.
    if (kind is not PDF and b"%PDF-" in head) or (not head.startswith(b"PK") and _has_zip_end(file)):
        raise FileRefused(FileFault.TWO_KINDS)
    return kind


def _size(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def _ends_with(file: IO[bytes], mark: bytes, *, within: int | None, kind: FileKind) -> FileKind:
    size = _size(file)
    start = 0 if within is None else max(0, size - within)
    file.seek(start)
    before = b""
    while chunk := file.read(1024 * 1024):
        if mark in before + chunk:
            return kind
        before = chunk[-len(mark) :]
    raise FileRefused(FileFault.BROKEN)


def _has_zip_end(file: IO[bytes]) -> bool:
    file.seek(max(0, _size(file) - ZIP_TAIL))
    return b"PK\x05\x06" in file.read() and zipfile.is_zipfile(file)


# Zip: HWPX and the three of Office

_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}


def _kind_of_zip(file: IO[bytes]) -> FileKind:
    _refuse_long_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_bombs(members, packed=_size(file))
            _refuse_strange_layout(file, archive, members)
            names = {member.filename for member in members}
            kinds = {kind for part, kind in _MAIN_PARTS.items() if part in names}
            if _mimetype(archive, names) == HWPX.media_type.encode():
                kinds.add(HWPX)
    except FileRefused:
        raise
    except Exception as error:  # zipfile raises a dozen kinds for broken input
        raise FileRefused(FileFault.BROKEN) from error
    if len(kinds) > 1:
        raise FileRefused(FileFault.TWO_KINDS)
    if not kinds:
        raise FileRefused(FileFault.UNKNOWN)
    kind = kinds.pop()
    if kind is HWPX and "Contents/content.hpf" not in names:
        raise FileRefused(FileFault.BROKEN)
    if kind is not HWPX and "[Content_Types].xml" not in names:
        raise FileRefused(FileFault.BROKEN)
    if any(name.lower().rpartition("/")[2].startswith("vbaproject") for name in names):
        raise FileRefused(FileFault.MACROS)
    return kind


def _mimetype(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 100:
        return b""
    with archive.open("mimetype") as member:
        return member.read(100).strip()


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Opening a zip reads its whole list of members, of which 64 MB hold more than a million: look at its length first.

    Where there are 64-bit numbers, those count for the reader; no document needs them.
    """
    at = max(0, _size(file) - ZIP_TAIL)
    file.seek(at)
    tail = file.read()
    end = (
        len(tail) - 22
        if tail[-22:].startswith(b"PK\x05\x06") and tail.endswith(b"\x00\x00")
        else tail.rfind(b"PK\x05\x06")
    )
    if end < 0 or len(tail) < end + 22:
        raise FileRefused(FileFault.BROKEN)
    length = struct.unpack_from("<I", tail, end + 12)[0]
    if length > MOST_DIRECTORY or tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise FileRefused(FileFault.BOMB)


def _refuse_bombs(members: list[zipfile.ZipInfo], *, packed: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        raise FileRefused(FileFault.BOMB)
    # Members that share bytes make the sum of a small file enormous.
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            raise FileRefused(FileFault.BOMB)
        end = member.header_offset + 30 + len(member.filename.encode()) + member.compress_size


def _refuse_strange_layout(file: IO[bytes], archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Another file may hide before the first member, behind the end, or under a name that leads elsewhere."""
    file.seek(max(0, _size(file) - 22 - len(archive.comment)))
    ends_where_it_says = file.read(4) == b"PK\x05\x06"
    if not members or min(m.header_offset for m in members) != 0 or not ends_where_it_says:
        raise FileRefused(FileFault.TWO_KINDS)
    if len({m.filename for m in members}) != len(members):
        raise FileRefused(FileFault.BROKEN)
    if any(m.filename.startswith(("/", "\\")) or ".." in m.filename.replace("\\", "/").split("/") for m in members):
        raise FileRefused(FileFault.BROKEN)


# Compound files (OLE): HWP 5

_END = 0xFFFFFFFA  # and above: no sector
_MOST_SECTORS = 1 << 20


def _kind_of_compound(file: IO[bytes]) -> FileKind:
    """HWP where the stream "FileHeader" says so; the old formats of Office are not taken."""
    try:
        header = _Compound(file).stream("FileHeader")
    except (struct.error, IndexError, ValueError) as error:
        raise FileRefused(FileFault.BROKEN) from error
    if not header.startswith(b"HWP Document File"):
        raise FileRefused(FileFault.UNKNOWN)
    return HWP


class _Compound:
    """As much of [MS-CFB] as it takes to read one short stream of the root storage."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        file.seek(0)
        head = file.read(512)
        shift, self.mini_shift = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or self.mini_shift != 6:
            raise ValueError("sector size")
        self.sector_size = 1 << shift
        self.directory, _, self.cutoff, self.mini_fat_at = struct.unpack_from("<4I", head, 48)
        next_difat = struct.unpack_from("<I", head, 68)[0]
        fat_sectors = list(struct.unpack_from("<109I", head, 76))
        seen = 0
        while next_difat < _END and seen < _MOST_SECTORS:
            entries = self._numbers(next_difat)
            fat_sectors += entries[:-1]
            next_difat = entries[-1]
            seen += len(entries)
        self.fat_sectors = [s for s in fat_sectors if s < _END]

    def stream(self, name: str) -> bytes:
        """The first bytes of the stream, at most one small sector; b"" where there is none."""
        entries = list(self._entries())
        if not entries:
            raise ValueError("no directory")
        for entry_name, start, size in entries:
            if entry_name != name:
                continue
            if size >= self.cutoff:
                return self._sector(start)[:64]
            return self._mini_sector(entries[0][1], start)
        return b""

    def _entries(self) -> list[tuple[str, int, int]]:
        found = []
        for sector in self._chain(self.directory):
            data = self._sector(sector)
            for at in range(0, len(data) - 127, 128):
                length = min(struct.unpack_from("<H", data, at + 64)[0], 64)
                start, size = struct.unpack_from("<II", data, at + 116)
                found.append((data[at : at + max(0, length - 2)].decode("utf-16-le", "replace"), start, size))
        return found

    def _mini_sector(self, mini_stream: int, number: int) -> bytes:
        per_sector = self.sector_size >> self.mini_shift
        wanted = number // per_sector
        for place, sector in enumerate(self._chain(mini_stream)):
            if place == wanted:
                at = (number % per_sector) << self.mini_shift
                return self._sector(sector)[at : at + (1 << self.mini_shift)]
        raise ValueError("short mini stream")

    def _chain(self, sector: int) -> "list[int]":
        chain: list[int] = []
        per_sector = self.sector_size // 4
        while sector < _END:
            if len(chain) > 65_536:
                raise ValueError("endless chain")
            chain.append(sector)
            table = self._numbers(self.fat_sectors[sector // per_sector])
            sector = table[sector % per_sector]
        return chain

    def _numbers(self, sector: int) -> list[int]:
        return list(struct.unpack(f"<{self.sector_size // 4}I", self._sector(sector)))

    def _sector(self, number: int) -> bytes:
        self.file.seek((number + 1) * self.sector_size)
        return self.file.read(self.sector_size)


# Names


def safe_filename(name: str, *, fallback: str = "file") -> str:
    """The last part of `name` without paths, control and reserved characters; Korean stays, as does the ending."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*/')
    kept = " ".join(kept.split()).lstrip(". ").rstrip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        stem = stem[: LONGEST_NAME - len(ending) - 1].rstrip(". ")
        kept = f"{stem}.{ending}" if stem else f"{fallback}.{ending}"
    return kept[:LONGEST_NAME] or fallback
