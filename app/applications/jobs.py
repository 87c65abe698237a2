"""Background work for applications: news of a call to its applicants, and what stands once time ran out."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Membership, User
from app.applications import queries
from app.applications.mails import tell_applicant
from app.applications.models import Application, Submission
from app.applications.services.follow_form import behind, follow_one
from app.applications.services.index_submissions import keep_found, read_due
from app.applications.services.remind_drafts import remind_of_draft
from app.applications.services.settle import settle_due
from app.applications.services.write_message import Message, fill_message
from app.applications.states import ApplicationState
from app.challenges.content import form_of
from app.challenges.form.difference import difference
from app.challenges.models import Challenge, RulesVersion
from app.core.database import db, snapshot
from app.core.jobs.queue import enqueue
from app.core.jobs.registry import JobRun, job_handler
from app.mail.models import MailBatch
from app.mail.services import queue_mail
from app.web.clock import now, settled
from app.web.commands import CHORES

AT_ONCE = 100  # drafts written down in one transaction
FOLLOW_AT_ONCE = 50


def _people_of(challenge_id: UUID) -> list[UUID]:
    """Everybody of a startup with a draft or a submission."""
    query = (
        sa.select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Application, Application.startup_id == Membership.organization_id)
        .where(
            Application.challenge_id == challenge_id,
            Application.state != ApplicationState.WITHDRAWN,
            User.confirmed_at.is_not(None),
        )
        .distinct()
        .order_by(User.id)
    )
    return list(db.session.scalars(query))


@job_handler("applications.tell_of_receipt")
def tell_of_receipt(run: JobRun) -> None:
    """The receipt by mail, to everybody of the application."""
    submission = db.session.get(Submission, UUID(run.payload["submission_id"]))
    application = db.session.get(Application, submission.application_id) if submission is not None else None
    if submission is not None and application is not None:
        corrected = bool(run.payload["corrected"])
        tell_applicant(
            application, "submitted", now=submission.submitted_at, submission=submission, corrected=corrected
        )


@job_handler("applications.tell_of_change")
def tell_of_change(run: JobRun) -> None:
    """A new version of the rules: one job for each person, under a key of its own, so that nobody hears twice."""
    version_id = run.payload["rules_version_id"]
    for user_id in _people_of(UUID(run.payload["challenge_id"])):
        payload = {"user_id": str(user_id), "rules_version_id": version_id, "challenge_id": run.payload["challenge_id"]}
        enqueue(
            "applications.tell_one_of_change", payload, key=f"applications.change:{version_id}:{user_id}", now=run.now
        )


@job_handler("applications.carry_over")
def carry_over_drafts(run: JobRun) -> None:
    """The form has changed: bring every application's answers to it, a few to a transaction. Whoever writes now is there already."""
    challenge = db.session.get(Challenge, UUID(run.payload["challenge_id"]))
    if challenge is None:
        return
    while due := behind(challenge.id, challenge.form_sha256, limit=FOLLOW_AT_ONCE):
        for application_id in due:
            follow_one(application_id, now=run.now)
        db.session.commit()
        db.session.refresh(challenge, ["form_sha256", "form_content"])


@job_handler("applications.tell_of_cancellation")
def tell_of_cancellation(run: JobRun) -> None:
    """The challenge is cancelled: one job for each person, as above."""
    challenge_id = run.payload["challenge_id"]
    for user_id in _people_of(UUID(challenge_id)):
        payload = {"user_id": str(user_id), "challenge_id": challenge_id}
        enqueue(
            "applications.tell_one_of_cancellation",
            payload,
            key=f"applications.cancelled:{challenge_id}:{user_id}",
            now=run.now,
        )


@job_handler("applications.tell_one_of_change")
def tell_one_of_change(run: JobRun) -> None:
    version = db.session.get(RulesVersion, UUID(run.payload["rules_version_id"]))
    if version is not None:
        _tell_one(run, "change", version=version, changes=lambda: changes_of(version))


@job_handler("applications.tell_one_of_cancellation")
def tell_one_of_cancellation(run: JobRun) -> None:
    _tell_one(run, "cancellation")


def changes_of(version: RulesVersion) -> list[str]:
    """What the version changed of the application form, in sentences of the language that is in force."""
    query = sa.select(RulesVersion.content).where(
        RulesVersion.challenge_id == version.challenge_id, RulesVersion.number == version.number - 1
    )
    before, after = form_of(db.session.scalar(query) or {}), form_of(version.content)
    return difference(before, after) if before is not None and after is not None else []


def _tell_one(run: JobRun, template: str, **context: Any) -> None:
    user = db.session.get(User, UUID(run.payload["user_id"]))
    challenge = db.session.get(Challenge, UUID(run.payload["challenge_id"]))
    if user is None or challenge is None:
        return
    queue_mail(
        user.email, f"applications/{template}", language=user.language, now=run.now, challenge_id=challenge.id,
        challenge=challenge, person=user, **context,
    )  # fmt: skip


@job_handler("applications.remind_drafts")
def remind_drafts(run: JobRun) -> None:
    """A reminder of one call has fallen due: one job for each draft, under a key of its own, so that nobody hears twice."""
    hours, closes_at = run.payload["hours"], datetime.fromisoformat(run.payload["closes_at"])
    drafts = queries.list_unsent_drafts(UUID(run.payload["challenge_id"]), before=closes_at - timedelta(hours=hours))
    for number, application_id in enumerate(drafts, 1):
        payload = {"application_id": str(application_id), "hours": hours, "closes_at": run.payload["closes_at"]}
        key = f"applications.reminder:{application_id}:{hours}:{int(closes_at.timestamp())}"
        enqueue("applications.remind_one", payload, key=key, now=run.now)
        if number % AT_ONCE == 0:
            db.session.commit()  # so that nobody who submits now waits for all of them


@job_handler("applications.remind_one")
def remind_one(run: JobRun) -> None:
    application = db.session.get(Application, UUID(run.payload["application_id"]))
    if application is not None:
        step, closes_at = timedelta(hours=run.payload["hours"]), datetime.fromisoformat(run.payload["closes_at"])
        remind_of_draft(application, step=step, closes_at=closes_at, now=run.now)


@job_handler("applications.fill_message")
def write_message_out(run: JobRun) -> None:
    """Render an organizer's message for each applicant, some at a time; whoever is interrupted goes on where it stopped."""
    batch = db.session.get(MailBatch, UUID(run.payload["batch_id"]))
    if batch is None:
        return
    message = Message.from_dict(run.payload["message"])
    while fill_message(batch, message, now=run.now, limit=AT_ONCE) == AT_ONCE:
        db.session.commit()


def settle_applications() -> None:
    """Reopened drafts and corrections whose time has passed go back to what was last sent."""
    if settle_due(now=settled()):  # what came in time and stands in line is still to be taken
        db.session.commit()
    else:
        db.session.rollback()


def index_submissions() -> None:
    """New submissions into the desk's cases, a few at a time."""
    with snapshot():
        found = read_due()
    if found.cases:
        keep_found(found, now=now())
        db.session.commit()


CHORES.append(settle_applications)
CHORES.append(index_submissions)
