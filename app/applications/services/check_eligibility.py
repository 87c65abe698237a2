"""The organizer's eligibility check after the close."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import User
from app.applications import rules
from app.applications.mails import tell_applicant
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.rules.acting import why_not_outcome
from app.applications.services.locking import lock_application
from app.applications.services.settle import last_submission, return_to_standing, settle_application
from app.applications.states import ApplicationState
from app.challenges.form.answers import clean
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit


@dataclass(frozen=True)
class Held:
    """Until when the mails of a decision wait, and the key under which they can be taken back."""

    until: datetime
    undo_key: str


def check_eligibility(
    application: Application, outcome: CheckOutcome, *, reason: str = "", due_at: datetime | None = None, actor: User,
    now: datetime, seen: tuple[int, int] | None = None, held: Held | None = None,
) -> EligibilityCheck:  # fmt: skip
    """Record one outcome and tell the applicant: eligible, ineligible with a reason, or the one correction request.

    `seen` is what the organizer's page showed: the number of the submission and how many checks there were. StaleEdit where
    the applicant has handed in anew, or a colleague has decided, since. With `held` the mails wait. Raises RuleBroken with the field to mend.
    """
    lock_application(application)
    db.session.refresh(
        application.challenge, ["state"], with_for_update={"read": True}
    )  # no decision is confirmed meanwhile
    if refusal := rules.why_not_check(application, actor, now):
        raise RuleBroken(refusal)
    settle_application(application, now=now)
    earlier = list(
        db.session.scalars(
            sa.select(EligibilityCheck)
            .where(EligibilityCheck.application_id == application.id)
            .order_by(EligibilityCheck.checked_at, EligibilityCheck.id)
        )
    )
    submission = last_submission(application)
    if seen is not None and seen != (submission.number if submission else 0, len(earlier)):
        raise StaleEdit(application.version)
    reason = clean(reason)
    if fault := why_not_outcome(application, outcome, earlier, reason=reason, due_at=due_at, now=now):
        field, sentence = fault
        raise RuleBroken(sentence, field=field)
    due_at = due_at if outcome is CheckOutcome.CORRECTION else None
    check = EligibilityCheck(
        application_id=application.id,
        outcome=outcome,
        reason=reason,
        due_at=due_at,
        checked_by_id=actor.id,
        checked_at=now,
    )
    db.session.add(check)
    before = application.state
    application.state, application.correction_due_at = ApplicationState(outcome.value), due_at
    if before is ApplicationState.CORRECTION:
        return_to_standing(application, now=now)
    record(
        "applications.check_eligibility", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"before": before.value, "outcome": outcome.value, "reason": reason, "due_at": due_at.isoformat() if due_at else None},
    )  # fmt: skip
    wait = {"not_before": held.until, "undo_key": held.undo_key} if held else {}
    tell_applicant(application, outcome.value, now=now, check=check, **wait)
    return check
