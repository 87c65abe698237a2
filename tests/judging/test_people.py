"""A judge's profile, and the pledge by its versions."""

import pytest
import sqlalchemy as sa

from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging import services as judging
from app.judging.people import queries, rules, services
from app.judging.people.models import JudgeProfile, PledgeSignature
from app.judging.people.states import Familiarity, TieKind
from app.mail.models import Mail
from tests.judging.scene import make_judge, make_room


def test_a_profile_is_kept_whole_and_never_overwritten_unseen(browse_as, clock):
    room = make_room(state=ChallengeState.CLOSED)
    judge, (theme, *_more), round_ = room.judges[0], room.challenge.themes, room.round
    browser, url = browse_as(room.person()), f"/judging/{room.challenge.id}/profile"
    assert "전문 분야" in browser.get(url).text
    typed = {
        "version": "0", f"level-{theme.id}": "expert", "keywords": "결제, 오픈뱅킹;결제", "employer": "한강대학교", "cap": "12",
        "employer_number": "123-45-67891", "tie-1-company": "(주)두레", "tie-1-number": "222-22-22227", "tie-1-kind": "adviser", "tie-1-until": "2019",
    }  # fmt: skip
    assert browser.post(url, data=typed).status_code == 303
    db.session.rollback()
    profile = db.session.get(JudgeProfile, judge.id)
    assert (profile.keywords, profile.cap, profile.employer_number) == (["결제", "오픈뱅킹"], 12, "1234567891")
    assert [(tie.company, tie.business_number, tie.kind, tie.until) for tie in profile.ties] == [
        ("(주)두레", "2222222227", TieKind.ADVISER, 2019)
    ]
    assert [absence.round_id for absence in profile.absences] == [round_.id]  # the box was not ticked
    line = queries.list_profiles(room.challenge.id)[judge.id]
    assert (line.expert_in, line.cap, line.away) == ([theme.id], 12, {round_.id})
    assert "최대 12건" in browse_as(room.organizer).get(f"/manage/{room.challenge.id}/judges").text
    # The organizer writes the same profile; whoever is second with an old page sees both.
    managed = f"/manage/{room.challenge.id}/judges/{judge.id}/profile"
    assert browse_as(room.organizer).post(managed, data={**typed, "version": "1", "cap": "8"}).status_code == 303
    stale = browse_as(room.person()).post(url, data={**typed, "version": "1", "employer": "다른 소속"})
    assert stale.status_code == 409
    assert "다른 소속" in stale.text
    wrong = {
        **typed,
        "version": "2",
        "cap": "많이",
        "employer_number": "123-45-67890",
        "tie-1-until": "19",
        "keywords": "가" * 41,
    }
    refused = browse_as(room.person()).post(url, data=wrong)
    assert refused.status_code == 422
    for sentence in ("1부터 999까지", "1234567890은(는) 올바른", "네 자리로", "40자까지"):
        assert sentence in refused.text
    # What it begins with in the next challenge of the same person, where other themes and rounds stay out.
    other = make_room(judges=0)
    second = make_judge(other.challenge)
    second.user_id = room.judges[0].user_id
    db.session.commit()
    page = browse_as(room.person()).get(f"/judging/{other.challenge.id}/profile").text
    assert "이전 챌린지의 프로필" in page
    assert "(주)두레" in page


def test_who_may_write_a_profile_and_when(clock):
    room, act = make_room(judges=2), {"now": clock()}
    with pytest.raises(RuleBroken, match="본인과 운영기관"):
        services.save_profile(room.judges[0], rules.ProfileDraft(), actor=room.person(1), **act)
    services.save_profile(room.judges[0], rules.ProfileDraft(), version=0, actor=room.organizer, **act)
    with pytest.raises(StaleEdit):
        services.save_profile(room.judges[0], rules.ProfileDraft(), version=0, actor=room.person(), **act)
    strange = make_room(entries=0).challenge.themes[0]
    draft = rules.ProfileDraft(levels={strange.id: Familiarity.EXPERT})
    assert services.save_profile(room.judges[0], draft, actor=room.person(), **act).levels == []
    room.challenge.state = ChallengeState.RESULTS_OUT
    with pytest.raises(RuleBroken, match="끝났습니다"):
        services.save_profile(room.judges[0], rules.ProfileDraft(), actor=room.person(), **act)


def test_the_pledge_is_signed_by_version_and_kept(browse_as, clock):
    room = make_room(judges=0)
    judge, _token = judging.invite_judge(
        room.challenge, email="a@example.org", name="박평가", actor=room.organizer, now=clock()
    )
    person = judging.accept_as_new(judge, name="박평가", password="새벽 강가의 자전거", language="ko", now=clock())
    judge.declared_at = clock()
    db.session.commit()
    first = queries.pledge_asked(judge)
    assert (first.number, first.signed_number, first.due) == (1, 1, False)
    url = f"/manage/{room.challenge.id}/judges/pledge"
    organizer = browse_as(room.organizer)
    assert "바뀐 것이 없습니다" in organizer.post(url, data={"text_ko": first.text.ko, "text_en": first.text.en}).text
    assert organizer.post(url, data={"text_ko": " "}).status_code == 422
    clock.advance(minutes=5)
    assert organizer.post(url, data={"text_ko": "비밀을 지킵니다.\n\n 기록을 남기지 않습니다. "}).status_code == 303
    assert "서약 1판에 서명" in organizer.get(f"/manage/{room.challenge.id}/judges").text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mail.id)).where(Mail.template == "judging/pledge_changed")) == 1
    desk, signing = browse_as(person), f"/judging/{room.challenge.id}/pledge"
    assert desk.get(f"/judging/{room.challenge.id}").location == signing
    page = desk.get(signing).text
    assert "기록을 남기지 않습니다." in page
    assert first.text.ko.splitlines()[0] in page  # what was signed before
    shown = services.pledge_sha256(Bilingual("비밀을 지킵니다.\n기록을 남기지 않습니다.", ""))
    assert "서약이 바뀌었습니다" in desk.post(signing, data={"pledge": "y", "shown": "0" * 64}).text
    assert desk.post(signing, data={"shown": shown}).status_code == 422
    assert desk.post(signing, data={"pledge": "y", "shown": shown}).status_code == 303
    assert desk.get(f"/judging/{room.challenge.id}").status_code == 200
    db.session.rollback()
    assert queries.signed_versions(room.challenge.id) == {judge.id: 2}
    assert [line.signed for line in queries.list_pledges(room.challenge.id)] == [1, 0]
    assert db.session.scalar(sa.select(sa.func.count(PledgeSignature.id))) == 2
    # Whoever accepts by a page that showed another version is asked to read again.
    judge, _token = judging.invite_judge(
        room.challenge, email="b@example.org", name="나", actor=room.organizer, now=clock()
    )
    with pytest.raises(RuleBroken, match="서약이 바뀌었습니다"):
        judging.accept_as_new(
            judge, name="나", password="새벽 강가의 자전거", language="ko", now=clock(), shown_sha256="0" * 64
        )
