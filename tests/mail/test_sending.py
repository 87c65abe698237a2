"""What becomes of a mail between its writing and the server: waiting, taken back, refused, and a sender that vanishes."""

import smtplib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.jobs.worker import run_one
from app.mail import jobs
from app.mail.models import Mail
from app.mail.services import queue_mail, withdraw_mails
from app.mail.states import TRANSITIONS, MailState
from tests.accounts.mailbox import run_jobs
from tests.factories import NOW


@pytest.fixture
def server(app, monkeypatch):
    """A mail server that keeps what it takes."""
    taken = []
    monkeypatch.setattr(jobs, "_deliver", lambda _url, message: taken.append(message))
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    return taken


def write(address="hana@example.org", **values) -> Mail:
    mail = queue_mail(address, "accounts/password_changed", language="ko", now=NOW, name="김하나", at=NOW, **values)
    db.session.commit()
    return mail


def state_of(mail: Mail) -> MailState:
    db.session.rollback()
    db.session.refresh(mail)
    return mail.state


def test_a_mail_waits_until_its_time(app, server, clock):
    mail = write(not_before=NOW + timedelta(minutes=5))
    run_jobs(app)
    assert server == []
    clock.advance(minutes=4, seconds=59)
    run_jobs(app)
    assert server == []
    clock.advance(seconds=1)
    run_jobs(app)
    assert len(server) == 1
    assert state_of(mail) is MailState.SENT


def test_what_waits_under_a_key_is_taken_back_and_nothing_else(app, server, clock):
    later = NOW + timedelta(minutes=5)
    mine = [write(f"{i}@example.org", not_before=later, undo_key="desk.decide:1") for i in range(3)]
    other = write("other@example.org", not_before=later, undo_key="desk.decide:2")
    assert withdraw_mails("desk.decide:1", now=NOW) == 3
    db.session.commit()
    assert withdraw_mails("desk.decide:1", now=NOW) == 0
    db.session.commit()
    clock.advance(minutes=6)
    run_jobs(app)
    assert [m["To"] for m in server] == ["other@example.org"]
    assert {state_of(m) for m in mine} == {MailState.WITHDRAWN}
    assert state_of(other) is MailState.SENT


def test_undoing_an_undo_leaves_the_mails_waiting(app, server, clock):
    mail = write(not_before=NOW + timedelta(minutes=5), undo_key="desk.decide:1")
    withdraw_mails("desk.decide:1", now=NOW)
    db.session.rollback()
    clock.advance(minutes=6)
    run_jobs(app)
    assert len(server) == 1
    assert state_of(mail) is MailState.SENT


def test_what_is_out_is_not_taken_back(app, server):
    mail = write(undo_key="desk.decide:1")
    run_jobs(app)
    assert withdraw_mails("desk.decide:1", now=NOW) == 0
    db.session.commit()
    assert state_of(mail) is MailState.SENT


def test_what_is_withdrawn_while_its_worker_begins_is_not_sent(app, server, monkeypatch):
    """The worker has read the mail; then somebody takes it back; then the worker wants to hand it over."""
    mail = write(undo_key="desk.decide:1")
    whole = jobs._message

    def read_then_withdrawn(read):
        message = whole(read)
        db.session.rollback()
        assert withdraw_mails("desk.decide:1", now=NOW) == 1
        db.session.commit()
        return message

    monkeypatch.setattr(jobs, "_message", read_then_withdrawn)
    run_jobs(app)
    assert server == []
    assert state_of(mail) is MailState.WITHDRAWN


def test_no_transaction_stands_while_the_server_is_spoken_to(app, server, monkeypatch):
    """A slow mail server must not keep SQLite's one writer waiting, and withdrawing meanwhile comes too late."""
    mail = write(undo_key="desk.decide:1")
    seen = []

    def slow(_url, _message):
        seen.append(db.session().in_transaction())
        seen.append(withdraw_mails("desk.decide:1", now=NOW))
        seen.append(db.session.scalar(sa.select(Mail.state)))
        db.session.rollback()

    monkeypatch.setattr(jobs, "_deliver", slow)
    run_jobs(app)
    assert seen == [False, 0, MailState.SENDING]
    assert state_of(mail) is MailState.SENT


def test_what_the_server_refuses_is_tried_again_and_can_be_taken_back_between(app, monkeypatch, clock):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")

    def refuse(_url, _message):
        raise smtplib.SMTPRecipientsRefused({"hana@example.org": (550, b"no such user")})

    monkeypatch.setattr(jobs, "_deliver", refuse)
    mail = write(undo_key="desk.decide:1")
    run_jobs(app)
    assert state_of(mail) is MailState.QUEUED
    job = db.session.get_one(Job, mail.job_id)
    assert (job.attempts, job.state) == (1, JobState.QUEUED)
    assert "no such user" in (job.last_error or "")
    db.session.rollback()
    assert withdraw_mails("desk.decide:1", now=NOW) == 1
    db.session.commit()
    clock.advance(minutes=10)
    run_jobs(app)
    assert state_of(mail) is MailState.WITHDRAWN
    assert db.session.get_one(Job, mail.job_id).state is JobState.DONE


class Killed(BaseException):
    """As SIGKILL: nothing behind it runs."""


def test_a_worker_that_is_killed_before_it_hands_over_sends_once(app, server, monkeypatch, clock):
    mail = write()
    whole = jobs._message
    monkeypatch.setattr(jobs, "_message", lambda _mail: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        run_one(app, clock)
    monkeypatch.setattr(jobs, "_message", whole)
    clock.advance(seconds=31)
    run_jobs(app)
    assert len(server) == 1
    db.session.refresh(mail)
    assert (mail.state, mail.interruptions) == (MailState.SENT, 0)


def test_a_worker_that_is_killed_after_the_server_took_it_sends_it_again_under_the_same_id_and_says_so(
    app, server, monkeypatch, clock
):
    """What SMTP leaves open: nobody knows whether the server has it. The message's id is the same, so that it can tell."""
    mail = write()
    take = jobs._deliver

    def killed_after(url, message):
        take(url, message)
        monkeypatch.setattr(jobs, "_move", lambda *_: None)  # the killed one does not tidy up
        raise Killed

    monkeypatch.setattr(jobs, "_deliver", killed_after)
    with pytest.raises(Killed):
        run_one(app, clock)
    assert state_of(mail) is MailState.SENDING
    monkeypatch.setattr(jobs, "_deliver", take)
    run_jobs(app)
    assert len(server) == 1  # its lease still holds
    clock.advance(seconds=31)
    run_jobs(app)
    assert len(server) == 2
    assert server[0]["Message-ID"] == server[1]["Message-ID"]
    db.session.refresh(mail)
    assert (mail.state, mail.interruptions) == (MailState.SENT, 1)


@pytest.mark.parametrize("farewell", [smtplib.SMTPServerDisconnected("gone"), OSError("reset")])
def test_a_server_that_took_the_mail_and_hangs_up_badly_is_not_sent_it_again(app, monkeypatch, farewell):
    said = []

    class Server:
        def __init__(self, *_args, **_values):
            pass

        def send_message(self, message):
            said.append(message["To"])

        def quit(self):
            raise farewell

        def close(self):
            said.append("closed")

    monkeypatch.setattr(jobs.smtplib, "SMTP", Server)
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    mail = write()
    run_jobs(app)
    assert said == ["hana@example.org", "closed"]
    assert state_of(mail) is MailState.SENT


def test_every_state_stands_in_the_table_of_moves():
    assert set(TRANSITIONS) == set(MailState)
    assert not TRANSITIONS[MailState.SENT]
    assert not TRANSITIONS[MailState.WITHDRAWN]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["write", "withdraw", "run", "later"]), max_size=12))
def test_whatever_the_order_each_mail_is_either_sent_once_or_withdrawn_and_never_sent(app, server, clock, acts):
    server.clear()
    clock.time = NOW
    db.session.execute(sa.delete(Mail))
    db.session.execute(sa.delete(Job))
    db.session.commit()
    count = 0
    for act in acts:
        if act == "write":
            queue_mail(
                f"{count}@example.org", "accounts/password_changed", language="en", now=clock(), name="n", at=NOW,
                not_before=clock() + timedelta(minutes=5), undo_key="key",
            )  # fmt: skip
            count += 1
            db.session.commit()
        elif act == "withdraw":
            withdraw_mails("key", now=clock())
            db.session.commit()
        elif act == "run":
            run_jobs(app)
        else:
            clock.advance(minutes=6)
    db.session.rollback()
    sent = [message["To"] for message in server]
    assert len(sent) == len(set(sent))
    states = dict(db.session.execute(sa.select(Mail.to_address, Mail.state)).all())
    assert len(states) == count
    assert {a for a, state in states.items() if state is MailState.SENT} == set(sent)
    assert MailState.SENDING not in states.values()
