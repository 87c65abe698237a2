"""Uploads that are on their way, for those who may go on with them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.applications.models import Application, Upload
from app.applications.writing.rules import is_own
from app.core.database import db


def get_upload_for(user: User, application_id: UUID, upload_id: UUID) -> Upload | None:
    """An upload to an application that the person belongs to, with the application and its challenge, in one statement."""
    query = (
        sa.select(Upload)
        .where(Upload.id == upload_id, Upload.application_id == application_id)
        .options(
            joinedload(Upload.application).options(joinedload(Application.challenge), joinedload(Application.rights))
        )
    )
    upload = db.session.scalars(query).unique().one_or_none()
    return upload if upload is not None and is_own(upload.application, user) else None
