"""The eligibility check, the correction, what sponsors may read, and the news of a call."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.applications import queries, services
from app.applications.jobs import settle_applications
from app.applications.models import CheckOutcome
from app.applications.queries import ReceivedFilter
from app.applications.services import DraftInput
from app.applications.states import ApplicationState
from app.challenges.models import RulesVersion
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.models import Job
from app.core.jobs.queue import enqueue
from app.core.jobs.worker import run_one
from app.judging.queries.counts import count_checked
from app.mail.models import Mail
from app.mail.queries import list_deliveries_about
from app.web.clock import LONGEST_WAIT
from tests import factories
from tests.applications.scenes import (
    AFTER,
    LAST_SECOND,
    OPEN,
    TOO_LATE,
    attach,
    fill,
    make_scene,
    make_submitted,
    submit,
    write_receipts,
)
from tests.files import pdf

DUE = factories.seoul("2022-09-28T17:00")


def check(scene, outcome, *, now=AFTER, **values):
    done = services.check_eligibility(
        scene.application, outcome, actor=values.pop("actor", scene.organizer), now=now, **values
    )
    db.session.commit()
    return done


def refusal(function, *arguments, **values) -> RuleBroken:
    with pytest.raises(RuleBroken) as refused:
        function(*arguments, **values)
    return refused.value


def subjects(scene) -> list[str]:
    return [one.mail.subject for one in list_deliveries_about(scene.application.id)]


def test_an_outcome_is_recorded_and_mailed(storage):
    scene = make_submitted(storage)
    check(scene, CheckOutcome.ELIGIBLE)
    assert scene.application.state is ApplicationState.ELIGIBLE
    check(scene, CheckOutcome.INELIGIBLE, reason="서울 밖의 기업입니다.", now=AFTER + timedelta(hours=1))
    assert scene.application.state is ApplicationState.INELIGIBLE
    assert [c.outcome for c, _name in queries.list_checks(scene.application)] == ["ineligible", "eligible"]
    mail = db.session.scalars(sa.select(Mail).where(Mail.template == "applications/ineligible")).first()
    assert "서울 밖의 기업입니다." in mail.text


def test_nothing_is_checked_before_the_close(storage):
    scene = make_submitted(storage)
    assert "17:00" in refusal(check, scene, CheckOutcome.ELIGIBLE, now=OPEN).sentence


def test_only_the_organizer_checks(storage):
    scene = make_submitted(storage)
    other = factories.make_user(member_of=factories.make_host())
    for actor in (scene.person, other):
        refusal(check, scene, CheckOutcome.ELIGIBLE, actor=actor)


def test_a_draft_is_not_checked(storage):
    scene = make_scene()
    fill(scene, storage)
    refusal(check, scene, CheckOutcome.ELIGIBLE)


@pytest.mark.parametrize(
    ("outcome", "values", "field"),
    [
        (CheckOutcome.INELIGIBLE, {}, "reason"),
        (CheckOutcome.INELIGIBLE, {"reason": "   "}, "reason"),
        (CheckOutcome.INELIGIBLE, {"reason": "가" * 1001}, "reason"),
        (CheckOutcome.CORRECTION, {"reason": "서류"}, "due_at"),
        (CheckOutcome.CORRECTION, {"reason": "서류", "due_at": AFTER}, "due_at"),
        (CheckOutcome.CORRECTION, {"due_at": DUE}, "reason"),
    ],
)
def test_what_an_outcome_needs_is_asked_for(storage, outcome, values, field):
    scene = make_submitted(storage)
    assert refusal(check, scene, outcome, **values).field == field
    assert scene.application.state is ApplicationState.SUBMITTED


def test_a_colleague_who_was_faster_is_noticed(storage):
    scene = make_submitted(storage)
    check(scene, CheckOutcome.ELIGIBLE, seen=(1, 0))
    with pytest.raises(StaleEdit):
        check(scene, CheckOutcome.INELIGIBLE, reason="x", seen=(1, 0))


def test_after_the_decision_nothing_is_checked(storage):
    scene = make_submitted(storage)
    scene.challenge.state = ChallengeState.DECIDED
    db.session.commit()
    refusal(check, scene, CheckOutcome.ELIGIBLE)


def test_a_correction_is_handed_in_within_its_own_time(storage):
    scene = make_submitted(storage)
    check(scene, CheckOutcome.CORRECTION, reason="사업자등록증을 새로", due_at=DUE)
    assert scene.application.correction_due_at == DUE
    later = AFTER + timedelta(hours=2)
    attach(scene, storage, pdf("newer"), "새 제안서.pdf", now=later)
    refusal(services.reopen_application, scene.application, actor=scene.person, now=later)
    refusal(services.withdraw_application, scene.application, actor=scene.person, now=later)
    second = submit(scene, DUE + timedelta(microseconds=999_999))
    assert second.number == 2
    assert scene.application.state is ApplicationState.SUBMITTED
    assert scene.application.receipt_number.endswith("-001")
    assert scene.challenge.submitted_count == 1
    assert refusal(check, scene, CheckOutcome.CORRECTION, reason="x", due_at=DUE + timedelta(days=9)).field == "outcome"
    check(scene, CheckOutcome.ELIGIBLE, now=DUE + timedelta(hours=1))
    write_receipts()
    assert any("보완 접수" in s or "Correction received" in s for s in subjects(scene))


def test_what_a_correction_shares_no_more_is_shared_no_more_at_once(storage):
    scene = make_submitted(storage)
    reader = factories.make_user(member_of=scene.challenge.themes[0].sponsor)
    check(scene, CheckOutcome.CORRECTION, reason="서류", due_at=DUE)
    later = AFTER + timedelta(hours=2)

    def shared_after(given):
        services.set_consents(scene.application, {"sponsor": given}, language="ko", actor=scene.person, now=later)
        db.session.commit()
        return len(queries.list_shared_for(reader, scene.challenge, later))

    assert len(queries.list_shared_for(reader, scene.challenge, later)) == 1
    assert [shared_after(False), shared_after(True)] == [0, 0]
    submit(scene, later)
    assert scene.application.sharing_ended_at is None
    assert len(queries.list_shared_for(reader, scene.challenge, later)) == 1


def test_a_correction_that_comes_too_late_leaves_the_last_submission(storage):
    scene = make_submitted(storage)
    check(scene, CheckOutcome.CORRECTION, reason="고치십시오", due_at=DUE)
    draft = DraftInput(answers={"summary": "늦은 글"})
    services.save_draft(scene.application, draft, version=scene.application.version, actor=scene.person, now=AFTER)
    db.session.commit()
    late = DUE + timedelta(seconds=1)
    refusal(services.submit_application, scene.application, actor=scene.person, now=late)
    refusal(
        services.save_draft, scene.application, draft, version=scene.application.version, actor=scene.person, now=late
    )
    assert services.settle_due(now=late) == 1
    db.session.commit()
    assert scene.application.state is ApplicationState.SUBMITTED
    assert scene.application.answers["summary"] == "현금흐름 점수"
    assert scene.application.unsent["answer-summary"] == "늦은 글"


def test_nobody_is_found_ineligible_while_the_correction_runs(storage):
    scene = make_submitted(storage)
    check(scene, CheckOutcome.CORRECTION, reason="고치십시오", due_at=DUE)
    assert refusal(check, scene, CheckOutcome.INELIGIBLE, reason="x").field == "outcome"
    check(scene, CheckOutcome.INELIGIBLE, reason="고치지 않음", now=DUE + timedelta(minutes=1))
    assert scene.application.state is ApplicationState.INELIGIBLE


def test_a_reopened_application_is_checked_as_it_was_sent(storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    db.session.commit()
    check(scene, CheckOutcome.ELIGIBLE, now=TOO_LATE + timedelta(seconds=1))
    assert scene.application.state is ApplicationState.ELIGIBLE


# Reading


def test_the_organizer_sees_drafts_only_as_a_number(storage):
    sent = make_submitted(storage)
    other = factories.make_organization()
    person = factories.make_user(member_of=other)
    draft = services.start_application(sent.challenge.themes[0], other, actor=person, now=OPEN)
    db.session.commit()
    rows, total = queries.list_received_for(sent.challenge, ReceivedFilter(at=AFTER), offset=0, limit=10)
    assert ([row.id for row in rows], total) == ([sent.application.id], 1)
    assert queries.count_received(sent.challenge.id) == ({ApplicationState.SUBMITTED: 1}, 1)
    assert queries.get_received_application_for(sent.organizer, sent.challenge, draft.id, AFTER) is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (ReceivedFilter(at=AFTER, search="두레"), 1),
        (ReceivedFilter(at=AFTER, search="dure"), 1),
        (ReceivedFilter(at=AFTER, search="-001"), 1),
        (ReceivedFilter(at=AFTER, search="%"), 0),
        (ReceivedFilter(at=AFTER, state=ApplicationState.ELIGIBLE), 0),
        (ReceivedFilter(at=AFTER, sort="company"), 1),
        (ReceivedFilter(at=AFTER, sort="newest"), 1),
        (ReceivedFilter(at=AFTER, sort="nonsense"), 1),
    ],
)
def test_what_was_received_is_filtered(storage, asked, found):
    scene = make_submitted(storage)
    assert len(queries.list_received_for(scene.challenge, asked, offset=0, limit=10)[0]) == found


def test_judges_read_only_what_the_call_lets_them(storage):
    scene = make_submitted(storage)
    sent = queries.submitted_content(scene.application)
    assert [a.question.code for a in sent.answers] == ["summary", "employees", "site"]
    assert [d.code for d in sent.documents] == ["proposal"]
    assert (sent.contact, sent.consents) == ({}, ())
    whole = queries.submitted_contents([scene.application.id], whole=True)[scene.application.id]
    assert [d.code for d in whole.documents] == ["proposal", "registration"]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_sponsor_reads_what_was_shared_after_the_close(storage, agreed):
    scene = make_scene()
    fill(scene, storage)
    services.set_consents(scene.application, {"sponsor": agreed}, language="ko", actor=scene.person, now=OPEN)
    submit(scene)
    sponsor = scene.challenge.themes[0].sponsor
    reader = factories.make_user(member_of=sponsor)
    other = factories.make_user(member_of=factories.make_sponsor())
    assert queries.list_shared_for(reader, scene.challenge, OPEN) == []
    assert len(queries.list_shared_for(reader, scene.challenge, AFTER)) == int(agreed)
    assert queries.list_shared_for(other, scene.challenge, AFTER) == []
    found = queries.get_shared_application_for(reader, scene.challenge, scene.application.id, AFTER)
    assert (found is not None) is agreed


# News


def run_all(app, clock) -> None:
    db.session.commit()
    while run_one(app, clock):
        pass


def test_a_change_of_the_call_is_told_once_to_each_person(app, clock, storage):
    scene = make_submitted(storage)
    services.start_application(scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN)
    factories.make_user("Ann", member_of=scene.startup, language="en")
    version = RulesVersion(
        challenge_id=scene.challenge.id,
        number=2,
        content={},
        sha256="1" * 64,
        reason="마감을 늦춥니다.",
        published_at=OPEN,
    )
    db.session.add(version)
    db.session.flush()
    payload = {"challenge_id": str(scene.challenge.id), "rules_version_id": str(version.id)}
    for key in ("first", "again"):
        enqueue("applications.tell_of_change", payload, key=key, now=clock())
    run_all(app, clock)
    mails = list(db.session.scalars(sa.select(Mail).where(Mail.template == "applications/change")))
    assert len(mails) == 2
    assert all("마감을 늦춥니다." in mail.text for mail in mails)


def test_a_cancellation_is_told_to_drafts_too(app, clock):
    scene = make_scene()
    enqueue("applications.tell_of_cancellation", {"challenge_id": str(scene.challenge.id)}, key="c", now=clock())
    run_all(app, clock)
    mails = list(db.session.scalars(sa.select(Mail).where(Mail.template == "applications/cancellation")))
    assert [mail.to_address for mail in mails] == [scene.person.email]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.state == "dead")) == 0


def test_the_worker_settles_what_time_has_decided(app, clock, storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    db.session.commit()
    clock.time = LAST_SECOND + LONGEST_WAIT
    settle_applications()
    assert scene.application.state is ApplicationState.DRAFT  # who came in time may stand in line
    clock.time = TOO_LATE + LONGEST_WAIT
    settle_applications()
    assert scene.application.state is ApplicationState.SUBMITTED


def test_judging_does_not_start_over_a_reopened_application(storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    db.session.commit()
    assert count_checked(scene.challenge.id).unchecked == 1
