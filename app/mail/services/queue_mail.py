"""Writing a mail into the transaction that causes it, and taking it back while it is here."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.jobs.queue import enqueue, retry
from app.mail.models import Mail, MailBatch
from app.mail.queries import list_failed_jobs
from app.mail.rendering import render_mail
from app.mail.services.hold_mails import gathering_batch
from app.mail.states import WITHDRAWABLE, BatchState, MailState


def queue_mail(
    to_address: str,
    template: str,
    *,
    language: str,
    now: datetime,
    challenge_id: UUID | None = None,
    about_id: UUID | None = None,
    not_before: datetime | None = None,
    undo_key: str | None = None,
    batch: MailBatch | None = None,
    **context: Any,
) -> Mail:
    """Render a mail for one person and queue it; it goes out after the commit, once.

    `emails/<template>.html` has a block `subject`, and `text` and `html` are made of its block `body` (see emails/base.html); a
    challenge may have words of its own for it, and may hold its kind. `batch` is what it belongs to (see `open_batch`).
    `about_id` is the application that the mail is about. With `not_before` it waits until then; whatever was queued under
    one `undo_key` (at most 120 characters, e.g. "desk.decide:<id of the bulk decision>") can be taken back together by
    `withdraw_mails` as long as it waits.
    """
    words = render_mail(template, language=language, challenge_id=challenge_id, **context)
    if batch is None and challenge_id is not None:
        batch = gathering_batch(challenge_id, template, now=now)
    mail = Mail(
        to_address=to_address, language=language, template=template, challenge_id=challenge_id, about_id=about_id, created_at=now,
        not_before=not_before, undo_key=undo_key,
    )  # fmt: skip
    return _put(mail, words, batch, now=now)


def write_message(
    to_address: str, words: tuple[str, str, str], template: str, *, language: str, batch: MailBatch, about_id: UUID, now: datetime
) -> Mail:  # fmt: skip
    """Put a mail of finished words (subject, text, HTML) into a batch."""
    mail = Mail(
        to_address=to_address, language=language, template=template, challenge_id=batch.challenge_id, about_id=about_id, created_at=now,
    )  # fmt: skip
    return _put(mail, words, batch, now=now)


def _put(mail: Mail, words: tuple[str, str, str], batch: MailBatch | None, *, now: datetime) -> Mail:
    mail.subject, mail.text, mail.html = words
    mail.batch_id = batch.id if batch else None
    held = batch is not None and batch.state in (BatchState.HELD, BatchState.SCHEDULED)
    mail.state = MailState.HELD if held else MailState.QUEUED
    db.session.add(mail)
    db.session.flush()
    if not held:
        enqueue_mail(mail, now=now)
    return mail


def enqueue_mail(mail: Mail, *, now: datetime) -> None:
    """Write down the job that sends the mail, at its time."""
    mail.job_id = enqueue(
        "mail.send", {"mail_id": str(mail.id)}, key=f"mail:{mail.id}", now=now, run_at=mail.not_before
    )


def withdraw_mails(undo_key: str, *, now: datetime) -> int:
    """Take back what was queued under `undo_key` and is still here; returns how many mails that were.

    A mail that a worker has begun to send is out: it neither counts nor changes, and nothing that was withdrawn is ever sent.
    """
    mine = sa.and_(Mail.undo_key == undo_key, Mail.state.in_(WITHDRAWABLE))
    taken = db.session.scalars(
        sa.update(Mail)
        .where(mine)
        .values(state=MailState.WITHDRAWN)
        .returning(Mail.id, Mail.job_id)
        .execution_options(synchronize_session="fetch")
    ).all()
    jobs = sa.select(Mail.job_id).where(Mail.undo_key == undo_key, Mail.state == MailState.WITHDRAWN)
    db.session.execute(
        sa.update(Job)
        .where(Job.id.in_(jobs), Job.state == JobState.QUEUED)
        .values(state=JobState.DONE, finished_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(taken)


def try_failed_mails_again(challenge_id: UUID, *, now: datetime) -> int:
    """Give a challenge's dead letters a fresh set of tries; returns how many there were."""
    failed = list_failed_jobs(challenge_id)
    for job in failed:
        retry(job, now=now)
    return len(failed)


def try_failed_mail_again(mail: Mail, *, now: datetime) -> bool:
    """Give one mail that was given up a fresh set of tries; False where it was not."""
    job = db.session.get(Job, mail.job_id, with_for_update=True) if mail.job_id else None
    if job is None or job.state is not JobState.DEAD:
        return False
    retry(job, now=now)
    return True
