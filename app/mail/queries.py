"""Reading the mails that were written, those that are held, and a challenge's own words for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.mail.models import Mail, MailBatch, MailHold, MailWording
from app.mail.states import BatchState, MailState


def list_recent_mails(*, to: str = "", limit: int = 100) -> list[Mail]:
    """The latest mails, newest first, of one address where `to` is given."""
    query = sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    if to:
        query = query.where(Mail.to_address == to)
    return list(db.session.scalars(query))


def get_mail(mail_id: UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def list_failed_jobs(challenge_id: UUID) -> list[Job]:
    """The dead letters among a challenge's mails: tried many times, and not sent. One statement."""
    query = sa.select(Job).join(Mail, Mail.job_id == Job.id).where(Mail.challenge_id == challenge_id)
    return list(db.session.scalars(query.where(Job.state == JobState.DEAD).order_by(Job.finished_at, Job.id)))


@dataclass(frozen=True)
class Delivery:
    """A mail with what its job knows of the tries: how many, why the last one failed, and whether it was given up."""

    mail: Mail
    attempts: int
    error: str
    dead: bool

    @property
    def state(self) -> str:
        """The mail's state, or "failed" once it was given up, or "retrying" between two tries."""
        if self.mail.state in (MailState.QUEUED, MailState.SENDING) and self.dead:
            return "failed"
        return "retrying" if self.mail.state is MailState.QUEUED and self.error else self.mail.state.value


def deliveries(query: sa.Select[Any]) -> list[Delivery]:
    """What a query of mails finds, with the tries. One statement."""
    rows = db.session.execute(
        query.outerjoin(Job, Job.id == Mail.job_id).add_columns(Job.attempts, Job.last_error, Job.state)
    )
    return [Delivery(row[0], row[1] or 0, row[2] or "", row[3] is JobState.DEAD) for row in rows]


def list_deliveries_about(about_id: UUID, *, sent_only: bool = False) -> list[Delivery]:
    """The mails about an application, newest first; for its own people only what is out. One statement."""
    query = sa.select(Mail).where(Mail.about_id == about_id)
    if sent_only:
        query = query.where(Mail.state == MailState.SENT)
    return deliveries(query.order_by(Mail.created_at.desc(), Mail.id.desc()).limit(100))


def get_wording(challenge_id: UUID, template: str, language: str) -> MailWording | None:
    query = sa.select(MailWording).where(MailWording.challenge_id == challenge_id, MailWording.template == template)
    return db.session.scalar(query.where(MailWording.language == language))


def list_wordings(challenge_id: UUID) -> dict[tuple[str, str], MailWording]:
    """(template, language) -> the challenge's own text. One statement."""
    found = db.session.scalars(sa.select(MailWording).where(MailWording.challenge_id == challenge_id))
    return {(wording.template, wording.language): wording for wording in found}


def list_holds(challenge_id: UUID) -> set[str]:
    """The kinds that the challenge holds. One statement."""
    return set(db.session.scalars(sa.select(MailHold.template).where(MailHold.challenge_id == challenge_id)))


@dataclass(frozen=True)
class BatchLine:
    """A batch with how many of its mails are in which state; "failed" are given up."""

    batch: MailBatch
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def going(self) -> int:
        """What was to go: without what was taken out or withdrawn."""
        return self.total - self.counts.get("excluded", 0) - self.counts.get("withdrawn", 0)


def list_batches(challenge_id: UUID, *, limit: int = 100) -> list[BatchLine]:
    """The batches of a challenge, those that wait first, then the newest. Two statements."""
    waiting = MailBatch.state.in_((BatchState.HELD, BatchState.SCHEDULED))
    query = sa.select(MailBatch).where(MailBatch.challenge_id == challenge_id)
    batches = db.session.scalars(query.order_by(waiting.desc(), MailBatch.created_at.desc(), MailBatch.id).limit(limit))
    return _with_counts(list(batches))


def get_batch(challenge_id: UUID, batch_id: UUID) -> BatchLine | None:
    query = sa.select(MailBatch).where(MailBatch.challenge_id == challenge_id, MailBatch.id == batch_id)
    batch = db.session.scalar(query)
    return _with_counts([batch])[0] if batch else None


def _with_counts(batches: Sequence[MailBatch]) -> list[BatchLine]:
    dead = sa.and_(Mail.state.in_((MailState.QUEUED, MailState.SENDING)), Job.state == JobState.DEAD)
    state = sa.case((dead, "failed"), else_=sa.cast(Mail.state, sa.String)).label("state")
    query = (
        sa.select(Mail.batch_id, state, sa.func.count())
        .outerjoin(Job, Job.id == Mail.job_id)
        .where(Mail.batch_id.in_([batch.id for batch in batches]))
        .group_by(Mail.batch_id, state)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for batch_id, name, count in db.session.execute(query) if batches else ():
        counts.setdefault(batch_id, {})[str(name)] = count
    return [BatchLine(batch, counts.get(batch.id, {})) for batch in batches]


def count_held(batch_id: UUID) -> int:
    query = sa.select(sa.func.count()).select_from(Mail)
    return db.session.scalar(query.where(Mail.batch_id == batch_id, Mail.state == MailState.HELD)) or 0
