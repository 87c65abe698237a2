"""The moves of a call that is finished: published, closed, cancelled, archived."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.checklist import missing_for_publication
from app.challenges.content import call_content
from app.challenges.inputs import InputRefused, Problem
from app.challenges.models import Challenge, RulesVersion
from app.challenges.services.edit import add_version, lock
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.queue import enqueue


def publish_challenge(challenge: Challenge, *, actor: User, now: datetime, version: int | None = None) -> RulesVersion:
    """Put the call out and freeze version 1 of its rules. Raises RuleBroken where anything is missing, StaleEdit."""
    lock(challenge)
    if reason := rules.why_not_publish(challenge, actor, missing_for_publication(challenge, now)):
        raise RuleBroken(reason)
    if version is not None and version != challenge.version:
        raise StaleEdit(challenge.version)
    reviewed = challenge.state is ChallengeState.SPONSOR_REVIEW
    challenge.state, challenge.published_at = ChallengeState.PUBLISHED, now
    challenge.version += 1
    first = add_version(challenge, call_content(challenge), number=1, reason="", material=True, actor=actor, now=now)
    record(
        "challenges.publish_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"rules_version": 1, "sha256": first.sha256, "reviewed_by_sponsors": reviewed},
    )  # fmt: skip
    return first


def close_challenge(challenge: Challenge, *, actor: User | None, now: datetime) -> None:
    """Close a call whose last second is over; `actor` is None where the worker does it. Raises RuleBroken."""
    lock(challenge)
    if actor is not None and (reason := rules.why_not_organize(challenge, actor)):
        raise RuleBroken(reason)
    if reason := rules.why_not_close(challenge, now):
        raise RuleBroken(reason)
    challenge.state = ChallengeState.CLOSED
    record(
        "challenges.close_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"closes_at": challenge.closes_at.isoformat(), "submitted_count": challenge.submitted_count},
    )  # fmt: skip


def cancel_challenge(challenge: Challenge, reason: str, *, actor: User, now: datetime) -> None:
    """Cancel for a reason that is published where the call was out; applicants are told by a job. Raises RuleBroken."""
    lock(challenge)
    if refusal := rules.why_not_cancel(challenge, actor):
        raise RuleBroken(refusal)
    reason = reason.strip()
    if not reason:
        raise InputRefused(
            [Problem("reason", _("Give the reason; it is shown on the call's page and mailed to applicants."))]
        )
    if refusal := rules.why_not_reason(reason):
        raise InputRefused([Problem("reason", refusal)])
    before = challenge.state
    challenge.state, challenge.cancelled_at, challenge.cancel_reason = ChallengeState.CANCELLED, now, reason
    challenge.version += 1
    record(
        "challenges.cancel_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"before": before.value, "reason": reason},
    )  # fmt: skip
    if challenge.published_at is not None:
        enqueue(
            "applications.tell_of_cancellation", {"challenge_id": str(challenge.id)},
            key=f"tell-of-cancellation:{challenge.id}", now=now,
        )  # fmt: skip


def archive_challenge(challenge: Challenge, *, actor: User, now: datetime) -> None:
    """Put away a challenge whose results are out; its pages stay. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_archive(challenge, actor):
        raise RuleBroken(reason)
    challenge.state = ChallengeState.ARCHIVED
    record("challenges.archive_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id)
    db.session.flush()
