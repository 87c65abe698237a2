"""Rows read anew under a lock. The order is always the application first, then its challenge."""

import sqlalchemy as sa

from app.applications.models import Application
from app.challenges.models import Challenge
from app.core.database import db

_COLUMNS = [attribute.key for attribute in sa.inspect(Application).column_attrs]


def lock_application(application: Application) -> None:
    """Read the application's own columns as they stand now, and let nobody else change it before the transaction ends."""
    db.session.flush()
    db.session.refresh(application, _COLUMNS, with_for_update=True)


def lock_challenge(challenge: Challenge) -> None:
    """The challenge's counts, dates and form as they stand now; one at a time gives receipt numbers."""
    db.session.flush()
    db.session.refresh(
        challenge,
        ["state", "closes_at", "version", "receipts_given", "submitted_count", "form_sha256", "form_content"],
        with_for_update=True,
    )
