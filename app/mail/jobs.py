"""Sending what is queued, by SMTP; in development the mailbox page is where it arrives."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

import sqlalchemy as sa
from flask import current_app

from app.core.database import db
from app.core.jobs.queue import renew_lease
from app.core.jobs.registry import JobRun, job_handler
from app.mail.models import Mail, MailBatch
from app.mail.rendering import without_secrets
from app.mail.services.queue_mail import enqueue_mail
from app.mail.states import GOING, BatchState, MailState

AT_ONCE = 100  # mails of a batch let go in one transaction


class NoMailServer(RuntimeError):  # noqa: N818 - says what is wrong
    """SMTP_URL names no server, and nobody looks into a mailbox page here."""


@job_handler("mail.send")
def send_mail(run: JobRun) -> None:
    """Send one mail. The message's id is the mail's own, so that a server that sees it twice can tell.

    No transaction stands while the server is spoken to, which may take long: that a mail is on its way is committed before,
    and that it is out right after the server has taken it. Only a sender that vanishes between the two leaves it open
    whether the mail is out; it is sent again then, and `interruptions` says so. Where there is no server to send it by, it
    waits and then is a dead letter, rather than being called sent.
    """
    mail = db.session.get(Mail, UUID(run.payload["mail_id"]))
    if mail is None or mail.state not in GOING:
        return
    url = current_app.config["SMTP_URL"]
    if not url and not current_app.config["DEVELOPMENT"]:
        raise NoMailServer("SMTP_URL names no mail server")
    message = _message(mail)
    if url:
        if not _take(mail, run):
            return
        try:
            _deliver(url, message)
        except BaseException:
            _move(mail.id, MailState.QUEUED)
            raise
        db.session.refresh(mail)
        mail.text, mail.html = without_secrets(mail.text), without_secrets(mail.html)
    mail.state, mail.sent_at = MailState.SENT, run.now


@job_handler("mail.release")
def release_mails(run: JobRun) -> None:
    """Let a batch's held mails go, a hundred to a transaction; whoever is interrupted goes on where it stopped.

    Nothing where the release was stopped, or set for a later time, meanwhile.
    """
    batch = db.session.get(MailBatch, UUID(run.payload["batch_id"]), with_for_update=True)
    if batch is None or not _is_due(batch, run.now):
        return
    if batch.state is BatchState.SCHEDULED:
        batch.state, batch.released_at = BatchState.RELEASED, run.now
    held = sa.select(Mail).where(Mail.batch_id == batch.id, Mail.state == MailState.HELD).order_by(Mail.id)
    while mails := db.session.scalars(held.limit(AT_ONCE)).all():
        for mail in mails:
            mail.state = MailState.QUEUED
            enqueue_mail(mail, now=run.now)
        if len(mails) < AT_ONCE:
            return
        db.session.commit()


def _is_due(batch: MailBatch, now: datetime) -> bool:
    if batch.state is BatchState.SCHEDULED:
        return batch.release_at is not None and batch.release_at <= now
    return batch.state is BatchState.RELEASED


def _take(mail: Mail, run: JobRun) -> bool:
    """Note, committed, that the mail is on its way; False where it was withdrawn, or another worker has the job by now."""
    if not renew_lease(run.job_id, run.token, run.now):
        return False
    again = Mail.interruptions + sa.case((Mail.state == MailState.SENDING, 1), else_=0)
    taken = db.session.execute(
        sa.update(Mail)
        .where(Mail.id == mail.id, Mail.state.in_(GOING))
        .values(interruptions=again, state=MailState.SENDING)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has it


def _move(mail_id: UUID, state: MailState) -> None:
    db.session.rollback()
    db.session.execute(sa.update(Mail).where(Mail.id == mail_id, Mail.state == MailState.SENDING).values(state=state))
    db.session.commit()


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = mail.to_address
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{urlsplit(current_app.config['BASE_URL']).hostname}>"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # last, or it would move into the first part
    return message


def _deliver(url: str, message: EmailMessage) -> None:
    """A password, and the links in mails, go to nobody but the server that the certificate names."""
    parts, context = urlsplit(url), ssl.create_default_context()
    server = _connect(parts, context)
    try:
        if parts.scheme != "smtps" and parts.username:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
    except BaseException:
        server.close()
        raise
    try:  # the mail is out; however the farewell goes, it must not be sent again
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _connect(parts: SplitResult, context: ssl.SSLContext) -> smtplib.SMTP:
    host, port = parts.hostname or "localhost", parts.port or 0
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    return smtplib.SMTP(host, port, timeout=20)
