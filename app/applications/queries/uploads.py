"""Uploads that are on their way, for those who may go on with them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.applications.models import Application, Upload
from app.core.database import db


def get_upload_for(user: User, application_id: UUID, upload_id: UUID) -> Upload | None:
    """An upload to an application of the person's own startup, with the application and its challenge, in one statement."""
    query = (
        sa.select(Upload)
        .where(Upload.id == upload_id, Upload.application_id == application_id)
        .options(joinedload(Upload.application).joinedload(Application.challenge))
    )
    upload = db.session.scalar(query)
    return upload if upload is not None and user.belongs_to(upload.application.startup_id) else None
