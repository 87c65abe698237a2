"""Reading the mails that were written."""

from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.mail.models import Mail


def list_recent_mails(*, to: str = "", limit: int = 100) -> list[Mail]:
    """The latest mails, newest first, of one address where `to` is given."""
    query = sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    if to:
        query = query.where(Mail.to_address == to)
    return list(db.session.scalars(query))


def get_mail(mail_id: UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def list_failed_jobs(challenge_id: UUID) -> list[Job]:
    """The dead letters among a challenge's mails: tried many times, and not sent."""
    dead = sa.select(Job).where(Job.kind == "mail.send", Job.state == JobState.DEAD).order_by(Job.finished_at, Job.id)
    jobs = {UUID(job.payload["mail_id"]): job for job in db.session.scalars(dead)}
    if not jobs:
        return []
    of_challenge = sa.select(Mail.id).where(Mail.challenge_id == challenge_id, Mail.id.in_(jobs))
    return [jobs[mail_id] for mail_id in db.session.scalars(of_challenge)]
