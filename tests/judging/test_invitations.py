"""Inviting judges and what they answer: by mail, once, for thirty days, for one person."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.passwords import is_password
from app.accounts.services import sign_up
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import services
from app.judging.models import Judge
from app.judging.states import JudgeState, SheetState
from app.mail.models import Mail
from tests import factories
from tests.judging.scene import make_room, make_sheet


def invite(browser, room, **data):
    data = {"name": "박평가", "email": "Judge@Example.org ", **data}
    return browser.post(f"/manage/{room.challenge.id}/judges", data=data)


def mailed_token(address="judge@example.org"):
    db.session.rollback()
    mail = db.session.scalars(sa.select(Mail).where(Mail.to_address == address).order_by(Mail.id.desc())).first()
    return re.search(r"/judging/invitations/([\w-]+)", mail.text).group(1)


def test_an_invitation_goes_out_with_a_link_whose_hash_alone_is_kept(browse_as):
    room = make_room()
    assert invite(browse_as(room.organizer), room).status_code == 303
    token = mailed_token()
    judge = db.session.scalar(sa.select(Judge).where(Judge.email == "judge@example.org"))
    assert judge.state is JudgeState.INVITED
    assert token not in judge.token_sha256
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "judging.invite_judge")) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "nobody"}, "name@example.org"),
        ({"email": ""}, "이메일 주소를 입력"),
        ({"name": " "}, "이름을 입력"),
        ({"name": "가" * 101}, "100자까지"),
        ({"affiliation": "가" * 151}, "150자까지"),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept(browse_as, data, sentence):
    room = make_room()
    response = invite(browse_as(room.organizer), room, **data)
    assert response.status_code == 422
    assert sentence in response.text
    assert "Judge@Example.org" in response.text or "email" in data
    assert db.session.scalar(sa.select(sa.func.count(Judge.id))) == 1


def test_an_address_is_invited_once(browse_as):
    room = make_room()
    browser = browse_as(room.organizer)
    assert invite(browser, room).status_code == 303
    response = invite(browser, room)
    assert response.status_code == 422
    assert "judge@example.org에는 이미 초대를 보냈습니다." in response.text


def test_accepting_takes_an_account_with_that_address_and_the_pledge(browse_as, client):
    room = make_room(state=ChallengeState.CLOSED)
    invite(browse_as(room.organizer), room)
    url = f"/judging/invitations/{mailed_token()}"
    person = factories.make_user(email="judge@example.org")
    assert "로그인하고 수락하기" in client.get(url).text
    assert client.post(url, data={"answer": "accept", "pledge": "y"}).location.startswith("/sign-in")
    stranger = factories.make_user()
    response = browse_as(stranger).post(url, data={"answer": "accept", "pledge": "y"})
    assert response.status_code == 422
    assert f"지금은 {stranger.email} 계정" in response.text
    assert "로그아웃하고 계속" in response.text
    db.session.commit()
    judge = browse_as(person)
    assert "서약에 동의해 주십시오" in judge.post(url, data={"answer": "accept"}).text
    assert judge.post(url, data={"answer": "accept", "pledge": "y"}).status_code == 303
    again = judge.post(url, data={"answer": "accept", "pledge": "y"})
    assert again.status_code == 422
    assert "이미 수락한 초대입니다." in again.text
    db.session.rollback()
    kept = db.session.scalar(sa.select(Judge).where(Judge.email == "judge@example.org"))
    assert kept.state is JudgeState.ACCEPTED
    assert kept.pledged_at is not None
    assert judge.get(f"/judging/{room.challenge.id}").location.endswith("/conflicts")


NEW = {"answer": "accept", "pledge": "y", "name": "박평가", "password": "새벽 강가의 자전거"}


def invited(browse_as, room):
    invite(browse_as(room.organizer), room)
    return f"/judging/invitations/{mailed_token()}"


def person():
    db.session.rollback()
    return db.session.scalar(sa.select(User).where(User.email == "judge@example.org"))


def test_who_has_no_account_makes_one_while_accepting_and_is_signed_in(browse_as, client):
    room = make_room(state=ChallengeState.CLOSED)
    url = invited(browse_as, room)
    page = client.get(url).text
    assert "아직 계정이 없습니다." in page
    assert 'value="박평가"' in page
    assert person() is None  # opening the link changes nothing
    response = client.post(url, data=NEW)
    assert response.location == f"/judging/{room.challenge.id}"
    user = person()
    assert user.confirmed_at is not None
    judge = db.session.scalar(sa.select(Judge).where(Judge.email == "judge@example.org"))
    assert (judge.state, judge.user_id) == (JudgeState.ACCEPTED, user.id)
    assert client.get(response.location).location.endswith("/conflicts")
    assert "수락하신 초대입니다." in client.get(url).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"pledge": ""}, "서약에 동의해 주십시오"),
        ({"name": " "}, "이름을 입력해 주십시오"),
        ({"password": ""}, "비밀번호를 정해 주십시오"),
        ({"password": "짧은 말"}, "10자 이상으로 정해 주십시오"),
        ({"password": "judge@example.org"}, "다른 비밀번호로 정해 주십시오"),
        ({"name": "가" * 101}, "100자 이하로"),
    ],
)
def test_an_account_that_cannot_be_made_leaves_the_invitation_open(browse_as, client, data, sentence):
    url = invited(browse_as, make_room())
    response = client.post(url, data={**NEW, **data})
    assert response.status_code == 422
    assert sentence in response.text
    assert person() is None
    assert client.post(url, data=NEW).status_code == 303


def test_a_sign_up_that_a_stranger_began_is_taken_over_by_whoever_reads_the_mail(browse_as, client, clock):
    url = invited(browse_as, make_room())
    sign_up(email="judge@example.org", name="남", password="남이 정한 비밀번호", language="en", now=clock())
    db.session.commit()
    assert client.post(url, data=NEW).status_code == 303
    user = person()
    assert user.name == "박평가"
    assert is_password(NEW["password"], user.password_hash)


def test_a_link_that_ended_makes_no_account(browse_as, client, clock):
    url = invited(browse_as, make_room())
    clock.advance(days=30, seconds=1)
    assert client.post(url, data=NEW).status_code == 422
    assert person() is None


def test_a_second_press_finds_the_account_made(browse_as, app):
    url = invited(browse_as, make_room())
    one, other = app.test_client(), app.test_client()
    assert one.post(url, data=NEW).status_code == 303
    assert other.post(url, data=NEW).location.startswith("/sign-in")
    assert one.post(url, data=NEW).status_code == 422


def test_anybody_with_the_link_may_decline_and_be_invited_again(browse_as, client):
    room = make_room()
    organizer = browse_as(room.organizer)
    invite(organizer, room)
    url = f"/judging/invitations/{mailed_token()}"
    assert "거절하셨습니다" in client.post(url, data={"answer": "decline"}).text
    judge = db.session.scalar(sa.select(Judge).where(Judge.email == "judge@example.org"))
    assert "다시 초대" in organizer.get(f"/manage/{room.challenge.id}/judges").text
    assert organizer.post(f"/manage/{room.challenge.id}/judges/{judge.id}/invite-again").status_code == 303
    assert client.get(url).status_code == 404  # the old link ended
    assert "가입하고 수락하기" in client.get(f"/judging/invitations/{mailed_token()}").text


def test_a_link_ends_after_thirty_days(browse_as, client, clock):
    room = make_room()
    invite(browse_as(room.organizer), room)
    url = f"/judging/invitations/{mailed_token()}"
    clock.advance(days=30)
    assert "거절" in client.get(url).text
    clock.advance(seconds=1)
    response = client.post(url, data={"answer": "decline"})
    assert response.status_code == 422
    assert "이 초대는 2022. 10. 20.(목) 14:12에 끝났습니다." in response.text


def test_who_is_taken_out_sees_nothing_more_and_signed_sheets_stay(browse_as):
    room = make_room(entries=2)
    signed = make_sheet(room.judges[0], room.entries[0], {"fit": "30"}, signed=True)
    drafted = make_sheet(room.judges[0], room.entries[1], {"fit": "20"})
    db.session.commit()
    judge = browse_as(room.person())
    response = browse_as(room.organizer).post(f"/manage/{room.challenge.id}/judges/{room.judges[0].id}/remove")
    assert response.status_code == 303
    db.session.rollback()
    assert (signed.state, drafted.state) == (SheetState.SIGNED, SheetState.WITHDRAWN)
    assert judge.get(f"/judging/{room.challenge.id}").status_code == 404
    assert judge.get(f"/judging/sheets/{signed.id}").status_code == 404


def test_another_challenges_judge_is_not_found_here(browse_as):
    room, other = make_room(), make_room()
    url = f"/manage/{room.challenge.id}/judges/{other.judges[0].id}/remove"
    assert browse_as(room.organizer).post(url).status_code == 404


def test_the_same_person_is_no_judge_twice(clock):
    room = make_room()
    person = room.person()
    db.session.commit()
    judge, _token = services.invite_judge(
        room.challenge, email="other@example.org", name="나", actor=room.organizer, now=clock()
    )
    person.email = "other@example.org"
    db.session.flush()
    with pytest.raises(RuleBroken, match="이미"):
        services.accept_invitation(judge, actor=person, now=clock())


def test_no_invitation_after_the_end(clock):
    room = make_room(state=ChallengeState.RESULTS_OUT)
    with pytest.raises(RuleBroken, match="평가가 끝나"):
        services.invite_judge(room.challenge, email="a@example.org", name="가", actor=room.organizer, now=clock())
    with pytest.raises(RuleBroken, match="담당자만"):
        services.invite_judge(
            room.challenge, email="a@example.org", name="가", actor=factories.make_user(), now=clock()
        )
