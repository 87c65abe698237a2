"""Reading the mails that were written."""

from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.mail.models import Mail


def list_recent_mails(*, to: str = "", limit: int = 100) -> list[Mail]:
    """The latest mails, newest first, of one address where `to` is given."""
    query = sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    if to:
        query = query.where(Mail.to_address == to)
    return list(db.session.scalars(query))


def get_mail(mail_id: UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)
