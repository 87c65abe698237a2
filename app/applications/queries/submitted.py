"""What judges and sponsors read: the submission that stands, less what the call keeps from them."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from app.applications.content import Submitted, read_submission
from app.applications.models import Application, Submission
from app.core.database import db


def submitted_content(application: Application) -> Submitted | None:
    """The standing submission as judges may see it: answers and documents kept from them are left out, as are contact and
    consents. None where nothing stands. One statement; nothing else may be shown to judges.
    """
    return submitted_contents([application.id]).get(application.id) if application.is_standing else None


def submitted_contents(application_ids: Iterable[UUID], *, whole: bool = False) -> dict[UUID, Submitted]:
    """The last submission of each application, in one statement. `whole` is for the organizer and the applicant."""
    wanted = list(application_ids)
    if not wanted:
        return {}
    last = (
        sa.select(Submission.application_id, sa.func.max(Submission.number).label("number"))
        .where(Submission.application_id.in_(wanted))
        .group_by(Submission.application_id)
        .subquery()
    )
    query = sa.select(Submission).join(
        last, sa.and_(Submission.application_id == last.c.application_id, Submission.number == last.c.number)
    )
    return {s.application_id: read_submission(s, whole=whole) for s in db.session.scalars(query)}
