"""Mails on results: each applicant learns the own result, in the language of each of its people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Membership, User
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.states import ApplicationState
from app.awards.mails import RESULTS
from app.awards.models import ResultSet
from app.awards.published import OwnResult, PublishedResults
from app.awards.queries import list_checked_applications
from app.challenges.models import Challenge, Milestone
from app.challenges.states import MilestoneKind
from app.core.bilingual import DEFAULT_LANGUAGE
from app.core.database import db
from app.core.jobs.queue import enqueue
from app.mail.models import MailBatch
from app.mail.services import gathering_batch, open_batch, queue_mail

CHECKED = (ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE)
TOLD_AT_ONCE = 50  # applications whose mails are written in one transaction


@dataclass(frozen=True)
class Addressee:
    """Who is written to about an application, how they are called, and in which language."""

    address: str
    name: str
    language: str


def tell_applicants(challenge: Challenge, result_set: ResultSet, *, now: datetime) -> None:
    """Have every application that was checked told: selected, reserve, not selected, or ineligible."""
    query = sa.select(Application.id).where(Application.challenge_id == challenge.id, Application.state.in_(CHECKED))
    _have_told(challenge, result_set, db.session.scalars(query.order_by(Application.receipt_number)), now=now)


def tell_corrected(challenge: Challenge, result_set: ResultSet, *, now: datetime) -> None:
    """Have those told whose decision the correction changed."""
    _have_told(challenge, result_set, (UUID(text) for text in result_set.content["changed"]), now=now)


def _have_told(challenge: Challenge, result_set: ResultSet, application_ids: Iterable[UUID], *, now: datetime) -> None:
    """Thousands of mails are written by jobs, a few to a transaction: nobody's save waits while they are."""
    ids = [str(application_id) for application_id in application_ids]
    batch = open_batch(challenge.id, RESULTS, now=now, held=False) if ids else None
    for start in range(0, len(ids), TOLD_AT_ONCE):
        payload = {
            "result_set_id": str(result_set.id), "batch_id": str(batch.id) if batch else None,
            "application_ids": ids[start : start + TOLD_AT_ONCE],
        }  # fmt: skip
        enqueue("awards.tell_applicants", payload, key=f"awards.tell:{result_set.id}:{start}", now=now)


def write_result_mails(
    result_set: ResultSet, application_ids: Collection[UUID], batch: MailBatch | None, *, now: datetime
) -> None:
    """One mail to each person of these applications, saying the own result and no other's."""
    challenge = result_set.challenge
    results = PublishedResults.of(result_set)
    applications = list_checked_applications(challenge.id, application_ids)
    people = addressees(applications)
    reasons = _ineligible_reasons(application_ids)
    for application in applications:
        own = results.own(application.id)
        reason = reasons.get(application.id, "")
        for person in people[application.id]:
            context = mail_context(challenge, application, own, person, correction=results.reason, reason=reason)
            template = mail_template(own)
            queue_mail(
                person.address, template, language=person.language, now=now, challenge_id=challenge.id,
                about_id=application.id,
                batch=gathering_batch(challenge.id, template, now=now) or batch, **context,
            )  # fmt: skip


def mail_template(own: OwnResult | None) -> str:
    return f"awards/{own.outcome.value}" if own else "awards/ineligible"


def mail_context(
    challenge: Challenge,
    application: Application,
    own: OwnResult | None,
    person: Addressee,
    *,
    correction: str,
    reason: str,
) -> dict[str, Any]:
    """What the mail's template is given; `reason` is that of the eligibility check."""
    return {
        "name": person.name, "application": application, "own": own, "challenge": challenge, "correction": correction,
        "reason": reason, **result_dates(challenge),
    }  # fmt: skip


def result_dates(challenge: Challenge) -> dict[str, Milestone | None]:
    """The dates that matter after the results: until when to appeal, and when winners sign."""
    steps = {step.kind: step for step in challenge.milestones}
    return {"appeals": steps.get(MilestoneKind.APPEALS), "agreement": steps.get(MilestoneKind.AGREEMENT)}


def addressees(applications: Collection[Application]) -> dict[UUID, list[Addressee]]:
    """Application id -> the startup's people, and the contact where that is somebody else; nobody twice. One statement."""
    people: dict[UUID, dict[str, Addressee]] = {}
    query = (
        sa.select(Membership.organization_id, User.email, User.name, User.language)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id.in_({a.startup_id for a in applications}), User.confirmed_at.is_not(None))
        .order_by(User.created_at, User.id)
    )
    for startup_id, email, name, language in db.session.execute(query):
        people.setdefault(startup_id, {})[email] = Addressee(email, name, language)
    found: dict[UUID, list[Addressee]] = {}
    for application in applications:
        mine = dict(people.get(application.startup_id, {}))
        contact = application.contact_email.lower()
        if "@" in contact and contact not in mine:
            language = next((person.language for person in mine.values()), DEFAULT_LANGUAGE)
            mine[contact] = Addressee(contact, application.contact_name, language)
        found[application.id] = list(mine.values())
    return found


def _ineligible_reasons(application_ids: Collection[UUID]) -> dict[UUID, str]:
    """Application id -> the latest reason of the eligibility check, of those that were turned down."""
    query = (
        sa.select(EligibilityCheck.application_id, EligibilityCheck.reason)
        .join(Application, Application.id == EligibilityCheck.application_id)
        .where(
            Application.id.in_(application_ids),
            Application.state == ApplicationState.INELIGIBLE,
            EligibilityCheck.outcome == CheckOutcome.INELIGIBLE,
        )
        .order_by(EligibilityCheck.checked_at, EligibilityCheck.id)
    )
    return dict(db.session.execute(query).all())
