"""What differs between two texts, by lines, then by words, then within a word by what people see as one character."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Change = Literal["same", "gone", "new"]
MOST_TOKENS = (
    4_000  # beyond it, a block that differs is shown as a whole: it would be no easier to read, and slow to find
)
JOINERS = frozenset("\u200d\ufe0e\ufe0f")


@dataclass(frozen=True)
class Piece:
    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in their order; "same" and "gone" make `before`, "same" and "new" make `after`.

    Both come back in NFC, as a Hangul syllable may be written in one character or in three that look the same.
    """
    old, new = _plain(before), _plain(after)
    return _joined(_by_lines(old, new))


def graphemes(text: str) -> list[str]:
    """`text` in pieces that people see as one: a letter with its marks, an emoji with its skin tone and its family."""
    found: list[str] = []
    for character in text:
        joins = found and (
            unicodedata.category(character) in ("Mn", "Me", "Mc")
            or character in JOINERS
            or "\U0001f3fb" <= character <= "\U0001f3ff"
            or found[-1].endswith("\u200d")
        )
        if joins:
            found[-1] += character
        else:
            found.append(character)
    return found


def words(text: str) -> list[str]:
    """`text` in words, blanks and single signs."""
    return [
        piece
        for whole, group in groupby(graphemes(text), key=lambda g: (g.isspace(), g[0].isalnum()))
        for piece in (["".join(group)] if any(whole) else group)
    ]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def _by_lines(old: str, new: str) -> Iterator[Piece]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for kind, a, b in _steps(before, after):
        gone, come = "".join(a), "".join(b)
        if kind == "replace":
            yield from _by_words(gone, come)
        else:
            yield from _whole(kind, gone, come)


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = words(old), words(new)
    if len(before) + len(after) > MOST_TOKENS:
        yield from _whole("replace", old, new)
        return
    for kind, a, b in _steps(before, after):
        gone, come = "".join(a), "".join(b)
        if kind == "replace" and len(a) == len(b) == 1:
            yield from _within(gone, come)
        else:
            yield from _whole(kind, gone, come)


def _within(old: str, new: str) -> Iterator[Piece]:
    """A word and the one in its place: what they begin and end with alike stays, such as the noun before its particle."""
    a, b = graphemes(old), graphemes(new)
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    if head + tail == 0:
        yield from _whole("replace", old, new)
        return
    yield Piece("same", "".join(a[:head]))
    yield Piece("gone", "".join(a[head : len(a) - tail]))
    yield Piece("new", "".join(b[head : len(b) - tail]))
    yield Piece("same", "".join(a[len(a) - tail :]))


def _whole(kind: str, gone: str, come: str) -> Iterator[Piece]:
    if kind == "equal":
        yield Piece("same", gone)
        return
    yield Piece("gone", gone)
    yield Piece("new", come)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > MOST_TOKENS)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        yield kind, before[a1:a2], after[b1:b2]


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].change == piece.change:
            found[-1] = Piece(piece.change, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
