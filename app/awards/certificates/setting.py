"""Setting words: WeasyPrint lays each distinct block out once for a whole batch, on one tall page, and the drawn lines are cut out again.

Winners of one call share most of what their sheets say; only names, numbers and addresses differ. All blocks have fixed
places, so a block looks the same wherever it stands.
"""

import atexit
import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from app.awards.certificates.artwork import TEMPLATES, inline_only
from app.awards.certificates.glyphs import WEIGHTS, css_family, unpacked_font
from app.awards.certificates.sheets import Block, Face, Family
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import pikepdf
    import weasyprint
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
else:
    pikepdf, weasyprint = Lazily("pikepdf"), Lazily("weasyprint")

PX = 96 / 25.4  # CSS units in a millimetre
TALLEST = 16  # sheets on one page of setting
FAMILIES: tuple[Family, ...] = ("Serif", "Sans")
MARKED = re.compile(rb"/\w+\n<</MCID (\d+)>>\nBDC\n(.*?)\nEMC", re.DOTALL)
TEXT = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9a-f]+)>")
MEANT = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
OPACITY = re.compile(rb"/a(\d(?:\.\d+)?) gs\n")
_lock = Lock()  # Pango's font map is shared, and not made for two threads


@dataclass(frozen=True)
class Lines:
    """A set block: the operators of each line in CSS units from the top of its sheet, and the glyphs that they draw."""

    block: Block
    drawn: tuple[bytes, ...]
    glyphs: dict[Face, dict[int, str]]  # glyph -> the text that it stands for


@cache
def fonts() -> "FontConfiguration":
    """One for the process: WeasyPrint's font configurations are never given back."""
    return weasyprint.text.fonts.FontConfiguration()


@cache
def _make_known(family: Family) -> None:
    """Widths are all that setting needs; with the outlines WeasyPrint would hold 14 MB more, twice."""
    faces = "".join(
        f'@font-face {{ font-family: "{css_family(family)}"; font-weight: {number}; '
        f'src: url("{unpacked_font(Face(family, weight), metrics=True).as_uri()}"); }}'
        for weight, number in WEIGHTS
    )
    weasyprint.CSS(string=faces, font_config=fonts())


@cache
def _style_sheet(style: str) -> "CSS":
    text = (TEMPLATES / f"{style}.css").read_text()
    for family in FAMILIES:
        if css_family(family) in text:
            _make_known(family)
    return weasyprint.CSS(string=text, font_config=fonts())


@atexit.register
def _forget_fonts() -> None:
    """Let the font configuration go while what it needs for that is still there."""
    _style_sheet.cache_clear()
    _make_known.cache_clear()
    fonts.cache_clear()


def set_blocks(style: str, language: str, size: tuple[float, float], wanted: Iterable[Block]) -> dict[Block, Lines]:
    """Each distinct block of `wanted`, set. `size` is the sheet's in mm."""
    distinct = list(dict.fromkeys(wanted))
    found: dict[Block, Lines] = {}
    for start in range(0, len(distinct), 8 * TALLEST):
        part = distinct[start : start + 8 * TALLEST]
        with _lock, _tidy():
            pdf = _typeset(style, language, size, [part[i : i + 8] for i in range(0, len(part), 8)])
        found |= _cut(part, pdf)
    return found


@contextmanager
def _tidy() -> Iterator[None]:
    """A set page is a tangle of objects that hold each other: let them go at once, before older ones are looked at with them."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        gc.enable()


def _typeset(style: str, language: str, size: tuple[float, float], groups: Sequence[list[Block]]) -> bytes:
    width, height = size
    body = Markup().join(
        Markup('<div class="sheet">{}</div>').format(Markup().join(_html(block) for block in group)) for group in groups
    )
    html = Markup(
        '<html lang="{0}"><title>·</title><style>@page {{ size: {1}mm {2}mm; margin: 0 }} .sheet {{ width: {1}mm; height: {3}mm }}</style>'
        '<body class="{0}">{4}</body></html>'
    ).format(language, width, height * len(groups), height, body)
    options: dict[str, Any] = {"pdf_tags": True, "uncompressed_pdf": True}
    document = weasyprint.HTML(string=html, url_fetcher=inline_only()).render(
        stylesheets=[_style_sheet(style)], font_config=fonts(), **options
    )
    pdf: bytes = document.write_pdf(**options)
    return pdf


def _html(block: Block) -> Markup:
    return Markup('<{0} class="{1}" style="{2}">{3}</{0}>').format(
        block.tag, block.kind, block.place, Markup("\n").join(map(escape, block.lines))
    )


def _cut(blocks: list[Block], typeset: bytes) -> dict[Block, Lines]:
    with pikepdf.open(BytesIO(typeset)) as pdf:
        page = pdf.pages[0]
        faces: dict[bytes, Face] = {}
        meanings: dict[bytes, dict[int, str]] = {}
        for resource, font in page.Resources.Font.items():
            key = str(resource)[1:].encode()
            name = str(font.BaseFont)
            faces[key] = Face("Sans" if "Sans" in name else "Serif", "Bold" if "Bold" in name else "Regular")
            meanings[key] = {
                int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
                for glyph, text in MEANT.findall(font.ToUnicode.read_bytes())
            }
        marked = {int(number): drawn for number, drawn in MARKED.findall(page.Contents.read_bytes())}
        sheets = _elements(pdf.Root.StructTreeRoot.K)
        numbers = [_marks(element) for sheet in sheets for element in sheet.K]
        top = float(page.MediaBox[3]) / 0.75 / ((len(blocks) + 7) // 8)
    return {
        block: _lines(block, [marked[n] for n in own], number // 8 * top, faces, meanings)
        for number, (block, own) in enumerate(zip(blocks, numbers, strict=True))
    }


def _elements(root: Any) -> list[Any]:
    """The elements that stand for the sheets, however they are wrapped."""
    kids: list[Any] = list(root) if isinstance(root, pikepdf.Array) else [root]
    while not (kids and all(str(kid.S) == "/Div" and str(_first(kid).S) != "/Div" for kid in kids)):
        kids = [grandkid for kid in kids for grandkid in kid.K]
    return kids


def _first(element: Any) -> Any:
    return element.K[0]


def _marks(element: Any) -> list[int]:
    """The numbers of the marked lines under a structure element, in their order."""
    if isinstance(element, int):
        return [element]
    return [number for kid in element.K for number in _marks(kid)]


def _lines(
    block: Block, drawn: list[bytes], top: float, faces: dict[bytes, Face], meanings: dict[bytes, dict[int, str]]
) -> Lines:
    glyphs: dict[Face, dict[int, str]] = {}
    out = []
    for line in drawn:
        font = b""
        for name, codes in TEXT.findall(line):
            if name:
                font = name
            for at in range(0, len(codes), 4):
                glyph = int(codes[at : at + 4], 16)
                glyphs.setdefault(faces[font], {})[glyph] = meanings[font].get(glyph, "")
        kept = OPACITY.sub(lambda found: b"" if float(found[1]) else b"3 Tr\n", line)
        out.append(
            re.sub(
                rb"/(\w+) ([\d.]+) Tf",
                lambda found: b"/%s %s Tf" % (faces[found[1]].key.encode(), found[2]),
                _moved(kept, top),
            )
        )
    return Lines(block, tuple(out), glyphs)


def _moved(line: bytes, top: float) -> bytes:
    """The line's operators with its text matrix measured from the top of its own sheet."""

    def move(found: re.Match[bytes]) -> bytes:
        return b"%s %.6g Tm" % (found[1], float(found[2]) - top)

    return re.sub(rb"(1 0 0 -1 [\d.-]+) ([\d.-]+) Tm", move, line)
