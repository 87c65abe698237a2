"""Writing a mail into the transaction that causes it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.database import db
from app.core.jobs.queue import enqueue, retry
from app.mail.models import Mail
from app.mail.queries import list_failed_jobs
from app.mail.rendering import render_mail


def queue_mail(
    to_address: str, template: str, *, language: str, now: datetime, challenge_id: UUID | None = None, **context: Any
) -> Mail:
    """Render `emails/<template>.html` for one person and queue it; it goes out after the commit, once.

    The template has a block `subject`, and `text` and `html` are made of its block `body` (see emails/base.html).
    """
    subject, text, html = render_mail(template, language=language, **context)
    mail = Mail(
        to_address=to_address,
        language=language,
        template=template,
        subject=subject,
        text=text,
        html=html,
        challenge_id=challenge_id,
        created_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    enqueue("mail.send", {"mail_id": str(mail.id)}, key=f"mail:{mail.id}", now=now)
    return mail


def try_failed_mails_again(challenge_id: UUID, *, now: datetime) -> int:
    """Give a challenge's dead letters a fresh set of tries; returns how many there were."""
    failed = list_failed_jobs(challenge_id)
    for job in failed:
        retry(job, now=now)
    return len(failed)
