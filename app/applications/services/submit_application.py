"""Handing in: the frozen copy, its hash, and the receipt number, once for each application."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import User
from app.applications import rules
from app.applications.content import fingerprint, frozen_content
from app.applications.mails import tell_applicant
from app.applications.models import Application, Submission
from app.applications.queries.eligibility import findings_for
from app.applications.services.confirm_eligibility import confirm_eligibility
from app.applications.services.follow_form import follow_form
from app.applications.services.locking import lock_application, lock_challenge
from app.applications.services.settle import last_submission
from app.applications.states import ApplicationState
from app.challenges.models import Challenge, RulesVersion
from app.core.audit.trail import record
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit


def submit_application(
    application: Application,
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
    confirmed: Collection[str] | None = None,
) -> Submission:
    """Hand the draft in and return what was frozen. A second click gets the first one's submission, stored once.

    `seen` is the fingerprint of what the person read on the page of answers; StaleEdit where the draft is another by now.
    `confirmed` are the statements on eligibility that were ticked there; None leaves those that stand.
    Raises RuleBroken with the sentence to show.
    """
    lock_application(application)
    if application.state is ApplicationState.SUBMITTED and rules.is_own(application, actor):
        standing = last_submission(application)
        if standing is not None:
            return standing
    if confirmed is not None:
        confirm_eligibility(application, confirmed, actor=actor, now=now)
    challenge = application.challenge
    lock_challenge(challenge)
    db.session.expire(application, ["documents", "consents"])
    follow_form(application, now=now)
    if reason := _why_not(application, actor, now):
        raise RuleBroken(reason)
    if seen is not None and seen != fingerprint(application):
        raise StaleEdit(application.version)
    if application.receipt_number is None:
        application.receipt_number = next_receipt_number(challenge)
    if not application.is_standing:
        challenge.submitted_count += 1
    before = application.state
    submission = _freeze(application, actor=actor, now=now)
    application.state = ApplicationState.SUBMITTED
    application.submitted_at, application.correction_due_at, application.unsent = now, None, None
    record(
        "applications.submit_application", subject=application, actor=actor, now=now, challenge_id=challenge.id,
        details={"before": before.value, "receipt_number": application.receipt_number, "number": submission.number,
                 "sha256": submission.sha256},
    )  # fmt: skip
    tell_applicant(
        application, "submitted", now=now, submission=submission, corrected=before is ApplicationState.CORRECTION
    )
    return submission


def _why_not(application: Application, actor: User, now: datetime) -> str | None:
    """The rule's sentence, with the other applications counted that were handed in; the challenge is locked."""
    findings = findings_for(application.challenge, application.startup, own=application.id, handed_in=True)
    return rules.why_not_submit(application, findings, actor, now) or rules.why_not_confirmed(application)


def next_receipt_number(challenge: Challenge) -> str:
    """The next number of the locked challenge: 001, 002, … without gaps, and 1000 after 999."""
    challenge.receipts_given += 1
    return f"{challenge.receipt_prefix}-{challenge.receipts_given:03d}"


def _freeze(application: Application, *, actor: User, now: datetime) -> Submission:
    earlier = last_submission(application)
    number = earlier.number + 1 if earlier is not None else 1
    rules_version = db.session.scalars(
        sa.select(RulesVersion)
        .where(RulesVersion.challenge_id == application.challenge_id)
        .order_by(RulesVersion.number.desc())
        .limit(1)
    ).one()
    content = frozen_content(application, number=number, rules_version=rules_version, now=now)
    submission = Submission(
        application_id=application.id, number=number, content=content, sha256=canonical_sha256(content),
        rules_version_id=rules_version.id, submitted_at=now, submitted_by_id=actor.id,
    )  # fmt: skip
    db.session.add(submission)
    db.session.flush()
    db.session.expire(application, ["submissions"])
    return submission
