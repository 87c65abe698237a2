"""What a result set freezes: enough to compute the ranking again, and nothing that the public must not read.

Judges are letters drawn anew for each entry; companies that were not selected are known by their receipt number.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.awards.standing import DecisionInput, Standing
from app.awards.states import Outcome
from app.challenges.models import Challenge, Criterion, Prize, Round, RulesVersion
from app.challenges.states import Scale
from app.core.canonical import canonical_json
from app.judging.official import Tie
from app.judging.queries import RankedEntry, RankingTable

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORMAT = 2  # 1, unnamed, had one letter for each judge throughout, every company's name, and no orders of the chair


@dataclass(frozen=True)
class SignedSheet:
    """One signed sheet, as far as a result set keeps it."""

    application_id: UUID
    judge_id: UUID
    scores: Mapping[str, str]
    total: Decimal | None


@dataclass(frozen=True)
class Publication:
    """What one result set says of itself. `published_by` is a person's id, never a name; `changed` are the applications
    whose decision a correction changed.
    """

    number: int
    reason: str
    published_at: datetime
    published_by: UUID
    changed: tuple[UUID, ...] = ()


def letter(index: int) -> str:
    """A, B, … Z, AA, AB …"""
    text = LETTERS[index % 26]
    return text if index < 26 else letter(index // 26 - 1) + text


def frozen_sheets(
    sheets: Iterable[SignedSheet], shuffle: Callable[[list[SignedSheet]], None]
) -> dict[str, list[dict[str, Any]]]:
    """Application id -> its sheets by letter. Each entry's are shuffled by themselves, so that a letter follows no judge."""
    by_entry: dict[str, list[SignedSheet]] = {}
    for sheet in sheets:
        by_entry.setdefault(str(sheet.application_id), []).append(sheet)
    found = {}
    for application_id, mine in by_entry.items():
        shuffle(mine)
        found[application_id] = [
            {"judge": letter(i), "scores": dict(sheet.scores), "total": sheet.total} for i, sheet in enumerate(mine)
        ]
    return found


def build_content(
    challenge: Challenge,
    round_: Round,
    ranking: RankingTable,
    *,
    standing: Standing,
    decisions: Mapping[UUID, DecisionInput],
    sheets: Mapping[str, list[dict[str, Any]]],
    rules_version: RulesVersion | None,
    publication: Publication,
) -> dict[str, Any]:
    """The content of a result set as plain JSON; its canonical form has the hash."""
    content = {
        "format": FORMAT,
        "number": publication.number,
        "reason": publication.reason,
        "published_at": publication.published_at,
        "published_by": publication.published_by,
        "changed": sorted(publication.changed),
        "challenge": {
            "id": challenge.id,
            "slug": challenge.slug,
            "title": challenge.title.as_dict(),
            "host": challenge.host.name.as_dict(),
        },
        "rules": {"number": rules_version.number, "sha256": rules_version.sha256} if rules_version else None,
        "round": _round(round_),
        "chair_orders": [line.order for line in ranking.decisions],
        "prizes": [_prize(prize) for prize in challenge.prizes],
        "themes": [
            {
                "id": t.theme_id,
                "code": t.code,
                "title": t.title.as_dict(),
                "sponsor": t.sponsor.as_dict(),
                "winners": t.winners,
            }
            for t in standing.themes
        ],
        "entries": [
            _entry(entry, decisions[entry.application_id], sheets.get(str(entry.application_id), []))
            for entry in sorted(ranking.entries, key=lambda e: e.receipt_number)
        ],
    }
    plain: dict[str, Any] = json.loads(canonical_json(content))
    return plain


def _round(round_: Round) -> dict[str, Any]:
    return {
        "title": round_.title.as_dict(),
        "aggregate": round_.aggregate,
        "trim": round_.trim,
        "trim_floor": round_.trim_floor,
        "sheets_per_entry": round_.sheets_per_entry,
        "pass_mark": round_.pass_mark,
        "pass_mark_sees_bonus": round_.pass_mark_sees_bonus,
        "bonus_cap": round_.bonus_cap,
        "decimals": round_.decimals,
        "tie_break": list(round_.tie_break),
        "criteria": [_criterion(c) for c in round_.criteria],
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    """What counts of it; scales, options and gates only where there are any, as a plain rubric was always frozen."""
    found: dict[str, Any] = {"code": criterion.code, "title": criterion.title.as_dict(), "points": criterion.points}
    if criterion.scale is not Scale.POINTS:
        found["scale"] = criterion.scale
    if criterion.scale is Scale.GATE:
        found["gate_rule"] = criterion.gate_rule
    if criterion.optional:
        found["optional"] = True
    return found


def _prize(prize: Prize) -> dict[str, Any]:
    return {"id": prize.id, "title": prize.title.as_dict(), "count": prize.count, "amount_krw": prize.amount_krw}


def _entry(entry: RankedEntry, decision: DecisionInput, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "application_id": entry.application_id,
        "receipt_number": entry.receipt_number,
        "company": entry.company.as_dict() if decision.outcome is Outcome.SELECTED else None,
        "theme": entry.theme.code,
        "sheets": sheets,
        "lowest": entry.placed.lowest,
        "highest": entry.placed.highest,
        "trimmed": entry.placed.trimmed,
        "criteria": entry.criterion_means,
        "mean": entry.mean,
        "bonus_points": sorted(line.points for line in entry.bonuses),
        "bonus": entry.bonus,
        "final": entry.final,
        "passes": entry.passes,
        **({"failed_gates": entry.placed.failed} if entry.placed.failed else {}),
        "rank": entry.rank,
        "theme_rank": entry.theme_rank,
        "tie": _tie(entry.theme_tie, entry.application_id),
        "overall_tie": _tie(entry.tie, entry.application_id),
        "outcome": decision.outcome,
        "reserve_rank": decision.reserve_rank,
        "prize_id": decision.prize_id,
    }


def _tie(tie: Tie[UUID] | None, application_id: UUID) -> dict[str, Any] | None:
    """How the entry came through the chain of tie-breaks: its own value at each link."""
    if tie is None:
        return None
    steps = [
        {"criterion": step.criterion, "value": dict(step.values)[application_id], "decided": step.decided}
        for step in tie.steps
        if application_id in dict(step.values)
    ]
    return {"with": len(tie.keys) - 1, "settled": tie.settled, "steps": steps}
