"""Publishing, correcting, and who hears what."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.applications.states import ApplicationState
from app.awards import result_content, services
from app.awards.models import Certificate, Decision, ResultSet
from app.awards.queries import get_public_results, get_published_results, list_flagged_certificates, list_winners
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.models import Job
from app.core.jobs.registry import JobRun, handler_for
from app.mail.models import Mail
from tests import factories
from tests.awards.scenes import NOW, decided_challenge, decisions_of, judged_challenge, proposed, published_challenge

LATER = NOW + timedelta(days=2)
NOT_SELECTED = DecisionInput(Outcome.NOT_SELECTED, reason="협약을 포기했습니다.")


def told():
    """What the worker does after the commit."""
    db.session.flush()
    for job in db.session.scalars(sa.select(Job).where(Job.kind == "awards.tell_applicants")).all():
        handler_for(job.kind)(JobRun(job.id, uuid4(), dict(job.payload), NOW))
        db.session.delete(job)


def mails():
    told()
    return {mail.to_address: mail for mail in db.session.scalars(sa.select(Mail).where(Mail.template.like("awards/%")))}


def forget_mails():
    told()
    db.session.execute(sa.delete(Mail))


def entries(result_set):
    return {entry["receipt_number"]: entry for entry in result_set.content["entries"]}


def test_publishing_freezes_everything_that_recomputing_needs():
    scene = decided_challenge()
    result_set = services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    db.session.commit()
    assert scene.challenge.state is ChallengeState.RESULTS_OUT
    assert scene.challenge.results_at == NOW
    assert scene.challenge.winner_count == 4
    assert result_set.number == 1
    db.session.expire_all()
    assert canonical_sha256(result_set.content) == result_set.sha256
    content = result_set.content
    assert content["rules"] == {"number": 1, "sha256": "0" * 64}
    assert content["published_at"] == NOW.isoformat()
    assert content["published_by"] == str(scene.organizer.id)
    assert content["round"]["tie_break"] == ["fit", "technology", "feasibility", "chair"]
    mine = entries(result_set)[scene.applications["A"].receipt_number]
    assert (mine["mean"], mine["final"], mine["rank"], mine["theme_rank"]) == ("90.00", "90.00", 1, 1)
    assert (mine["outcome"], mine["prize_id"]) == ("selected", str(scene.challenge.prizes[0].id))
    assert [sheet["judge"] for sheet in mine["sheets"]] == ["A", "B", "C", "D", "E"]
    assert mine["criteria"] == {
        "fit": "27.00", "technology": "22.50", "feasibility": "18.00", "business": "13.50", "team": "9.00",
    }  # fmt: skip
    assert len(content["entries"]) == 6


def test_applicants_read_their_own_before_the_public_does():
    scene = decided_challenge()
    sponsor = factories.make_user(member_of=scene.challenge.themes[0].sponsor)
    for moment, why in ((NOW - timedelta(seconds=1), "지난 시각"), (NOW + timedelta(days=91), "90일 안")):
        with pytest.raises(RuleBroken, match=why):
            services.publish_results(scene.challenge, actor=scene.organizer, now=NOW, public_at=moment)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW, public_at=LATER)
    assert len(mails()) == 8
    assert mails()[sponsor.email].not_before == LATER
    assert get_published_results(scene.challenge).own(scene.id("A")).prize.en == "Grand prize"
    assert list_winners(scene.challenge, LATER - timedelta(seconds=1)) == []
    assert len(list_winners(scene.challenge, LATER)) == 4
    assert correct(scene, F=NOT_SELECTED).public_at == LATER  # a correction meanwhile lifts no embargo
    assert list_winners(scene.challenge, NOW + timedelta(days=1)) == []


def test_no_judge_is_named_in_what_is_frozen():
    scene = published_challenge()
    text = json.dumps(db.session.scalar(sa.select(ResultSet)).content, ensure_ascii=False)
    for judge in scene.judges:
        assert judge.name not in text
        assert str(judge.id) not in text
        assert str(judge.user_id) not in text
        assert judge.email not in text
    assert "메모" not in text
    assert "총평" not in text


def test_ties_stand_in_the_content_with_their_chain():
    scene = judged_challenge(totals={"A": 90, "B": 90, "C": 75})
    proposed(scene)
    first, second = scene.challenge.prizes[0].id, scene.challenge.prizes[1].id
    given = {
        scene.id("A"): DecisionInput(Outcome.SELECTED, first),
        scene.id("B"): DecisionInput(Outcome.SELECTED, second, reason="위원장 결정"),
    }
    services.set_decisions(scene.challenge, given, actor=scene.organizer, now=NOW)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    result_set = services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    tie = entries(result_set)[scene.applications["B"].receipt_number]["tie"]
    assert tie["with"] == 1
    assert not tie["settled"]
    assert [step["criterion"] for step in tie["steps"]] == ["fit", "technology", "feasibility", "chair"]
    assert tie["steps"][0]["value"] == "27.00"
    assert tie["steps"][3]["value"] is None


def test_a_double_click_publishes_once():
    scene = decided_challenge()
    first = services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    db.session.commit()
    sent = len(mails())
    assert services.publish_results(scene.challenge, actor=scene.organizer, now=NOW) == first
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1
    assert len(mails()) == sent
    published = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "awards.publish_results")).all()
    assert [event.details["sha256"] for event in published] == [first.sha256]


@pytest.mark.parametrize("state", [ChallengeState.CLOSED, ChallengeState.JUDGING, ChallengeState.CANCELLED])
def test_nothing_is_published_before_the_decision(state):
    scene = judged_challenge(state=state)
    with pytest.raises(RuleBroken):
        services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    assert get_public_results(scene.challenge, NOW) is None
    assert list_winners(scene.challenge, NOW) == []


def test_every_applicant_hears_the_own_result_in_the_own_language():
    scene = published_challenge()
    sent = mails()
    assert len(sent) == 7
    by_letter = {letter: sent[user.email] for letter, user in scene.applicants.items()}
    assert {letter: mail.template for letter, mail in by_letter.items()} == {
        "A": "awards/selected", "B": "awards/selected", "C": "awards/reserve", "D": "awards/not_selected",
        "E": "awards/selected", "F": "awards/selected", "X": "awards/ineligible",
    }  # fmt: skip
    assert by_letter["B"].language == "en"
    assert "Congratulations" in by_letter["B"].text
    assert "First prize" in by_letter["B"].text
    assert "대상" in by_letter["A"].text
    assert f"/applications/{scene.id('D')}/result" in by_letter["D"].text
    for letter, mail in by_letter.items():
        others = [f"{other}기업" for other in scene.applications if other != letter]
        assert not any(name in mail.text + mail.html + mail.subject for name in others)
        assert "90" not in mail.text.replace(mail.to_address, "") or letter == "A" or "-" in mail.text
        assert not any(judge.name in mail.text for judge in scene.judges)


def test_drafts_and_withdrawn_applications_hear_nothing():
    scene = judged_challenge(totals={"A": 90, "B": 80})
    for state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN):
        user = factories.make_user()
        factories.make_application(scene.challenge, state=state, created_by_id=user.id)
    proposed(scene)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    assert set(mails()) == {user.email for user in scene.applicants.values()}


def test_the_contact_is_written_to_beside_the_startups_people():
    scene = judged_challenge(totals={"A": 90})
    application = scene.applications["A"]
    application.contact_email, application.contact_name = "Left@example.org", "담당자"
    proposed(scene)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    assert "담당자" in mails()["left@example.org"].text
    assert scene.applicants["A"].email in mails()


def test_a_sponsor_hears_who_won_on_its_own_themes():
    scene = decided_challenge()
    theme = scene.challenge.themes[1]
    theme.sponsor_id = factories.make_sponsor().id
    own, other = (
        factories.make_user(member_of=theme.sponsor),
        factories.make_user(member_of=scene.challenge.themes[0].sponsor),
    )
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    sent = mails()
    assert "E기업 (이상거래탐지, 최우수상)" in sent[own.email].text
    assert "A기업" not in sent[own.email].text
    assert "A기업 (대안신용평가, 대상)" in sent[other.email].text
    assert f"/challenges/{scene.challenge.slug}/results" in sent[own.email].text
    forget_mails()
    correct(scene, F=NOT_SELECTED)
    assert "F기업" not in mails()[own.email].text
    assert "바로잡습니다." in mails()[own.email].text


def test_winners_stay_as_published_when_a_company_is_renamed():
    scene = published_challenge()
    scene.applications["A"].startup.name = type(scene.applications["A"].startup.name)("새이름", "New name")
    db.session.flush()
    winners = list_winners(scene.challenge, NOW)
    assert [(w.company.ko, w.prize.en, w.theme_code, w.sponsor.en) for w in winners] == [
        ("A기업", "Grand prize", "T1", "Shinhan Financial Group"),
        ("B기업", "First prize", "T1", "Shinhan Financial Group"),
        ("E기업", "First prize", "T2", "Shinhan Financial Group"),
        ("F기업", "Excellence prize", "T2", "Shinhan Financial Group"),
    ]


def test_no_award_is_a_lawful_outcome():
    scene = judged_challenge(totals={"A": 60, "D": 50})
    proposed(scene)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    assert scene.challenge.winner_count == 0
    assert list_winners(scene.challenge, NOW) == []
    assert all(not group.winners for group in get_public_results(scene.challenge, NOW).by_prize)


def correct(scene, reason="A사가 협약을 포기하여 바로잡습니다.", **decisions):
    changes = {scene.id(letter): decision for letter, decision in decisions.items()}
    return services.correct_results(scene.challenge, changes, reason, actor=scene.organizer, now=NOW.replace(hour=9))


def corrected(scene):
    """A steps back, E moves up to the grand prize, and the reserve C comes in without a prize."""
    came_in = DecisionInput(Outcome.SELECTED, reason="예비 1번을 올립니다.")
    return correct(scene, A=NOT_SELECTED, C=came_in, E=DecisionInput(Outcome.SELECTED, scene.challenge.prizes[0].id))


def test_a_correction_is_a_new_set_and_the_old_one_stays():
    scene = published_challenge()
    old = db.session.scalar(sa.select(ResultSet))
    old_sha, old_content = old.sha256, dict(old.content)
    new = corrected(scene)
    db.session.commit()
    assert (new.number, new.reason) == (2, "A사가 협약을 포기하여 바로잡습니다.")
    assert new.content["changed"] == sorted(str(scene.id(letter)) for letter in "ACE")
    assert (old.sha256, old.content) == (old_sha, old_content)
    assert canonical_sha256(new.content) == new.sha256 != old.sha256
    assert decisions_of(scene)["C"] == ("selected", None)
    assert scene.challenge.winner_count == 4
    assert [w.company.ko for w in get_public_results(scene.challenge, LATER).winners] == [
        "E기업",
        "B기업",
        "F기업",
        "C기업",
    ]
    assert get_public_results(scene.challenge, NOW, 1).winners[0].company.ko == "A기업"
    letters = [[e["sheets"] for e in s.content["entries"]] for s in (old, new)]
    assert letters[0] == letters[1]


def test_only_those_whose_decision_changed_hear_of_a_correction():
    scene = published_challenge()
    forget_mails()
    corrected(scene)
    sent = mails()
    assert set(sent) == {scene.applicants[letter].email for letter in "ACE"}
    assert "A사가 협약을 포기하여 바로잡습니다." in sent[scene.applicants["C"].email].text
    assert sent[scene.applicants["A"].email].template == "awards/not_selected"


@pytest.mark.parametrize("reason", ["", "  ", "가" * 501])
def test_a_correction_needs_a_reason(reason):
    scene = published_challenge()
    with pytest.raises(RuleBroken) as refusal:
        correct(scene, reason, A=NOT_SELECTED)
    assert refusal.value.field == "reason"


def test_a_correction_that_changes_nothing_or_departs_without_a_reason_is_refused():
    scene = published_challenge()
    with pytest.raises(RuleBroken):
        correct(scene, D=DecisionInput(Outcome.NOT_SELECTED))
    with pytest.raises(RuleBroken):
        correct(scene, A=DecisionInput(Outcome.NOT_SELECTED))
    with pytest.raises(StaleEdit):
        services.correct_results(scene.challenge, {}, "why", version=7, actor=scene.organizer, now=NOW)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultSet)) == 1


def test_a_correction_before_publication_is_refused():
    scene = decided_challenge()
    with pytest.raises(RuleBroken):
        correct(scene, A=NOT_SELECTED)


def make_certificate(scene, letter, number):
    decision = db.session.scalar(sa.select(Decision).where(Decision.application_id == scene.id(letter)))
    certificate = Certificate(
        challenge_id=scene.challenge.id, decision_id=decision.id, host_id=scene.challenge.host_id, year=2022, number=number,
        code=f"CODE{number}", language="ko", style="classic", words={}, awarded_on=NOW.date(), requested_at=NOW,
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    return certificate


def test_certificates_of_changed_decisions_are_flagged():
    scene = published_challenge()
    stale, fresh = make_certificate(scene, "A", 1), make_certificate(scene, "F", 2)
    assert list_flagged_certificates(scene.challenge.id) == []
    corrected(scene)
    assert list_flagged_certificates(scene.challenge.id) == [stale]
    assert fresh not in list_flagged_certificates(scene.challenge.id)


def test_letters_go_on_after_z():
    assert [result_content.letter(i) for i in (0, 25, 26, 27)] == ["A", "Z", "AA", "AB"]
