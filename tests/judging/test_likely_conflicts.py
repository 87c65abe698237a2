"""Suggested conflicts: what is found by which ground, what is not, and what people make of it."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging.conflicts import queries, services
from app.judging.conflicts.likely import EntryFacts, JudgeFacts, company_key, domain_of, suggest
from app.judging.conflicts.models import ConflictReview
from app.judging.conflicts.states import Ground
from app.judging.models import Conflict
from app.judging.people.rules import ProfileDraft, TieDraft
from app.judging.people.services import save_profile
from app.judging.people.states import TieKind
from app.judging.services import declare_conflicts
from app.judging.states import ConflictKind, SheetState
from tests import factories
from tests.judging.scene import make_room, make_sheet


def entry(*names, **more):
    return EntryFacts(uuid4(), names or ("두레신용",), **more)


def grounds(judge, one):
    return {
        ground: words
        for likely in suggest([judge], [entry("전혀 다른 회사"), one])
        for ground, words in likely.grounds.items()
    }


def judge(**facts):
    return JudgeFacts(uuid4(), facts.pop("name", "나심사"), **facts)


@pytest.mark.parametrize(
    ("facts", "one", "found"),
    [
        ({"employer_number": "1234567891"}, entry(number="1234567891"), {Ground.EMPLOYER_NUMBER}),
        ({"employer_number": ""}, entry(number=""), set()),
        ({"ties": [("", "2222222227")]}, entry(number="2222222227"), {Ground.TIE_NUMBER}),
        ({"ties": [("㈜두레 신용", "")]}, entry("두레신용 주식회사"), {Ground.TIE_NAME}),
        ({"employers": ["두레신용(주)"]}, entry("(주) 두레 신용", "Dure Credit Inc."), {Ground.EMPLOYER_NAME}),
        ({"employers": ["DURE Credit, Co., Ltd."]}, entry("두레신용", "Dure Credit"), {Ground.EMPLOYER_NAME}),
        ({"employers": ["두레신용 기술연구소"]}, entry("두레신용"), {Ground.EMPLOYER_NAME}),
        ({"employers": ["한강대학교"]}, entry("한강대학교 기술지주(주)"), {Ground.EMPLOYER_NAME}),
        ({"employers": ["한강대학교 금융공학과(가상)"]}, entry("한강(가상)"), set()),  # two letters say nothing
        ({"employers": ["주식회사"]}, entry("주식회사 두레"), set()),
        ({"employers": [""]}, entry(""), set()),
        ({"emails": ["na@dure.co.kr"]}, entry(addresses=["https://www.dure.co.kr/about"]), {Ground.DOMAIN}),
        ({"emails": ["na@lab.dure.co.kr"]}, entry(addresses=["ceo@dure.co.kr"]), {Ground.DOMAIN}),
        ({"emails": ["na@dure.com"]}, entry(addresses=["mail.dure.com"]), {Ground.DOMAIN}),
        ({"emails": ["na@naver.com"]}, entry(addresses=["dure@naver.com"]), set()),
        ({"emails": ["na@other.co.kr"]}, entry(addresses=["ceo@dure.co.kr"]), set()),
        ({"name": "나 심사"}, entry(people=["나심사"]), {Ground.PERSON}),
        ({"name": "나심"}, entry(people=["나심사"]), set()),
    ],
)  # fmt: skip
def test_each_ground_finds_what_it_should_and_nothing_else(facts, one, found):
    assert set(grounds(judge(**facts), one)) == found


def test_names_and_domains_are_compared_by_what_tells_houses_apart():
    assert company_key("㈜ 가온샘 (본점)") == company_key("가온샘 유한회사") == "가온샘"
    assert company_key("(주)") != ""
    assert [domain_of(a) for a in ("A@Dure.co.kr", "HTTP://www.dure.kr:80/x", "gmail.com", "localhost", "")] == ["dure.co.kr", "dure.kr", "", "", ""]  # fmt: skip


def test_many_judges_and_entries_take_no_time():
    people = [judge(name=f"위원{i}", employers=[f"소속 기관 {i}"], emails=[f"a@firm{i}.co.kr"]) for i in range(60)]
    firms = [
        entry(f"기업 번호 {i}", number=f"{i:010}", people=[f"대표{i}"], addresses=[f"firm{i}.co.kr"])
        for i in range(2000)
    ]
    assert len(suggest(people, firms)) == 60


def suspicious_room(**more):
    """A judge who advised the first of two applicants."""
    room = make_room(entries=2, **more)
    room.entries[0].startup.name = Bilingual("두레신용(주)", "Dure Credit")
    draft = ProfileDraft(ties=[TieDraft("두레신용", "", TieKind.ADVISER, 2019)])
    save_profile(room.judges[0], draft, actor=room.organizer, now=factories.NOW)
    db.session.commit()
    return room


def test_a_person_confirms_and_the_judge_cannot_undo_it(browse_as, clock):
    room = suspicious_room()
    own, entry_ = room.judges[0], room.entries[0]
    sheet = make_sheet(own, entry_, {"fit": "20"})
    db.session.commit()
    organizer, url = browse_as(room.organizer), f"/manage/{room.challenge.id}/conflicts"
    page = organizer.get(url).text
    assert "위원1 위원이 관계가 있다고 적은 ‘두레신용’" in page
    assert "이해상충(제안 1건)" in organizer.get(f"/manage/{room.challenge.id}/judges").text
    data = {"judge": own.id, "entry": entry_.id}
    refused = organizer.post(f"{url}/suggested", data={**data, "act": "dismiss"})
    assert refused.status_code == 422
    assert "사유를 적어 주십시오" in refused.text
    assert organizer.post(f"{url}/suggested", data={**data, "act": "confirm"}).status_code == 303
    again = organizer.post(f"{url}/suggested", data={**data, "act": "confirm"}, follow_redirects=True)
    assert "더는 제안된 항목이 아닙니다" in again.text
    db.session.rollback()
    conflict = db.session.scalar(sa.select(Conflict))
    assert (conflict.kind, conflict.pinned, sheet.state) == (ConflictKind.DISQUALIFICATION, True, SheetState.WITHDRAWN)
    assert "두레신용" in conflict.reason
    desk = browse_as(room.person())
    own_page = desk.get(f"/judging/{room.challenge.id}/conflicts").text
    assert "두레신용" not in own_page  # neither to declare nor among what the judge declared
    assert (
        desk.post(f"/judging/{room.challenge.id}/conflicts/{conflict.id}/take-back", data={"reason": "x"}).status_code
        == 404
    )
    assert (
        organizer.post(f"{url}/{conflict.id}/lift", data={"reason": ""}, follow_redirects=True).text.count(
            "사유를 적어"
        )
        == 1
    )
    assert organizer.post(f"{url}/{conflict.id}/lift", data={"reason": "동명의 다른 회사"}).status_code == 303
    assert organizer.post(f"{url}/{conflict.id}/lift", data={"reason": "동명의 다른 회사"}).status_code == 404
    assert queries.suggested_pairs(room.challenge) == []  # decided once, not asked again


def test_what_is_dismissed_stays_so_until_a_new_ground_appears(clock):
    room = suspicious_room()
    act = {"actor": room.organizer, "now": clock()}
    (likely,) = queries.suggested_pairs(room.challenge)
    services.dismiss_suggestion(room.judges[0], room.entries[0], likely.grounds, "다른 회사", **act)
    assert queries.suggested_pairs(room.challenge) == []
    assert [row.reason for row in queries.list_dismissed(room.challenge.id)] == ["다른 회사"]
    room.entries[0].startup.representative = "위원1"
    db.session.flush()
    (likely,) = queries.suggested_pairs(room.challenge)
    assert set(likely.grounds) == {Ground.TIE_NAME, Ground.PERSON}
    review = db.session.scalar(sa.select(ConflictReview))
    assert review.grounds == [["tie_name", "두레신용"]]
    room.challenge.state = ChallengeState.PUBLISHED  # sealed or not, applicants are not looked at before the close
    assert queries.suggested_pairs(room.challenge) == []


def test_what_a_judge_declared_by_mistake_comes_back_unless_pinned(browse_as, clock):
    room = make_room(entries=2)
    person, act = room.person(), {"actor": room.organizer, "now": clock()}
    given = {entry.id: (ConflictKind.RECUSAL, "전 직장") for entry in room.entries}
    declare_conflicts(room.judges[0], given, actor=person, now=clock())
    first, second = db.session.scalars(sa.select(Conflict).order_by(Conflict.id))
    services.pin_conflict(first, room.judges[0], pinned=True, **act)
    db.session.commit()
    desk = browse_as(person)
    url = f"/judging/{room.challenge.id}/conflicts"
    assert desk.get(url).text.count("철회할 수 없습니다") == 1
    for conflict, said in ((first, "고정한"), (second, "철회했습니다")):
        assert said in desk.post(f"{url}/{conflict.id}/take-back", data={"reason": "착오"}, follow_redirects=True).text
    db.session.rollback()
    assert [row.id for row in db.session.scalars(sa.select(Conflict))] == [first.id]


def test_the_organizer_records_one_by_hand_but_not_over_a_signature_nor_about_oneself(browse_as, clock):
    room = make_room(entries=2)
    make_sheet(room.judges[0], room.entries[1], {"fit": "20"}, signed=True)
    db.session.commit()
    organizer, url = browse_as(room.organizer), f"/manage/{room.challenge.id}/conflicts"
    data = {"judge": room.judges[0].id, "number": room.entries[0].receipt_number, "kind": "recusal", "reason": "친족"}
    for change, said in (
        ({"number": "없는 번호"}, "이 접수번호의"),
        ({"judge": "x"}, "평가위원을 선택"),
        ({"reason": " "}, "사유를 적어"),
        ({"number": room.entries[1].receipt_number}, "이미 서명"),
    ):
        response = organizer.post(url, data={**data, **change})
        assert response.status_code == 422
        assert said in response.text
    assert organizer.post(url, data=data).status_code == 303
    db.session.rollback()
    room.judges[0].user_id = room.organizer.id
    db.session.flush()
    with pytest.raises(RuleBroken, match="본인에 관한"):
        services.record_conflict(
            room.judges[0], room.entries[0], ConflictKind.RECUSAL, "x", actor=room.organizer, now=clock()
        )
