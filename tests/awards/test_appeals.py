"""Objecting to a decision: concerns in the public review, appeals after the results, and their answers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.applications.states import ApplicationState
from app.awards import services
from app.awards.appeals import queries, rules
from app.awards.appeals.models import Appeal, PublicReview
from app.awards.appeals.services import answer_appeal, file_appeal, open_public_review, raise_concern
from app.awards.appeals.states import TRANSITIONS, AppealKind, AppealState
from app.awards.personal_data import erase_challenge, erase_person
from app.challenges.models import Milestone
from app.challenges.states import MilestoneKind
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.persons import ERASED
from app.mail.models import Mail
from tests import factories
from tests.awards.scenes import NOW, decided_challenge, published_challenge

DAY = timedelta(days=1)


def with_window(scene, starts=NOW - DAY, ends=NOW + 7 * DAY):
    scene.challenge.milestones.append(
        Milestone(challenge_id=scene.challenge.id, kind=MilestoneKind.APPEALS, starts_at=starts, ends_at=ends)
    )
    db.session.commit()
    return scene


def mails():
    query = sa.select(Mail).where(Mail.template == "awards/appeal_answered").order_by(Mail.created_at)
    return list(db.session.scalars(query))


def test_every_state_says_what_it_may_become():
    assert set(TRANSITIONS) == set(AppealState)


def test_an_appeal_is_taken_within_its_window_to_the_second():
    scene = with_window(published_challenge())

    def why(moment, standing=None, state=ApplicationState.ELIGIBLE):
        return rules.why_not_appeal(scene.challenge, state, standing, moment)

    assert why(NOW) is None
    assert why(NOW + 7 * DAY) is None
    assert why(NOW, state=ApplicationState.INELIGIBLE) is None
    assert "2022. 9. 27." in why(NOW + 7 * DAY + timedelta(seconds=1))
    assert "2022. 9. 19." in why(NOW - DAY - timedelta(seconds=1))
    assert "없습니다" in why(NOW, state=ApplicationState.WITHDRAWN)
    scene.challenge.milestones.clear()
    assert "이의신청을 받지 않습니다" in why(NOW)


def test_an_applicant_appeals_once_and_reads_the_reason_of_the_answer():
    scene = with_window(published_challenge())
    application, actor = scene.applications["D"], scene.applicants["D"]
    for text, why in ((" ", "절차"), ("가" * 2001, "2,000")):
        with pytest.raises(RuleBroken, match=why):
            file_appeal(application, text, actor=actor, now=NOW)
    appeal = file_appeal(application, " 평가위원 제척 사유가 있었습니다. ", actor=actor, now=NOW)
    assert (
        file_appeal(application, "평가위원 제척 사유가 있었습니다.", actor=actor, now=NOW) == appeal
    )  # a double click
    with pytest.raises(RuleBroken, match="한 번"):
        file_appeal(application, "또 있습니다.", actor=actor, now=NOW)
    with pytest.raises(RuleBroken):
        answer_appeal(scene.challenge, appeal, "읽었습니다.", upheld=False, actor=actor, now=NOW)
    with pytest.raises(RuleBroken, match="사유"):
        answer_appeal(scene.challenge, appeal, " ", upheld=False, actor=scene.organizer, now=NOW)
    answer_appeal(
        scene.challenge,
        appeal,
        "해당 위원은 이 기업을 평가하지 않았습니다.",
        upheld=False,
        actor=scene.organizer,
        now=NOW + DAY,
    )
    with pytest.raises(RuleBroken, match="이미"):
        answer_appeal(scene.challenge, appeal, "다시 봅니다.", upheld=True, actor=scene.organizer, now=NOW + DAY)
    (mail,) = mails()
    assert mail.to_address == actor.email
    assert "해당 위원은 이 기업을 평가하지 않았습니다." in mail.text
    assert "평가위원" not in mail.subject
    told = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == appeal.id)).all()
    assert [event.action for event in told] == ["awards.file_appeal", "awards.answer_appeal"]
    assert "제척" not in str([event.details for event in told])  # what people wrote is kept apart, to be erased


def test_the_public_review_holds_the_results_until_it_is_over_and_answered():
    scene = decided_challenge()
    for moment, why in ((NOW, "지난"), (NOW + 61 * DAY, "60일")):
        with pytest.raises(RuleBroken, match=why):
            open_public_review(scene.challenge, moment, actor=scene.organizer, now=NOW)
    review = open_public_review(scene.challenge, NOW + 10 * DAY, actor=scene.organizer, now=NOW)
    assert {one.company.ko for one in review.chosen} == {"A기업", "B기업", "E기업", "F기업"}
    assert {frozenset(row) for row in review.content} == {frozenset({"application_id", "company", "theme"})}  # no score
    with pytest.raises(RuleBroken, match="이미"):
        open_public_review(scene.challenge, NOW + 10 * DAY, actor=scene.organizer, now=NOW)
    reporter = factories.make_user("제보자")
    concern = raise_concern(scene.challenge, scene.id("A"), "특허권 분쟁이 있습니다.", actor=reporter, now=NOW + DAY)
    assert raise_concern(scene.challenge, scene.id("A"), "또", actor=reporter, now=NOW + DAY) == concern
    with pytest.raises(RuleBroken, match="목록"):
        raise_concern(scene.challenge, scene.id("D"), "선정되지 않은 곳입니다.", actor=reporter, now=NOW + DAY)
    with pytest.raises(RuleBroken, match=r"2022\. 9\. 30\."):
        services.publish_results(scene.challenge, actor=scene.organizer, now=NOW + 9 * DAY)
    with pytest.raises(RuleBroken, match="끝났습니다"):
        raise_concern(scene.challenge, scene.id("B"), "늦었습니다.", actor=reporter, now=NOW + 11 * DAY)
    with pytest.raises(RuleBroken, match="1건"):
        services.publish_results(scene.challenge, actor=scene.organizer, now=NOW + 11 * DAY)
    answer_appeal(
        scene.challenge, concern, "등록원부를 확인했습니다.", upheld=False, actor=scene.organizer, now=NOW + 11 * DAY
    )
    assert [mail.to_address for mail in mails()] == [reporter.email]
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW + 11 * DAY)


def test_reopening_the_judging_takes_the_names_away():
    scene = decided_challenge()
    open_public_review(scene.challenge, NOW + 10 * DAY, actor=scene.organizer, now=NOW)
    services.reopen_judging(scene.challenge, "이의가 받아들여졌습니다.", actor=scene.organizer, now=NOW + DAY)
    assert db.session.scalar(sa.select(PublicReview)) is None
    with pytest.raises(RuleBroken):
        raise_concern(scene.challenge, scene.id("A"), "늦었습니다.", actor=scene.organizer, now=NOW + DAY)


def test_what_was_written_goes_with_the_person_and_the_answer_counts_on():
    scene = with_window(published_challenge())
    first = file_appeal(scene.applications["D"], "점수를 다시 봐 주세요.", actor=scene.applicants["D"], now=NOW)
    second = file_appeal(scene.applications["C"], "합계가 다릅니다.", actor=scene.applicants["C"], now=NOW)
    answer_appeal(scene.challenge, first, "절차가 아닙니다.", upheld=False, actor=scene.organizer, now=NOW)
    assert erase_person(scene.applicants["D"], now=NOW) == 1
    db.session.expire_all()
    assert (first.text, first.answer, first.filed_by_id, first.state) == (ERASED, ERASED, None, AppealState.DISMISSED)
    assert erase_challenge(scene.challenge.id, now=NOW, limit=10) == 1
    assert erase_challenge(scene.challenge.id, now=NOW, limit=10) == 0
    db.session.expire_all()
    assert (second.text, second.answer) == (ERASED, "")


def test_pages(browse_as, clock):
    scene = with_window(published_challenge())
    application = scene.applications["D"]
    path = f"/applications/{application.id}/appeal"
    assert f'href="{path}"' in browse_as(scene.applicants["D"]).get(f"/applications/{application.id}/result").text
    typed = "가" * 2001
    refused = browse_as(scene.applicants["D"]).post(path, data={"text": typed})
    assert refused.status_code == 422
    assert typed in refused.text
    browse_as(scene.applicants["D"]).post(path, data={"text": "배점이 공고와 다릅니다."})
    assert "배점이 공고와 다릅니다." in browse_as(scene.applicants["D"]).get(path).text
    assert browse_as(scene.applicants["A"]).get(path).status_code == 404
    appeal = db.session.scalar(sa.select(Appeal))
    assert (appeal.kind, queries.count_open(scene.challenge.id)) == (AppealKind.APPEAL, 1)
    managed = f"/manage/{scene.challenge.id}/appeals"
    assert "배점이 공고와 다릅니다." in browse_as(scene.organizer).get(managed).text
    empty = browse_as(scene.organizer).post(
        f"{managed}/{appeal.id}", data={f"verdict-{appeal.id}": "upheld", f"answer-{appeal.id}": ""}
    )
    assert empty.status_code == 422
    assert "사유를 적어 주세요" in empty.text
    browse_as(scene.organizer).post(
        f"{managed}/{appeal.id}", data={f"verdict-{appeal.id}": "upheld", f"answer-{appeal.id}": "배점을 바로잡습니다."}
    )
    assert "배점을 바로잡습니다." in browse_as(scene.applicants["D"]).get(path).text
