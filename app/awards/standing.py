"""How the entries stand when the committee decides, and what it decides on them, as plain data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from app.awards.states import Outcome
from app.core.bilingual import Bilingual


@dataclass(frozen=True)
class Entry:
    """One eligible application. `place` is its rank within its theme and `rank` that over all; None without a place.

    Equal places are ties that the published chain of tie-breaks left standing.
    """

    application_id: UUID
    number: str
    startup: Bilingual
    theme_id: UUID
    place: int | None
    rank: int | None
    mean: Decimal | None
    bonus: Decimal
    final: Decimal | None
    passes: bool
    sheets: int
    lowest: Decimal | None = None
    highest: Decimal | None = None

    @property
    def is_ranked(self) -> bool:
        return self.passes and self.place is not None


@dataclass(frozen=True)
class ThemeStanding:
    """The entries of one theme, best first; those that do not pass stand last."""

    theme_id: UUID
    code: str
    title: Bilingual
    sponsor: Bilingual
    winners: int
    entries: tuple[Entry, ...]

    @cached_property
    def ranked(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_ranked)

    @cached_property
    def _sharing(self) -> Counter[int | None]:
        return Counter(entry.place for entry in self.ranked)

    def others_tied_with(self, entry: Entry) -> int:
        """How many others share the entry's place."""
        return self._sharing[entry.place] - 1 if entry.is_ranked else 0

    def is_within(self, entry: Entry) -> bool:
        """Whether the ranking gives the entry one of the theme's places for certain."""
        return entry.is_ranked and (entry.place or 0) + self.others_tied_with(entry) <= self.winners

    def is_tied_at_the_cut(self, entry: Entry) -> bool:
        """Whether the entry shares a place that reaches over the theme's last one."""
        return entry.is_ranked and (entry.place or 0) <= self.winners and not self.is_within(entry)


@dataclass(frozen=True)
class PrizeOffer:
    prize_id: UUID
    title: Bilingual
    count: int
    amount_krw: int


@dataclass(frozen=True)
class Standing:
    """All that the decision rests on. `prizes` stand in their order of honour; `open_sheets` counts those not signed yet."""

    themes: tuple[ThemeStanding, ...]
    prizes: tuple[PrizeOffer, ...]
    pass_mark: Decimal | None
    pass_mark_sees_bonus: bool
    chair_decides: bool  # whether the published rule leaves the last ties to the chair
    open_sheets: int

    @cached_property
    def by_application(self) -> dict[UUID, tuple[ThemeStanding, Entry]]:
        return {entry.application_id: (theme, entry) for theme in self.themes for entry in theme.entries}

    @cached_property
    def prize_order(self) -> dict[UUID, int]:
        """How high each prize stands, 0 for the highest."""
        return {prize.prize_id: i for i, prize in enumerate(self.prizes)}

    @property
    def entries(self) -> list[Entry]:
        return [entry for theme in self.themes for entry in theme.entries]


@dataclass(frozen=True)
class DecisionInput:
    """What is decided on one application. A reserve without a rank gets the next one in the order of the ranking."""

    outcome: Outcome
    prize_id: UUID | None = None
    reserve_rank: int | None = None
    reason: str = ""


Decisions = Mapping[UUID, DecisionInput]  # by application id; an application without one is undecided
