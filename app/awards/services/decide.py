"""The committee's decision: drafts, the proposal by ranking, confirming, and going back to judging for a reason."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.awards import rules
from app.awards.appeals.models import PublicReview
from app.awards.proposal import propose
from app.awards.queries import get_board
from app.awards.services.write_decisions import lock_challenge, merged, turn_desk, write_decisions
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging.models import ScoreSheet


def propose_decisions(challenge: Challenge) -> dict[UUID, DecisionInput]:
    """What the ranking itself decides, by application id; nothing is stored. Ties that need the chair stay undecided."""
    return propose(get_board(challenge).standing)


def set_decisions(
    challenge: Challenge,
    decisions: Mapping[UUID, DecisionInput | None],
    *,
    version: int | None = None,
    actor: User,
    now: datetime,
) -> int:
    """Save `decisions` as a draft beside those on other applications (None takes one back); returns the new version.

    Raises StaleEdit when the draft was saved since `version` was read, and DecisionsRefused (a RuleBroken with the faults
    by application) for what the published rule forbids.
    """
    lock_challenge(challenge)
    if reason := rules.why_not_decide(challenge, actor):
        raise RuleBroken(reason)
    board = get_board(challenge)
    if version is not None and version != board.version:
        raise StaleEdit(board.version)
    after = merged(board, decisions)
    changes = write_decisions(challenge, board.decisions | board.orphans, after, actor=actor, now=now)
    desk = turn_desk(challenge, board, None, actor=actor, now=now)
    if changes:
        record(
            "awards.set_decisions", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
            details={"version": desk.version, "decisions": changes},
        )  # fmt: skip
    return desk.version


def confirm_decision(challenge: Challenge, *, version: int | None = None, actor: User, now: datetime) -> None:
    """Close the judging with the decisions as they are saved; score sheets are locked from now on.

    Raises RuleBroken with the first thing that is in the way, StaleEdit when the draft was saved since `version` was read.
    """
    lock_challenge(challenge)
    if reason := rules.why_not_decide(challenge, actor):
        raise RuleBroken(reason)
    if challenge.rounds:  # a sheet that is being reopened now waits, and then finds the judging closed
        db.session.execute(
            sa.select(ScoreSheet.id).where(ScoreSheet.round_id == challenge.rounds[-1].id).with_for_update()
        )
    board = get_board(challenge)
    if version is not None and version != board.version:
        raise StaleEdit(board.version)
    if reason := rules.why_not_confirm(challenge, board.standing, board.decisions, actor):
        raise RuleBroken(reason)
    dropped = write_decisions(challenge, board.decisions | board.orphans, board.decisions, actor=actor, now=now)
    challenge.state = ChallengeState.DECIDED
    selected = sum(decision.outcome is Outcome.SELECTED for decision in board.decisions.values())
    record(
        "awards.confirm_decision", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"version": board.version, "entries": len(board.decisions), "selected": selected, "dropped": dropped},
    )  # fmt: skip


def reopen_judging(challenge: Challenge, reason: str, *, actor: User, now: datetime) -> None:
    """Take a confirmed decision back, before anybody was told; the draft stays as it was. Raises RuleBroken."""
    lock_challenge(challenge)
    if refusal := rules.why_not_reopen_judging(challenge, actor):
        raise RuleBroken(refusal)
    if refusal := rules.why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")
    challenge.state = ChallengeState.JUDGING
    db.session.execute(sa.delete(PublicReview).where(PublicReview.challenge_id == challenge.id))  # its names may change
    record(
        "awards.reopen_judging", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"reason": reason.strip()},
    )  # fmt: skip
