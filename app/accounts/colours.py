"""A host's accent colour: whether it reads, and how it looks in the dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

from flask_babel import gettext as _

LEAST_ON_WHITE = 4.5
LEAST_IN_DARK = 3.0
DARK_PAPER = "#16191d"  # --m-paper of tokens.css, in the dark
_HEX = re.compile(r"#[0-9a-f]{6}")


def why_not_accent(accent: str) -> str | None:
    """Why pages cannot be painted in this colour, or None. It is written like #2146c7."""
    if not _HEX.fullmatch(accent):
        return _("Write the colour as # and six digits, such as #2146c7.")
    if (ratio := contrast(accent, "#ffffff")) < LEAST_ON_WHITE:
        return _(
            "On white this colour has a contrast of %(ratio)s:1, and text needs %(least)s:1. Choose a darker one.",
            ratio=f"{int(ratio * 100) / 100:.2f}",
            least=LEAST_ON_WHITE,
        )
    return None


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG's relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def in_the_dark(accent: str) -> str:
    """The same colour, mixed with as little white as lets a button stand out from dark paper."""
    for share in range(101):
        mixed = "#" + "".join(f"{part + round((255 - part) * share / 100):02x}" for part in _parts(accent))
        if contrast(mixed, DARK_PAPER) >= LEAST_IN_DARK:
            return mixed
    return "#ffffff"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
