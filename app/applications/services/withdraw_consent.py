"""A consent that was given is taken back: at any time, and with what follows from it."""

from datetime import datetime

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.applications.services.take_back import withdraw_application
from app.applications.states import ApplicationState
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def withdraw_consent(application: Application, code: str, *, actor: User, now: datetime) -> None:
    """Record that the consent `code` holds no more. Raises RuleBroken.

    Sharing with the sponsor ends at this moment, whatever was submitted with it. Without a required consent nothing may be
    processed: an application that stands is withdrawn with it.
    """
    lock_application(application)
    db.session.expire(application, ["consents"])
    if reason := rules.why_not_withdraw_consent(application, code, actor, now):
        raise RuleBroken(reason)
    consent, given = rules.consent_of(application, code)
    assert consent is not None
    assert given is not None
    given.given, given.decided_by_id, given.decided_at = False, actor.id, now
    if consent.shares_with_sponsor:
        application.sharing_ended_at = now
    application.saved_at = now  # a submission on its way has to look again
    record(
        "applications.withdraw_consent", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"consent": code, "required": consent.required, "shares_with_sponsor": consent.shares_with_sponsor,
                 "text_sha256": given.text_sha256},
    )  # fmt: skip
    if consent.required and (application.is_standing or application.state is ApplicationState.SUBMITTED):
        withdraw_application(application, actor=actor, now=now)
