"""Texts as the desk compares them: one form for what was written and for what is searched."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

BLANKS = re.compile(r"\s+")
# What says what kind of company it is, not which one; in the forms that people write it.
LEGAL_FORMS = re.compile(
    r"주식회사|유한책임회사|유한회사|합자회사|합명회사|협동조합|사단법인|재단법인"
    r"|\((?:주|유|합|재|사)\)|㈜|㈐"
    r"|\b(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|plc|gmbh|ag|pte|pty|sa|bv)\b\.?"
)
NOT_LETTERS = re.compile(r"[\W_]+")


def searchable(text: str) -> str:
    """`text` composed (NFC, so that a syllable typed on any machine is one letter), without case, with single blanks."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return BLANKS.sub(" ", folded).strip()


def name_key(name: str) -> str:
    """A company's name without its legal form, blanks and signs: (주)두레 신용 and 두레신용 주식회사 have one key.

    A name that is nothing but a legal form keeps it.
    """
    folded = searchable(unicodedata.normalize("NFKC", name.replace("㈜", "(주)")))
    return NOT_LETTERS.sub("", LEGAL_FORMS.sub(" ", folded)) or NOT_LETTERS.sub("", folded)


def texts_in(answer: Any) -> Iterator[str]:
    """Every text that an answer holds, whatever its shape: a word, a list of choices, a table."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict):
        for part in answer.values():
            yield from texts_in(part)
    elif isinstance(answer, list | tuple):
        for part in answer:
            yield from texts_in(part)
    elif isinstance(answer, int | float) and not isinstance(answer, bool):
        yield str(answer)
