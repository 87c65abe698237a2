"""Small real documents for the samples' applications, the same bytes for the same words."""

import atexit
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from app.awards.certificates.glyphs import WEIGHTS, css_family, font_file
from app.awards.certificates.sheets import Face
from app.core.lazy import Lazily

if TYPE_CHECKING:
    import weasyprint
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
else:
    weasyprint = Lazily("weasyprint")

_FAMILY = css_family("Serif")
_STYLE = f"""
@page {{ size: A4; margin: 24mm 22mm; @bottom-center {{ content: counter(page); font: 9pt "{_FAMILY}" }} }}
body {{ font: 11pt/1.7 "{_FAMILY}"; color: #1b1f2a }}
h1 {{ font-size: 20pt; line-height: 1.3; margin: 0 0 2mm }}
.by {{ color: #555; margin: 0 0 12mm }}
h2 {{ font-size: 13pt; border-top: .5pt solid #888; padding-top: 4mm; margin: 8mm 0 2mm }}
"""


@cache
def _fonts() -> "tuple[FontConfiguration, list[CSS]]":
    fonts = weasyprint.text.fonts.FontConfiguration()
    faces = "".join(
        f'@font-face {{ font-family: "{_FAMILY}"; font-weight: {number}; src: url("{font_file(Face("Serif", weight)).as_uri()}"); }}'
        for weight, number in WEIGHTS
    )
    return fonts, [weasyprint.CSS(string=faces + _STYLE, font_config=fonts)]


atexit.register(_fonts.cache_clear)  # while what it needs for that is still there


@cache
def paper(title: str, by: str, parts: tuple[tuple[str, str], ...], language: str) -> bytes:
    """A PDF with a title, who it is by, and headed parts."""
    fonts, style = _fonts()
    body = "".join(f"<h2>{escape(head)}</h2><p>{escape(text)}</p>" for head, text in parts)
    page = f'<html lang="{language}"><title>{escape(title)}</title><h1>{escape(title)}</h1><p class="by">{escape(by)}</p>{body}'
    pdf: bytes = weasyprint.HTML(string=page).write_pdf(stylesheets=style, font_config=fonts)
    return pdf
