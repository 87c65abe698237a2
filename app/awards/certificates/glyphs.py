"""The certificates' own font: which characters it has, how wide they are, and their outlines.

Widths are in em, heights and pitches in mm. Nothing here asks the system for a font.
"""

import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypedDict

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

from app.awards.certificates.sheets import Weight
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import uharfbuzz
else:
    uharfbuzz = Lazily("uharfbuzz")

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Noto Serif KR"
FACES: tuple[tuple[Weight, int], ...] = (("Regular", 400), ("Bold", 700))


class TitlePath(TypedDict):
    """A word as one SVG path, with its measures in mm."""

    d: str
    width: float
    height: float


def font_file(weight: Weight) -> Path:
    return FONTS / f"NotoSerifKR-{weight}.woff"


@cache
def unpacked_font(weight: Weight) -> Path:
    """The font without its compression, in a file of this process: who maps it shares it, and nobody parses it to unpack it."""
    target = Path(_folder().name) / f"{weight}.otf"
    with font_file(weight).open("rb") as file, target.open("wb") as out:
        packed = SFNTReader(file)
        tags = list(packed.keys())
        writer = SFNTWriter(out, len(tags), packed.sfntVersion)
        for tag in tags:
            writer[tag] = packed[tag]
        writer.close()
    return target


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="madang-fonts-")


@cache
def face(weight: Weight) -> Any:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(unpacked_font(weight))))


@cache
def _font(weight: Weight) -> Any:
    return uharfbuzz.Font(face(weight))


def advance(glyph: int, weight: Weight) -> int:
    """The width of a glyph in thousandths of an em."""
    width: float = _font(weight).get_glyph_h_advance(glyph) * 1000 / face(weight).upem
    return round(width)


@cache
def _character_width(character: str, weight: Weight) -> float:
    glyph = _font(weight).get_nominal_glyph(ord(character))
    return 1.0 if glyph is None else float(_font(weight).get_glyph_h_advance(glyph) / face(weight).upem)


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that the font cannot print, each once, in their order, and named for a person.

    `𠮷 (U+20BB7)`; what cannot be seen (a zero-width blank, a control character) by its number alone.
    """
    font = _font("Regular")
    return [_named(c) for c in dict.fromkeys(text) if font.get_nominal_glyph(ord(c)) is None]


def _named(character: str) -> str:
    number = f"U+{ord(character):04X}"
    return f"{character} ({number})" if unicodedata.category(character)[0] not in "CZM" else number


def em_width(text: str, weight: Weight = "Regular") -> float:
    """The width of `text` in em, by the font's own advances; what the font lacks counts as a square."""
    return sum(_character_width(c, weight) for c in text)


@cache
def title_path(text: str, height: float, pitch: float) -> TitlePath:
    """`text` as outlines: glyphs `height` high (one em), `pitch` from centre to centre.

    Spacing letters by layout breaks the word for whoever copies or listens to it, so the drawn title is no text.
    """
    font, scale = _font("Bold"), height / face("Bold").upem
    d, x, width = "", 0.0, 0.0
    for character in text:
        glyph, pen = font.get_nominal_glyph(ord(character)), SVGPathPen(None, ntos=_short)
        font.draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, -scale, x, height * 0.88)))
        d, width, x = d + pen.getCommands(), font.get_glyph_h_advance(glyph) * scale, x + pitch
    return {"d": d, "width": round(pitch * (len(text) - 1) + width, 2), "height": height}


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
