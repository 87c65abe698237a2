"""An applicant's own applications."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from app.accounts.models import OrganizationKind, User
from app.applications.models import Application, EligibilityCheck, Submission
from app.applications.writing.models import ApplicationRight
from app.applications.writing.rules import is_own
from app.challenges.models import Challenge, Theme
from app.core.database import db


@dataclass(frozen=True)
class OwnApplication:
    """One line of the list of one's own applications."""

    application: Application
    challenge: Challenge
    theme: Theme


def list_applications_for(user: User) -> list[OwnApplication]:
    """All applications of the person's startups, and those that the person writes as a guest, the newest first. One statement."""
    startups = user.organization_ids(OrganizationKind.STARTUP)
    as_guest = sa.select(ApplicationRight.application_id).where(
        ApplicationRight.user_id == user.id, ApplicationRight.is_guest
    )
    query = (
        sa.select(Application)
        .where(sa.or_(Application.startup_id.in_(startups), Application.id.in_(as_guest)))
        .options(
            joinedload(Application.challenge),
            joinedload(Application.theme),
            joinedload(Application.startup),
        )
        .order_by(Application.created_at.desc(), Application.id.desc())
    )
    return [OwnApplication(a, a.challenge, a.theme) for a in db.session.scalars(query)]


def get_application_for(user: User, application_id: UUID, *, whole: bool = True) -> Application | None:
    """One of the person's own applications with all that the form needs, or None. A fixed number of statements.

    Without `whole` only the application, its theme, startup, call and host: in two statements.
    """
    challenge = joinedload(Application.challenge)
    query = (
        sa.select(Application)
        .where(Application.id == application_id)
        .options(
            joinedload(Application.theme), joinedload(Application.startup), selectinload(Application.rights),
            challenge.joinedload(Challenge.host),
        )
    )  # fmt: skip
    if whole:
        query = query.options(
            challenge.options(
                undefer(Challenge.form_content),
                selectinload(Challenge.milestones),
            ),
            selectinload(Application.documents),
            selectinload(Application.consents),
        )
    application = db.session.scalar(query)
    if application is None or not is_own(application, user):
        return None
    return application


def get_open_challenge(slug: str) -> Challenge | None:
    """A public call with its themes and their sponsors, or None."""
    query = (
        sa.select(Challenge)
        .where(Challenge.slug == slug)
        .options(joinedload(Challenge.host), selectinload(Challenge.themes).joinedload(Theme.sponsor))
    )
    challenge = db.session.scalar(query)
    return (
        challenge
        if challenge is not None and challenge.state.is_public and challenge.published_at is not None
        else None
    )


def taken_themes(challenge: Challenge, startup_ids: list[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """(theme, startup) to the application that there is already."""
    query = sa.select(Application.theme_id, Application.startup_id, Application.id).where(
        Application.challenge_id == challenge.id, Application.startup_id.in_(startup_ids)
    )
    return {(row.theme_id, row.startup_id): row.id for row in db.session.execute(query)}


def list_submissions(application: Application) -> list[Submission]:
    """All submissions, newest first."""
    query = sa.select(Submission).where(Submission.application_id == application.id).order_by(Submission.number.desc())
    return list(db.session.scalars(query))


def standing_submission(application: Application) -> Submission | None:
    """The submission that counts, or None where nothing stands."""
    if not application.is_standing:
        return None
    return next(iter(list_submissions(application)), None)


def list_checks(application: Application) -> list[tuple[EligibilityCheck, str]]:
    """The eligibility checks, newest first, each with the name of who made it."""
    query = (
        sa.select(EligibilityCheck, User.name)
        .outerjoin(User, User.id == EligibilityCheck.checked_by_id)
        .where(EligibilityCheck.application_id == application.id)
        .order_by(EligibilityCheck.checked_at.desc(), EligibilityCheck.id.desc())
    )
    return [(check, name or "–") for check, name in db.session.execute(query)]


def saver_name(application: Application) -> str:
    """Who saved last, for a page that shows two versions."""
    if application.saved_by_id is None:
        return "–"
    return db.session.scalar(sa.select(User.name).where(User.id == application.saved_by_id)) or "–"
