"""Small whole files of each kind, for tests that upload or store something."""

import base64
import io
import struct
import zipfile

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 40 + b"\xff\xd9"
OFFICE_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def office(code: str, more: dict[str, bytes] | None = None) -> bytes:
    """The least of a DOCX, XLSX or PPTX."""
    return zipped({"[Content_Types].xml": b"<Types/>", OFFICE_MAIN[code]: b"<x/>", **(more or {})})


def pdf(text: str) -> bytes:
    """A PDF of its own content, and so of its own hash."""
    return PDF.replace(b"%%EOF", f"% {text}\n%%EOF".encode())


def compound_file(stream: str, content: bytes) -> bytes:
    """An OLE file with one stream: FAT, directory, small FAT, then the stream (in the small stream where it is short)."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    small = len(content) < 4096
    body = content + bytes(-len(content) % 512)
    count = len(body) // 512
    chain = [*range(4, 3 + count), end]
    fat = [0xFFFFFFFD, end, end, *chain]
    fat += [free] * (128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBB", len(raw), kind, 1)
            + bytes(48)
            + struct.pack("<IQ", start, size)
        )

    root = entry("Root Entry", 5, 3 if small else end, len(body) if small else 0)
    directory = root + entry(stream, 2, 0 if small else 3, len(content))
    minis = -(-len(content) // 64) if small else 0
    mini_fat = [*range(1, minis), end][: max(minis, 1)] + [free] * (128 - max(minis, 1))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, end, 0, 0)
    head += b"\xff\xff\xff\xff" * 108
    return (
        head.ljust(512, b"\xff")
        + struct.pack("<128I", *fat)
        + directory.ljust(512, b"\x00")
        + struct.pack("<128I", *mini_fat)
        + body
    )


HWP = compound_file("FileHeader", b"HWP Document File".ljust(256, b"\x00"))
