"""A certificate's two names: the serial that counts in the register, and the code that nobody can guess.

A code is 80 random bits in Crockford's base 32 (no I, L, O, U): sixteen characters, so that the address in the QR code
stays within 40 on a short host name.
"""

import secrets
from urllib.parse import urlsplit

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_ALIKE = str.maketrans(
    {"I": "1", "L": "1", "O": "0", "-": None, " ": None, "\u2010": None, "\u2011": None, "\u2013": None}
)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that a person typed, however they wrote it, or the one at the end of a pasted address; None for anything else."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1].split("?", 1)[0]
    code = last.upper().translate(_ALIKE)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def grouped(code: str) -> str:
    """7F3K-Q9ZA-04DE-52B6, as it is printed and read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def qr_address(base_url: str, code: str) -> str:
    """The address in the QR code, in capitals where they mean the same, because a QR code then needs fewer dots."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}".upper() + f"{parts.path.rstrip('/')}/V/{code}"


def printed_address(base_url: str, code: str) -> str:
    """The same address for a person without a camera."""
    parts = urlsplit(base_url)
    return f"{parts.netloc}{parts.path.rstrip('/')}/v/{grouped(code)}"


def serial_of(year: int, number: int) -> str:
    """2022-0001, without the words around it."""
    return f"{year}-{number:04d}"


def read_serial(text: str) -> tuple[int, int] | None:
    """The year and number in "제 2022-0001 호", "No. 2022-0001" or "2022-1"; None where there is none."""
    kept = "".join(c if c.isascii() and (c.isdigit() or c == "-") else " " for c in text).strip("- ")
    year, _, number = kept.partition("-")
    if year.isdigit() and number.isdigit() and len(year) == 4 and len(number) <= 9:
        return int(year), int(number)
    return None
