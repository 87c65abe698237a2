"""What the organizer reads. Drafts appear as a count only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.applications.models import Application
from app.applications.queries.asked import (
    Received,
    ReceivedFilter,
    as_received,
    asked_received,
    handed_in,
    order_of,
    readable,
)
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.queries import keep_back
from app.challenges.rules import may_observe
from app.core.audit.models import AuditEvent
from app.core.database import db


def get_managed_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge that the person organizes or observes, with its themes, or None."""
    query = (
        sa.select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.host), selectinload(Challenge.themes), selectinload(Challenge.staff))
    )
    challenge = db.session.scalar(query)
    return challenge if challenge is not None and may_observe(user, challenge) else None


def list_received_for(
    challenge: Challenge, asked: ReceivedFilter, *, offset: int, limit: int
) -> tuple[list[Received], int]:
    """One page of what was handed in, and how many there are in all. Two statements."""
    query = asked_received(challenge, asked)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(*order_of(asked)).offset(offset).limit(limit))
    return [as_received(row) for row in rows], total


def list_received_ids(challenge: Challenge, asked: ReceivedFilter, *, limit: int) -> list[UUID]:
    """All that fit, in the order of the list, without their lines. One statement."""
    query = asked_received(challenge, asked).order_by(*order_of(asked)).with_only_columns(Application.id).limit(limit)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Place:
    """Where an application stands in the list that one came from; `number` counts from 1."""

    number: int
    total: int
    before: UUID | None
    after: UUID | None


def place_in_list(challenge: Challenge, asked: ReceivedFilter, application_id: UUID) -> Place | None:
    """The place of one application in the filtered list, None where it is not in it (any more). One statement."""
    order = order_of(asked)
    listed = (
        asked_received(challenge, asked)
        .with_only_columns(
            Application.id,
            sa.func.row_number().over(order_by=order).label("number"),
            sa.func.count().over().label("total"),
            sa.type_coerce(sa.func.lag(Application.id).over(order_by=order), sa.Uuid).label("before"),
            sa.type_coerce(sa.func.lead(Application.id).over(order_by=order), sa.Uuid).label("after"),
        )
        .subquery()
    )
    row = db.session.execute(sa.select(listed).where(listed.c.id == application_id)).one_or_none()
    return Place(row.number, row.total, row.before, row.after) if row is not None else None


def count_received(challenge_id: UUID) -> tuple[dict[ApplicationState, int], int]:
    """How many were handed in, by state, and how many drafts there are beside. Two statements."""
    query = sa.select(Application.state, sa.func.count()).where(handed_in(challenge_id)).group_by(Application.state)
    counts = {state: count for state, count in db.session.execute(query)}  # noqa: C416 - a row is no tuple to the checker
    drafts = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Application)
        .where(
            Application.challenge_id == challenge_id,
            Application.state == ApplicationState.DRAFT,
            Application.submitted_at.is_(None),
        )
    )
    return counts, drafts or 0


def get_received_application_for(
    user: User, challenge: Challenge, application_id: UUID, now: datetime
) -> Application | None:
    """An application that was handed in to a challenge that the person organizes or observes, or None.

    Drafts are nobody's but theirs; so is everything of a sealed call before its close.
    """
    if not may_observe(user, challenge):
        return None
    query = (
        sa.select(Application)
        .where(Application.id == application_id, readable(challenge, now))
        .options(joinedload(Application.theme), joinedload(Application.startup), joinedload(Application.challenge))
    )
    return db.session.scalar(query)


# What an applicant does to a draft, whether or not something stands beside it.
DRAFTING = tuple(
    f"applications.{name}"
    for name in (
        "start_application",
        "save_draft",
        "attach_document",
        "date_document",
        "remove_document",
        "set_consents",
        "stop_reminders",
        "resume_reminders",
        "confirm_eligibility",
        "take_over_profile",
        "restore_version",
        "follow_form",
        "give_right",
        "take_right",
        "invite_co_writer",
        "cancel_co_writer",
        "accept_co_writing",
    )
)


@keep_back
def drafts_in_the_trail(challenge_id: UUID, _now: datetime) -> sa.ColumnElement[bool]:
    """Who is writing what is the applicant's own; so is a draft that was never handed in, whatever becomes of it."""
    never_in = sa.select(Application.id).where(
        Application.challenge_id == challenge_id, Application.receipt_number.is_(None)
    )
    return sa.or_(
        AuditEvent.action.in_(DRAFTING),
        sa.and_(AuditEvent.subject_kind == "application", AuditEvent.subject_id.in_(never_in)),
    )


@keep_back
def sealed_in_the_trail(challenge_id: UUID, now: datetime) -> sa.ColumnElement[bool]:
    """Who handed in, reopened or withdrew is behind the seal as well; it stands in the trail once the seal is open."""
    sealed = sa.exists().where(
        Challenge.id == challenge_id, Challenge.sealed, Challenge.closes_at >= now.replace(microsecond=0)
    )
    of_applications = sa.or_(AuditEvent.subject_kind == "application", AuditEvent.action.startswith("applications."))
    return sa.and_(sealed, of_applications)


def list_cases(challenge: Challenge, now: datetime, *, limit: int = 30) -> list[Application]:
    """Applications that may be read now, the latest first, for the preview of a mail. One statement."""
    query = (
        sa.select(Application)
        .where(readable(challenge, now))
        .order_by(Application.submitted_at.desc(), Application.id)
        .limit(limit)
        .options(joinedload(Application.theme), joinedload(Application.startup), joinedload(Application.challenge))
    )
    return list(db.session.scalars(query))
