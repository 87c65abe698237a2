from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.applications.models import Application, Submission
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit import trail
from app.core.audit.models import AuditPersonal
from app.core.canonical import canonical_sha256
from app.core.database import Base, db, writes
from app.judging.models import ScoreSheet
from tests import factories

SMALL = ["--applications", "12", "--judges", "5", "--sheets", "3"]


@pytest.fixture(autouse=True)
def _writing():
    token = writes.set(True)
    yield
    db.session.rollback()
    writes.reset(token)


@pytest.fixture
def run(app):
    """A command of `flask sample`, which has to end well; returns what it says."""

    def invoke(*arguments: str, status: int = 0) -> str:
        result = app.test_cli_runner().invoke(args=["sample", *arguments])
        db.session.rollback()
        assert result.exit_code == status, result.output
        return result.output

    return invoke


def rows() -> dict[str, int]:
    count = {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    return {name: n for name, n in count.items() if n}


def test_removing_leaves_nothing_but_a_trail_that_holds(app, run):
    root = app.extensions["storage"].root
    before = {p for p in root.rglob("*") if p.is_file()}  # other tests' files lie in the same folder
    assert "shinhan-fintech-2022-published" in run("load", "--stage", "published", "--dates", "as-published")
    run("load", "--stage", "closed")
    run("generate", *SMALL)
    assert len(list(root.rglob("*"))) > len(before)
    assert "are gone" in run("remove")
    assert set(rows()) == {"audit_events", "audit_head"}
    assert {p for p in root.rglob("*") if p.is_file()} <= before
    assert trail.verify().broken is None
    assert "0 rows" in run("remove")
    run("load", "--stage", "open")  # and it may come again


def test_what_is_not_of_the_samples_stays(run):
    challenge = factories.make_challenge(state=ChallengeState.RESULTS_OUT)
    application = factories.make_application(challenge)
    person = factories.make_user(member_of=application.startup)
    trail.record("tests.own", subject=person, actor=person, now=factories.NOW, personal={"name": "김하나"})
    db.session.commit()
    before = rows()
    run("load", "--stage", "decided")
    run("remove")
    after = rows()
    assert {name: n for name, n in after.items() if name not in ("audit_events", "audit_head")} == {
        name: n for name, n in before.items() if name != "audit_events"
    }
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditPersonal)) == 1


def test_somebodys_own_challenge_is_not_taken_along_unasked(run):
    run("load", "--stage", "open")
    host = db.session.scalars(sa.select(Organization).where(Organization.kind == "host")).one()
    factories.make_challenge(host=host, slug="our-own")
    member = factories.make_user(member_of=host)
    db.session.commit()
    assert "our-own" in run("remove", status=1)
    assert db.session.scalar(sa.select(Challenge.id).where(Challenge.slug == "our-own"))
    run("remove", "--also-leaning")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Challenge)) == 0
    assert db.session.get(User, member.id) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 0


def content_of(slug: str) -> list:
    challenge = db.session.scalars(sa.select(Challenge).where(Challenge.slug == slug)).one()
    applications = db.session.scalars(
        sa.select(Application).where(Application.challenge_id == challenge.id).order_by(Application.receipt_number)
    ).all()
    ids = [a.id for a in applications]
    sheets = db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.application_id.in_(ids)).order_by(ScoreSheet.id))
    return [
        [(a.receipt_number, a.startup.name.ko, a.theme.code, a.answers["summary"]) for a in applications],
        [(s.total, s.scores, s.comment) for s in sheets],
    ]


def test_a_large_sample_is_believable_and_the_same_for_the_same_seed(run):
    run("generate", *SMALL, "--seed", "7")
    first = content_of("large-7-12-5-3")
    challenge = db.session.scalars(sa.select(Challenge)).one()
    assert (challenge.state, challenge.submitted_count, challenge.receipts_given) == (ChallengeState.JUDGING, 12, 12)
    assert len(first[1]) == 36
    for total, scores, _comment in first[1]:
        assert sum(map(Decimal, scores.values())) == total
    loads = (
        db.session.execute(sa.select(sa.func.count()).select_from(ScoreSheet).group_by(ScoreSheet.judge_id))
        .scalars()
        .all()
    )
    assert max(loads) - min(loads) <= 1
    for submission in db.session.scalars(sa.select(Submission)):
        assert submission.sha256 == canonical_sha256(submission.content)
    assert "is there already" in run("generate", *SMALL, "--seed", "7", status=1)
    run("remove")
    run("generate", *SMALL, "--seed", "7")
    assert content_of("large-7-12-5-3") == first
    run("generate", *SMALL, "--seed", "8")
    assert content_of("large-8-12-5-3") != first


def test_a_large_samples_ranking_can_be_read(run, browse_as):
    run("generate", *SMALL)
    challenge = db.session.scalars(sa.select(Challenge)).one()
    organizer = db.session.scalars(sa.select(User).where(User.email == "organizer@example.org")).one()
    browser = browse_as(organizer)
    db.session.rollback()
    for page in ("ranking", "progress", "applications", "decision"):
        response = browser.get(f"/manage/{challenge.id}/{page}")
        assert response.status_code == 200
        assert f"{challenge.receipt_prefix}-001" in response.text or page == "progress"


def test_more_sheets_than_judges_are_refused(run):
    assert "at least 4 judges" in run("generate", "--applications", "3", "--judges", "2", "--sheets", "4", status=1)
