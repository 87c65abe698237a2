"""What a certificate is made of before it is drawn: blocks of words, each at a place of its own, and marks without words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Family = Literal["Serif", "Sans"]
Weight = Literal["Regular", "Bold"]


@dataclass(frozen=True)
class Face:
    """One of the fonts that certificates are set in."""

    family: Family = "Serif"
    weight: Weight = "Regular"

    @property
    def key(self) -> str:
        """Its name in a page's operators."""
        return self.family[1].upper() + self.weight[0]


@dataclass(frozen=True)
class Sheet:
    """One certificate to be drawn: `words` are those to print, `code` its unguessable name."""

    words: dict[str, Any]
    code: str
    base_url: str
    made_at: datetime
    style: str = "classic"
    specimen: bool = False  # a preview says on its face that it is one


@dataclass(frozen=True)
class Block:
    """Lines of words at a fixed place. `place` is CSS for what the style sheet cannot know; equal blocks look equal on every sheet."""

    tag: str  # the part that it plays for whoever listens: h1, h2, h3, p
    kind: str  # its class in the style sheet
    lines: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class Seal:
    """Where an issuer's own stamp goes, square for a public office and round for a company; mm from the top left."""

    left: float
    top: float
    size: float
    is_round: bool


@dataclass(frozen=True)
class Layout:
    """A sheet, laid out: mm from the top left of the trimmed page."""

    width: float
    height: float
    blocks: tuple[Block, ...]  # in the order in which they are read
    seals: tuple[Seal, ...]
    qr: tuple[float, float, float]  # left, top, side
    link: tuple[float, float, float, float]  # left, top, width, height of the printed address
    rules: tuple[tuple[float, float, float], ...] = ()  # lines to sign on: left, top, width
    art: tuple[tuple[str, str], ...] = ()  # values for the drawing behind the words, which sheets share
