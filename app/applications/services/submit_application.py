"""Handing in: the frozen copy, its hash, and the receipt number, once for each application."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.accounts.models import User
from app.applications import rules
from app.applications.content import draft_content, fingerprint, frozen_content, shares_with_sponsor
from app.applications.models import Application, Submission
from app.applications.queries.eligibility import findings_for
from app.applications.services.confirm_eligibility import record_confirmed, set_confirmed
from app.applications.services.follow_form import follow_form
from app.applications.services.locking import lock_application, lock_challenge
from app.applications.services.settle import last_submission
from app.applications.states import ApplicationState
from app.applications.writing.rules import why_not_act
from app.challenges.models import Challenge, RulesVersion
from app.core.audit.trail import record
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.queue import enqueue


@dataclass(frozen=True)
class Ready:
    """What a submission will hold, read and judged before any lock was taken, and what it was read from."""

    draft: dict[str, Any]
    fingerprint: str
    why_not: str | None
    rules_version: RulesVersion
    earlier: Submission | None
    stamp: tuple[Any, ...]


def _stamp(application: Application) -> tuple[Any, ...]:
    """What changes with every change of the draft or of the call."""
    challenge = application.challenge
    return (
        application.state, application.version, application.saved_at, application.submitted_at, application.correction_due_at,
        application.form_sha256, challenge.state, challenge.version, challenge.closes_at, challenge.form_sha256,
    )  # fmt: skip


def get_ready(application: Application, *, actor: User, now: datetime) -> Ready:
    """Do what takes time of a submission, in a transaction that only reads: in the last minute before a close everybody
    waits for whoever holds the lock to write.
    """
    draft = draft_content(application)
    return Ready(
        draft, fingerprint(application, draft), _why_not_draft(application, actor, now), _rules_version(application),
        last_submission(application), _stamp(application),
    )  # fmt: skip


def submit_application(
    application: Application,
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
    confirmed: Collection[str] | None = None,
    ready: Ready | None = None,
) -> Submission:
    """Hand the draft in and return what was frozen. A second click gets the first one's submission, stored once.

    `seen` is the fingerprint of what the person read on the page of answers; StaleEdit where the draft is another by now.
    `confirmed` are the statements on eligibility that were ticked there; None leaves those that stand. `ready` is what
    get_ready found; where the draft or the call changed since, it is found anew under the lock.
    Raises RuleBroken with the sentence to show.
    """
    lock_application(application)
    if application.state is ApplicationState.SUBMITTED and rules.is_own(application, actor):
        standing = last_submission(application)
        if standing is not None:
            return standing
    _look_again_who_acts(application, actor)
    challenge = application.challenge
    lock_challenge(challenge)
    newly = confirmed is not None and set_confirmed(application, confirmed, actor=actor, now=now)
    behind = application.form_sha256 != challenge.form_sha256
    if ready is None or behind or ready.stamp != _stamp(application):
        db.session.expire(application, ["documents", "consents"])
        follow_form(application, now=now)
        ready = get_ready(application, actor=actor, now=now)
    elif challenge.entries_most is not None:  # others are counted, who may have been faster
        ready = replace(ready, why_not=_why_not_draft(application, actor, now))
    if reason := ready.why_not or rules.why_not_confirmed(application):
        raise RuleBroken(reason)
    if seen is not None and seen != ready.fingerprint:
        raise StaleEdit(application.version)
    if application.receipt_number is None:
        application.receipt_number = next_receipt_number(challenge)
    if not application.is_standing:
        challenge.submitted_count += 1
    before = application.state
    application.state = ApplicationState.SUBMITTED
    application.submitted_at, application.correction_due_at, application.unsent = now, None, None
    submission = _freeze(application, ready, actor=actor, now=now)
    if newly:
        record_confirmed(application, actor=actor, now=now)
    record(
        "applications.submit_application", subject=application, actor=actor, now=now, challenge_id=challenge.id,
        details={"before": before.value, "receipt_number": application.receipt_number, "number": submission.number,
                 "sha256": submission.sha256},
    )  # fmt: skip
    # The mails are written by a job: their making takes longer than all of the above, and everybody waits for this lock.
    enqueue(
        "applications.tell_of_receipt", {"submission_id": str(submission.id), "corrected": before is ApplicationState.CORRECTION},
        key=f"applications.receipt:{submission.id}", now=now,
    )  # fmt: skip
    return submission


def _look_again_who_acts(application: Application, actor: User) -> None:
    """The right, or the membership, may have been taken since it was looked at before the lock. Raises RuleBroken."""
    db.session.expire(application, ["rights"])
    db.session.expire(actor, ["memberships"])
    if reason := why_not_act(application, actor):
        raise RuleBroken(reason)


def _why_not_draft(application: Application, actor: User, now: datetime) -> str | None:
    """The rule's sentence, with the other applications counted that were handed in."""
    findings = findings_for(application.challenge, application.startup, own=application.id, handed_in=True)
    return rules.why_not_submit(application, findings, actor, now)


def next_receipt_number(challenge: Challenge) -> str:
    """The next number of the locked challenge: 001, 002, … without gaps, and 1000 after 999."""
    challenge.receipts_given += 1
    return f"{challenge.receipt_prefix}-{challenge.receipts_given:03d}"


def _rules_version(application: Application) -> RulesVersion:
    return db.session.scalars(
        sa.select(RulesVersion)
        .where(RulesVersion.challenge_id == application.challenge_id)
        .options(load_only(RulesVersion.number, RulesVersion.sha256))
        .order_by(RulesVersion.number.desc())
        .limit(1)
    ).one()


def _freeze(application: Application, ready: Ready, *, actor: User, now: datetime) -> Submission:
    number = ready.earlier.number + 1 if ready.earlier is not None else 1
    content = frozen_content(application, number=number, rules_version=ready.rules_version, now=now, draft=ready.draft)
    submission = Submission(
        application_id=application.id, number=number, content=content, sha256=canonical_sha256(content),
        rules_version_id=ready.rules_version.id, submitted_at=now, submitted_by_id=actor.id,
    )  # fmt: skip
    db.session.add(submission)
    if shares_with_sponsor(content):
        application.sharing_ended_at = None
    db.session.flush()
    db.session.expire(application, ["submissions"])
    return submission
