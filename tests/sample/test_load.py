"""Every stage of the sample, through the services, with what each role then reads."""

import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.passwords import is_password
from app.applications.models import Application, Submission
from app.applications.states import ApplicationState
from app.awards.bundle import verify
from app.awards.models import Certificate, Decision, ResultSet
from app.awards.queries import get_board
from app.awards.services import make_bundle
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit import trail
from app.core.database import db, writes
from app.core.jobs.models import Job, JobState
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState
from app.mail.models import Mail
from app.mail.states import MailState
from app.sample import demo
from app.sample.services.load_sample import load_sample
from app.sample.timetable import Stage
from app.web.files import storage
from tests.awards.bundles import run


@pytest.fixture(autouse=True)
def _writing():
    """These tests write in their own session all along."""
    token = writes.set(True)
    yield
    db.session.rollback()
    writes.reset(token)


def load(stage: Stage) -> Challenge:
    challenge = demo.load(stage, as_published=True)
    db.session.rollback()
    return db.session.get(Challenge, challenge.id)


def states(model) -> Counter:
    return Counter(db.session.scalars(sa.select(model.state)))


def read(browse_as, email: str | None, path: str) -> str:
    user = db.session.scalar(sa.select(User).where(User.email == email)) if email else None
    browser = browse_as(user)
    db.session.rollback()
    response = browser.get(path)
    assert response.status_code == 200, path
    return response.text


def test_open(browse_as):
    challenge = load(Stage.OPEN)
    assert (challenge.state, challenge.slug) == (ChallengeState.PUBLISHED, "shinhan-fintech-2022-open")
    assert challenge.title.ko == "2022 서울 핀테크 오픈이노베이션 챌린지(예시)"
    assert challenge.closes_at == datetime(2022, 9, 23, 8, tzinfo=UTC)
    assert states(Application) == {ApplicationState.SUBMITTED: 4, ApplicationState.DRAFT: 4}
    assert challenge.submitted_count == 4
    page = read(browse_as, None, f"/challenges/{challenge.slug}")
    assert "소상공인 대안신용평가" in page
    assert "신한금융지주" in page
    assert "가온셈랩(가상)" in read(browse_as, "gaonsem@example.org", "/applications") or "SF-2022-" in page
    assert not set(db.session.scalars(sa.select(Mail.state))) - {MailState.SENT}
    assert db.session.scalars(sa.select(Job)).all() == []


def test_closed(browse_as):
    challenge = load(Stage.CLOSED)
    assert challenge.state is ChallengeState.CLOSED
    assert states(Application) == {
        ApplicationState.SUBMITTED: 3,
        ApplicationState.ELIGIBLE: 4,
        ApplicationState.CORRECTION: 1,
    }
    late = db.session.scalars(sa.select(Application).order_by(Application.submitted_at.desc())).first()
    assert late.submitted_at == datetime(2022, 9, 23, 7, 58, 12, tzinfo=UTC)
    assert late.startup.name.ko == "참빛원장(가상)"
    assert states(Judge) == {JudgeState.ACCEPTED: 5}
    page = read(browse_as, "organizer@example.org", f"/manage/{challenge.id}/applications")
    assert "하늘곳간(가상)" in page
    assert "흐려 읽을 수 없습니다" in read(
        browse_as, "skygotgan@example.org", f"/applications/{the_application('하늘곳간(가상)').id}"
    )


def the_application(startup: str) -> Application:
    return next(a for a in db.session.scalars(sa.select(Application)) if a.startup.name.ko == startup)


def test_judging(browse_as):
    challenge = load(Stage.JUDGING)
    assert challenge.state is ChallengeState.JUDGING
    assert states(Application) == {ApplicationState.ELIGIBLE: 7, ApplicationState.INELIGIBLE: 1}
    found = states(ScoreSheet)
    assert found[SheetState.WITHDRAWN] == 1
    assert found[SheetState.SIGNED] > 10
    assert found[SheetState.OPEN] > 5
    assert found.total() == 35
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Conflict)) == 1
    drafts = sa.select(sa.func.count()).where(ScoreSheet.state == SheetState.OPEN, ScoreSheet.total.is_not(None))
    assert db.session.scalar(drafts) > 0
    assert "온결페이(가상)" in read(browse_as, "chair@example.org", f"/judging/{challenge.id}")
    assert "온결페이(가상)" not in read(browse_as, "judge3@example.org", f"/judging/{challenge.id}")  # recused
    assert "정민재" in read(browse_as, "organizer@example.org", f"/manage/{challenge.id}/progress")


WORKED = {
    "가온셈랩(가상)": ("83.67", "83.67"), "두레신용(가상)": ("83.67", "83.67"), "별방패(가상)": ("70.00", "73.00"),
    "누리이상감지(가상)": ("69.00", "74.00"), "온결페이(가상)": ("79.00", "79.00"), "마루말벗(가상)": ("83.00", "84.00"),
    "하늘곳간(가상)": ("72.00", "72.00"),
}  # fmt: skip


def test_decided(browse_as):
    challenge = load(Stage.DECIDED)
    assert challenge.state is ChallengeState.DECIDED
    entries = {e.startup.ko: e for e in get_board(challenge).standing.entries}
    assert {name: (e.mean, e.final) for name, e in entries.items()} == {
        name: (Decimal(m), Decimal(f)) for name, (m, f) in WORKED.items()
    }
    assert not entries["누리이상감지(가상)"].passes
    assert entries["온결페이(가상)"].sheets == 4
    # The tie of the first two has an end by the first criterion.
    assert (entries["가온셈랩(가상)"].rank, entries["두레신용(가상)"].rank) == (2, 3)
    outcomes = {
        d.application.startup.name.ko: (d.outcome, d.prize and d.prize.title.ko)
        for d in db.session.scalars(sa.select(Decision))
    }
    assert outcomes == {
        "마루말벗(가상)": (Outcome.SELECTED, "대상"), "가온셈랩(가상)": (Outcome.SELECTED, "최우수상"),
        "두레신용(가상)": (Outcome.SELECTED, "최우수상"), "온결페이(가상)": (Outcome.SELECTED, "우수상"),
        "별방패(가상)": (Outcome.SELECTED, "우수상"), "하늘곳간(가상)": (Outcome.RESERVE, None),
        "누리이상감지(가상)": (Outcome.NOT_SELECTED, None),
    }  # fmt: skip
    assert "84.00" in read(browse_as, "organizer@example.org", f"/manage/{challenge.id}/ranking")


def test_published(browse_as, tmp_path):
    challenge = load(Stage.PUBLISHED)
    assert challenge.state is ChallengeState.RESULTS_OUT
    assert challenge.winner_count == 5
    assert challenge.results_at == datetime(2022, 10, 28, 1, tzinfo=UTC)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1
    certificates = db.session.scalars(sa.select(Certificate)).all()
    assert Counter((c.state, c.language) for c in certificates) == {
        (CertificateState.ISSUED, "ko"): 5, (CertificateState.ISSUED, "en"): 5,
    }  # fmt: skip
    assert all(storage().exists(c.sha256) for c in certificates)
    assert {c.issued_at for c in certificates} == {datetime(2022, 10, 28, 1, 20, tzinfo=UTC)}
    page = read(browse_as, None, f"/challenges/{challenge.slug}/results")
    assert "마루말벗(가상)" in page
    assert "누리이상감지(가상)" not in page
    assert "83.67" in read(
        browse_as, "gaonsem@example.org", f"/applications/{the_application('가온셈랩(가상)').id}/result"
    )
    assert not db.session.scalars(sa.select(Job).where(Job.state != JobState.DONE)).all()
    assert {m.language for m in db.session.scalars(sa.select(Mail))} == {"ko", "en"}
    assert not set(db.session.scalars(sa.select(Mail.state))) - {MailState.SENT}
    for submission in db.session.scalars(sa.select(Submission)):
        assert all(storage().exists(d["sha256"]) for d in submission.content["documents"])
    verdict = trail.verify()
    assert (verdict.broken, verdict.unsealed) == (None, 0)
    assert verdict.length > 150
    the_bundle_computes_what_was_published(challenge, tmp_path)


def the_bundle_computes_what_was_published(challenge: Challenge, folder: Path) -> None:
    """Its program, alone, says OK; and what it computes is what the ranking computes from the tables today."""
    result_set = db.session.scalar(sa.select(ResultSet))
    with zipfile.ZipFile(io.BytesIO(make_bundle(result_set))) as archive:
        archive.extractall(folder)
    result = run(folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert result_set.sha256 in result.stdout
    content = json.loads((folder / "results.json").read_bytes())
    found = verify.recompute(content["round"], content["entries"], content["chair_orders"])
    ranking = get_board(challenge).ranking
    assert set(found) == {str(entry.application_id) for entry in ranking.entries}
    for entry in ranking.entries:
        mine = found[str(entry.application_id)]
        assert (mine["mean"], mine["final"]) == (str(entry.mean), str(entry.final))
        assert (mine["bonus"], mine["passes"]) == (entry.bonus, entry.passes)
        assert (mine["rank"], mine["theme_rank"]) == (entry.rank, entry.theme_rank)
    text = "".join(path.read_text() for path in folder.iterdir())
    assert "누리이상감지" not in text  # was not selected
    assert not any(judge.name in text or judge.email in text for judge in db.session.scalars(sa.select(Judge)))
    assert not any(person.email in text for person in db.session.scalars(sa.select(User)))


def test_loading_again_changes_nothing_and_stages_stand_beside_each_other():
    first = load(Stage.CLOSED)
    counts = db.session.scalar(sa.select(sa.func.count()).select_from(Application))
    assert load(Stage.CLOSED).id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == counts
    load(Stage.OPEN)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Challenge)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 15


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.PUBLISHED])
def test_moved_so_that_the_stage_is_now(stage):
    now = datetime(2027, 2, 28, 20, 30, tzinfo=UTC)  # a Monday morning in Seoul, as a fresh server may see it
    challenge = load_sample(stage, as_published=False, known_password=True, storage=storage(), now=now)
    weeks, rest = divmod(challenge.closes_at - datetime(2022, 9, 23, 8, tzinfo=UTC), timedelta(weeks=1))
    assert (rest, weeks > 200) == (timedelta(0), True)
    assert challenge.closes_at - challenge.opens_at == timedelta(days=18, hours=7)
    if stage is Stage.OPEN:
        assert timedelta(days=2) < challenge.closes_at - now < timedelta(days=10)
        assert challenge.title.ko == "2027 서울 핀테크 오픈이노베이션 챌린지 5차(예시)"
    else:
        assert timedelta(0) < now - challenge.results_at < timedelta(days=8)
        assert challenge.title.en == "2027 Seoul Fintech Open Innovation Challenge, 1st call (sample)"
    latest = db.session.scalars(sa.select(Application.saved_at).order_by(Application.saved_at.desc())).first()
    assert latest <= now


def test_demo_accounts_open_with_their_password_in_development_only(app, monkeypatch):
    assert demo.demo_accounts()[0] == []
    load(Stage.OPEN)
    accounts, password = demo.demo_accounts()
    assert [a.role for a in accounts] == [
        "organizer",
        "sponsor",
        "startup",
        "startup",
        "startup",
        "chair",
        "judge",
        "judge",
    ]
    organizer = db.session.scalars(sa.select(User).where(User.email == accounts[0].email)).one()
    assert is_password(password, organizer.password_hash)
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    assert demo.demo_accounts() == ([], "")


def test_outside_development_nobody_knows_a_password(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    load(Stage.OPEN)
    users = db.session.scalars(sa.select(User)).all()
    assert len(users) == 15
    assert not is_password(demo.PASSWORD, users[0].password_hash)
