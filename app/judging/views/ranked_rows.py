"""What the rows of the ranking show, as text: one look at each entry, and nothing that a template would have to ask 250 times."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from markupsafe import escape

from app.judging.official import Tie
from app.judging.queries import RankedEntry, RankingTable, ThemeLine
from app.web.filters import current_language, points, score

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class RankRow:
    """One row; `place` is "tie" where the rank is shared, "broken" where a tie was, else empty.

    Texts are escaped once, here: a template that escapes each of the thousands on a page spends most of its time on it.
    """

    href: str
    company: str
    number: str
    rank: int | None
    place: str
    below: bool
    provisional: bool
    recused: int
    sheets: int
    expected: int
    spread: str
    mean: str
    untrimmed: bool
    bonus: str
    final: str


@dataclass(frozen=True)
class RankGroup:
    """A stretch of the table under one head: a theme, or all (None)."""

    theme: ThemeLine | None
    rows: Sequence[RankRow]
    entries: int
    passing: int


def grouped(
    table: RankingTable, challenge_id: UUID, window: Sequence[RankedEntry], theme_id: UUID | None, *, overall: bool
) -> list[RankGroup]:
    """The entries of one page under their heads; `window` is in the order of the list."""
    as_row = _RowMaker(table, challenge_id, overall=overall)
    if overall:
        rows = [as_row(entry) for entry in window]
        return [RankGroup(None, rows, len(table.entries), table.passing[None])] if rows else []
    groups = []
    for theme in table.themes:
        if theme_id in (None, theme.id):
            rows = [as_row(entry) for entry in window if entry.theme is theme]
            if rows:
                groups.append(RankGroup(theme, rows, len(table.by_theme[theme.id]), table.passing[theme.id]))
    return groups


class _RowMaker:
    def __init__(self, table: RankingTable, challenge_id: UUID, *, overall: bool) -> None:
        self.table, self.overall = table, overall
        self.language, self.decimals = current_language(), table.rule.decimals
        address = url_for("applications.show_received", challenge_id=challenge_id, application_id=NOBODY)
        self.before, self.after = str(escape(address)).split(str(NOBODY))
        self.trims = table.rule.aggregate == "trimmed_mean"
        self.sharing: dict[int, frozenset[UUID]] = {}

    def __call__(self, entry: RankedEntry) -> RankRow:
        placed = entry.placed
        rank = placed.rank if self.overall else placed.group_rank
        tie = placed.tie if self.overall else placed.group_tie
        place = "" if tie is None else "tie" if entry.application_id in self._sharing(tie) else "broken"
        spread = f"{points(placed.lowest)}–{points(placed.highest)}" if placed.lowest is not None else "–"
        return RankRow(
            href=f"{self.before}{entry.application_id}{self.after}", company=str(escape(entry.company.in_language(self.language))),
            number=str(escape(f"{entry.receipt_number} · {entry.theme.code}" if self.overall else entry.receipt_number)), rank=rank, place=place, below=placed.passes is False,
            provisional=placed.provisional, recused=entry.recused, sheets=placed.sheets, expected=placed.expected, spread=spread,
            mean=score(placed.mean, self.decimals), untrimmed=placed.mean is not None and self.trims and not placed.trimmed,
            bonus=f"+{score(placed.bonus, self.decimals)}" if placed.bonus else "–", final=score(placed.final, self.decimals),
        )  # fmt: skip

    def _sharing(self, tie: Tie[UUID]) -> frozenset[UUID]:
        """The entries of the tie that still share a rank."""
        if id(tie) not in self.sharing:
            groups = self.table.sharing(tie, within_theme=not self.overall)
            self.sharing[id(tie)] = frozenset(key for group in groups for key in group)
        return self.sharing[id(tie)]
