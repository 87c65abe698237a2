"""Deciding on many applications at once: who is left out and why, all or none, mails that wait, and the undo."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.applications import queries, services
from app.applications.models import CheckOutcome, EligibilityCheck
from app.applications.services import DraftInput
from app.applications.services.decide_in_bulk import UNDO_FOR
from app.applications.states import ApplicationState
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.jobs.models import Job
from app.mail.models import Mail
from app.mail.states import MailState
from tests import factories
from tests.applications.scenes import AFTER

S = ApplicationState
REASON = "서울 밖의 기업입니다."
DUE = AFTER + timedelta(days=3)


class Bulk:
    def __init__(self, *states):
        self.challenge = factories.make_challenge(state=ChallengeState.CLOSED)
        self.organizer = factories.make_user("이운영", member_of=self.challenge.host)
        self.entries, self.people = [], []
        for state in states:
            entry = factories.make_application(self.challenge, state=state)
            self.people.append(factories.make_user(member_of=entry.startup))
            self.entries.append(entry)
        db.session.commit()
        self.by = {"actor": self.organizer, "now": AFTER}

    def preview(self, outcome, **more):
        ids = [entry.id for entry in self.entries]
        return services.preview_bulk(self.challenge, ids, outcome, **{**self.by, **more})

    def decide(self, outcome, seen=None, **more):
        if seen is None:
            seen = {p.application.id: p.seen for p in self.preview(outcome) if p.why_not is None}
        bulk = services.decide_in_bulk(self.challenge, seen, outcome, **{**self.by, **more})
        db.session.commit()
        return bulk

    def undo(self, bulk, now=AFTER):
        undone = services.undo_bulk(bulk, self.challenge, actor=self.organizer, now=now)
        db.session.commit()
        return undone

    @property
    def states(self):
        return [entry.state for entry in self.entries]


def mails(state=None):
    query = sa.select(sa.func.count()).select_from(Mail)
    return db.session.scalar(query.where(Mail.state == state) if state else query)


def test_the_preview_says_who_is_left_out_and_why(app):
    scene = Bulk(S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE, S.CORRECTION)
    scene.entries[3].correction_due_at = DUE
    found = [p.why_not for p in scene.preview(CheckOutcome.ELIGIBLE)]
    assert found[0] is None
    assert found[1] == "이미 같은 결과로 기록되어 있습니다."
    assert found[2] is None
    assert "해당 페이지에서 처리해" in found[3]
    found = [p.why_not for p in scene.preview(CheckOutcome.CORRECTION)]
    assert found[0] is None
    assert all(found[1:])
    assert scene.states == [S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE, S.CORRECTION]


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_reads_as_much_for_three_as_for_one(app, statements, count):
    scene = Bulk(*[S.SUBMITTED] * count)
    ids = [entry.id for entry in scene.entries]
    challenge, organizer = scene.challenge, scene.organizer
    _loaded = [m.organization_id for m in organizer.memberships], challenge.staff, challenge.closes_at
    statements.statements.clear()
    services.preview_bulk(challenge, ids, CheckOutcome.ELIGIBLE, actor=organizer, now=AFTER)
    assert len(statements) == 3


@pytest.mark.parametrize(
    ("outcome", "more", "state"),
    [
        (CheckOutcome.ELIGIBLE, {}, S.ELIGIBLE),
        (CheckOutcome.INELIGIBLE, {"reason": REASON}, S.INELIGIBLE),
        (CheckOutcome.CORRECTION, {"reason": "등록증을 다시 올려 주십시오.", "due_at": DUE}, S.CORRECTION),
    ],
)
def test_all_are_decided_their_mails_wait_and_undo_puts_everything_back(app, outcome, more, state):
    scene = Bulk(S.SUBMITTED, S.SUBMITTED, S.SUBMITTED)
    bulk = scene.decide(outcome, **more)
    assert scene.states == [state] * 3
    assert mails(MailState.QUEUED) == 3
    assert {mail.not_before for mail in db.session.scalars(sa.select(Mail))} == {AFTER + UNDO_FOR}
    assert {job.run_at for job in db.session.scalars(sa.select(Job).where(Job.kind == "mail.send"))} == {
        AFTER + UNDO_FOR
    }
    assert queries.latest_bulk(scene.challenge.id, AFTER).id == bulk.id
    undone = scene.undo(bulk, AFTER + UNDO_FOR - timedelta(seconds=1))
    assert (undone.count, undone.refused) == (3, [])
    assert scene.states == [S.SUBMITTED] * 3
    assert [entry.correction_due_at for entry in scene.entries] == [None] * 3
    assert db.session.query(EligibilityCheck).count() == 0
    assert mails(MailState.WITHDRAWN) == 3
    assert queries.latest_bulk(scene.challenge.id, AFTER) is None


def test_after_the_undo_the_one_correction_can_still_be_asked_for(app):
    scene = Bulk(S.SUBMITTED)
    scene.undo(scene.decide(CheckOutcome.CORRECTION, reason="보완", due_at=DUE))
    assert scene.preview(CheckOutcome.CORRECTION)[0].why_not is None


def test_undo_goes_back_to_what_stood_before(app):
    scene = Bulk(S.ELIGIBLE, S.SUBMITTED, S.INELIGIBLE)
    bulk = scene.decide(CheckOutcome.INELIGIBLE, reason=REASON)
    assert [item.application_id for item in bulk.items] == sorted(e.id for e in scene.entries[:2])
    scene.undo(bulk)
    assert scene.states == [S.ELIGIBLE, S.SUBMITTED, S.INELIGIBLE]


def test_when_the_mails_are_due_the_undo_is_over(app):
    scene = Bulk(S.SUBMITTED)
    bulk = scene.decide(CheckOutcome.ELIGIBLE)
    with pytest.raises(RuleBroken, match="메일이 발송"):
        scene.undo(bulk, AFTER + UNDO_FOR)
    assert scene.states == [S.ELIGIBLE]
    scene.decide(CheckOutcome.INELIGIBLE, reason=REASON, now=AFTER + UNDO_FOR)  # a plain new decision
    assert scene.states == [S.INELIGIBLE]


def test_a_second_undo_is_refused(app):
    scene = Bulk(S.SUBMITTED)
    bulk = scene.decide(CheckOutcome.ELIGIBLE)
    scene.undo(bulk)
    with pytest.raises(RuleBroken, match="이미 되돌린"):
        scene.undo(bulk)


def test_what_moved_on_or_was_told_stays_and_says_so(app):
    scene = Bulk(S.SUBMITTED, S.SUBMITTED, S.SUBMITTED)
    bulk = scene.decide(CheckOutcome.ELIGIBLE)
    services.check_eligibility(
        scene.entries[0],
        CheckOutcome.INELIGIBLE,
        reason=REASON,
        actor=scene.organizer,
        now=AFTER + timedelta(minutes=1),
    )
    told = db.session.scalars(sa.select(Mail).where(Mail.about_id == scene.entries[1].id)).one()
    told.state, told.sent_at = MailState.SENT, AFTER
    db.session.commit()
    undone = scene.undo(bulk, AFTER + timedelta(minutes=2))
    assert undone.count == 1
    assert [sentence.partition(":")[0] for sentence in undone.refused] == [
        e.receipt_number for e in sorted(scene.entries[:2], key=lambda e: e.id)
    ]
    assert scene.states == [S.INELIGIBLE, S.ELIGIBLE, S.SUBMITTED]


def test_a_correction_that_was_begun_is_not_taken_away(app):
    scene = Bulk(S.SUBMITTED)
    bulk = scene.decide(CheckOutcome.CORRECTION, reason="보완", due_at=DUE)
    entry = scene.entries[0]
    services.save_draft(
        entry,
        DraftInput(contact_name="김하나"),
        version=entry.version,
        actor=scene.people[0],
        now=AFTER + timedelta(minutes=1),
    )
    db.session.commit()
    assert scene.undo(bulk, AFTER + timedelta(minutes=2)).count == 0
    assert (entry.state, entry.contact_name) == (S.CORRECTION, "김하나")


def test_one_that_changed_since_the_preview_stops_all(app):
    scene = Bulk(S.SUBMITTED, S.SUBMITTED)
    seen = {p.application.id: p.seen for p in scene.preview(CheckOutcome.ELIGIBLE)}
    services.check_eligibility(scene.entries[1], CheckOutcome.INELIGIBLE, reason=REASON, **scene.by)
    db.session.commit()
    with pytest.raises(RuleBroken, match=scene.entries[1].receipt_number):
        scene.decide(CheckOutcome.ELIGIBLE, seen)
    db.session.rollback()
    assert scene.states == [S.SUBMITTED, S.INELIGIBLE]


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [
        (CheckOutcome.INELIGIBLE, {}, "reason"),
        (CheckOutcome.INELIGIBLE, {"reason": "가" * 1001}, "reason"),
        (CheckOutcome.CORRECTION, {"reason": "보완"}, "due_at"),
        (CheckOutcome.CORRECTION, {"reason": "보완", "due_at": AFTER}, "due_at"),
    ],
)
def test_words_and_dates_are_asked_for_once_beside_their_field(app, outcome, more, field):
    scene = Bulk(S.SUBMITTED, S.SUBMITTED)
    with pytest.raises(RuleBroken) as refused:
        scene.decide(outcome, **more)
    assert refused.value.field == field
    assert scene.entries[0].receipt_number not in refused.value.sentence


def test_nothing_and_strangers_are_refused(app):
    scene, other = Bulk(S.SUBMITTED), Bulk(S.SUBMITTED)
    with pytest.raises(RuleBroken, match="한 건 이상"):
        scene.decide(CheckOutcome.ELIGIBLE, {})
    with pytest.raises(RuleBroken, match="지금은 없는"):
        scene.decide(CheckOutcome.ELIGIBLE, {other.entries[0].id: (1, 0)})
    with pytest.raises(RuleBroken):
        services.decide_in_bulk(
            scene.challenge, {scene.entries[0].id: (1, 0)}, CheckOutcome.ELIGIBLE, actor=other.organizer, now=AFTER
        )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from([S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE]), min_size=1, max_size=4),
    st.lists(st.sampled_from([CheckOutcome.ELIGIBLE, CheckOutcome.INELIGIBLE]), min_size=1, max_size=3),
)
def test_undoing_in_reverse_order_gives_back_the_beginning(app, states, outcomes):
    """Whatever is decided and undone, the states are as before, no check is left and no mail goes."""
    scene, made = Bulk(*states), []
    for step, outcome in enumerate(outcomes):
        now = AFTER + timedelta(seconds=step)
        if any(p.why_not is None for p in scene.preview(outcome, now=now)):
            made.append(scene.decide(outcome, reason=REASON, now=now))
    for bulk in reversed(made):
        assert scene.undo(bulk, AFTER + timedelta(seconds=60)).refused == []
    assert scene.states == states
    mine = sa.select(Mail.id).where(Mail.challenge_id == scene.challenge.id, Mail.state == MailState.QUEUED)
    assert db.session.scalars(mine).all() == []


def test_the_way_through_the_pages(app, browse_as, clock):
    scene = Bulk(S.SUBMITTED, S.ELIGIBLE)
    clock.time = AFTER
    browser, at = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/applications"
    chosen = {"outcome": "ineligible", "chosen": [str(e.id) for e in scene.entries]}
    text = browser.post(f"{at}/decide", data=chosen).get_data(as_text=True)
    assert "선택한 2건 중 2건" in text
    seen = [f"{e.id}:1:0" for e in scene.entries]
    assert all(f'value="{one}"' in text for one in seen)
    without = browser.post(
        f"{at}/decide", data={"outcome": "ineligible", "confirmed": "1", "seen": seen, "reason": " "}
    )
    assert without.status_code == 422
    assert scene.states == [S.SUBMITTED, S.ELIGIBLE]
    done = browser.post(
        f"{at}/decide", data={"outcome": "ineligible", "confirmed": "1", "seen": seen, "reason": REASON}
    )
    assert done.status_code == 303
    page = browser.get(at).get_data(as_text=True)
    assert "2건을 “부적격”(으)로 기록했습니다." in page
    bulk = queries.latest_bulk(scene.challenge.id, AFTER)
    assert browser.post(f"{at}/decisions/{bulk.id}/undo").status_code == 303
    db.session.expire_all()
    assert scene.states == [S.SUBMITTED, S.ELIGIBLE]
    again = browser.post(f"{at}/decisions/{bulk.id}/undo", follow_redirects=True).get_data(as_text=True)
    assert "이미 되돌린 처리입니다." in again


@pytest.mark.parametrize("seen", [["nonsense"], ["::"], ["\x00:1:1"], []])
def test_nonsense_decides_nothing(app, browse_as, clock, seen):
    scene = Bulk(S.SUBMITTED)
    clock.time = AFTER
    browser, at = browse_as(scene.organizer), f"/manage/{scene.challenge.id}/applications"
    answer = browser.post(f"{at}/decide", data={"outcome": "eligible", "confirmed": "1", "seen": seen})
    assert answer.status_code == 422
    assert browser.post(f"{at}/decide", data={"outcome": "x"}).status_code == 400
    assert scene.states == [S.SUBMITTED]
