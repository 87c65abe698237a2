"""Correcting what was published: a new result set with its reason, while the earlier one stays to be read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.awards import rules
from app.awards.models import ResultSet
from app.awards.queries import get_board, get_result_set
from app.awards.result_content import FORMAT, Publication
from app.awards.services.publish_results import content_of, freeze, fresh_content
from app.awards.services.tell_applicants import tell_corrected
from app.awards.services.tell_sponsors import tell_sponsors
from app.awards.services.write_decisions import lock_challenge, merged, turn_desk, write_decisions
from app.awards.standing import DecisionInput
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.errors import RuleBroken, StaleEdit


def correct_results(
    challenge: Challenge,
    decisions: Mapping[UUID, DecisionInput],
    reason: str,
    *,
    version: int | None = None,
    actor: User,
    now: datetime,
) -> ResultSet:
    """Publish the next result set with `decisions` in the place of the old ones; those whose decision changed are mailed.

    Raises StaleEdit, DecisionsRefused, or RuleBroken: without a reason (field `reason`), where nothing changes, or where a
    departure from the ranking has none. Certificates of changed decisions are then listed by `list_flagged_certificates`.
    """
    lock_challenge(challenge)
    if refusal := rules.why_not_correct(challenge, actor):
        raise RuleBroken(refusal)
    board = get_board(challenge)
    if version is not None and version != board.version:
        raise StaleEdit(board.version)
    if refusal := rules.why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")
    after = merged(board, decisions)
    if refusal := rules.why_not_stand(board.standing, after):
        raise RuleBroken(refusal)
    changes = write_decisions(challenge, board.decisions, after, actor=actor, now=now)
    if not changes:
        raise RuleBroken(_("Nothing differs from the published results."))
    before = get_result_set(challenge.id)
    assert before is not None
    publication = Publication(before.number + 1, reason.strip(), now, actor.id, tuple(UUID(text) for text in changes))
    decided = replace(board, decisions=after)
    if before.content.get("format") == FORMAT:  # the letters stay
        sheets = {entry["application_id"]: entry["sheets"] for entry in before.content["entries"]}
        content = content_of(challenge, decided, publication, sheets)
    else:
        content = fresh_content(challenge, decided, publication)
    result_set = freeze(challenge, content, public_at=max(now, before.public_at), actor=actor, now=now)
    turn_desk(challenge, board, None, actor=actor, now=now)
    record(
        "awards.correct_results", subject=result_set, actor=actor, now=now, challenge_id=challenge.id,
        details={"number": result_set.number, "sha256": result_set.sha256, "reason": result_set.reason, "decisions": changes},
    )  # fmt: skip
    tell_corrected(challenge, result_set, now=now)
    tell_sponsors(challenge, result_set, now=now)
    return result_set
