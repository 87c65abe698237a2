"""The outbox: what is held is read, changed, taken out and let go; nothing goes before, and each delivery can be followed."""

import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.applications import services as applications
from app.applications.models import CheckOutcome
from app.applications.states import ApplicationState
from app.challenges import services
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.challenges.queries.outbox import READABLE, count_unreadable, list_outbox
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.database import db, writes
from app.core.errors import RuleBroken
from app.core.jobs import queue
from app.core.jobs.models import Job, JobState
from app.core.jobs.queue import MOST_ATTEMPTS
from app.core.jobs.registry import JobRun
from app.mail import jobs
from app.mail.kinds import all_kinds, kind_of
from app.mail.models import Mail, MailBatch
from app.mail.states import BATCH_TRANSITIONS, BatchState, MailState
from tests import factories
from tests.accounts.mailbox import run_jobs
from tests.factories import NOW, make_application, make_challenge, make_user

KIND = kind_of("applications/eligible")
EN = {"Accept-Language": "en"}


class Scene:
    def __init__(self, count: int = 3) -> None:
        self.challenge = make_challenge(state=ChallengeState.CLOSED)
        self.organizer = make_user("박새롬", member_of=self.challenge.host, language="en")
        self.applications = [
            make_application(self.challenge, startup=factories.make_organization(), state=ApplicationState.SUBMITTED)
            for _ in range(count)
        ]
        self.people = [make_user("김하나", member_of=a.startup) for a in self.applications]
        db.session.commit()
        self.path = f"/manage/{self.challenge.id}/mails"

    def hold(self, *, hold: bool = True) -> None:
        services.hold_kind(self.challenge, KIND, hold=hold, actor=self.organizer, now=NOW)
        db.session.commit()

    def check(self, now=NOW + timedelta(days=4)) -> None:
        for application in self.applications:
            if application.state is ApplicationState.SUBMITTED:
                applications.check_eligibility(application, CheckOutcome.ELIGIBLE, actor=self.organizer, now=now)
        db.session.commit()

    @property
    def batch(self) -> MailBatch:
        db.session.rollback()
        return db.session.scalars(sa.select(MailBatch)).one()

    def mails(self) -> list[Mail]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Mail).order_by(Mail.to_address)))


@pytest.fixture
def taken(app, monkeypatch):
    found = []
    monkeypatch.setattr(jobs, "_deliver", lambda _url, message: found.append(message))
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    return found


@pytest.fixture
def held(app, taken, clock):
    clock.time = NOW + timedelta(days=4)
    scene = Scene()
    scene.hold()
    scene.check()
    return scene


def test_what_is_held_does_not_go_however_long_the_worker_works(app, held, taken, clock):
    clock.advance(days=30)
    run_jobs(app)
    assert taken == []
    assert {mail.state for mail in held.mails()} == {MailState.HELD}
    assert held.batch.state is BatchState.HELD


def test_released_mails_go_once_each_and_the_batch_says_how_far_it_is(app, held, taken, browse_as):
    browser = browse_as(held.organizer)
    path = f"{held.path}/batches/{held.batch.id}"
    page = browser.get(path).text
    assert "3 mails are held" in page
    for _ in range(2):  # a double click
        browser.post(f"{path}/release")
    run_jobs(app)
    assert sorted(m["To"] for m in taken) == sorted(p.email for p in held.people)
    assert {mail.state for mail in held.mails()} == {MailState.SENT}
    assert "3 of 3" in browser.get(path).text
    assert "3 of 3 sent" in browser.get(held.path).text


def test_a_mail_is_changed_alone_and_goes_with_its_new_words(app, held, taken, browse_as):
    browser, mail = browse_as(held.organizer), held.mails()[0]
    path = f"{held.path}/{mail.id}"
    assert "[" in browser.get(path).text  # the body as Markdown
    answer = browser.post(
        path,
        data={"subject": "Good news", "body": "Dear *you*,\n\n<script>x</script>\n\n[Read](https://example.org/a)"},
    )
    assert answer.status_code == 303
    assert "changed by hand" in browser.get(f"{held.path}/batches/{held.batch.id}").text
    browser.post(f"{held.path}/batches/{held.batch.id}/release")
    run_jobs(app)
    sent = next(m for m in taken if m["Subject"] == "Good news")
    html = sent.get_body(("html",)).get_content()
    assert "<em>you</em>" in html
    assert "<script>" not in html
    assert 'class="button" href="https://example.org/a"' in html
    assert "Read: https://example.org/a" in sent.get_body(("plain",)).get_content()
    assert len({m["Subject"] for m in taken}) == 3


@pytest.mark.parametrize(("subject", "body"), [("", "x"), ("s", ""), ("s" * 201, "x"), ("s", "x" * 10_001)])
def test_words_that_fail_are_given_back_as_they_were_typed(held, browse_as, subject, body):
    mail = held.mails()[0]
    answer = browse_as(held.organizer).post(f"{held.path}/{mail.id}", data={"subject": subject, "body": body})
    assert answer.status_code == 422
    assert body in answer.text
    assert held.mails()[0].edited_at is None


def test_a_mail_taken_out_stays_and_can_be_put_back(app, held, taken, browse_as):
    browser, mail = browse_as(held.organizer), held.mails()[0]
    for _ in range(2):
        assert browser.post(f"{held.path}/{mail.id}/exclude").status_code == 303
    assert held.mails()[0].state is MailState.EXCLUDED
    browser.post(f"{held.path}/{held.mails()[1].id}/exclude")
    browser.post(f"{held.path}/{held.mails()[1].id}/exclude", data={"excluded": "no"})
    browser.post(f"{held.path}/batches/{held.batch.id}/release")
    run_jobs(app)
    assert len(taken) == 2
    assert mail.to_address not in {m["To"] for m in taken}
    assert browser.post(f"{held.path}/{mail.id}/exclude", data={"excluded": "no"}).status_code in (303, 409)
    assert held.mails()[0].state is MailState.EXCLUDED  # the others have gone


def test_a_release_waits_for_its_time_and_can_be_stopped_until_then(app, held, taken, browse_as, clock):
    browser, path = browse_as(held.organizer), f"{held.path}/batches/{held.batch.id}"
    for wrong in ("2022-09-01T10:00", "soon", ""):
        answer = browser.post(f"{path}/release", data={"later": "yes", "at": wrong})
        assert answer.status_code == 422
    assert held.batch.state is BatchState.HELD
    at = {"later": "yes", "at": "2022-09-30T17:00"}
    assert browser.post(f"{path}/release", data=at).status_code == 303
    assert "Fri, 30 Sep 2022, 17:00" in browser.get(path).text
    run_jobs(app)
    assert taken == []
    assert browser.post(f"{path}/hold").status_code == 303
    clock.time = factories.seoul("2022-09-30T18:00")
    run_jobs(app)
    assert taken == []
    assert browser.post(f"{path}/release", data={"later": "yes", "at": "2022-10-01T09:00"}).status_code == 303
    clock.time = factories.seoul("2022-10-01T08:59:59")
    run_jobs(app)
    assert taken == []
    clock.advance(seconds=1)
    run_jobs(app)
    assert len(taken) == 3
    assert browser.post(f"{path}/hold").status_code in (303, 409)
    assert held.batch.state is BatchState.RELEASED


def test_discarded_mails_never_go(app, held, taken, browse_as, clock):
    browser, path = browse_as(held.organizer), f"{held.path}/batches/{held.batch.id}"
    assert browser.post(f"{path}/discard").status_code == 303
    browser.post(f"{path}/release")
    clock.advance(days=9)
    run_jobs(app)
    assert taken == []
    assert {mail.state for mail in held.mails()} == {MailState.WITHDRAWN}


def test_what_comes_after_a_release_was_set_waits_in_a_batch_of_its_own(app, held, taken, browse_as):
    browse_as(held.organizer).post(
        f"{held.path}/batches/{held.batch.id}/release", data={"later": "yes", "at": "2022-09-30T17:00"}
    )
    db.session.rollback()
    late = make_application(held.challenge, startup=factories.make_organization(), state=ApplicationState.SUBMITTED)
    make_user(member_of=late.startup)
    applications.check_eligibility(late, CheckOutcome.ELIGIBLE, actor=held.organizer, now=NOW + timedelta(days=4))
    db.session.commit()
    states = dict(db.session.execute(sa.select(MailBatch.state, MailBatch.gathers)).all())
    assert states == {BatchState.SCHEDULED: False, BatchState.HELD: True}


def test_without_a_hold_mails_go_at_once_and_what_was_held_stays_held(app, held, taken, clock):
    db.session.rollback()
    held.hold(hold=False)
    late = make_application(held.challenge, startup=factories.make_organization(), state=ApplicationState.SUBMITTED)
    person = make_user(member_of=late.startup)
    db.session.commit()
    applications.check_eligibility(late, CheckOutcome.ELIGIBLE, actor=held.organizer, now=clock())
    db.session.commit()
    run_jobs(app)
    assert [m["To"] for m in taken] == [person.email]


@pytest.mark.parametrize("template", ["applications/submitted", "applications/reminder", "judging/invitation"])
def test_what_cannot_wait_or_holds_a_secret_is_not_held(template):
    scene = Scene(0)
    with pytest.raises(RuleBroken, match="보류할 수 없습니다"):
        services.hold_kind(scene.challenge, kind_of(template), hold=True, actor=scene.organizer, now=NOW)


def test_a_worker_killed_while_it_lets_many_go_goes_on_where_it_stopped(
    app, held, taken, browse_as, monkeypatch, clock
):
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    browse_as(held.organizer).post(f"{held.path}/batches/{held.batch.id}/release")
    whole, count = jobs.enqueue_mail, []

    def killed(mail, *, now):
        if len(count) == 2:
            raise KeyboardInterrupt
        count.append(mail)
        whole(mail, now=now)

    monkeypatch.setattr(jobs, "enqueue_mail", killed)
    db.session.rollback()
    token = writes.set(True)
    job = queue.claim(clock())
    with pytest.raises(KeyboardInterrupt):
        jobs.release_mails(JobRun(job.id, job.lease_token, dict(job.payload), clock()))
    db.session.rollback()
    writes.reset(token)
    assert {mail.state for mail in held.mails()} == {MailState.QUEUED, MailState.HELD}
    monkeypatch.setattr(jobs, "enqueue_mail", whole)
    clock.advance(seconds=31)
    run_jobs(app)
    assert sorted(m["To"] for m in taken) == sorted(p.email for p in held.people)


def test_a_mail_that_failed_is_shown_with_its_reason_and_sent_again(app, held, browse_as, monkeypatch, clock):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example:25")
    bad = held.people[0].email

    def refuse(_url, message):
        if message["To"] == bad:
            raise smtplib.SMTPRecipientsRefused({bad: (550, b"no such user here")})

    monkeypatch.setattr(jobs, "_deliver", refuse)
    browser, path = browse_as(held.organizer), f"{held.path}/batches/{held.batch.id}"
    browser.post(f"{path}/release")
    run_jobs(app)
    assert "Refused, will be tried again" in browser.get(path).text
    for _ in range(MOST_ATTEMPTS):
        clock.advance(hours=1)
        run_jobs(app)
    page = browser.get(path).text
    assert "1 mail could not be sent" in page
    assert "no such user here" in page
    assert bad in browser.get(f"{held.path}?state=failed").text
    assert held.people[1].email not in browser.get(f"{held.path}?state=failed").text
    mail = next(m for m in held.mails() if m.to_address == bad)
    monkeypatch.setattr(jobs, "_deliver", lambda _url, _message: None)
    assert browser.post(f"{held.path}/{mail.id}/again").status_code == 303
    run_jobs(app)
    assert "3 of 3" in browser.get(path).text
    assert browser.post(f"{held.path}/{mail.id}/again").status_code in (303, 409)


def test_deliveries_stand_on_the_application_for_both_sides_each_what_is_theirs(app, held, taken, browse_as):
    application, person = held.applications[0], held.people[0]
    received = f"/manage/{held.challenge.id}/applications/{application.id}"
    subject = next(m.subject for m in held.mails() if m.to_address == person.email)
    assert subject in browse_as(held.organizer).get(received).text
    assert (
        subject not in browse_as(person).get(f"/applications/{application.id}").text
    )  # it may yet be changed or discarded
    browse_as(held.organizer).post(f"{held.path}/batches/{held.batch.id}/release")
    run_jobs(app)
    own = browse_as(person).get(f"/applications/{application.id}").text
    assert subject in own
    assert person.email in own
    assert held.people[1].email not in own


def test_observers_read_and_do_not_act(held, browse_as):
    db.session.rollback()
    watcher = make_user("박참관")
    db.session.add(ChallengeStaff(challenge_id=held.challenge.id, user_id=watcher.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    browser, mail = browse_as(watcher), held.mails()[0]
    assert browser.get(f"{held.path}/batches/{held.batch.id}").status_code == 200
    for path in (
        f"batches/{held.batch.id}/release",
        f"batches/{held.batch.id}/discard",
        f"{mail.id}/exclude",
        f"{mail.id}",
    ):
        answer = browser.post(f"{held.path}/{path}", data={"subject": "s", "body": "b"})
        assert answer.status_code in (303, 409, 422), path
    assert {m.state for m in held.mails()} == {MailState.HELD}
    assert {m.edited_at for m in held.mails()} == {None}


def test_another_challenges_mail_is_not_there(held, browse_as):
    other = Scene(0)
    mail = held.mails()[0]
    browser = browse_as(other.organizer)
    for path in (f"{mail.id}", f"batches/{held.batch.id}"):
        assert browser.get(f"{other.path}/{path}").status_code == 404
        assert browser.get(f"{held.path}/{path}").status_code == 404
    assert browser.post(f"{other.path}/{mail.id}/exclude").status_code == 404
    assert browser.post(f"{other.path}/batches/{held.batch.id}/release").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_a_known_number_of_statements(app, taken, browse_as, statements, count, clock):
    clock.time = NOW + timedelta(days=4)
    scene = Scene(count)
    scene.hold()
    scene.check()
    browser, batch_id = browse_as(scene.organizer), scene.batch.id
    browser.get(scene.path)
    numbers = []
    for path in (scene.path, f"{scene.path}/batches/{batch_id}"):
        statements.statements.clear()
        assert browser.get(path).status_code == 200
        numbers.append(len([s for s in statements.statements if "mail" in s]))
    assert numbers == [5, 4]


def test_all_of_it_is_in_the_trail(held, browse_as):
    browser, mail = browse_as(held.organizer), held.mails()[0]
    browser.post(f"{held.path}/{mail.id}", data={"subject": "s", "body": "b"})
    browser.post(f"{held.path}/{mail.id}/exclude")
    browser.post(f"{held.path}/batches/{held.batch.id}/release")
    done = set(db.session.scalars(sa.select(AuditEvent.action)))
    assert {
        "challenges.hold_kind", "challenges.edit_held_mail", "challenges.exclude_held_mail", "challenges.release_mails",
    } <= done  # fmt: skip


def test_every_batch_state_stands_in_the_table():
    assert set(BATCH_TRANSITIONS) == set(BatchState)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.sampled_from(["release", "later", "hold", "discard", "exclude", "include", "run", "hour"]), max_size=8
    )
)
def test_whatever_the_order_nothing_goes_twice_and_nothing_that_was_taken_out(app, taken, browse_as, clock, acts):
    taken.clear()
    clock.time = NOW + timedelta(days=4)
    db.session.rollback()
    db.session.execute(sa.update(Job).values(state=JobState.DONE, lease_token=None))
    db.session.commit()
    scene = Scene(2)
    scene.hold()
    scene.check()
    batch_id = db.session.scalars(sa.select(MailBatch.id).where(MailBatch.challenge_id == scene.challenge.id)).one()
    mine = sa.select(Mail).where(Mail.batch_id == batch_id).order_by(Mail.id)
    first = db.session.scalars(mine).first().id
    browser = browse_as(scene.organizer)
    for act in acts:
        at = (clock() + timedelta(hours=9, minutes=30)).strftime("%Y-%m-%dT%H:%M")
        if act == "run":
            run_jobs(app)
        elif act == "hour":
            clock.advance(hours=1)
        elif act in ("exclude", "include"):
            browser.post(f"{scene.path}/{first}/exclude", data={"excluded": "no" if act == "include" else "yes"})
        else:
            data = {"later": "yes", "at": at} if act == "later" else {}
            browser.post(f"{scene.path}/batches/{batch_id}/{'release' if act == 'later' else act}", data=data)
        db.session.rollback()
    db.session.expire_all()
    mails = list(db.session.scalars(mine))
    sent = [m["To"] for m in taken]
    assert sorted(sent) == sorted({m.to_address for m in mails if m.state is MailState.SENT})


# Mails of a challenge that its organizers never read, though nobody words them: they tell who drafts.
CLOSED = {"applications/co_writer"}


def test_each_mail_of_a_challenge_is_opened_to_its_organizers_or_closed_to_them(app):
    """A new template is closed until somebody decides; this asks for the decision. Mails about accounts have no challenge."""
    folder = Path(app.root_path) / "templates" / "emails"
    templates = {
        f"{path.parent.name}/{path.stem}"
        for path in folder.glob("*/*.html")
        if path.parent.name not in {"accounts", "mail"} and not path.stem.startswith("_")
    }
    registered = {kind.template for kind in all_kinds()}
    assert templates - registered - READABLE == CLOSED
    assert not READABLE & registered


@pytest.mark.parametrize("template", [*sorted(CLOSED), "applications/never_heard_of"])
def test_the_outbox_shows_no_mail_that_nobody_has_opened(app, template):
    challenge = make_challenge()
    for one in (template, "challenges/staff_added"):
        db.session.add(
            Mail(
                to_address="hana@example.org", template=one, subject="s", text="t", html="", language="ko",
                challenge_id=challenge.id, created_at=NOW,
            )
        )  # fmt: skip
    db.session.flush()
    found, total = list_outbox(challenge, NOW)
    assert ([delivery.mail.template for delivery in found], total) == (["challenges/staff_added"], 1)
    assert count_unreadable(challenge, NOW) == 1
