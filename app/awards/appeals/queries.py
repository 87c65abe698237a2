"""The reads of the public review and of appeals, each filtered by who looks."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.applications.models import Application
from app.awards.appeals.models import Appeal, PublicReview
from app.awards.appeals.rules import why_review_holds
from app.awards.appeals.states import AppealKind, AppealState
from app.challenges.models import Challenge
from app.core.database import db


def get_review(challenge_id: UUID) -> PublicReview | None:
    return db.session.get(PublicReview, challenge_id)


def get_appeal_of(application_id: UUID) -> Appeal | None:
    """The applicant's own appeal."""
    query = sa.select(Appeal).where(Appeal.application_id == application_id, Appeal.kind == AppealKind.APPEAL)
    return db.session.scalar(query)


def list_own_concerns(challenge_id: UUID, user: User) -> list[Appeal]:
    """What the person said in the public review, oldest first."""
    query = sa.select(Appeal).where(
        Appeal.challenge_id == challenge_id, Appeal.kind == AppealKind.CONCERN, Appeal.filed_by_id == user.id
    )
    return list(db.session.scalars(query.order_by(Appeal.filed_at, Appeal.id)))


def list_appeals(challenge_id: UUID) -> list[Appeal]:
    """All of a challenge, those without an answer first. One statement."""
    query = (
        sa.select(Appeal)
        .where(Appeal.challenge_id == challenge_id)
        .options(joinedload(Appeal.application).joinedload(Application.startup), joinedload(Appeal.filed_by))
        .order_by(Appeal.answered_at.is_not(None), Appeal.filed_at, Appeal.id)
    )
    return list(db.session.scalars(query))


def get_appeal(challenge_id: UUID, appeal_id: UUID) -> Appeal | None:
    return db.session.scalar(sa.select(Appeal).where(Appeal.challenge_id == challenge_id, Appeal.id == appeal_id))


def count_open(challenge_id: UUID, kind: AppealKind | None = None) -> int:
    """How many wait for an answer."""
    query = sa.select(sa.func.count(Appeal.id)).where(
        Appeal.challenge_id == challenge_id, Appeal.state == AppealState.FILED
    )
    return db.session.scalar(query.where(Appeal.kind == kind) if kind else query) or 0


def why_results_wait(challenge: Challenge, now: datetime) -> str | None:
    """Why the results wait for the public review. Two statements."""
    concerns = count_open(challenge.id, AppealKind.CONCERN)
    return why_review_holds(get_review(challenge.id), concerns, challenge.timezone, now)
