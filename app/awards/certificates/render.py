"""From frozen words to a PDF of one A4 page: tagged, archival (PDF/A-2a), the same bytes for the same words.

WeasyPrint's font configurations are never given back, so a process has one, with the style sheet parsed once.
"""

import atexit
import base64
import hashlib
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import segno
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from app.awards.certificates.codes import printed_address, qr_address
from app.awards.certificates.glyphs import FACES, FAMILY, font_file, title_path
from app.awards.certificates.layout import PT, fit_body, fit_name
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import weasyprint
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
else:
    weasyprint = Lazily("weasyprint")

TEMPLATES = Path(__file__).resolve().parents[2] / "templates/pdf/certificates"
STYLES = ("classic",)
INK = "#1b1917"
_pictures: dict[str, Any] = {}  # the frame, parsed once
_lock = Lock()  # Pango's font map is shared, and not made for two threads


class RunsOver(RuntimeError):  # noqa: N818 - says what is wrong
    """The words did not fit on their one page."""


@dataclass(frozen=True)
class Sheet:
    """One certificate to be drawn: `words` are those to print, `code` its unguessable name."""

    words: dict[str, Any]
    code: str
    base_url: str
    made_at: datetime
    style: str = "classic"
    specimen: bool = False  # a preview says on its face that it is one


@cache
def _inline_only() -> Any:
    """The frame lies in the style sheet; nothing comes from elsewhere."""
    return weasyprint.urls.URLFetcher(allowed_protocols={"data"})


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _shared(style: str) -> "tuple[FontConfiguration, list[CSS]]":
    fonts = _fonts()
    parts = _templates().get_template("_parts.html").module
    frame = _picture(_templates().get_template(f"{style}.svg").render())
    pictures = (
        f".sheet {{ background: url({frame}) 0 0 no-repeat }}"
        f".seal-host {{ background-image: url({_picture(parts.seal(is_host=True))}) }}"  # type: ignore[attr-defined] # a macro
        f".seal-other {{ background-image: url({_picture(parts.seal(is_host=False))}) }}"  # type: ignore[attr-defined] # a macro
    )
    return fonts, [
        weasyprint.CSS(TEMPLATES / f"{style}.css", font_config=fonts),
        weasyprint.CSS(string=pictures, font_config=fonts),
    ]


def _picture(svg: str) -> str:
    """An SVG as an address of its own: a background is drawn, but is no content to whoever reads the tags."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.strip().encode()).decode()


@cache
def _title_picture(word: str) -> str:
    pitch = {2: 52, 3: 38, 4: 31}.get(len(word), 27)
    path = title_path(word, 25, pitch)
    box = f'width="{path["width"]}mm" height="{path["height"]}mm" viewBox="0 0 {path["width"]} {path["height"]}"'
    return _picture(f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path fill="{INK}" d="{path["d"]}"/></svg>')


@cache
def _fonts() -> "FontConfiguration":
    fonts = weasyprint.text.fonts.FontConfiguration()
    faces = "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {number}; src: url("{font_file(weight).as_uri()}"); }}'
        for weight, number in FACES
    )
    weasyprint.CSS(string=faces, font_config=fonts)
    return fonts


@atexit.register
def _forget_fonts() -> None:
    """Let the font configuration go while what it needs for that is still there."""
    _shared.cache_clear()
    _fonts.cache_clear()


def render_certificate(sheet: Sheet) -> bytes:
    """The PDF of one certificate. Raises RunsOver where the words do not fit; check them with `unprintable` first."""
    html = _templates().get_template(f"{sheet.style}.html").render(_context(sheet))
    with _lock:
        fonts, style = _shared(sheet.style)
        options = {"pdf_variant": "pdf/a-2a", "pdf_identifier": _identifier(sheet)}
        document = weasyprint.HTML(string=html, url_fetcher=_inline_only()).render(
            stylesheets=style, font_config=fonts, cache=_pictures, **options
        )
        if len(document.pages) != 1:
            raise RunsOver(f"{len(document.pages)} pages")
        with warnings.catch_warnings():  # WeasyPrint leaves its colour profile's file to be closed with the memory
            warnings.simplefilter("ignore", ResourceWarning)
            pdf: bytes = document.write_pdf(**options)
    return pdf


def _identifier(sheet: Sheet) -> bytes:
    return hashlib.sha256(sheet.code.encode()).hexdigest()[:32].encode()


def _context(sheet: Sheet) -> dict[str, Any]:
    words = sheet.words
    korean = words["language"] == "ko"
    name = fit_name(words["recipient"], 148, 28, floor=15)
    return {
        "words": words,
        "specimen": sheet.specimen,
        "made_at": sheet.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title_picture": _title_picture(words["title"]) if korean else None,
        "prize": fit_name(words["prize"], 148, 25 if korean else 22, floor=13),
        "name": name,
        "role": fit_name(words["role"], 148, min(17 if korean else 13, name.pt * 0.8), weight="Regular"),
        "body": fit_body(words["body"], 148, 19, height=66, leading=1.95)
        if korean
        else fit_body(words["body"], 142, 15, height=50, leading=1.7),
        "issuers": _korean_issuers(words["issuers"]) if korean else _english_issuers(words["issuers"]),
        "qr": _qr(qr_address(sheet.base_url, sheet.code)),
        "address": printed_address(sheet.base_url, sheet.code),
        "link": f"{sheet.base_url}/v/{sheet.code}",
    }


def _korean_issuers(issuers: list[dict[str, Any]]) -> dict[str, Any]:
    """One line each, all of one size, while that stands at 13 pt; else the signer stands beneath the name."""
    measure, gap = 130 - 18.5, 5.0
    signers = [f"{i['post']} {i['person']}".strip() for i in issuers]
    pt = min(
        fit_name(i["name"] + signer, measure - gap, 19, floor=0).pt
        if len(fit_name(i["name"] + signer, measure - gap, 19, floor=0).lines) == 1
        else 0.0
        for i, signer in zip(issuers, signers, strict=True)
    )
    stacked = pt < 13
    rows = []
    for issuer, signer in zip(issuers, signers, strict=True):
        name = fit_name(issuer["name"], measure, 14, floor=8) if stacked else fit_name(issuer["name"], 400, pt)
        rows.append({"name": name, "signer": signer, "is_host": issuer["is_host"]})
    return {"stacked": stacked, "pt": 13 if stacked else pt, "rows": rows}


def _english_issuers(issuers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rows": [
            {
                "person": fit_name(i["person"], 66, 13, floor=8),
                "post": fit_name(i["post"], 66, 10.5, floor=8, weight="Regular"),
                "name": fit_name(i["name"], 66, 10.5, floor=8, weight="Regular"),
            }
            for i in issuers
        ]
    }


def _qr(address: str) -> Markup:
    """Error correction M, four modules of quiet zone inside the box."""
    out = BytesIO()
    code = segno.make(address, error="m", boost_error=False, micro=False)
    code.save(out, kind="svg", border=4, dark=INK, title=f"QR: {address}", xmldecl=False, svgns=True, omitsize=True)
    return Markup(out.getvalue().decode())  # noqa: S704 - segno draws it


def qr_module_mm(address: str) -> float:
    """The width of one module of the printed code; below 0.4 mm cameras begin to fail."""
    version = segno.make(address, error="m", boost_error=False, micro=False).version
    return 18 / (17 + 4 * int(version) + 8)


__all__ = ["PT", "STYLES", "RunsOver", "Sheet", "qr_module_mm", "render_certificate"]
