"""Exceptions from the rules of eligibility: for one startup in one challenge, with a reason that the staff read."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.applications import rules
from app.applications.models import EligibilityOverride
from app.applications.rules.eligibility import why_not_this_override
from app.challenges.form.answers import clean
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def override_eligibility(
    challenge: Challenge, startup: Organization | None, lifted: Collection[str], *, reason: str, actor: User, now: datetime
) -> EligibilityOverride:  # fmt: skip
    """Lift the rules that `lifted` names for `startup`; a second exception for it takes the first one's place. Raises RuleBroken."""
    db.session.refresh(challenge, ["state"], with_for_update=True)
    if refusal := rules.why_not_override(challenge, actor):
        raise RuleBroken(refusal)
    reason = clean(reason)
    if fault := why_not_this_override(challenge, startup, lifted, reason):
        field, sentence = fault
        raise RuleBroken(sentence, field=field)
    assert startup is not None
    override = db.session.scalar(
        sa.select(EligibilityOverride).where(
            EligibilityOverride.challenge_id == challenge.id, EligibilityOverride.startup_id == startup.id
        )
    )
    before = list(override.rules) if override is not None else []
    if override is None:
        override = EligibilityOverride(challenge_id=challenge.id, startup_id=startup.id)
        db.session.add(override)
    override.rules = [rule.value for rule in rules.rules_in_force(challenge) if rule.value in lifted]
    override.reason, override.given_by_id, override.given_at = reason, actor.id, now
    record(
        "applications.override_eligibility", subject=startup, actor=actor, now=now, challenge_id=challenge.id,
        details={"before": before, "rules": override.rules, "reason": reason},
    )  # fmt: skip
    return override


def take_back_override(override: EligibilityOverride, challenge: Challenge, *, actor: User, now: datetime) -> None:
    """End an exception. What was handed in under it stays; the organizer's check decides on it. Raises RuleBroken."""
    db.session.refresh(challenge, ["state"], with_for_update=True)
    if refusal := rules.why_not_override(challenge, actor):
        raise RuleBroken(refusal)
    record(
        "applications.take_back_override", subject=override.startup, actor=actor, now=now, challenge_id=challenge.id,
        details={"rules": list(override.rules), "reason": override.reason},
    )  # fmt: skip
    db.session.delete(override)
