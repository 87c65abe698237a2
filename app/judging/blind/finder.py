"""Finding in a text what names an applicant: the company, its people, its addresses and numbers, however they are written.

Pure: a text and what is known of the applicant give the places. It errs on the side of finding; an organizer lets through
what was meant otherwise.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

HIDDEN = "○○○"  # of one length, whatever stood there


class ClueKind(StrEnum):
    COMPANY = "company"
    PERSON = "person"
    DOMAIN = "domain"
    EMAIL = "email"
    PHONE = "phone"
    BUSINESS_NUMBER = "business_number"
    ADDRESS = "address"
    LINK = "link"  # whoever follows one leaves the blind
    WORD = "word"  # added by the organizer


@dataclass(frozen=True)
class Clue:
    """Something known of the applicant that its texts may say."""

    kind: ClueKind
    text: str


@dataclass(frozen=True)
class Hit:
    """A place in a text, `start` to `end` in its characters. `key` is the same however it was written there."""

    kind: ClueKind
    start: int
    end: int
    key: str


# Folding: one way of writing, with the way back to where each character stood.

_UNSEEN = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")  # of no width


@lru_cache(maxsize=16_384)
def _fold_one(cluster: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", cluster).casefold() if c not in _UNSEEN)


def _clusters(text: str) -> Iterable[tuple[int, int]]:
    """Where characters begin and end: a base with what combines with it, parted Hangul included."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not (
            "\u1160" <= text[place] <= "\u11ff" or (text[place] > "\u02ff" and unicodedata.combining(text[place]))
        ):
            yield start, place
            start = place


def fold(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """`text` composed, of one width and in small letters; and for each of its characters where it began and ended."""
    small = text.casefold()
    if len(small) == len(text) and unicodedata.is_normalized("NFKC", text) and _UNSEEN.isdisjoint(text):
        return small, range(len(text)), range(1, len(text) + 1)
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text) if text else ():
        for character in _fold_one(text[start:end]):
            folded.append(character)
            starts.append(start)
            ends.append(end)
    return "".join(folded), starts, ends


def key_of(text: str) -> str:
    """What is the same of every way of writing it: letters and digits."""
    return "".join(c for c in fold(text)[0] if c.isalnum())


# Patterns, all for folded text.

_HANGUL = "가-힣"
_LEGAL = r"(?:\(주\)|\(유\)|\(사\)|\(재\)|주식회사|유한책임회사|유한회사|사단법인|재단법인|농업회사법인|협동조합)"
_LEGAL_EN = r"(?:co\.?\s*,?\s*ltd\.?|incorporated|inc\.?|corporation|corp\.?|limited|ltd\.?|llc|gmbh|company)"
# What may follow a short name as its own: particles, and words that one calls people and companies by.
_AFTER = (
    r"(?=$|[^가-힣]|(?:은|는|이|가|을|를|의|에|와|과|도|로|만|라|란|며|님|씨|께|팀|사|측|랑|야|아|여|보다|처럼|까지|부터"
    r"|으로|에서|에게|이란|이라|입니|대표|이사|박사|교수|팀장|연구|개발|과장|부장|차장|대리|사원|본부|실장|소장|의장))"
)
_REMARK = re.compile(r"\((?!주\)|유\)|사\)|재\))[^)]*\)")
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_LINK = r"(?:https?://|www\.)[^\s<>()\"'「」]+"
_PHONE = (
    r"(?<!\d)(?:\+?82[\s.)-]{0,2}|\(?0)(?:1[016789]|2|[3-6][1-5]|70|50\d?)[\s.)-]{1,2}\d{3,4}[\s.-]{1,2}\d{4}(?!\d)"
)
_NUMBER = r"(?<!\d)\d{3}\s?-\s?\d{2}\s?-\s?\d{5}(?!\d)"
_ANYBODYS: tuple[tuple[ClueKind, str], ...] = (
    (ClueKind.EMAIL, _EMAIL),
    (ClueKind.LINK, _LINK),
    (ClueKind.PHONE, _PHONE),
    (ClueKind.BUSINESS_NUMBER, _NUMBER),
)


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣"


def core_of(name: str) -> str:
    """A company's name without its legal form and remarks in brackets, folded; "" where nothing is left."""
    folded = _REMARK.sub(" ", fold(name)[0])
    folded = re.sub(_LEGAL, " ", folded)
    return re.sub(rf"[\s,]+{_LEGAL_EN}\s*$", "", folded).strip(" ,.·")


def _spelled(word: str, gap: str) -> str:
    return gap.join(re.escape(c) for c in word if not c.isspace() and c not in "-_.·,")


def _name(word: str, *, loose: bool = True) -> str | None:
    """A name of Hangul, letters or both; None where it is too short to be told from other words."""
    letters = [c for c in word if c.isalnum()]
    if len(letters) < 2:
        return None
    first, last = letters[0], letters[-1]
    if all(map(_is_hangul, letters)):
        # Three syllables together are a name wherever they stand; two, or some that stand apart, only as a word of their own.
        gap = r"[\s·]{0,2}"
        apart = f"(?<![{_HANGUL}]){_spelled(word, gap)}{_AFTER}"
        return apart if len(letters) < 3 else f"{_spelled(word, '')}|{apart}"
    gap = r"[\s._·&,-]{0,2}" if loose and len(letters) > 3 else r"[\s.-]?"
    before = rf"(?<![{_HANGUL}])" if _is_hangul(first) else r"(?<![a-z0-9])"
    after = "" if _is_hangul(last) else r"(?![a-z0-9])"
    return f"{before}{_spelled(word, gap)}{after}"


def _company(text: str) -> str | None:
    core = core_of(text) or fold(text)[0]
    name = _name(core)
    return name and rf"(?:{_LEGAL}\s*)?(?:{name})(?:\s*{_LEGAL}|[\s,]*\b{_LEGAL_EN}(?![a-z]))?"


def _person(text: str) -> str | None:
    folded = re.sub(r"[^\w\s.-]", " ", fold(text)[0]).strip()
    words = folded.replace(".", " ").split()
    found = [name for name in (_name(folded),) if name]
    if len(words) > 1 and folded.isascii():
        found += [name for name in (_name(" ".join(reversed(words))),) if name]
    return "|".join(found) or None


def _digits(text: str, *, country: bool = False) -> str | None:
    digits = "".join(c for c in fold(text)[0] if c.isdigit())
    if len(digits) < 7:
        return None
    gap = r"[\s.()-]{0,2}"
    if country and digits.startswith("0"):
        return rf"(?<!\d)(?:\+?82{gap}0?|0){gap}{gap.join(digits[1:])}(?!\d)"
    return rf"(?<!\d){gap.join(digits)}(?!\d)"


def _domain(text: str) -> str | None:
    host = re.escape(fold(text)[0].strip().removeprefix("www."))
    return rf"(?<![a-z0-9])(?:[a-z0-9-]+\.)*{host}(?![a-z0-9])(?:/[^\s<>]*)?" if "." in host else None


def _address(text: str) -> str | None:
    folded = fold(text)[0].strip()
    return rf"(?<![\w.+-]){re.escape(folded)}(?!\w)" if "@" in folded else None


def _words(text: str) -> str | None:
    folded = fold(text)[0].split()
    return r"\s*".join(map(re.escape, folded)) if len("".join(folded)) > 1 else None


_WRITTEN: dict[ClueKind, Callable[[str], str | None]] = {
    ClueKind.COMPANY: _company,
    ClueKind.PERSON: _person,
    ClueKind.DOMAIN: _domain,
    ClueKind.EMAIL: _address,
    ClueKind.PHONE: lambda text: _digits(text, country=True),
    ClueKind.BUSINESS_NUMBER: _digits,
    ClueKind.ADDRESS: _words,
    ClueKind.WORD: _words,
    ClueKind.LINK: _words,
}


def _pattern(clue: Clue) -> str | None:
    return _WRITTEN[clue.kind](clue.text)


def is_findable(clue: Clue) -> bool:
    """Whether a text can be looked through for it: one syllable, or none, is in every text."""
    return _pattern(clue) is not None


class Finder:
    """Looks through texts for one applicant's clues, and for addresses and numbers that could be anybody's."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self.clues = tuple(dict.fromkeys(clues))
        known = [(clue.kind, pattern) for clue in self.clues if (pattern := _pattern(clue))]
        self._patterns = [(kind, re.compile(pattern)) for kind, pattern in (*known, *_ANYBODYS)]

    def find(self, text: str) -> list[Hit]:
        """The places in `text`, in its order; what overlaps is one."""
        folded, starts, ends = fold(text)
        found = sorted(
            (match.start(), -match.end(), kind)
            for kind, pattern in self._patterns
            if kind is not ClueKind.EMAIL or "@" in folded
            for match in pattern.finditer(folded)
            if match.end() > match.start()
        )
        merged: list[tuple[int, int, ClueKind]] = []
        for start, minus_end, kind in found:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], -minus_end), merged[-1][2])
            else:
                merged.append((start, -minus_end, kind))
        return [
            Hit(kind, starts[start], ends[end - 1], "".join(c for c in folded[start:end] if c.isalnum()))
            for start, end, kind in merged
        ]


def conceal(text: str, hits: Sequence[Hit]) -> str:
    """`text` with something in the place of each hit that tells neither what stood there nor how long it was."""
    parts, at = [], 0
    for hit in hits:
        parts += [text[at : hit.start], HIDDEN]
        at = hit.end
    return "".join([*parts, text[at:]])
