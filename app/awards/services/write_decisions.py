"""Writing decisions down: shared by the committee's drafts and by corrections."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.awards.models import Decision, DecisionDesk
from app.awards.outcome_rules import find_faults
from app.awards.queries import Board
from app.awards.standing import DecisionInput, Standing
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit


class DecisionsRefused(RuleBroken):
    """Some of the decisions cannot be; `faults` has the sentence of each, by application id."""

    def __init__(self, faults: dict[UUID, str]) -> None:
        application_id, sentence = next(iter(faults.items()))
        super().__init__(sentence, field=f"outcome-{application_id}")
        self.faults = faults


def lock_challenge(challenge: Challenge) -> None:
    """One decision at a time: whoever comes second sees what the first has done."""
    db.session.refresh(challenge, ["state", "results_at", "winner_count"], with_for_update=True)


def merged(board: Board, changes: Mapping[UUID, DecisionInput | None]) -> dict[UUID, DecisionInput]:
    """What stands with `changes` in it (None takes a decision back), reserves ranked. Raises DecisionsRefused."""
    wanted = {i: d for i, d in {**board.decisions, **changes}.items() if d is not None}
    decisions = ranked_reserves(board.standing, {i: replace(d, reason=d.reason.strip()) for i, d in wanted.items()})
    if faults := find_faults(board.standing, decisions):
        raise DecisionsRefused(faults)
    return decisions


def ranked_reserves(standing: Standing, decisions: Mapping[UUID, DecisionInput]) -> dict[UUID, DecisionInput]:
    """Reserves in each theme ranked 1, 2, 3: those with a rank keep their order and close up where one has gone, those
    without follow in the order of the ranking; tied ones share a rank, and the next is skipped.
    """
    ranked = dict(decisions)
    for theme in standing.themes:
        mine = [e for e in theme.entries if (d := ranked.get(e.application_id)) and d.outcome is Outcome.RESERVE]
        given = {e: rank for e in mine if (rank := ranked[e.application_id].reserve_rank) is not None}
        if any(rank < 1 for rank in given.values()):
            continue  # refused by the rules as it stands
        ordered = sorted(given.values())
        for entry, rank in given.items():
            closed_up = 1 + bisect_left(ordered, rank)
            ranked[entry.application_id] = replace(ranked[entry.application_id], reserve_rank=closed_up)
        count, last_place, last_rank = len(given), None, 0
        for entry in mine:
            if entry in given:
                continue
            last_rank = last_rank if entry.place == last_place else count + 1
            last_place = entry.place
            count += 1
            ranked[entry.application_id] = replace(ranked[entry.application_id], reserve_rank=last_rank)
    return ranked


def write_decisions(
    challenge: Challenge,
    before: Mapping[UUID, DecisionInput],
    after: Mapping[UUID, DecisionInput],
    *,
    actor: User,
    now: datetime,
) -> dict[str, Any]:
    """Bring the rows from `before` to `after`; returns what changed, for the trail."""
    changed = {i for i in {*before, *after} if before.get(i) != after.get(i)}
    if not changed:
        return {}
    rows = {
        row.application_id: row
        for row in db.session.scalars(sa.select(Decision).where(Decision.challenge_id == challenge.id))
    }
    for application_id in sorted(changed):
        wanted, row = after.get(application_id), rows.get(application_id)
        if wanted is None:
            db.session.delete(rows[application_id])
            continue
        if row is None:
            row = Decision(challenge_id=challenge.id, application_id=application_id)
            db.session.add(row)
        row.outcome, row.reserve_rank = wanted.outcome, wanted.reserve_rank
        row.prize_id, row.reason = wanted.prize_id, wanted.reason
        row.decided_by_id, row.decided_at = actor.id, now
    return {str(i): {"before": described(before.get(i)), "after": described(after.get(i))} for i in sorted(changed)}


def described(decision: DecisionInput | None) -> dict[str, Any] | None:
    """A decision as the trail keeps it."""
    if decision is None:
        return None
    return {
        "outcome": decision.outcome.value,
        "prize": str(decision.prize_id) if decision.prize_id else None,
        "reserve_rank": decision.reserve_rank,
        "reason": decision.reason,
    }


def turn_desk(challenge: Challenge, board: Board, version: int | None, *, actor: User, now: datetime) -> DecisionDesk:
    """The desk with its next version. Raises StaleEdit when it was saved since `version` was read."""
    if version is not None and version != board.version:
        raise StaleEdit(board.version)
    desk = board.desk
    if desk is None:
        desk = DecisionDesk(challenge_id=challenge.id, version=0, saved_at=now)
        db.session.add(desk)
    desk.version += 1
    desk.saved_by_id, desk.saved_at = actor.id, now
    return desk
