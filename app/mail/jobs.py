"""Sending what is queued, by SMTP; in development the mailbox page is where it arrives."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from flask import current_app

from app.core.database import db
from app.core.jobs.registry import JobRun, job_handler
from app.mail.models import Mail, MailState

# The secret at the end of a link, as secrets.token_urlsafe(32) makes it. Elsewhere only its hash is kept, so that a copy of the
# database opens nobody's account; once a mail is out, it keeps no secret either.
LINK_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


class NoMailServer(RuntimeError):  # noqa: N818 - says what is wrong
    """SMTP_URL names no server, and nobody looks into a mailbox page here."""


@job_handler("mail.send")
def send_mail(run: JobRun) -> None:
    """Send one mail. The message's id is the mail's own, so that a server that sees it twice can tell.

    Where there is no server to send it by, it waits and then is a dead letter, rather than being called sent.
    """
    mail = db.session.get(Mail, UUID(run.payload["mail_id"]))
    if mail is None or mail.state is MailState.SENT:
        return
    if url := current_app.config["SMTP_URL"]:
        _deliver(url, _message(mail))
        mail.text, mail.html = LINK_TOKEN.sub("…", mail.text), LINK_TOKEN.sub("…", mail.html)
    elif not current_app.config["DEVELOPMENT"]:
        raise NoMailServer("SMTP_URL names no mail server")
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
    """A password, and the links in mails, go to nobody but the server that the certificate names."""
    parts, context = urlsplit(url), ssl.create_default_context()
    with _connect(parts, context) as server:
        if parts.scheme != "smtps" and parts.username:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connect(parts: SplitResult, context: ssl.SSLContext) -> smtplib.SMTP:
    host, port = parts.hostname or "localhost", parts.port or 0
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    return smtplib.SMTP(host, port, timeout=20)
