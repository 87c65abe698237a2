"""The certificates' own font: which characters it has, how wide they are, and their outlines.

Widths are in em, heights and pitches in mm. Nothing here asks the system for a font.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypedDict

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Noto Serif KR"
Weight = Literal["Regular", "Bold"]
FACES: tuple[tuple[Weight, int], ...] = (("Regular", 400), ("Bold", 700))


class TitlePath(TypedDict):
    """A word as one SVG path, with its measures in mm."""

    d: str
    width: float
    height: float


def font_file(weight: Weight) -> Path:
    return FONTS / f"NotoSerifKR-{weight}.woff"


@cache
def _font(weight: Weight) -> TTFont:
    return TTFont(font_file(weight), lazy=True)


@cache
def _characters(weight: Weight) -> dict[int, str]:
    characters: dict[int, str] = _font(weight).getBestCmap()
    return characters


@cache
def _advances(weight: Weight) -> tuple[dict[str, tuple[int, int]], int]:
    font = _font(weight)
    return font["hmtx"].metrics, font["head"].unitsPerEm


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that the font cannot print, each once, in their order, and named for a person.

    `𠮷 (U+20BB7)`; what cannot be seen (a zero-width blank, a control character) by its number alone.
    """
    known = _characters("Regular")
    return [_named(c) for c in dict.fromkeys(text) if ord(c) not in known]


def _named(character: str) -> str:
    number = f"U+{ord(character):04X}"
    return f"{character} ({number})" if unicodedata.category(character)[0] not in "CZM" else number


def em_width(text: str, weight: Weight = "Regular") -> float:
    """The width of `text` in em, by the font's own advances; what the font lacks counts as a square."""
    known, (metrics, units) = _characters(weight), _advances(weight)
    return sum(metrics[known[ord(c)]][0] if ord(c) in known else units for c in text) / units


@cache
def title_path(text: str, height: float, pitch: float) -> TitlePath:
    """`text` as outlines: glyphs `height` high (one em), `pitch` from centre to centre.

    Spacing letters by layout breaks the word for whoever copies or listens to it, so the drawn title is no text.
    """
    font, known = _font("Bold"), _characters("Bold")
    glyphs: Any = font.getGlyphSet()
    scale, d, x, width = height / font["head"].unitsPerEm, "", 0.0, 0.0
    for character in text:
        glyph = glyphs[known[ord(character)]]
        pen = SVGPathPen(glyphs, ntos=_short)
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, height * 0.88)))
        d, width, x = d + pen.getCommands(), glyph.width * scale, x + pitch
    return {"d": d, "width": round(pitch * (len(text) - 1) + width, 2), "height": height}


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
