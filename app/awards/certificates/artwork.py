"""What lies behind the words: the frame, the drawn title, seals to be stamped and the QR code. None of it is content to a reader.

The drawing is made once for all sheets that share it; it goes into each file as one form, whose bytes are already packed.
"""

import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from app.awards.certificates.glyphs import title_path
from app.awards.certificates.sheets import Layout, Seal
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import pikepdf
    import segno
    import weasyprint
else:
    pikepdf, segno, weasyprint = Lazily("pikepdf"), Lazily("segno"), Lazily("weasyprint")

TEMPLATES = Path(__file__).resolve().parents[2] / "templates/pdf/certificates"
MM = 72 / 25.4  # PDF units in a millimetre
INK = "#1b1917"


@dataclass(frozen=True)
class Art:
    """A drawing as the body of a form: deflated operators, and the graphics states that they name, each with its opacities."""

    packed: bytes
    states: dict[str, dict[str, float]]


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@lru_cache(maxsize=64)
def draw(style: str, width: float, height: float, values: tuple[tuple[str, str], ...]) -> Art:
    """The drawing of a style, whose SVG template is given `values` and the outlines of the title."""
    given = dict(values)
    svg = templates().get_template(f"{style}.svg").render(
        **given, title_outline=_outline(given.get("title", ""), 25), specimen_outline=_outline(given.get("specimen", ""), 24, spaced=False)
    )  # fmt: skip
    html = Markup(
        "<style>@page {{ size: {0}mm {1}mm; margin: 0 }} * {{ margin: 0 }} svg {{ display: block }}</style>"
    ).format(width, height)
    document = weasyprint.HTML(string=html + Markup(svg), url_fetcher=inline_only()).render()  # noqa: S704 - our own template
    with pikepdf.open(BytesIO(document.write_pdf(uncompressed_pdf=True))) as pdf:
        page = pdf.pages[0]
        states = {
            str(name): {str(key): float(value) for key, value in state.items() if str(key) in ("/ca", "/CA")}
            for name, state in page.Resources.get("/ExtGState", {}).items()
        }
        return Art(zlib.compress(page.Contents.read_bytes(), 9), states)


@cache
def inline_only() -> Any:
    """Nothing comes from elsewhere, whatever words are set."""
    return weasyprint.urls.URLFetcher(allowed_protocols={"data"})


def _outline(word: str, height: float, *, spaced: bool = True) -> dict[str, Any] | None:
    if not word:
        return None
    pitch = {2: 52, 3: 38, 4: 31}.get(len(word), 27) if spaced else height * (0.95 if word[0] > "\u2000" else 0.72)
    return dict(title_path(word, height, pitch))


def seal_operators(seal: Seal, page_height: float) -> bytes:
    """A dashed place to stamp; we draw nobody's seal."""
    left, side = seal.left * MM, seal.size * MM
    bottom = page_height * MM - seal.top * MM - side
    inset = side * 0.05
    pen = b"q 0.725 0.651 0.486 RG %.2f w [%.2f %.2f] 0 d " % (side * 0.014, side * 0.055, side * 0.045)
    if not seal.is_round:
        inner = side - 2 * inset
        return pen + b"%.2f %.2f %.2f %.2f re S Q\n" % (left + inset, bottom + inset, inner, inner)
    x, y, r = left + side / 2, bottom + side / 2, side / 2 - inset
    k = r * 0.5523  # a quarter of a circle as one cubic
    return pen + (
        b"%.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c "
        b"%.2f %.2f %.2f %.2f %.2f %.2f c %.2f %.2f %.2f %.2f %.2f %.2f c S Q\n"
    ) % (
        x + r, y, x + r, y + k, x + k, y + r, x, y + r, x - k, y + r, x - r, y + k, x - r, y,
        x - r, y - k, x - k, y - r, x, y - r, x + k, y - r, x + r, y - k, x + r, y,
    )  # fmt: skip


def qr_operators(address: str, layout: Layout) -> bytes:
    """The QR code as rectangles, one for each run of dark modules; error correction M, four modules of quiet zone in the box.

    One mask for all: every mask reads alike, and weighing the eight costs more than drawing the code.
    """
    code = segno.make(address, error="m", boost_error=False, micro=False, mask=3)
    rows = [bytes(row) for row in code.matrix]
    left, top, side = layout.qr
    module = side / (len(rows) + 8)
    x0, y0 = (left + 4 * module) * MM, (layout.height - top - 4 * module) * MM
    step, out = module * MM, [b"q 0.106 0.098 0.09 rg"]
    for number, row in enumerate(rows, 1):
        y, start = y0 - number * step, row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            out.append(b"%.3f %.3f %.3f %.3f re" % (x0 + start * step, y, (end - start) * step, step))
            start = row.find(1, end)
    return b"\n".join([*out, b"f Q\n"])


def qr_module_mm(address: str, side: float = 18) -> float:
    """The width of one module of the printed code; below 0.4 mm cameras begin to fail."""
    version = segno.make(address, error="m", boost_error=False, micro=False).version
    return side / (17 + 4 * int(version) + 8)


def draw_marks(layout: Layout, address: str) -> bytes:
    """What is drawn without words but stands elsewhere on each sheet: lines to sign on, places to stamp, the QR code."""
    rules = b"".join(
        b"q 0.106 0.098 0.09 RG 0.57 w %.2f %.2f m %.2f %.2f l S Q\n"
        % (left * MM, (layout.height - top) * MM, (left + width) * MM, (layout.height - top) * MM)
        for left, top, width in layout.rules
    )
    return (
        rules + b"".join(seal_operators(seal, layout.height) for seal in layout.seals) + qr_operators(address, layout)
    )
