"""Who has which section open: said by the page every few seconds, forgotten when it falls silent. Not part of the trail."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.applications.writing.models import EditingPresence
from app.core.database import db

BEAT = timedelta(seconds=20)  # how often a page says so (presence.js)
LASTS = timedelta(seconds=50)  # two beats may get lost


def say_presence(application_id: UUID, user_id: UUID, section: str, *, now: datetime) -> None:
    """The person writes in this section now."""
    mine = (
        EditingPresence.application_id == application_id,
        EditingPresence.user_id == user_id,
        EditingPresence.section == section,
    )
    fresh = sa.update(EditingPresence).where(*mine).values(expires_at=now + LASTS)
    if db.session.execute(fresh.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined] # of an UPDATE it has one
        return
    forget_silent(application_id, now=now)
    try:
        with db.session.begin_nested():
            row = {"application_id": application_id, "user_id": user_id, "section": section, "expires_at": now + LASTS}
            db.session.execute(sa.insert(EditingPresence).values(row))
    except IntegrityError:  # the same page, twice at once
        return


def end_presence(application_id: UUID, user_id: UUID, section: str) -> None:
    """The person left the section."""
    gone = sa.delete(EditingPresence).where(
        EditingPresence.application_id == application_id,
        EditingPresence.user_id == user_id,
        EditingPresence.section == section,
    )
    db.session.execute(gone.execution_options(synchronize_session=False))


def forget_silent(application_id: UUID, *, now: datetime) -> None:
    gone = sa.delete(EditingPresence).where(
        EditingPresence.application_id == application_id, EditingPresence.expires_at <= now
    )
    db.session.execute(gone.execution_options(synchronize_session=False))
