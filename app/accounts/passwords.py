"""Passwords: argon2id with the parameters that OWASP asks for at least, moved up whenever ours do."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes: two processes with few threads stay within the memory of a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# Of a random text that nobody knows. Checked where no account is, so that the answer takes as long as where one is.
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$8G+rEwQ973a4YYII/jU/sA$Zq0bnlqCEoheZAI88KiLrqwlHwfFT5ofmHBev+ORepc"


def hash_password(password: str) -> str:
    return _hasher.hash(_spelled_alike(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the hash is of this password; None takes as long and is always False."""
    try:
        _hasher.verify(password_hash or NOBODYS_HASH, _spelled_alike(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _spelled_alike(password: str) -> str:
    """Hangul arrives composed or decomposed, as the keyboard likes."""
    return unicodedata.normalize("NFKC", password)
