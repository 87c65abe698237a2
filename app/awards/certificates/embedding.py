"""The font in a file: the outlines of the glyphs that this one sheet draws, nothing of any other.

Glyphs keep their numbers, which in these fonts are their CIDs too, so the same operators draw them from any subset.
"""

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.awards.certificates.glyphs import advance, outlines
from app.awards.certificates.sheets import Face
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import uharfbuzz
else:
    uharfbuzz = Lazily("uharfbuzz")

CFF = b"CFF "


@dataclass(frozen=True)
class Program:
    packed: bytes  # a deflated CFF with CIDs
    widths: list[tuple[int, int]]  # glyph and width
    to_unicode: bytes  # a deflated CMap


class Cutter:
    """Cuts fonts for the sheets of one batch: first what all of them need from the whole font, then each sheet's own from that."""

    def __init__(self, needed: dict[Face, set[int]]) -> None:
        self._small = {face: uharfbuzz.Face(_subset(outlines(face), {0, *glyphs})) for face, glyphs in needed.items()}
        # In the small font glyphs stand in the order of their CIDs.
        self._places = {
            face: {cid: place for place, cid in enumerate(sorted({0, *glyphs}))} for face, glyphs in needed.items()
        }

    def cut(self, face: Face, glyphs: dict[int, str]) -> Program:
        """The font with `glyphs` alone; each is given with the text that it stands for."""
        places = self._places[face]
        cff = _table(_subset(self._small[face], {0, *(places[glyph] for glyph in glyphs)}), CFF)
        widths = [(glyph, advance(glyph, face)) for glyph in sorted(glyphs)]
        return Program(zlib.compress(cff, 9), widths, zlib.compress(_cmap(glyphs), 9))


def _subset(whole: Any, glyphs: set[int]) -> bytes:
    wish = uharfbuzz.SubsetInput()
    wish.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).set(glyphs)
    wish.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    font: bytes = uharfbuzz.subset(whole, wish).blob.data
    return font


def _table(font: bytes, tag: bytes) -> bytes:
    """One table of an OpenType file, by its directory."""
    for at in range(12, 12 + 16 * int.from_bytes(font[4:6]), 16):
        if font[at : at + 4] == tag:
            start, length = int.from_bytes(font[at + 8 : at + 12]), int.from_bytes(font[at + 12 : at + 16])
            return font[start : start + length]
    raise ValueError(f"no table {tag!r}")


def _cmap(glyphs: dict[int, str]) -> bytes:
    """Which text a glyph stands for, so that it can be copied and read aloud (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(glyphs.items()) if text]
    blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode()
