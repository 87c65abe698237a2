"""The retention period's end: nobody is named anywhere any more, and everything that was counted still counts."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import LegalForm, Organization, User
from app.accounts.services import close_account
from app.applications import services
from app.applications.models import Application, CheckOutcome, Submission
from app.challenges.chores import erase_all, erase_due_persons
from app.challenges.models import Challenge
from app.challenges.retention import kept_until
from app.challenges.services import end_erasing, erase_batch, list_due
from app.challenges.states import ChallengeState
from app.core.audit import trail
from app.core.database import Base, db
from app.core.persons import ERASED
from app.core.sweeping import sweep_storage
from app.judging.models import Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState
from app.mail.models import Mail
from tests import factories
from tests.applications.scenes import AFTER, OPEN, attach, fill, make_scene, submit
from tests.files import pdf

RESULTS = factories.seoul("2022-10-28T10:00")
LATER = factories.seoul("2025-10-28T10:00")
TRACES = (
    "김하나", "hana@example.org", "02-123-4567", "현금흐름 점수", "제안서-김하나.pdf", "나심사", "심사대학교", "203.0.113.7", "판사의 말", "홍길동",
)  # fmt: skip


def dump() -> str:
    """Everything that the database holds, as text."""
    db.session.rollback()
    return "\n".join(
        json.dumps([str(value) if not isinstance(value, dict | list) else value for value in row], ensure_ascii=False)
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
    )


@pytest.fixture
def scene(storage):
    """An application with a file, judged and with its results out, by people of whom everything is known."""
    token = trail.origin.set({"address": "203.0.113.7", "browser": "Firefox"})
    scene = make_scene()
    scene.person.email = "hana@example.org"
    db.session.flush()
    fill(scene, storage)
    attach(scene, storage, pdf("secret"), "제안서-김하나.pdf")
    submit(scene)
    services.check_eligibility(scene.application, CheckOutcome.ELIGIBLE, actor=scene.organizer, now=AFTER)
    person = factories.make_user("나심사")
    judge = Judge(
        challenge_id=scene.challenge.id, user_id=person.id, email=person.email, name=person.name, affiliation="심사대학교",
        state=JudgeState.ACCEPTED, token_sha256="a" * 64, invited_at=OPEN, pledged_at=OPEN, declared_at=OPEN,
    )  # fmt: skip
    db.session.add(judge)
    db.session.flush()
    sheet = ScoreSheet(
        round_id=scene.challenge.rounds[0].id, judge_id=judge.id, application_id=scene.application.id, assigned_at=AFTER,
        scores={"fit": "25"}, total=25, comment="판사의 말", comments={"fit": "판사의 말"}, state=SheetState.SIGNED, signed_at=AFTER,
    )  # fmt: skip
    db.session.add(sheet)
    scene.challenge.state, scene.challenge.results_at = ChallengeState.RESULTS_OUT, RESULTS
    db.session.commit()
    trail.seal()
    db.session.commit()
    trail.origin.reset(token)
    return scene


def test_the_period_ends_on_the_day_of_the_year(app):
    challenge = factories.make_challenge(state=ChallengeState.RESULTS_OUT)
    assert kept_until(challenge) == LATER
    challenge.results_at = factories.seoul("2024-02-29T10:00")
    assert kept_until(challenge) == factories.seoul("2027-02-28T10:00")
    challenge.results_at = None
    assert kept_until(challenge) is None
    challenge.cancelled_at = RESULTS
    assert kept_until(challenge) == LATER


def test_nothing_is_erased_a_second_too_early(scene):
    assert list_due(LATER - timedelta(seconds=1)) == []
    assert [c.id for c in list_due(LATER)] == [scene.challenge.id]


def test_a_dry_run_counts_and_changes_nothing(app, scene):
    before = dump()
    found = erase_all(LATER, dry_run=True)
    assert dump() == before
    assert found[scene.challenge.slug]["applications"] == 1
    assert found[scene.challenge.slug]["judging"] == 1
    runner = app.test_cli_runner()
    app.extensions["clock"].time = LATER
    result = runner.invoke(args=["persons", "erase", "--dry-run", "--json"])
    assert json.loads(result.output)["challenges"] == found
    assert dump() == before


def test_nobody_is_named_and_everything_still_counts(app, scene, storage):
    counts = {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    receipt, sha256 = scene.application.receipt_number, scene.application.submissions[0].sha256
    assert all(trace in dump() for trace in TRACES)
    for user in (scene.person, db.session.scalars(sa.select(User).where(User.name == "나심사")).one()):
        close_account(user, now=LATER)
    db.session.commit()
    erase_all(LATER)
    text = dump()
    assert [trace for trace in TRACES if trace in text] == []
    assert sweep_storage(storage, dry_run=False, old=-1).files  # the documents
    kept = b"".join(path.read_bytes() for path in storage.root.glob("??/*"))
    assert b"secret" not in kept
    application = db.session.scalars(sa.select(Application)).one()
    assert (application.receipt_number, application.submissions[0].sha256) == (receipt, sha256)
    assert application.erased_at == LATER
    sheet = db.session.scalars(sa.select(ScoreSheet)).one()
    assert (sheet.total, sheet.scores, sheet.state) == (25, {"fit": "25"}, SheetState.SIGNED)
    for table in (
        "applications",
        "submissions",
        "score_sheets",
        "judges",
        "mails",
        "eligibility_checks",
        "given_consents",
    ):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[table])) == counts[table]
    while trail.seal():
        db.session.commit()
    assert trail.verify().broken is None
    assert db.session.scalars(sa.select(Challenge)).one().erased_at == LATER


def test_erasing_goes_on_after_a_break_and_ends(scene, storage):
    for _ in range(4):
        startup = factories.make_organization()
        factories.make_application(scene.challenge, startup=startup)
    db.session.commit()
    challenge = list_due(LATER)[0]
    erase_batch(challenge, now=LATER, limit=2)
    db.session.commit()  # and here the process is killed
    left = db.session.scalar(sa.select(sa.func.count()).select_from(Application).where(Application.erased_at.is_(None)))
    assert left == 3
    found = erase_all(LATER)
    assert found[challenge.slug]["applications"] == 3
    assert erase_all(LATER) == {}
    before = dump()
    erase_due_persons()
    assert dump() == before
    assert erase_batch(challenge, now=LATER) == {}


def test_what_others_still_name_stays(scene, storage):
    """The same file in another challenge, and a startup with an application that is not over yet."""
    other = factories.make_challenge()
    application = factories.make_application(other, startup=scene.startup)
    factories.make_document(application, content=pdf("secret"))
    db.session.commit()
    close_account(scene.person, now=LATER)
    erase_all(LATER)
    assert sweep_storage(storage, dry_run=False, old=-1)
    assert storage.exists(application.documents[0].sha256)
    assert db.session.get_one(Organization, scene.startup.id).representative == "홍길동"


def test_a_sole_traders_name_goes_with_the_rest(scene):
    scene.startup.legal_form = LegalForm.SOLE_TRADER
    content = dict(scene.application.submissions[0].content)
    scene.application.submissions[0].content = content | {"company": content["company"] | {"legal_form": "sole_trader"}}
    db.session.commit()
    close_account(scene.person, now=LATER)
    erase_all(LATER)
    assert "두레신용" not in dump()
    assert db.session.scalars(sa.select(Submission)).one().content["company"]["name"]["ko"] == ERASED


def test_pages_of_erased_applications_open(scene, browse_as, app):
    erase_all(LATER)
    app.extensions["clock"].time = LATER
    page = browse_as(scene.organizer).get(f"/manage/{scene.challenge.id}/applications/{scene.application.id}")
    assert page.status_code == 200
    page = browse_as(scene.person).get(f"/applications/{scene.application.id}")
    assert page.status_code == 200
    assert "삭제" in page.text


def test_a_mail_that_waits_is_not_sent_after_all(app, clock, scene):
    db.session.execute(sa.update(Mail).values(state="queued", sent_at=None))
    db.session.commit()
    end_erasing(scene.challenge, {}, now=LATER)
    erase_batch(scene.challenge, now=LATER)
    db.session.commit()
    about = sa.select(Mail.state).where(Mail.challenge_id == scene.challenge.id).distinct()
    assert list(db.session.scalars(about)) == ["withdrawn"]
