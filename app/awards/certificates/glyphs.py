"""The certificates' own fonts: which characters they have, how wide these are, and their outlines.

Widths are in em, heights and pitches in mm. Nothing here asks the system for a font. Of each face there are two files with the
same glyphs: one with outlines, for what is drawn, and a small one with empty glyphs, for all that needs their widths alone.
"""

import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypedDict

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

from app.awards.certificates.sheets import Face, Family, Weight
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import uharfbuzz
else:
    uharfbuzz = Lazily("uharfbuzz")

FONTS = Path(__file__).parent / "fonts"
WEIGHTS: tuple[tuple[Weight, int], ...] = (("Regular", 400), ("Bold", 700))
UPEM = 1000


class TitlePath(TypedDict):
    """A word as one SVG path, with its measures in mm."""

    d: str
    width: float
    height: float


def css_family(family: Family) -> str:
    return f"Noto {family} KR"


def font_file(face: Face, *, metrics: bool = False) -> Path:
    return FONTS / f"Noto{face.family}KR-{face.weight}{'-metrics' if metrics else ''}.woff"


@cache
def unpacked_font(face: Face, *, metrics: bool = False) -> Path:
    """The font without its compression, in a file of this process: who maps it shares it, and nobody parses it to unpack it."""
    packed = font_file(face, metrics=metrics)
    target = Path(_folder().name) / f"{packed.stem}.otf"
    with packed.open("rb") as file, target.open("wb") as out:
        reader = SFNTReader(file)
        tags = list(reader.keys())
        writer = SFNTWriter(out, len(tags), reader.sfntVersion)
        for tag in tags:
            writer[tag] = reader[tag]
        writer.close()
    return target


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="madang-fonts-")


def outlines(face: Face) -> Any:
    """The whole font, mapped anew: what of it is looked at stays in memory for as long as somebody holds it."""
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(unpacked_font(face))))


@cache
def _widths(face: Face) -> Any:
    path = unpacked_font(face, metrics=True)
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))


def advance(glyph: int, face: Face) -> int:
    """The width of a glyph in thousandths of an em."""
    width: int = _widths(face).get_glyph_h_advance(glyph)
    return width


@cache
def _character_width(character: str, face: Face) -> float:
    font = _widths(face)
    glyph = font.get_nominal_glyph(ord(character))
    return 1.0 if glyph is None else float(font.get_glyph_h_advance(glyph) / UPEM)


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that the fonts cannot print, each once, in their order, and named for a person.

    `𠮷 (U+20BB7)`; what cannot be seen (a zero-width blank, a control character) by its number alone. All faces have the
    same characters.
    """
    font = _widths(Face())
    return [_named(c) for c in dict.fromkeys(text) if font.get_nominal_glyph(ord(c)) is None]


def _named(character: str) -> str:
    number = f"U+{ord(character):04X}"
    return f"{character} ({number})" if unicodedata.category(character)[0] not in "CZM" else number


def em_width(text: str, face: Face = Face()) -> float:  # noqa: B008 - frozen
    """The width of `text` in em, by the font's own advances; what the font lacks counts as a square."""
    return sum(_character_width(c, face) for c in text)


@cache
def title_path(text: str, height: float, pitch: float | None, face: Face = Face("Serif", "Bold")) -> TitlePath:  # noqa: B008 - frozen
    """`text` as outlines: glyphs `height` high (one em), `pitch` from centre to centre, or as wide as they are where it is None.

    Spacing letters by layout breaks the word for whoever copies or listens to it, so the drawn title is no text.
    """
    font = uharfbuzz.Font(outlines(face))
    scale = height / UPEM
    d, x, width = "", 0.0, 0.0
    for character in text:
        glyph, pen = font.get_nominal_glyph(ord(character)), SVGPathPen(None, ntos=_short)
        font.draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, -scale, x, height * 0.88)))
        width = x + font.get_glyph_h_advance(glyph) * scale
        d, x = d + pen.getCommands(), width if pitch is None else x + pitch
    return {"d": d, "width": round(width, 2), "height": height}


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
