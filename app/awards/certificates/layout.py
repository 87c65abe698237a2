"""How a certificate's words are set: names that fit, lines that break between words and come out even.

Pure functions; sizes are in pt, measures and heights in mm.
"""

from typing import NamedTuple

from app.awards.certificates.glyphs import em_width
from app.awards.certificates.sheets import Face

PT = 25.4 / 72
REGULAR, BOLD = Face("Serif", "Regular"), Face("Serif", "Bold")


class Fitted(NamedTuple):
    """Lines of text and the size at which they stand."""

    lines: list[str]
    pt: float


def fit_name(text: str, measure: float, base: float, *, floor: float = 12, face: Face = BOLD) -> Fitted:
    """The largest size at which `text` stands well: one line down to 72 % of `base`, then two, then three.

    Lines break between words, as evenly as they can. A word too long for the measure breaks in its middle.
    """
    words = text.split()
    one = _size([text], measure, base, face)
    if one >= base * 0.72 or not words:
        return Fitted([text], one)
    best: Fitted | None = None
    for count in (2, 3):
        lines = _even(words, count, face)
        size = min(_size(lines, measure, base, face), base * (0.8 if count == 2 else 0.66))
        if best is None or size > best.pt * 1.05:
            best = Fitted(lines, size)
        if best.pt >= floor:
            return best
    assert best is not None
    if max(map(len, words)) > 24:
        pieces = [piece for word in words for piece in _halves(word)]
        lines = _even(pieces, 3, face)
        return Fitted(lines, min(_size(lines, measure, base, face), base * 0.66))
    return best


def _halves(word: str) -> list[str]:
    if len(word) <= 24:
        return [word]
    middle = (len(word) + 1) // 2
    return [*_halves(word[:middle]), *_halves(word[middle:])]


def _size(lines: list[str], measure: float, base: float, face: Face) -> float:
    """A little under what would fit exactly, so that rounding never pushes a letter out."""
    widest = max((em_width(line, face) for line in lines), default=0.0)
    return round(min(base, measure * 0.995 / PT / widest), 2) if widest else base


def _even(words: list[str], count: int, face: Face) -> list[str]:
    """`words` in at most `count` lines whose longest is as short as it can be."""
    if count == 1 or len(words) == 1:
        return [" ".join(words)]
    tries = ([" ".join(words[:i]), *_even(words[i:], count - 1, face)] for i in range(1, len(words)))
    return min(tries, key=lambda lines: max(em_width(line, face) for line in lines))


def set_lines(text: str, measure: float, pt: float, *, tied: int = 3, face: Face = REGULAR) -> list[str]:
    """`text` in the fewest lines, broken between words where they come out most even; the last `tied` words never part.

    The last line may be short, but no scrap. Lines are set here because WeasyPrint knows no `word-break: keep-all`.
    """
    parts, room = text.split(), measure / PT / pt
    units = [*parts[:-tied], " ".join(parts[-tied:])] if len(parts) > tied else [" ".join(parts)]
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, ugliness, start of the last line
    for end in range(1, len(units) + 1):
        tries = []
        for start in range(end - 1, -1, -1):
            slack = 1 - em_width(" ".join(units[start:end]), face) / room
            if slack < 0 and start < end - 1:
                break
            cost = 100.0 if slack < 0 else max(0.0, slack - 0.6) * 4 if end == len(units) else slack**2
            tries.append((best[start][0] + 1, best[start][1] + cost, start))
        best.append(min(tries))
    lines, end = [], len(units)
    while end:
        start = best[end][2]
        lines.append(" ".join(units[start:end]))
        end = start
    return lines[::-1]


def fit_body(
    text: str, measure: float, base: float, *, height: float, leading: float, floor: float = 9, face: Face = REGULAR
) -> Fitted:
    """`text` in lines at the largest size, from `base` down, whose lines stay within `height` and within `measure`."""
    pt = base
    while True:
        lines = set_lines(text, measure, pt, face=face)
        inside = len(lines) * pt * leading * PT <= height and _size(lines, measure, base, face) >= pt
        if inside or pt <= floor:
            return Fitted(lines, pt)
        pt = round(pt - 0.5, 1)
