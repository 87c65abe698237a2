"""Reopening to change something, and withdrawing for good; both only until the close."""

from datetime import datetime

from app.accounts.models import User
from app.applications import rules
from app.applications.mails import tell_applicant
from app.applications.models import Application
from app.applications.services.follow_form import follow_form
from app.applications.services.locking import lock_application, lock_challenge
from app.applications.states import ApplicationState
from app.core.audit.trail import record
from app.core.errors import RuleBroken


def reopen_application(application: Application, *, actor: User, now: datetime) -> None:
    """Make the application a draft again.

    What was submitted keeps standing until it is submitted again: whoever reopens and misses the close is in with the last
    submission (see services.settle). A withdrawn one stands no more; its draft has to be submitted anew. Raises RuleBroken.
    """
    lock_application(application)
    if reason := rules.why_not_reopen(application, actor, now):
        raise RuleBroken(reason)
    before = application.state
    application.state = ApplicationState.DRAFT
    follow_form(application, now=now)
    record(
        "applications.reopen_application", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"before": before.value},
    )  # fmt: skip
    tell_applicant(application, "reopened", now=now)


def withdraw_application(application: Application, *, actor: User, now: datetime) -> None:
    """Take the application back: what was submitted stands no more. Raises RuleBroken."""
    lock_application(application)
    if reason := rules.why_not_withdraw(application, actor, now):
        raise RuleBroken(reason)
    before = application.state
    if application.is_standing:
        lock_challenge(application.challenge)
        application.challenge.submitted_count -= 1
    was_received = application.receipt_number is not None
    application.state, application.submitted_at = ApplicationState.WITHDRAWN, None
    record(
        "applications.withdraw_application", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"before": before.value},
    )  # fmt: skip
    if was_received:
        tell_applicant(application, "withdrawn", now=now)
