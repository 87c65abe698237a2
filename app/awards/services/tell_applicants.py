"""Mails on results: each applicant learns the own result, in the language of the person who applied."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.states import ApplicationState
from app.awards.models import ResultSet
from app.awards.published import PublishedResults
from app.challenges.models import Challenge, Milestone
from app.challenges.states import MilestoneKind
from app.core.bilingual import DEFAULT_LANGUAGE
from app.core.database import db
from app.mail.services import queue_mail


@dataclass(frozen=True)
class Addressee:
    """Who is written to about an application, how they are called, and in which language."""

    address: str
    name: str
    language: str


def tell_applicants(challenge: Challenge, result_set: ResultSet, *, now: datetime) -> None:
    """One mail for each application that was checked: selected, reserve, not selected, or ineligible."""
    _tell(challenge, result_set, None, now=now)


def tell_corrected(challenge: Challenge, result_set: ResultSet, *, now: datetime) -> None:
    """One mail for each application whose decision the correction changed."""
    _tell(challenge, result_set, {UUID(text) for text in result_set.content["changed"]}, now=now)


def _tell(challenge: Challenge, result_set: ResultSet, only: Collection[UUID] | None, *, now: datetime) -> None:
    results = PublishedResults(result_set.content, result_set.sha256)
    applications = _checked_applications(challenge.id, only)
    people = addressees(applications)
    reasons = _ineligible_reasons(challenge.id)
    common = {"challenge": challenge, "correction": result_set.reason, **result_dates(challenge)}
    for application in applications:
        person = people.get(application.id)
        if person is None:
            continue
        own = results.own(application.id)
        template = f"awards/{own.outcome.value}" if own else "awards/ineligible"
        queue_mail(
            person.address, template, language=person.language, now=now, challenge_id=challenge.id, name=person.name,
            application=application, own=own, reason=reasons.get(application.id, ""), **common,
        )  # fmt: skip


def result_dates(challenge: Challenge) -> dict[str, Milestone | None]:
    """The dates that matter after the results: until when to appeal, and when winners sign."""
    steps = {step.kind: step for step in challenge.milestones}
    return {"appeals": steps.get(MilestoneKind.APPEALS), "agreement": steps.get(MilestoneKind.AGREEMENT)}


def _checked_applications(challenge_id: UUID, only: Collection[UUID] | None) -> list[Application]:
    query = sa.select(Application).where(
        Application.challenge_id == challenge_id,
        Application.state.in_([ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE]),
    )
    if only is not None:
        query = query.where(Application.id.in_(only))
    loaded = (joinedload(Application.theme), joinedload(Application.startup))
    return list(db.session.scalars(query.options(*loaded).order_by(Application.receipt_number)))


def addressees(applications: Collection[Application]) -> dict[UUID, Addressee]:
    """Application id -> the person who applied; the contact that the application names where that person is gone."""
    ids = {a.created_by_id for a in applications if a.created_by_id is not None}
    users = {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(ids)))} if ids else {}
    found: dict[UUID, Addressee] = {}
    for application in applications:
        user = users.get(application.created_by_id) if application.created_by_id else None
        if user is not None:
            found[application.id] = Addressee(user.email, user.name, user.language)
        elif application.contact_email:
            found[application.id] = Addressee(application.contact_email, application.contact_name, DEFAULT_LANGUAGE)
    return found


def _ineligible_reasons(challenge_id: UUID) -> dict[UUID, str]:
    """Application id -> the latest reason of the eligibility check, of those that were turned down."""
    query = (
        sa.select(EligibilityCheck.application_id, EligibilityCheck.reason)
        .join(Application, Application.id == EligibilityCheck.application_id)
        .where(
            Application.challenge_id == challenge_id,
            Application.state == ApplicationState.INELIGIBLE,
            EligibilityCheck.outcome == CheckOutcome.INELIGIBLE,
        )
        .order_by(EligibilityCheck.checked_at, EligibilityCheck.id)
    )
    return dict(db.session.execute(query).all())
