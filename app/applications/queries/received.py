"""What the organizer reads. Drafts appear as a count only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization, User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge, Theme
from app.challenges.queries import keep_back
from app.challenges.rules import is_sealed, may_observe
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db
from app.mail.models import Mail


@dataclass(frozen=True)
class ReceivedFilter:
    """What the address asks for, and when: behind a seal nothing is found, whatever is asked."""

    at: datetime
    state: ApplicationState | None = None
    theme_id: UUID | None = None
    search: str = ""
    sort: str = "receipt"


@dataclass(frozen=True)
class Received:
    """One line of the list."""

    id: UUID
    receipt_number: str
    startup: Bilingual
    theme_code: str
    theme: Bilingual
    state: ApplicationState
    submitted_at: datetime | None
    correction_due_at: datetime | None


def get_managed_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge that the person organizes or observes, with its themes, or None."""
    query = (
        sa.select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.host), selectinload(Challenge.themes), selectinload(Challenge.staff))
    )
    challenge = db.session.scalar(query)
    return challenge if challenge is not None and may_observe(user, challenge) else None


def readable(challenge: Challenge, now: datetime) -> sa.ColumnElement[bool]:
    """What those who organize or observe may read now: what was handed in, and behind a seal nothing.

    The one condition of every read of applications that are not one's own; only counts go around it.
    """
    return sa.and_(_handed_in(challenge.id), sa.false() if is_sealed(challenge, now) else sa.true())


def _handed_in(challenge_id: UUID) -> sa.ColumnElement[bool]:
    """What stands, and what stood and was withdrawn: its number must not be a riddle."""
    return sa.and_(
        Application.challenge_id == challenge_id,
        sa.or_(
            Application.submitted_at.is_not(None),
            sa.and_(Application.state == ApplicationState.WITHDRAWN, Application.receipt_number.is_not(None)),
        ),
    )


_NAMES = Organization.__table__.c
SORTS: dict[str, tuple[Any, ...]] = {
    "receipt": (sa.func.length(Application.receipt_number), Application.receipt_number),
    "company": (sa.func.coalesce(sa.func.nullif(_NAMES.name_ko, ""), _NAMES.name_en), Application.id),
    "newest": (Application.submitted_at.desc(), Application.id.desc()),
}


def asked_received(challenge: Challenge, asked: ReceivedFilter) -> sa.Select[Any]:
    """What was handed in and fits what is asked: the one source of the list and of all that is exported from it."""
    themes = Theme.__table__.c
    query = (
        sa.select(
            Application.id, Application.receipt_number, _NAMES.name_ko, _NAMES.name_en, Theme.code,
            themes.title_ko, themes.title_en, Application.state, Application.submitted_at, Application.correction_due_at,
        )
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(readable(challenge, asked.at))
    )  # fmt: skip
    if asked.state is not None:
        query = query.where(Application.state == asked.state)
    if asked.theme_id is not None:
        query = query.where(Application.theme_id == asked.theme_id)
    if asked.search:
        query = query.where(
            sa.or_(
                _NAMES.name_ko.icontains(asked.search, autoescape=True),
                _NAMES.name_en.icontains(asked.search, autoescape=True),
                Application.receipt_number.icontains(asked.search, autoescape=True),
            )
        )
    return query


def order_of(asked: ReceivedFilter) -> tuple[Any, ...]:
    return SORTS.get(asked.sort, SORTS["receipt"])


def as_received(row: sa.Row[Any]) -> Received:
    """The line of the list that a row of asked_received makes."""
    return Received(
        row.id, row.receipt_number, Bilingual(row.name_ko, row.name_en), row.code, Bilingual(row.title_ko, row.title_en),
        row.state, row.submitted_at, row.correction_due_at,
    )  # fmt: skip


def list_received_for(
    challenge: Challenge, asked: ReceivedFilter, *, offset: int, limit: int
) -> tuple[list[Received], int]:
    """One page of what was handed in, and how many there are in all. Two statements."""
    query = asked_received(challenge, asked)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(*order_of(asked)).offset(offset).limit(limit))
    return [as_received(row) for row in rows], total


def count_received(challenge_id: UUID) -> tuple[dict[ApplicationState, int], int]:
    """How many were handed in, by state, and how many drafts there are beside. Two statements."""
    query = sa.select(Application.state, sa.func.count()).where(_handed_in(challenge_id)).group_by(Application.state)
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


def list_mails_about(application: Application) -> list[Mail]:
    """The mails that went to the application's people about it, newest first."""
    query = (
        sa.select(Mail)
        .where(Mail.about_id == application.id, Mail.template.like("applications/%"))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .limit(50)
    )
    return list(db.session.scalars(query))


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
