"""Whatever people click, in whatever order, an application keeps its promises."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.applications import services
from app.applications.models import CheckOutcome, Submission
from app.applications.services import DraftInput
from app.applications.services.settle import needs_settling
from app.applications.states import TRANSITIONS, ApplicationState
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from tests import factories
from tests.applications.scenes import OPEN, Scene, attach, confirm, fill, make_scene

S = ApplicationState
CLOSE = factories.seoul("2022-09-23T17:00")


@pytest.mark.parametrize("state", list(S))
def test_every_state_says_what_may_follow(state):
    assert state in TRANSITIONS
    assert not state.can_become(state)


class ApplicationMachine(RuleBasedStateMachine):
    """One startup and one organizer at one application, while the clock runs over the close."""

    scene: Scene
    count = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).count += 1
        self.scene = make_machine_scene()
        self.now = OPEN
        self.text = "현금흐름 점수"
        self.sent: dict[int, tuple[str, dict]] = {}
        self.receipt: str | None = None
        self.withdrawn_since_sent = True  # nothing has been sent yet

    def attempt(self, verb, *arguments, actor=None, **values) -> bool:
        """Do it, or be refused; a refusal changes nothing."""
        application = self.scene.application
        before = (
            application.state,
            application.version,
            application.answers,
            application.submitted_at,
            application.receipt_number,
        )
        try:
            with db.session.begin_nested():
                verb(application, *arguments, actor=actor or self.scene.person, now=self.now, **values)
        except (RuleBroken, StaleEdit):
            db.session.refresh(application)
            after = (
                application.state,
                application.version,
                application.answers,
                application.submitted_at,
                application.receipt_number,
            )
            assert after == before
            return False
        return True

    @property
    def open(self) -> bool:
        return self.now.replace(microsecond=0) <= CLOSE

    @rule(hours=st.sampled_from([0, 1, 20, 48]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours, seconds=7)
        services.settle_due(now=self.now)

    @precondition(lambda self: self.open)
    @rule()
    def the_last_second_comes(self):
        self.now = CLOSE + timedelta(microseconds=999_999)

    @rule(text=st.text(alphabet="가나다 ab<>&", max_size=12))
    def save(self, text):
        version = self.scene.application.version
        if self.attempt(services.save_draft, DraftInput(answers={"summary": text}), version=version):
            assert self.scene.application.answers.get("summary", "") == text.strip()

    @rule(agree=st.booleans())
    def consent(self, agree):
        self.attempt(services.set_consents, {"privacy": agree}, language="ko")

    @rule()
    def submit(self):
        was = self.scene.application.state
        if not self.attempt(services.submit_application):
            return
        if was is not S.SUBMITTED:
            assert self.open or was is S.CORRECTION
            self.withdrawn_since_sent = False

    @rule()
    def reopen(self):
        if self.attempt(services.reopen_application):
            assert self.open

    @rule()
    def withdraw(self):
        if self.attempt(services.withdraw_application):
            assert self.open
            self.withdrawn_since_sent = True

    @rule(outcome=st.sampled_from(list(CheckOutcome)), hours=st.integers(1, 30))
    def check(self, outcome, hours):
        due = self.now + timedelta(hours=hours)
        if self.attempt(services.check_eligibility, outcome, actor=self.scene.organizer, reason="까닭", due_at=due):
            assert not self.open

    @invariant()
    def promises_hold(self):
        self.what_was_sent_never_changes()
        self.the_receipt_number_is_given_once()
        self.what_was_sent_stands_unless_withdrawn()

    def what_was_sent_never_changes(self):
        rows = db.session.scalars(sa.select(Submission).where(Submission.application_id == self.scene.application.id))
        found = {row.number: (row.sha256, row.content) for row in rows}
        assert sorted(found) == list(range(1, len(found) + 1))
        assert all(canonical_sha256(content) == sha256 for sha256, content in found.values())
        assert all(found[number] == kept for number, kept in self.sent.items())
        self.sent = found

    def the_receipt_number_is_given_once(self):
        application, challenge = self.scene.application, self.scene.challenge
        if self.receipt is not None:
            assert application.receipt_number == self.receipt
        self.receipt = application.receipt_number
        assert (self.receipt is None) == (not self.sent)
        assert challenge.receipts_given == (1 if self.sent else 0)

    def what_was_sent_stands_unless_withdrawn(self):
        application = self.scene.application
        assert application.is_standing == (not self.withdrawn_since_sent)
        assert self.scene.challenge.submitted_count == int(application.is_standing)
        if application.state.is_in:
            assert application.is_standing
        if not self.open and application.is_standing and not needs_settling(application, self.now):
            assert application.state is not S.DRAFT


_storage = {}


def make_machine_scene() -> Scene:
    db.session.rollback()
    scene = make_scene()
    fill(scene, _storage["storage"])
    return scene


def test_an_application_keeps_its_promises(storage):
    _storage["storage"] = storage
    run_state_machine_as_test(
        ApplicationMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_receipt_numbers_have_neither_gaps_nor_doubles(storage):
    challenge = factories.make_challenge()
    numbers = []
    for i in range(12):
        startup = factories.make_organization()
        person = factories.make_user(member_of=startup)
        application = services.start_application(challenge.themes[i % 2], startup, actor=person, now=OPEN)
        scene = Scene(challenge, startup, person, person, application)
        draft = DraftInput(contact_phone="02-123-4567", answers={"summary": "글"})
        services.save_draft(application, draft, version=1, actor=person, now=OPEN)
        attach(scene, storage)
        confirm(scene)
        if i % 3:
            services.set_consents(application, {"privacy": True}, language="ko", actor=person, now=OPEN)
            services.submit_application(application, actor=person, now=OPEN)
            numbers.append(application.receipt_number)
        else:
            with pytest.raises(RuleBroken):
                services.submit_application(application, actor=person, now=OPEN)
    db.session.commit()
    assert numbers == [f"{challenge.receipt_prefix}-{n:03d}" for n in range(1, 9)]


def test_after_999_comes_1000(storage):
    scene = make_scene()
    scene.challenge.receipts_given = 999
    fill(scene, storage)
    services.submit_application(scene.application, actor=scene.person, now=OPEN)
    assert scene.application.receipt_number.endswith("-1000")
