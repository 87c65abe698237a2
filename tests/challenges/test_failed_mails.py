"""Mails that could not be sent are dead letters that the organizer sees and sends again."""

import sqlalchemy as sa

from app.core.database import db
from app.core.jobs.models import Job, JobState
from app.core.jobs.queue import MOST_ATTEMPTS
from app.core.jobs.worker import run_one
from app.mail.models import Mail
from app.mail.services import queue_mail
from app.mail.states import MailState
from tests import factories


def fail_for_good(app, clock):
    for _ in range(MOST_ATTEMPTS):
        assert run_one(app, clock)
        clock.advance(hours=2)


def test_without_a_mail_server_nothing_is_called_sent(app, clock, browse_as, monkeypatch):
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    host = factories.make_host()
    challenge = factories.make_challenge(host=host)
    organizer = factories.make_user(member_of=host)
    queue_mail(
        "a@example.org", "accounts/address_known", language="ko", now=clock(), name="김하나", challenge_id=challenge.id
    )
    queue_mail("b@example.org", "accounts/address_known", language="ko", now=clock(), name="이둘", challenge_id=None)
    db.session.commit()
    fail_for_good(app, clock)
    fail_for_good(app, clock)
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Mail.state))) == {MailState.QUEUED}
    assert "SMTP_URL" in db.session.scalars(sa.select(Job.last_error)).first()

    page = browse_as(organizer)
    assert (
        "보내지 못한 메일이 1통 있습니다." in page.get(f"/manage/{challenge.id}").text
    )  # the other is no part of this challenge
    response = page.post(f"/manage/{challenge.id}/mails/send-again")
    assert response.status_code == 303
    monkeypatch.setitem(app.config, "DEVELOPMENT", True)
    while run_one(app, clock):
        pass
    db.session.rollback()
    states = dict(db.session.execute(sa.select(Mail.to_address, Mail.state)).all())
    assert states == {"a@example.org": MailState.SENT, "b@example.org": MailState.QUEUED}
    assert "보내지 못한 메일이" not in page.get(f"/manage/{challenge.id}").text
    assert db.session.scalar(sa.select(sa.func.count()).where(Job.state == JobState.DEAD)) == 1
