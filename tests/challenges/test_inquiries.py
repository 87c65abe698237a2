"""Questions about a call: asked by startups, answered in public, and nowhere is it said who asked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.challenges import inquiry_rules, services
from app.challenges.models import ChallengeRole, ChallengeStaff, Inquiry
from app.challenges.states import INQUIRY_TRANSITIONS, ChallengeState, InquiryState
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.persons import keepers
from app.mail.models import Mail
from tests import factories
from tests.factories import NOW, make_challenge, make_user, seoul

EN = {"Accept-Language": "en"}


class Scene:
    def __init__(self, email="hush@example.org", **values):
        self.challenge = make_challenge(**values)
        self.organizer = make_user("박새롬", member_of=self.challenge.host, language="en")
        self.startup = factories.make_organization(name=Bilingual("비밀상사", "Hushwater Labs"))
        self.person = make_user("김몰래", member_of=self.startup, email=email, language="en")
        db.session.commit()
        self.public = f"/challenges/{self.challenge.slug}"
        self.path = f"/manage/{self.challenge.id}/questions"

    def ask(self, text="공동 신청도 되나요?", now=NOW) -> Inquiry:
        inquiry = services.ask_question(self.challenge, text, actor=self.person, now=now)
        db.session.commit()
        return inquiry

    def answer(self, inquiry, ko="됩니다.", en="", *, question="공동 신청이 되나요?", seen=None, now=NOW) -> None:
        published = Bilingual(question if ko else "", "May two apply together?" if en else "")
        services.answer_question(
            self.challenge, inquiry, published=published, answer=Bilingual(ko, en), seen=seen or inquiry.version, actor=self.organizer, now=now,
        )  # fmt: skip
        db.session.commit()


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.created_at, Mail.id)))


@pytest.fixture
def scene():
    return Scene()


def test_a_question_is_asked_answered_told_and_read_by_everybody(scene, browse_as, client):
    asker, organizer = browse_as(scene.person), browse_as(scene.organizer)
    assert asker.post(f"{scene.public}/questions", data={"text": "May two startups apply together?"}).status_code == 303
    assert "Waits for an answer" in asker.get(f"{scene.public}/questions").text
    assert "1 question waits for an answer." in organizer.get(f"/manage/{scene.challenge.id}").text
    assert "May two startups" not in client.get(scene.public).text
    [inquiry] = db.session.scalars(sa.select(Inquiry))
    page = organizer.get(f"{scene.path}/{inquiry.id}").text
    assert page.count("May two startups apply together?") == 2  # as asked, and to begin from
    answer = {
        "published_en": "Can two startups apply together?", "answer_en": "Yes, **two**.", "published_ko": "", "answer_ko": "", "seen": "1",
    }  # fmt: skip
    assert organizer.post(f"{scene.path}/{inquiry.id}", data=answer).status_code == 303
    public = client.get(scene.public, headers=EN).text
    assert 'id="q-1"' in public
    assert "Can two startups apply together?" in public
    assert "<strong>two</strong>" in public
    assert (
        "Yes, <strong>two</strong>" in client.get(scene.public, headers={"Accept-Language": "ko"}).text
    )  # in one language, for both
    [mail] = [m for m in mails() if m.to_address == "hush@example.org"]
    assert f"{scene.public}#q-1" in mail.text
    assert "Waits for an answer" not in asker.get(f"{scene.public}/questions").text


TRACES = ("김몰래", "hush@example.org", "비밀상사", "Hushwater")


def test_nowhere_is_it_said_who_asked(scene, browse_as, client):
    watcher = make_user("박참관")
    db.session.add(ChallengeStaff(challenge_id=scene.challenge.id, user_id=watcher.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    first, second, third = scene.ask("하나"), scene.ask("둘"), scene.ask("셋")
    scene.answer(first)
    services.merge_question(scene.challenge, second, first, seen=1, actor=scene.organizer, now=NOW)
    services.decline_question(scene.challenge, third, "공고에 있습니다.", seen=1, actor=scene.organizer, now=NOW)
    db.session.commit()
    manage = f"/manage/{scene.challenge.id}"
    for person in (None, scene.organizer, watcher):
        browser = browse_as(person)
        paths = [scene.public, "/feed.atom", "/feed.json", f"{scene.public}/calendar.ics"]
        if person is not None:
            paths += [
                manage,
                scene.path,
                f"{manage}/trail",
                f"{manage}/mails",
                *(f"{scene.path}/{i.id}" for i in (first, second, third)),
            ]
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert not [trace for trace in TRACES if trace in answer.text], (path, person)
            assert str(scene.person.id) not in answer.text, path
    for mail in mails():
        assert browse_as(scene.organizer).get(f"{manage}/mails/{mail.id}").status_code == 404
    assert "셋" not in client.get(scene.public).text
    assert "공고에 있습니다." not in client.get(scene.public).text


@pytest.mark.parametrize(
    ("now", "until", "said"),
    [
        (seoul("2022-09-23T17:00"), None, None),
        (seoul("2022-09-23T17:00:01"), None, "Questions were taken until"),
        (seoul("2022-09-21T12:00"), seoul("2022-09-21T12:00"), None),
        (seoul("2022-09-21T12:00:01"), seoul("2022-09-21T12:00"), "Questions were taken until"),
    ],
)
def test_questions_are_taken_until_their_date_and_never_after_the_close(app, scene, now, until, said):
    scene.challenge.questions_until = until
    with app.test_request_context(headers=EN):
        reason = inquiry_rules.why_not_ask(scene.challenge, scene.person, now)
    assert (reason is None) if said is None else said in reason


def test_only_the_people_of_a_startup_ask(app, scene, browse_as):
    nobody = make_user("이무소속", language="en")
    for person in (nobody, scene.organizer):
        answer = browse_as(person).post(f"{scene.public}/questions", data={"text": "Why?"})
        assert answer.status_code == 422
        assert "Only the people of a startup can ask" in answer.text
    assert db.session.scalar(sa.select(Inquiry)) is None


@pytest.mark.parametrize(
    ("text", "said"), [("", "Write your question."), ("가" * 1001, "this has 1,001"), (" \n ", "Write your question.")]
)
def test_a_question_that_fails_is_given_back(scene, browse_as, text, said):
    answer = browse_as(scene.person).post(f"{scene.public}/questions", data={"text": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert text.strip() in answer.text


def test_a_double_click_asks_once_and_nobody_floods(scene):
    assert scene.ask("같은 질문").id == scene.ask("같은 질문").id
    for number in range(inquiry_rules.MOST_OPEN - 1):
        scene.ask(f"질문 {number}")
    with pytest.raises(RuleBroken, match="5"):
        scene.ask("하나 더")


def test_a_draft_takes_no_questions(browse_as):
    scene = Scene(state=ChallengeState.DRAFT)
    assert browse_as(scene.person).get(f"{scene.public}/questions").status_code == 404


def test_answers_are_numbered_in_their_order_and_keep_their_number(scene, client):
    first, second = scene.ask("하나"), scene.ask("둘")
    scene.answer(second, question="둘째가 먼저")
    scene.answer(first, question="첫째가 나중", now=NOW + timedelta(hours=1))
    scene.answer(second, "새 말", question="둘째가 먼저", now=NOW + timedelta(hours=2))
    assert (second.number, first.number) == (1, 2)
    page = client.get(scene.public, headers={"Accept-Language": "ko"}).text
    assert page.index('id="q-1"') < page.index("둘째가 먼저") < page.index('id="q-2"') < page.index("첫째가 나중")
    assert "새 말" in page
    assert "수정" in page
    assert len([m for m in mails() if m.template == "challenges/inquiry_answered"]) == 2  # a new wording is no news
    events = [
        e.action for e in db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.happened_at, AuditEvent.id))
    ]
    assert events.count("challenges.answer_question") == 2
    assert events.count("challenges.change_answer") == 1
    assert first.text == "하나"  # as it was asked


def test_answers_are_found_by_their_words(scene, client):
    for text, reply in (("특허", "출원 중이어도 됩니다."), ("지역", "서울이면 됩니다.")):
        scene.answer(scene.ask(text), reply, question=f"{text} 질문")
    page = client.get(f"{scene.public}?asked=출원", headers={"Accept-Language": "ko"}).text
    assert "출원 중이어도 됩니다." in page
    assert "서울이면 됩니다." not in page
    assert 'id="q-1"' in page
    assert (
        "이 말이 들어 있는 답변이 없습니다."
        in client.get(f"{scene.public}?asked=%25", headers={"Accept-Language": "ko"}).text
    )


@pytest.mark.parametrize(
    ("published", "answer", "field"),
    [
        (Bilingual("", ""), Bilingual("", ""), "answer_ko"),
        (Bilingual("질문", ""), Bilingual("", ""), "answer_ko"),
        (Bilingual("", ""), Bilingual("", "Yes"), "published_en"),
        (Bilingual("질문", "Question"), Bilingual("답", ""), "answer_en"),
        (Bilingual("가" * 1001, ""), Bilingual("답", ""), "published_ko"),
        (Bilingual("질문", ""), Bilingual("가" * 5001, ""), "answer_ko"),
    ],
)
def test_an_answer_that_would_fail_names_its_field(scene, published, answer, field):
    inquiry = scene.ask()
    with pytest.raises(RuleBroken) as refused:
        services.answer_question(
            scene.challenge, inquiry, published=published, answer=answer, seen=1, actor=scene.organizer, now=NOW
        )
    assert refused.value.field == field


def test_two_colleagues_do_not_answer_over_each_other(scene, browse_as):
    inquiry = scene.ask()
    scene.answer(inquiry)
    data = {"published_ko": "다른 질문", "answer_ko": "아닙니다.", "published_en": "", "answer_en": "", "seen": "1"}
    answer = browse_as(scene.organizer).post(f"{scene.path}/{inquiry.id}", data=data)
    assert answer.status_code == 409
    assert "아닙니다." in answer.text
    with pytest.raises(StaleEdit):
        services.decline_question(scene.challenge, inquiry, "r", seen=1, actor=scene.organizer, now=NOW)


def test_merging_points_to_a_standing_answer_only(scene, browse_as):
    first, second = scene.ask("하나"), scene.ask("둘")
    path = f"{scene.path}/{second.id}/merge"
    browser = browse_as(scene.organizer)
    assert browser.post(path, data={"into": str(first.id), "seen": "1"}).status_code == 422
    scene.answer(first)
    other = Scene("other@example.org")
    theirs = other.ask("남의 질문")
    other.answer(theirs)
    assert browser.post(path, data={"into": str(theirs.id), "seen": "1"}).status_code == 422
    assert browser.post(path, data={"into": str(first.id), "seen": "1"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Inquiry, second.id).state is InquiryState.MERGED
    assert (
        browser.post(f"{scene.path}/{first.id}/decline", data={"reason": "r", "seen": "2"}).status_code == 422
    )  # it is public


def test_a_declined_question_tells_its_asker_why(scene, browse_as):
    inquiry = scene.ask("비공개 정보를 알려 주세요")
    browser = browse_as(scene.organizer)
    assert browser.post(f"{scene.path}/{inquiry.id}/decline", data={"reason": "", "seen": "1"}).status_code == 422
    assert (
        browser.post(f"{scene.path}/{inquiry.id}/decline", data={"reason": "Not public", "seen": "1"}).status_code
        == 303
    )
    assert "Not public" in next(m for m in mails() if m.to_address == "hush@example.org").text
    assert "Not public" in browse_as(scene.person).get(f"{scene.public}/questions").text


def test_the_date_is_set_within_the_call_and_goes_back_to_the_close(scene, browse_as):
    browser = browse_as(scene.organizer)
    for wrong in ("2022-09-23T17:01", "soon"):
        assert browser.post(scene.path, data={"until": wrong}).status_code == 422
    assert browser.post(scene.path, data={"until": "2022-09-21T18:00"}).status_code == 303
    db.session.rollback()
    db.session.refresh(scene.challenge)
    assert scene.challenge.questions_until == seoul("2022-09-21T18:00")
    assert browser.post(scene.path, data={"until": ""}).status_code == 303
    db.session.rollback()
    db.session.refresh(scene.challenge)
    assert scene.challenge.questions_until is None


def test_another_organizer_finds_nothing(scene, browse_as):
    inquiry, other = scene.ask(), Scene("other@example.org")
    browser = browse_as(other.organizer)
    for path in (f"{scene.path}/{inquiry.id}", f"{other.path}/{inquiry.id}"):
        assert browser.get(path).status_code == 404
        assert browser.post(f"{path}/decline", data={"reason": "r", "seen": "1"}).status_code == 404


def test_markup_in_questions_and_answers_runs_nowhere(scene, client):
    scene.answer(
        scene.ask(), "<script>alert(1)</script> [x](javascript:alert(1))", question="<img src=x onerror=alert(1)>"
    )
    page = client.get(scene.public).text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_who_closes_the_account_leaves_the_answer_and_nothing_else(scene, client):
    inquiry = scene.ask("나는 김몰래입니다")
    scene.answer(inquiry)
    keeper = next(k for k in keepers() if "inquiries" in k.columns)
    assert any("나는 김몰래입니다" in str(h.rows) for h in keeper.find(scene.person))
    keeper.erase_person(scene.person, now=NOW)
    db.session.commit()
    db.session.refresh(inquiry)
    assert "김몰래" not in inquiry.text
    assert inquiry.asked_by_id is None
    assert "됩니다." in client.get(scene.public).text


def test_every_state_stands_in_the_table():
    assert set(INQUIRY_TRANSITIONS) == set(InquiryState)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["answer", "merge", "decline"])), max_size=10))
def test_whatever_the_order_numbers_have_no_gap_and_answers_stay(app, acts):
    db.session.rollback()
    scene = Scene(f"{factories.make_organization().id.hex}@example.org")
    asked = [scene.ask(f"질문 {i}") for i in range(3)]
    public: list[Inquiry] = []
    for which, act in acts:
        inquiry = asked[which]
        try:
            if act == "answer":
                scene.answer(inquiry)
            elif act == "merge":
                into = public[0] if public else None
                services.merge_question(
                    scene.challenge, inquiry, into, seen=inquiry.version, actor=scene.organizer, now=NOW
                )
            else:
                services.decline_question(
                    scene.challenge, inquiry, "이유", seen=inquiry.version, actor=scene.organizer, now=NOW
                )
            db.session.commit()
        except RuleBroken:
            db.session.rollback()
        if inquiry.state is InquiryState.ANSWERED and inquiry not in public:
            public.append(inquiry)
        assert all(one.state is InquiryState.ANSWERED for one in public)
    assert [one.number for one in public] == list(range(1, len(public) + 1))
