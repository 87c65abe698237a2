"""Publishing: the results are frozen under a hash, and every applicant is told their own."""

from datetime import datetime
from secrets import SystemRandom
from typing import Any

from app.accounts.models import User
from app.awards import rules
from app.awards.appeals.queries import why_results_wait
from app.awards.models import ResultSet
from app.awards.queries import Board, get_board, get_result_set, get_rules_version, list_signed_sheets
from app.awards.result_content import Publication, build_content, frozen_sheets
from app.awards.services.tell_applicants import tell_applicants
from app.awards.services.tell_sponsors import tell_sponsors
from app.awards.services.write_decisions import lock_challenge
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken


def publish_results(
    challenge: Challenge, *, actor: User, now: datetime, public_at: datetime | None = None
) -> ResultSet:
    """Freeze result set number 1 and mail every applicant; everybody may read it from `public_at` on, or at once.

    Raises RuleBroken (field `public_at` where that moment cannot be).

    Called again, by a double click or from another tab, it changes nothing and returns the set that was published.
    """
    lock_challenge(challenge)
    if challenge.state in rules.PUBLISHED and not rules.why_not_organize(challenge, actor):
        published = get_result_set(challenge.id, 1)
        if published is not None:
            return published
    if reason := rules.why_not_publish(challenge, actor) or why_results_wait(challenge, now):
        raise RuleBroken(reason)
    if public_at is not None and (reason := rules.why_not_public_at(public_at, now)):
        raise RuleBroken(reason, field="public_at")
    board = get_board(challenge)
    if reason := rules.why_not_stand(board.standing, board.decisions):
        raise RuleBroken(reason)
    content = fresh_content(challenge, board, Publication(1, "", now, actor.id))
    result_set = freeze(challenge, content, public_at=public_at or now, actor=actor, now=now)
    challenge.state, challenge.results_at = ChallengeState.RESULTS_OUT, result_set.public_at
    record(
        "awards.publish_results", subject=result_set, actor=actor, now=now, challenge_id=challenge.id,
        details={
            "number": 1, "sha256": result_set.sha256, "winners": challenge.winner_count, "public_at": result_set.public_at,
        },
    )  # fmt: skip
    tell_applicants(challenge, result_set, now=now)
    tell_sponsors(challenge, result_set, now=now)
    return result_set


def preview_content(challenge: Challenge, board: Board, *, actor: User, now: datetime) -> dict[str, Any] | None:
    """What would be published now, as a result set's content; nothing is stored. None while entries are undecided."""
    if board.round is None or any(entry.application_id not in board.decisions for entry in board.standing.entries):
        return None
    return fresh_content(challenge, board, Publication(1, "", now, actor.id))


def fresh_content(challenge: Challenge, board: Board, publication: Publication) -> dict[str, Any]:
    """Content with judges' letters drawn by lot for each entry: they are frozen, and nothing leads from them to a judge."""
    assert board.round is not None
    sheets = frozen_sheets(list_signed_sheets(board.round), SystemRandom().shuffle)
    return content_of(challenge, board, publication, sheets)


def content_of(
    challenge: Challenge, board: Board, publication: Publication, sheets: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    assert board.round is not None
    assert board.ranking is not None
    return build_content(
        challenge, board.round, board.ranking, standing=board.standing, decisions=board.decisions, sheets=sheets,
        rules_version=get_rules_version(challenge.id), publication=publication,
    )  # fmt: skip


def freeze(
    challenge: Challenge, content: dict[str, Any], *, public_at: datetime, actor: User, now: datetime
) -> ResultSet:
    """Store `content` under its hash, and the count of winners that lists show with it."""
    result_set = ResultSet(
        challenge_id=challenge.id, number=content["number"], content=content, sha256=canonical_sha256(content),
        reason=content["reason"], published_at=now, public_at=public_at, published_by_id=actor.id,
    )  # fmt: skip
    db.session.add(result_set)
    db.session.flush()
    challenge.winner_count = sum(entry["outcome"] == Outcome.SELECTED for entry in content["entries"])
    return result_set
