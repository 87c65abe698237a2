"""How alike two names or two texts are; pure, without a database.

Both are compared by Jaccard's measure of their sets of pieces: what they share over what either has. Names are cut into
trigrams with blanks before and after, as PostgreSQL's pg_trgm does (see its documentation, "Trigram (or Trigraph) Concepts").
Texts are cut into runs of five characters without blanks, which for Korean is about two words, and first compared by
min-hash signatures: the share of equal places estimates Jaccard's measure without bias, with a standard error of at most
1 / (2 √128) = 4.4 points (A. Broder, "On the resemblance and containment of documents", SEQUENCES 1997). Who comes near the
threshold by the estimate is measured exactly, so that what is shown is no estimate.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

RUN = 5  # characters
PLACES = 128  # of a signature
PRIME = 4_294_967_311  # the first above 2^32, so that hashes of 32 bits are spread over all of it
NAME_FROM = 60  # percent from which two names are called alike
TEXT_FROM = 50
MARGIN = 15  # percent below the threshold that the estimate may be: over three standard errors
SHORTEST = 40  # characters: less is no text to compare

_random = np.random.default_rng(1997)  # the same for ever: signatures are stored
_FACTORS = _random.integers(1, 1 << 32, PLACES, dtype=np.uint64)
_SHIFTS = _random.integers(0, 1 << 32, PLACES, dtype=np.uint64)


def percent(one: set[str], other: set[str]) -> int:
    """Jaccard's measure in whole percent, rounded down, so that 100 is said only of equal sets."""
    either = len(one | other)
    return 100 * len(one & other) // either if either else 0


def trigrams(key: str) -> set[str]:
    """The trigrams of a name's key; none of an empty one."""
    padded = f"  {key} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)} if key else set()


def runs(text: str) -> set[str]:
    """The runs of RUN characters of a text; none of one that is too short to say anything."""
    packed = "".join(text.split())
    return {packed[i : i + RUN] for i in range(len(packed) - RUN + 1)} if len(packed) >= SHORTEST else set()


def signature(text: str) -> bytes:
    """The min-hash signature of a text: PLACES numbers of 32 bits; empty for a text that is too short."""
    pieces = runs(text)
    if not pieces:
        return b""
    hashed = np.fromiter((zlib.crc32(piece.encode()) for piece in pieces), dtype=np.uint64, count=len(pieces))
    places = np.empty(PLACES, dtype=np.uint64)
    for i in range(PLACES):
        # Factor, hash and shift are below 2^32, so that nothing overflows 64 bits.
        places[i] = ((hashed * _FACTORS[i] + _SHIFTS[i]) % np.uint64(PRIME)).min()
    return (places & np.uint64(0xFFFFFFFF)).astype("<u4").tobytes()


def stacked(signatures: list[bytes]) -> NDArray[np.uint32]:
    """Signatures as rows; one that is missing as noughts."""
    empty = bytes(4 * PLACES)
    return np.frombuffer(b"".join(s or empty for s in signatures), dtype="<u4").reshape(-1, PLACES)


def near_texts(own: bytes, others: NDArray[np.uint32]) -> list[int]:
    """The rows whose estimate is near enough to be measured."""
    if not own or not len(others):
        return []
    mine = np.frombuffer(own, dtype="<u4")
    shares = (others == mine).mean(axis=1)
    return [int(i) for i in np.nonzero(shares * 100 >= TEXT_FROM - MARGIN)[0]]


class Names:
    """Names by their trigrams, so that only those that share some are compared."""

    def __init__(self, keys: Mapping[int, set[str]]) -> None:
        """`keys` gives each index the keys of a company's names; two companies are as alike as their most alike names."""
        self._sizes: list[tuple[int, int]] = []  # (index, number of trigrams) of each name
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for index, names in keys.items():
            for name in names:
                pieces = trigrams(name)
                for piece in pieces:
                    self._holders[piece].append(len(self._sizes))
                self._sizes.append((index, len(pieces)))

    def like(self, names: set[str]) -> dict[int, int]:
        """Index -> percent of every company whose name is alike to one of `names`, the own index included."""
        found: dict[int, int] = {}
        for name in names:
            pieces = trigrams(name)
            shared = Counter(place for piece in pieces for place in self._holders.get(piece, ()))
            for place, count in shared.items():
                index, size = self._sizes[place]
                share = 100 * count // (len(pieces) + size - count)
                if share >= NAME_FROM:
                    found[index] = max(found.get(index, 0), share)
        return found
