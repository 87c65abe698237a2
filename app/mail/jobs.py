"""Sending what is queued, by SMTP; in development the mailbox page is where it arrives."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from flask import current_app

from app.core.database import db
from app.core.jobs.registry import JobRun, job_handler
from app.mail.models import Mail, MailState


@job_handler("mail.send")
def send_mail(run: JobRun) -> None:
    """Send one mail. The message's id is the mail's own, so that a server that sees it twice can tell."""
    mail = db.session.get(Mail, UUID(run.payload["mail_id"]))
    if mail is None or mail.state is MailState.SENT:
        return
    if url := current_app.config["SMTP_URL"]:
        _deliver(url, _message(mail))
    mail.state, mail.sent_at = MailState.SENT, run.now


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
    parts = urlsplit(url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname or "localhost", parts.port or 0, timeout=20) as server:
        if parts.scheme == "smtp" and parts.username:
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
