"""Published results, read from what was frozen: nothing on these pages changes when a company is renamed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.awards.models import ResultSet
from app.awards.states import Outcome
from app.core.bilingual import Bilingual


@dataclass(frozen=True)
class Winner:
    """A selected entry; `prize` is None for one without a prize."""

    application_id: UUID
    receipt_number: str
    company: Bilingual
    theme_code: str
    theme: Bilingual
    sponsor: Bilingual
    prize_id: UUID | None
    prize: Bilingual | None
    amount_krw: int


@dataclass(frozen=True)
class PrizeWinners:
    """One prize with those who have it; nobody, where the committee gave none."""

    prize_id: UUID | None
    title: Bilingual | None
    count: int
    amount_krw: int
    winners: tuple[Winner, ...]


@dataclass(frozen=True)
class OwnResult:
    """One applicant's own result, and nothing of anybody else's. `criteria` are (title, points, mean by the rule)."""

    number: int
    published_at: datetime
    receipt_number: str
    theme: Bilingual
    outcome: Outcome
    reserve_rank: int | None
    prize: Bilingual | None
    amount_krw: int
    mean: Decimal | None
    bonus: Decimal
    final: Decimal | None
    most: Decimal
    bonus_cap: Decimal
    sheets: int
    trimmed: bool
    passes: bool | None
    pass_mark: Decimal | None
    decimals: int
    criteria: tuple[tuple[str, Bilingual, Decimal, Decimal | None], ...]


@dataclass(frozen=True)
class PublishedResults:
    """A result set as pages show it. `sha256` is empty in a preview."""

    content: Mapping[str, Any]
    sha256: str
    public_at: datetime | None = None  # None in a preview

    @classmethod
    def of(cls, result_set: ResultSet) -> "PublishedResults":
        return cls(result_set.content, result_set.sha256, result_set.public_at)

    def is_public(self, now: datetime) -> bool:
        """Where nothing was held back it is public whatever the reader's clock says."""
        return self.public_at is not None and (self.public_at <= now or self.public_at == self.published_at)

    @property
    def number(self) -> int:
        return int(self.content["number"])

    @property
    def reason(self) -> str:
        return str(self.content["reason"])

    @property
    def published_at(self) -> datetime:
        return datetime.fromisoformat(self.content["published_at"])

    @property
    def round(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content["round"]
        return found

    @property
    def entry_count(self) -> int:
        return len(self.content["entries"])

    @property
    def winners(self) -> list[Winner]:
        """All selected entries: by prize, then theme, then name."""
        prizes = {prize["id"]: (i, prize) for i, prize in enumerate(self.content["prizes"])}
        themes = {theme["code"]: theme for theme in self.content["themes"]}
        found = [
            (
                prizes[entry["prize_id"]][0] if entry["prize_id"] else len(prizes),
                entry["theme"],
                entry["company"]["ko"] or entry["company"]["en"],
                _winner(entry, themes[entry["theme"]], prizes[entry["prize_id"]][1] if entry["prize_id"] else None),
            )
            for entry in self.content["entries"]
            if entry["outcome"] == Outcome.SELECTED
        ]
        return [winner for _prize, _theme, _name, winner in sorted(found, key=lambda row: row[:3])]

    @property
    def by_prize(self) -> list[PrizeWinners]:
        """Every prize of the call in its order, then those selected without one, if any."""
        winners = self.winners
        groups = [
            PrizeWinners(
                UUID(prize["id"]), Bilingual.from_dict(prize["title"]), prize["count"], prize["amount_krw"],
                tuple(w for w in winners if w.prize_id == UUID(prize["id"])),
            )
            for prize in self.content["prizes"]
        ]  # fmt: skip
        if without := tuple(w for w in winners if w.prize_id is None):
            groups.append(PrizeWinners(None, None, len(without), 0, without))
        return groups

    def own(self, application_id: UUID) -> OwnResult | None:
        """The result of one application; None where it is not among the entries."""
        for entry in self.content["entries"]:
            if entry["application_id"] == str(application_id):
                return self._own(entry)
        return None

    def _own(self, entry: Mapping[str, Any]) -> OwnResult:
        round_ = self.round
        prize = next((p for p in self.content["prizes"] if p["id"] == entry["prize_id"]), None)
        theme = next(t for t in self.content["themes"] if t["code"] == entry["theme"])
        return OwnResult(
            number=self.number,
            published_at=self.published_at,
            receipt_number=entry["receipt_number"],
            theme=Bilingual.from_dict(theme["title"]),
            outcome=Outcome(entry["outcome"]),
            reserve_rank=entry["reserve_rank"],
            prize=Bilingual.from_dict(prize["title"]) if prize else None,
            amount_krw=prize["amount_krw"] if prize else 0,
            mean=_decimal(entry["mean"]),
            bonus=Decimal(entry["bonus"]),
            final=_decimal(entry["final"]),
            most=sum((Decimal(c["points"]) for c in round_["criteria"]), Decimal(0)),
            bonus_cap=Decimal(round_["bonus_cap"]),
            sheets=len(entry["sheets"]),
            trimmed=entry["trimmed"],
            passes=entry["passes"],
            pass_mark=_decimal(round_["pass_mark"]),
            decimals=round_["decimals"],
            criteria=tuple(
                (
                    c["code"],
                    Bilingual.from_dict(c["title"]),
                    Decimal(c["points"]),
                    _decimal(entry["criteria"].get(c["code"])),
                )
                for c in round_["criteria"]
            ),
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _winner(entry: Mapping[str, Any], theme: Mapping[str, Any], prize: Mapping[str, Any] | None) -> Winner:
    return Winner(
        application_id=UUID(entry["application_id"]),
        receipt_number=entry["receipt_number"],
        company=Bilingual.from_dict(entry["company"]),
        theme_code=entry["theme"],
        theme=Bilingual.from_dict(theme["title"]),
        sponsor=Bilingual.from_dict(theme["sponsor"]),
        prize_id=UUID(prize["id"]) if prize else None,
        prize=Bilingual.from_dict(prize["title"]) if prize else None,
        amount_krw=prize["amount_krw"] if prize else 0,
    )
