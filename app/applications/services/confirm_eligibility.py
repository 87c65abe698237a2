"""What the applicant's people confirm themselves: that no exclusion is met, each by itself, on the text as it stands."""

from collections.abc import Collection
from datetime import datetime

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.core.audit.trail import record
from app.core.errors import RuleBroken


def confirm_eligibility(application: Application, keys: Collection[str], *, actor: User, now: datetime) -> None:
    """Record what is confirmed: `keys` stand, others of this call do not (any more). Raises RuleBroken."""
    lock_application(application)
    if set_confirmed(application, keys, actor=actor, now=now):
        record_confirmed(application, actor=actor, now=now)


def set_confirmed(application: Application, confirmed: Collection[str], *, actor: User, now: datetime) -> bool:
    """The same on a locked application, its event left to the caller. False where that stood already. Raises RuleBroken."""
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    stamp = {"at": now.isoformat(), "by": str(actor.id)}
    asked = [c.key for c in rules.confirmations_asked(application.challenge)]
    standing = {key: application.confirmed.get(key, stamp) for key in asked if key in confirmed}
    if standing == application.confirmed:
        return False
    application.confirmed = standing
    return True


def record_confirmed(application: Application, *, actor: User, now: datetime) -> None:
    asked = rules.confirmations_asked(application.challenge)
    record(
        "applications.confirm_eligibility", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"confirmed": sorted(application.confirmed), "asked": len(asked)},
    )  # fmt: skip
