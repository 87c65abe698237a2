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
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    asked = [c.key for c in rules.confirmations_asked(application.challenge)]
    stamp = {"at": now.isoformat(), "by": str(actor.id)}
    confirmed = {key: application.confirmed.get(key, stamp) for key in asked if key in keys}
    if confirmed == application.confirmed:
        return
    application.confirmed = confirmed
    record(
        "applications.confirm_eligibility", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"confirmed": sorted(confirmed), "asked": len(asked)},
    )  # fmt: skip
