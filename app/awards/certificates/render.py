"""From frozen words to PDFs of one A4 page, many at once: tagged, archival, the same bytes for the same words.

Words are set by WeasyPrint once for a batch (setting), drawings are made once for a style (artwork), and each file is put
together from them (compose).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.awards.certificates.artwork import draw
from app.awards.certificates.compose import write_certificate
from app.awards.certificates.embedding import Cutter
from app.awards.certificates.setting import set_blocks
from app.awards.certificates.sheets import Face, Layout, Sheet
from app.awards.certificates.styles import STYLES

BATCH = 50


class RunsOver(RuntimeError):  # noqa: N818 - says what is wrong
    """The words did not fit in their places."""


def render_certificate(sheet: Sheet) -> bytes:
    """The PDF of one certificate."""
    return next(render_certificates([sheet]))


def render_certificates(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The PDFs of `sheets`, in their order; memory holds one batch at a time. Check the words with `unprintable` first."""
    for start in range(0, len(sheets), BATCH):
        for (style, language), group in groupby(
            sheets[start : start + BATCH], key=lambda s: (s.style, s.words["language"])
        ):
            yield from _render(style, language, [(sheet, STYLES[style](sheet)) for sheet in group])


def _render(style: str, language: str, laid_out: list[tuple[Sheet, Layout]]) -> Iterator[bytes]:
    first = laid_out[0][1]
    size = (first.width, first.height)
    found = set_blocks(style, language, size, (block for _sheet, layout in laid_out for block in layout.blocks))
    needed: dict[Face, set[int]] = {}
    for lines in found.values():
        for face, glyphs in lines.glyphs.items():
            needed.setdefault(face, set()).update(glyphs)
    cutter = Cutter(needed)
    for sheet, layout in laid_out:
        art = draw(style, layout.width, layout.height, layout.art)
        yield write_certificate(sheet, layout, [found[block] for block in layout.blocks], art, cutter)
