"""Mails, and the jobs that carry an address."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.persons import ERASED, Holding, Keeper, Person, erased_address, keep
from app.mail.models import Mail
from app.mail.rendering import without_secrets
from app.mail.states import WITHDRAWABLE, MailState

OVER = (JobState.DONE, JobState.DEAD)


def find(person: Person) -> Iterable[Holding]:
    """What has reached them: a mail that is held, taken back or not due yet tells nothing before its time, and one from
    before the account may have been somebody else's.
    """
    theirs = sa.and_(Mail.to_address == person.email, Mail.created_at >= person.created_at)
    sent = sa.select(Mail).where(theirs, Mail.state == MailState.SENT)
    query = sent.order_by(Mail.created_at.desc(), Mail.id.desc())
    rows = [
        {
            _("When"): mail.created_at.isoformat(timespec="seconds"),
            _("Subject"): mail.subject,
            _("Text"): without_secrets(mail.text),
        }
        for mail in db.session.scalars(query)
    ]
    kept = _("Mails about your account go with it; those about a challenge when its retention period ends.")
    yield Holding("mails", _("Mails to you"), kept, rows)


def _blank(mails: list[tuple[UUID, UUID | None]]) -> int:
    """Take person and text out of these mails; that one went, and when, stays. What waits is not sent any more."""
    for mail_id, job_id in mails:
        values = {"to_address": erased_address(mail_id), "subject": ERASED, "text": ERASED, "html": ""}
        db.session.execute(sa.update(Mail).where(Mail.id == mail_id).values(**values))
        db.session.execute(
            sa.update(Mail).where(Mail.id == mail_id, Mail.state.in_(WITHDRAWABLE)).values(state=MailState.WITHDRAWN)
        )
        if job_id is not None:
            db.session.execute(sa.update(Job).where(Job.id == job_id).values(last_error=None))
    return len(mails)


def _standing(which: sa.ColumnElement[bool]) -> sa.Select[UUID, UUID | None]:
    """Mails that still name somebody, one that the mail server has in hand at this moment left out."""
    named = Mail.to_address.not_like("erased-%@erased.invalid")
    return sa.select(Mail.id, Mail.job_id).where(which, named, Mail.state != MailState.SENDING)


def erase_person(person: Person, *, now: datetime) -> int:
    del now
    own = sa.and_(Mail.to_address == person.email, Mail.challenge_id.is_(None))
    mails = [(row.id, row.job_id) for row in db.session.execute(_standing(own))]
    carrying = sa.func.lower(Job.payload["email"].as_string()) == person.email.lower()
    done = db.session.execute(
        sa.update(Job).where(carrying, Job.state.in_(OVER)).values(payload={}, last_error=None).returning(Job.id)
    ).all()
    return _blank(mails) + len(done)


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    del now
    rows = db.session.execute(_standing(Mail.challenge_id == challenge_id).limit(limit))
    return _blank([(row.id, row.job_id) for row in rows])


keep(
    Keeper(
        "mail",
        {"mails": frozenset({"to_address", "subject", "text", "html"}), "jobs": frozenset({"payload", "last_error"})},
        find,
        erase_person,
        erase_challenge,
    )
)
