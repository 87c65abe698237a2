import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.accounts.models import User
from app.awards import certificate_jobs, services
from app.awards import certificate_queries as queries
from app.awards.models import Certificate, CertificateRegister
from app.awards.services import make_certificates
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge, Milestone
from app.challenges.states import ChallengeState, MilestoneKind
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.jobs.models import Job, JobState
from app.core.storage import StoredContent
from app.mail.models import Mail
from tests import factories
from tests.awards.certificates import make_awarded, run_jobs, stand_in_pdf  # noqa: F401 - a fixture

NAMES = (Bilingual("가온셈랩(가상)", "Gaonsem Lab"), Bilingual("온결", "Ongyeol"), Bilingual("두레신용", "Dure Credit"))


@pytest.fixture(autouse=True)
def _quickly(request):
    """One test draws what it checks."""
    if "really" not in request.node.name:
        request.getfixturevalue("stand_in_pdf")


def issue(scene, clock):
    issued = services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    db.session.commit()
    return issued


def all_certificates():
    db.session.rollback()
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.year, Certificate.number)))


def actions():
    return list(
        db.session.scalars(
            sa.select(AuditEvent.action)
            .where(AuditEvent.action.like("awards.%"))
            .order_by(AuditEvent.happened_at, AuditEvent.id)
        )
    )


def test_each_winner_gets_one_in_each_language_with_the_next_numbers(clock):
    scene = make_awarded(*NAMES)
    issued = issue(scene, clock)
    assert [(c.number, c.language, c.words["print"]["prize"]) for c in issued] == [
        (1, "ko", "대상"), (2, "en", "Grand prize"), (3, "ko", "최우수상"), (4, "en", "First prize"), (5, "ko", "우수상"), (6, "en", "Excellence prize"),
    ]  # fmt: skip
    assert {c.state for c in issued} == {CertificateState.REQUESTED}
    assert issued[0].words["print"]["serial"] == "제 2022-0001 호"
    assert len({c.code for c in issued}) == 6
    assert actions() == ["awards.issue_certificates"]
    with pytest.raises(RuleBroken, match="이미 발급"):
        services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())


def test_a_second_call_issues_only_what_is_missing(clock):
    scene = make_awarded(NAMES[0])
    issue(scene, clock)
    late = factories.make_application(scene.challenge, theme=1)
    decision = type(scene.decisions[0])(
        challenge_id=scene.challenge.id, application_id=late.id, outcome=Outcome.SELECTED, decided_at=factories.NOW
    )
    db.session.add(decision)
    db.session.commit()
    assert [(c.number, c.words["print"]["title"]) for c in issue(scene, clock)] == [
        (3, "선정증"),
        (4, "Certificate of Selection"),
    ]


def test_what_is_rolled_back_gives_its_numbers_back(clock):
    scene = make_awarded(*NAMES)
    services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    db.session.rollback()
    assert all_certificates() == []
    issue(scene, clock)
    other = make_awarded(NAMES[1], host=db.session.get(type(scene.startups[0]), scene.challenge.host_id))
    services.issue_certificates(other.challenge, actor=other.organizer, now=clock())
    db.session.rollback()
    issue(other, clock)
    assert [c.number for c in all_certificates()] == list(range(1, 9))
    assert db.session.scalars(sa.select(CertificateRegister.last_number)).all() == [8]


def test_clerks_who_issue_at_the_same_moment_share_one_register(app, clock):
    first = make_awarded(*NAMES)
    second = make_awarded(*NAMES, host=first.challenge.host)
    work = [(scene.challenge.id, scene.organizer.id) for scene in (first, second, first)]
    db.session.commit()
    start = Barrier(len(work))

    def issue_at_once(challenge_id, organizer_id):
        with app.app_context():
            start.wait()
            challenge = db.session.get(Challenge, challenge_id)
            try:
                services.issue_certificates(challenge, actor=db.session.get(User, organizer_id), now=clock())
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
                return "refused"
            return "issued"

    with ThreadPoolExecutor(len(work)) as pool:
        outcomes = list(pool.map(lambda ids: issue_at_once(*ids), work))
    assert sorted(outcomes) == ["issued", "issued", "refused"]
    assert [c.number for c in all_certificates()] == list(range(1, 13))


def test_every_host_and_every_year_counts_for_itself(clock):
    first, second = make_awarded(NAMES[0]), make_awarded(NAMES[1])
    issue(first, clock)
    assert [c.number for c in issue(second, clock)] == [1, 2]
    clock.advance(days=103)  # in Seoul it is 2023 already
    third = make_awarded(NAMES[2], host=db.session.get(type(first.startups[0]), first.challenge.host_id))
    assert [(c.year, c.number) for c in issue(third, clock)] == [(2023, 1), (2023, 2)]


def test_nobody_issues_before_the_results_are_out_or_for_others(clock):
    scene = make_awarded(state=ChallengeState.DECIDED)
    with pytest.raises(RuleBroken, match="결과를 발표한 뒤"):
        services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    out = make_awarded()
    for actor in (out.people[0], scene.organizer):
        with pytest.raises(RuleBroken, match="운영기관 담당자"):
            services.issue_certificates(out.challenge, actor=actor, now=clock())
    assert all_certificates() == []


def test_a_name_that_cannot_be_printed_is_refused_before_anything_is_written(clock):
    scene = make_awarded(NAMES[0], Bilingual("𠮷田테크", "Yoshida Tech"))
    with pytest.raises(RuleBroken) as refused:
        services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    assert "“𠮷田테크”" in refused.value.sentence
    assert "𠮷 (U+20BB7)" in refused.value.sentence
    db.session.commit()
    assert all_certificates() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_the_day_is_that_of_the_ceremony_where_there_is_one(clock):
    scene = make_awarded()
    db.session.add(
        Milestone(
            challenge_id=scene.challenge.id,
            kind=MilestoneKind.AWARD_CEREMONY,
            starts_at=factories.seoul("2022-11-04T00:00"),
            ends_at=factories.seoul("2022-11-04T18:00"),
        )
    )
    db.session.commit()
    assert issue(scene, clock)[0].words["print"]["date"] == "2022년 11월 4일"
    assert issue(make_awarded(), clock)[0].words["print"]["date"] == "2022년 10월 28일"


def test_the_jobs_really_make_store_and_mail_once_for_each_winner(app, clock):
    scene = make_awarded(NAMES[0])
    issue(scene, clock)
    run_jobs(app, clock)
    korean, english = all_certificates()
    assert {korean.state, english.state} == {CertificateState.ISSUED}
    storage = app.extensions["storage"]
    content = b"".join(storage.read_chunks(korean.sha256))
    assert len(content) == korean.size
    text = " ".join(PdfReader(BytesIO(content)).pages[0].extract_text().split())
    assert "가온셈랩(가상)" in text
    assert f"/v/{korean.code[:4]}-" in text
    mail = db.session.scalars(sa.select(Mail)).one()
    assert mail.to_address == scene.people[0].email
    assert mail.subject == "상장이 나왔습니다: 대상, 2022 서울 핀테크 챌린지(예시)"
    for certificate in (korean, english):
        assert f"/certificates/{certificate.id}.pdf" in mail.text
    assert actions().count("awards.make_certificate") == 2


def test_a_renamed_startup_changes_nothing_that_was_asked_for(app, clock):
    scene = make_awarded(NAMES[0])
    issue(scene, clock)
    scene.startups[0].name = Bilingual("새이름", "New Name")
    run_jobs(app, clock)
    assert all_certificates()[0].facts["recipient"].ko == "가온셈랩(가상)"


def test_a_job_that_runs_twice_changes_nothing(app, clock):
    scene = make_awarded(NAMES[0])
    issue(scene, clock)
    run_jobs(app, clock)
    before = all_certificates()[0].sha256
    make_certificates.finish_certificate(all_certificates()[0].id, StoredContent("0" * 64, 1, b""), now=clock())
    db.session.commit()
    assert all_certificates()[0].sha256 == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 1


def test_a_killed_worker_leaves_no_gap_and_a_later_one_finishes(app, clock, monkeypatch):
    scene = make_awarded(NAMES[0])
    issue(scene, clock)

    def die(_sheet, _signer):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(certificate_jobs, "make_file", die)
        run_jobs(app, clock)
    assert [(c.number, c.state) for c in all_certificates()] == [
        (1, CertificateState.REQUESTED),
        (2, CertificateState.REQUESTED),
    ]
    clock.advance(minutes=1)
    run_jobs(app, clock)
    assert {c.state for c in all_certificates()} == {CertificateState.ISSUED}


def test_what_was_given_up_on_is_seen_and_tried_again(app, clock):
    scene = make_awarded(NAMES[0])
    issued = issue(scene, clock)
    for job in db.session.scalars(sa.select(Job)):
        job.state, job.finished_at = JobState.DEAD, clock()
    db.session.commit()
    register = queries.get_register(scene.challenge)
    assert register.failed == {c.id for c in issued}
    assert (register.making, register.made) == (0, 0)
    assert issue(scene, clock) == []
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "awards.issue_certificates"))
    assert [event.details.get("tried_again") for event in events.all()].count(2) == 1
    run_jobs(app, clock)
    assert {c.state for c in all_certificates()} == {CertificateState.ISSUED}


def made(scene, app, clock):
    issue(scene, clock)
    run_jobs(app, clock)
    return all_certificates()


def test_revoking_takes_a_reason_and_tells_the_winner(app, clock):
    scene = make_awarded(NAMES[0])
    certificate = made(scene, app, clock)[0]
    for reason in ("", "  ", "가" * 501):
        with pytest.raises(RuleBroken) as refused:
            services.revoke_certificate(certificate, reason=reason, actor=scene.organizer, now=clock())
        assert refused.value.field == "reason"
    services.revoke_certificate(certificate, reason=" 신청자격 사실과 다름 ", actor=scene.organizer, now=clock())
    db.session.commit()
    assert (certificate.state, certificate.revoked_reason) == (CertificateState.REVOKED, "신청자격 사실과 다름")
    mail = db.session.scalars(sa.select(Mail).where(Mail.template == "awards/certificate_revoked")).one()
    assert "신청자격 사실과 다름" in mail.text
    assert "제 2022-0001 호" in mail.text
    with pytest.raises(RuleBroken, match="이미 취소"):
        services.revoke_certificate(certificate, reason="다시", actor=scene.organizer, now=clock())
    with pytest.raises(RuleBroken, match="운영기관 담당자"):
        services.revoke_certificate(all_certificates()[1], reason="남의 것", actor=scene.people[0], now=clock())


def test_what_is_being_made_is_neither_revoked_nor_reissued(clock):
    scene = make_awarded(NAMES[0])
    certificate = issue(scene, clock)[0]
    for verb in (services.revoke_certificate, services.reissue_certificate):
        with pytest.raises(RuleBroken, match="만드는 중"):
            verb(certificate, reason="이유", actor=scene.organizer, now=clock())


def test_a_reissue_is_the_next_edition_with_the_next_number_and_todays_name(app, clock):
    scene = make_awarded(NAMES[0])
    old = made(scene, app, clock)[0]
    scene.startups[0].name = Bilingual("새이름", "New Name")
    fresh = services.reissue_certificate(old, reason="상호 변경", actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    db.session.refresh(fresh)
    assert (fresh.edition, fresh.number, fresh.facts["recipient"].ko) == (2, 3, "새이름")
    assert (old.state, old.revoked_reason, old.facts["recipient"].ko) == (
        CertificateState.REVOKED,
        "상호 변경",
        "가온셈랩(가상)",
    )
    assert fresh.state is CertificateState.ISSUED
    mail = db.session.scalars(sa.select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc())).first()
    assert mail.subject.startswith("새 상장을 발급했습니다")
    assert re.findall(r"certificates/([0-9a-f-]+)\.pdf", mail.text) == [str(fresh.id)]
    with pytest.raises(RuleBroken, match="새 상장이 이미"):
        services.reissue_certificate(old, reason="또", actor=scene.organizer, now=clock())
    assert [c.number for c in queries.list_certificates_of(scene.applications[0].id)] == [3, 2]


def test_a_reissue_that_cannot_be_printed_leaves_the_old_one(app, clock):
    scene = make_awarded(NAMES[0])
    old = made(scene, app, clock)[0]
    scene.startups[0].name = Bilingual("𠮷田", "Yoshida")
    db.session.commit()
    with pytest.raises(RuleBroken, match="U\\+20BB7"):
        services.reissue_certificate(old, reason="상호 변경", actor=scene.organizer, now=clock())
    db.session.rollback()
    assert [(c.number, c.state) for c in all_certificates()] == [
        (1, CertificateState.ISSUED),
        (2, CertificateState.ISSUED),
    ]


def test_after_a_revocation_another_may_be_issued(app, clock):
    scene = make_awarded(NAMES[0])
    old = made(scene, app, clock)[0]
    services.revoke_certificate(old, reason="이름이 틀림", actor=scene.organizer, now=clock())
    fresh = services.reissue_certificate(old, reason="", actor=scene.organizer, now=clock())
    assert (fresh.edition, old.revoked_reason) == (2, "이름이 틀림")


@pytest.mark.parametrize("winners", [1, 3])
def test_the_register_is_read_in_four_statements(app, clock, statements, winners):
    scene = make_awarded(*NAMES[:winners])
    issue(scene, clock)
    challenge_id, organizer = scene.challenge.id, scene.organizer
    db.session.expire_all()
    challenge = queries.get_challenge_for_staff(organizer, challenge_id)
    statements.statements.clear()
    register = queries.get_register(challenge)
    assert len(register.certificates) == 2 * winners
    assert register.certificates[0].facts["recipient"].ko == NAMES[0].ko
    assert len(statements) == 4


def test_certificates_are_for_the_winner_and_the_organizer(app, clock):
    scene, other = make_awarded(NAMES[0]), make_awarded(NAMES[1])
    certificate = made(scene, app, clock)[0]
    assert queries.get_certificate_for(scene.people[0], certificate.id) == certificate
    assert queries.get_certificate_for(scene.organizer, certificate.id) == certificate
    for user in (other.people[0], other.organizer, factories.make_user()):
        assert queries.get_certificate_for(user, certificate.id) is None
    services.revoke_certificate(certificate, reason="이유", actor=scene.organizer, now=clock())
    assert queries.get_certificate_for(scene.people[0], certificate.id) is None
    assert queries.get_certificate_for(scene.organizer, certificate.id) == certificate


def test_a_code_finds_only_what_was_made_in_one_statement(app, clock, statements):
    scene = make_awarded(NAMES[0])
    code = issue(scene, clock)[0].code
    assert queries.find_by_code(code) is None
    run_jobs(app, clock)
    counts = set()
    for asked, serial in (
        (code, None),
        (code, (2022, 1)),
        (code, (2022, 2)),
        ("0" * 16, None),
        (None, None),
        (None, (2022, 1)),
    ):
        db.session.rollback()
        statements.statements.clear()
        found = queries.find_by_code(asked, serial)
        assert (found is not None) == (asked == code and serial in (None, (2022, 1)))
        counts.add(len(statements))
    assert counts == {1}
