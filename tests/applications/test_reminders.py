"""Reminders before the close: to whom, when, how often, and how one is rid of them."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.applications.chores import plan_reminders
from app.applications.models import Application, ReminderStop
from app.applications.rules.reminding import STEPS, due_step
from app.applications.states import ApplicationState
from app.challenges.states import ChallengeState
from app.core.database import db, writes
from app.mail.models import Mail
from tests import factories
from tests.accounts.mailbox import run_jobs
from tests.factories import NOW, make_application, make_challenge, make_user, seoul

CLOSE = seoul("2022-09-23T17:00")
WEEK, DAY, HOURS = STEPS


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (timedelta(days=7, seconds=1), None),
        (timedelta(days=7), WEEK),
        (timedelta(days=1, seconds=1), WEEK),
        (timedelta(days=1), DAY),
        (timedelta(hours=3, seconds=1), DAY),
        (timedelta(hours=3), HOURS),
        (timedelta(0), HOURS),
        (timedelta(seconds=-1), None),
    ],
)
def test_the_reminder_that_is_due_is_the_one_that_fits_the_time_left(before, step):
    assert due_step(CLOSE, CLOSE - before) == step


@given(seconds=st.integers(-(10**6), 10**6))
def test_a_due_reminder_is_never_early_and_never_after_the_close(seconds):
    now = CLOSE + timedelta(seconds=seconds)
    step = due_step(CLOSE, now)
    if step is None:
        assert now > CLOSE or now < CLOSE - WEEK
    else:
        assert CLOSE - step <= now <= CLOSE


@pytest.fixture
def draft():
    startup = factories.make_organization()
    make_user("김하나", member_of=startup, email="hana@example.org")
    application = make_application(make_challenge(), startup=startup, state=ApplicationState.DRAFT, answers={})
    application.created_at = seoul("2022-09-10T10:00")
    db.session.commit()
    return application


def tick(app, clock, moment) -> None:
    """The worker's chore, then its jobs, at `moment`."""
    clock.time = moment
    db.session.rollback()
    token = writes.set(True)
    plan_reminders()
    writes.reset(token)
    db.session.rollback()
    run_jobs(app)


def reminders() -> list[Mail]:
    db.session.rollback()
    query = sa.select(Mail).where(Mail.template == "applications/reminder").order_by(Mail.created_at, Mail.id)
    return list(db.session.scalars(query))


def test_each_reminder_comes_once_however_often_the_worker_looks(app, clock, draft):
    for step in STEPS:
        for seconds in (-1, 0, 3, 6, 3600):
            tick(app, clock, CLOSE - step + timedelta(seconds=seconds))
    tick(app, clock, CLOSE + timedelta(seconds=1))
    assert [CLOSE - mail.created_at for mail in reminders()] == list(STEPS)


def test_a_reminder_says_how_long_there_is_and_what_is_missing_in_the_persons_language(app, clock, draft):
    make_user("Duri", member_of=draft.startup, email="duri@example.org", language="en")
    db.session.commit()
    tick(app, clock, CLOSE - DAY)
    mails = {mail.to_address: mail for mail in reminders()}
    assert mails["hana@example.org"].subject.startswith("아직 제출하지 않았습니다(1일 0시간 남음)")
    english = mails["duri@example.org"]
    assert english.subject.startswith("Not submitted yet, 1 day 0 hours left")
    assert "- Summary: This question is not answered yet." in english.text
    assert "- Proposal: This document is not uploaded yet." in english.text
    assert "제안 요약: " in mails["hana@example.org"].text
    assert f"/applications/{draft.id}" in english.text
    assert english.about_id == draft.id


@pytest.mark.parametrize("state", [ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN])
def test_who_has_submitted_or_withdrawn_is_not_reminded(app, clock, state):
    startup = factories.make_organization()
    make_user(member_of=startup)
    make_application(make_challenge(), startup=startup, state=state)
    db.session.commit()
    tick(app, clock, CLOSE - DAY)
    assert reminders() == []


def test_a_reopened_application_whose_submission_stands_is_not_called_unsent(app, clock, draft):
    draft.submitted_at, draft.receipt_number = NOW, "X-001"
    db.session.commit()
    tick(app, clock, CLOSE - DAY)
    assert reminders() == []


def test_a_draft_begun_after_the_reminder_fell_due_waits_for_the_next(app, clock, draft):
    draft.created_at = CLOSE - timedelta(days=2)
    db.session.commit()
    tick(app, clock, CLOSE - timedelta(days=2) + timedelta(seconds=1))
    assert reminders() == []
    tick(app, clock, CLOSE - DAY)
    assert len(reminders()) == 1


def test_submitting_between_the_plan_and_the_mail_means_no_mail(app, clock, draft, monkeypatch):
    clock.time = CLOSE - DAY
    token = writes.set(True)
    plan_reminders()
    writes.reset(token)
    db.session.rollback()
    application = db.session.get_one(Application, draft.id)
    application.state, application.receipt_number, application.submitted_at = ApplicationState.SUBMITTED, "X-001", CLOSE
    db.session.commit()
    run_jobs(app)
    assert reminders() == []


def test_a_moved_close_plans_anew_and_forgets_the_old_plan(app, clock, draft):
    tick(app, clock, CLOSE - DAY)
    later = CLOSE + timedelta(days=4)
    db.session.get_one(Application, draft.id).challenge.closes_at = later
    db.session.commit()
    tick(app, clock, CLOSE - HOURS)  # of the old close
    assert [later - mail.created_at for mail in reminders()][1:] == [
        later - CLOSE + HOURS
    ]  # a week's reminder of the new
    tick(app, clock, later - DAY)
    tick(app, clock, later - HOURS)
    assert [later - mail.created_at for mail in reminders()][2:] == [DAY, HOURS]


def test_a_cancelled_call_reminds_nobody(app, clock, draft):
    draft.challenge.state = ChallengeState.CANCELLED
    db.session.commit()
    tick(app, clock, CLOSE - DAY)
    assert reminders() == []


def test_a_worker_that_was_away_sends_the_one_that_fits(app, clock, draft):
    tick(app, clock, CLOSE - timedelta(hours=2))
    assert [CLOSE - mail.created_at for mail in reminders()] == [timedelta(hours=2)]
    assert "2시간 0분 남음" in reminders()[0].subject


def test_an_address_that_only_stands_in_the_draft_is_not_written_to(app, clock, draft):
    draft.contact_email = "stranger@example.org"
    db.session.commit()
    tick(app, clock, CLOSE - DAY)
    assert {mail.to_address for mail in reminders()} == {"hana@example.org"}


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_one_statement_while_nothing_is_due_and_two_while_all_is_planned(app, clock, statements, count):
    for _ in range(count):
        make_challenge()
    db.session.commit()
    statements.statements.clear()
    clock.time = CLOSE - timedelta(days=8)
    plan_reminders()
    assert len(statements) == 1
    tick(app, clock, CLOSE - DAY)
    statements.statements.clear()
    plan_reminders()
    assert len(statements) == 2


def link(mail: Mail) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/reminders/\S+)", mail.text).group(1)


def test_one_person_ends_the_reminders_without_signing_in_and_takes_them_up_again(app, client, clock, draft):
    make_user("이두리", member_of=draft.startup, email="duri@example.org")
    db.session.commit()
    tick(app, clock, CLOSE - WEEK)
    path = link(next(m for m in reminders() if m.to_address == "hana@example.org"))
    page = client.get(path, headers={"Accept-Language": "en"})
    assert "hana@example.org is reminded" in page.text
    assert db.session.scalar(sa.select(ReminderStop)) is None  # looking changes nothing
    for _ in range(2):  # a double click
        assert client.post(f"{path}/stop").status_code == 303
    assert "gets no reminders" in client.get(path, headers={"Accept-Language": "en"}).text
    tick(app, clock, CLOSE - DAY)
    assert [m.to_address for m in reminders()][2:] == ["duri@example.org"]
    client.post(f"{path}/resume")
    tick(app, clock, CLOSE - HOURS)
    assert len(reminders()) == 5


def test_a_link_that_we_did_not_write_leads_nowhere(app, client, clock, draft):
    tick(app, clock, CLOSE - WEEK)
    path = link(reminders()[0])
    changed = "A" if path[-6] != "A" else "B"  # not the last letter, some of whose bits say nothing
    for wrong in ("/reminders/x", path[:-6] + changed + path[-5:], "/reminders/" + "x" * 3000):
        assert client.get(wrong).status_code == 404
        assert client.post(f"{wrong}/stop").status_code == 404
