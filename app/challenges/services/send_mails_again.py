"""What could not be mailed, once more."""

from datetime import datetime

from app.accounts.models import User
from app.challenges import rules
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.errors import RuleBroken
from app.mail.services import try_failed_mails_again


def send_mails_again(challenge: Challenge, *, actor: User, now: datetime) -> int:
    """Give the mails that were tried in vain a fresh set of tries; returns how many there were. Raises RuleBroken."""
    if reason := rules.why_not_organize(challenge, actor):
        raise RuleBroken(reason)
    count = try_failed_mails_again(challenge.id, now=now)
    record(
        "challenges.send_mails_again",
        subject=challenge,
        actor=actor,
        now=now,
        challenge_id=challenge.id,
        details={"mails": count},
    )
    return count
