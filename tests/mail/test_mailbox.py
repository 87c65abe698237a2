import secrets
import ssl

import pytest

from app.core.database import db
from app.mail import jobs
from app.mail.models import Mail
from app.mail.services import queue_mail
from app.mail.states import MailState
from tests import factories
from tests.accounts.mailbox import run_jobs
from tests.factories import NOW


def write(address="hana@example.org", *, language="ko", name="김하나") -> Mail:
    mail = queue_mail(address, "accounts/password_changed", language=language, now=NOW, name=name, at=NOW)
    db.session.commit()
    return mail


def test_the_mailbox_lists_the_latest_first_and_finds_by_address(client):
    assert "메일" in client.get("/dev/mailbox").text
    write()
    write("duri@example.org", language="en")
    page = client.get("/dev/mailbox").text
    assert "비밀번호가 변경되었습니다" in page
    assert page.index("duri@example.org") < page.index("hana@example.org")
    found = client.get("/dev/mailbox?to=duri@example.org").text
    assert "Your password was changed" in found
    assert "hana@example.org" not in found


@pytest.mark.parametrize("count", [1, 3])
def test_the_mailbox_takes_one_statement(client, statements, count):
    for _ in range(count):
        write()
    statements.statements.clear()
    assert client.get("/dev/mailbox").text.count("비밀번호가 변경되었습니다") == count
    assert len(statements) == 1


def test_a_mail_is_shown_as_text_and_in_a_sandbox(client):
    mail = write(name="<script>alert(1)</script>")
    page = client.get(f"/dev/mailbox/{mail.id}").text
    assert 'sandbox="allow-popups"' in page
    assert "<script>alert" not in page
    html = client.get(f"/dev/mailbox/{mail.id}/html")
    assert "<script" not in html.text
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_there_is_no_mailbox_but_in_development(app, client, monkeypatch):
    mail = write()
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    for path in ("/dev/mailbox", f"/dev/mailbox/{mail.id}", f"/dev/mailbox/{mail.id}/html"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_a_mail_that_is_none_is_not_there(client, name):
    assert client.get(f"/dev/mailbox/{name}").status_code == 404
    assert client.get(f"/dev/mailbox/{name}/html").status_code == 404


def test_a_mail_is_sent_once_by_its_job(app, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "_deliver", lambda _url, message: sent.append(message))
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    mail = write()
    run_jobs(app)
    run_jobs(app)
    db.session.refresh(mail)
    assert (mail.state, mail.sent_at) == (MailState.SENT, NOW)
    assert len(sent) == 1
    message = sent[0]
    assert (message["To"], message["Subject"], message["Content-Language"]) == ("hana@example.org", mail.subject, "ko")
    assert message["Message-ID"].startswith(f"<{mail.id}@")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_that_is_out_keeps_no_secret(app, monkeypatch):
    """The link works for whoever has the mail; a copy of the database must not."""
    sent, token = [], secrets.token_urlsafe(32)
    monkeypatch.setattr(jobs, "_deliver", lambda _url, message: sent.append(message.get_body(("plain",)).get_content()))
    values = {"name": "김하나", "token": token, "ends_at": NOW}
    mail = queue_mail("hana@example.org", "accounts/reset_password", language="ko", now=NOW, **values)
    db.session.commit()
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    run_jobs(app)
    db.session.refresh(mail)
    assert f"/reset-password/{token}" in sent[0]
    assert token not in mail.text + mail.html
    assert "/reset-password/…" in mail.text


@pytest.mark.parametrize(
    ("url", "secured"), [("smtp://me:pw@mail.example:587", "STARTTLS"), ("smtps://mail.example", "TLS")]
)
def test_the_mail_server_has_to_show_its_certificate(monkeypatch, url, secured):
    said = []

    class Server:
        def __init__(self, host, port, *, timeout, context=None):
            self.context("TLS", context)

        def context(self, how, context):
            if context is not None:
                said.append((how, context.verify_mode, context.check_hostname))

        def starttls(self, *, context=None):
            said.append("no check") if context is None else self.context("STARTTLS", context)

        login = send_message = quit = lambda self, *_: None

    monkeypatch.setattr(jobs.smtplib, "SMTP", Server)
    monkeypatch.setattr(jobs.smtplib, "SMTP_SSL", Server)
    jobs._deliver(url, jobs.EmailMessage())
    assert said == [(secured, ssl.CERT_REQUIRED, True)]


def test_a_mail_of_an_undone_transaction_is_not_there(app):
    queue_mail("hana@example.org", "accounts/password_changed", language="ko", now=NOW, name="김하나", at=NOW)
    db.session.rollback()
    assert db.session.query(Mail).count() == 0
    run_jobs(app)


def test_addresses_in_mails_are_whole(app):
    assert factories.NOW == NOW
    mail = write()
    assert 'href="http://127.0.0.1:8000/forgot-password"' in mail.html
    assert "http://127.0.0.1:8000/forgot-password" in mail.text
