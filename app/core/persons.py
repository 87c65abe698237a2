"""Who holds what about persons: each feature says it in its `personal_data.py`, how it is found, shown and erased.

Two things end a holding: the person closes the account, and the retention period of a challenge runs out. What is kept
longer has a reason, which the person reads.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

ERASED = "삭제됨 (erased)"  # stands where a person's data stood


def erased_address(of: object) -> str:
    """An address that nobody has, and only one row holds."""
    return f"erased-{of}@erased.invalid"


class Person(Protocol):
    """Whom it is about: an account with its address."""

    @property
    def id(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class File:
    """A stored file that belongs to a holding."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Holding:
    """One kind of thing that is held about a person: its rows with their labels, and until when and why it is kept."""

    code: str  # names the file in the download
    title: str
    kept: str
    rows: Sequence[Mapping[str, str]]
    files: Sequence[File] = ()
    goes: bool = False  # at once with the account


def nothing(_subject: object, **_more: object) -> int:
    return 0


@dataclass(frozen=True)
class Keeper:
    """What one feature holds about persons.

    `columns` names every column with personal data by its table; a test demands a word on every text column that there is.
    `erase_person` ends what goes with an account. `erase_challenge` ends what a challenge's retention period covers, a
    batch at a time: it returns how many rows it changed, and none when nothing is left. Neither commits.
    """

    feature: str
    columns: Mapping[str, frozenset[str]]
    find: Callable[[Person], Iterable[Holding]] = field(default=lambda _person: ())
    erase_person: "Eraser" = field(default=nothing)
    erase_challenge: "ChallengeEraser" = field(default=nothing)


class Eraser(Protocol):
    def __call__(self, person: Person, /, *, now: datetime) -> int: ...


class ChallengeEraser(Protocol):
    def __call__(self, challenge_id: UUID, /, *, now: datetime, limit: int) -> int: ...


_KEEPERS: dict[str, Keeper] = {}


def keep(keeper: Keeper) -> Keeper:
    """Register what a feature holds; one for each."""
    _KEEPERS[keeper.feature] = keeper
    return keeper


def keepers() -> list[Keeper]:
    return list(_KEEPERS.values())
