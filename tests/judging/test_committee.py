"""The organizer's side: starting, giving out, progress, the ranking with bonus points and the chair, and what applicants may learn."""

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.applications.states import ApplicationState
from app.challenges.models import Aggregate, ChallengeRole, ChallengeStaff, Trim
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.models import Bonus, ChairDecision, Conflict, ScoreSheet
from app.judging.states import ConflictKind, SheetState
from app.judging.views.places import show_judging
from app.mail.models import Mail
from tests import factories
from tests.judging.scene import make_judge, make_room, make_sheet, split
from tests.judging.test_official import WORKED


def worked_room():
    """The sample's six entries with their worked totals and bonuses; E's third judge recused."""
    room = make_room(judges=5, entries=6)
    for entry, (name, totals, bonus, *_rest) in zip(room.entries, WORKED, strict=True):
        entry.startup.name = factories.Bilingual(name, name)
        for judge, total in zip(room.judges, totals, strict=True):
            if total is not None:
                make_sheet(judge, entry, split(total), signed=True)
            else:
                make_sheet(judge, entry).state = SheetState.WITHDRAWN
                conflict = Conflict(
                    judge_id=judge.id, application_id=entry.id, kind=ConflictKind.RECUSAL, reason="자문"
                )
                conflict.declared_at = factories.NOW
                db.session.add(conflict)
        if bonus:
            db.session.add(
                Bonus(
                    round_id=room.round.id,
                    application_id=entry.id,
                    points=Decimal(bonus),
                    evidence="확인서",
                    given_at=factories.NOW,
                )
            )
    db.session.commit()
    return room


def named(room):
    return {entry.company.ko: entry for entry in queries.get_ranking(room.round).entries}


def test_the_worked_scores_come_out_of_the_database_to_the_last_digit():
    entries = named(worked_room())
    for name, _totals, bonus, mean, final, passes in WORKED:
        entry = entries[name]
        assert (str(entry.mean), str(entry.final), entry.passes, entry.bonus) == (mean, final, passes, bonus)
    assert {name: entry.rank for name, entry in entries.items()} == {"F": 1, "A": 2, "B": 2, "E": 4, "C": 5, "D": None}
    assert (entries["E"].sheets, entries["E"].expected, entries["E"].recused) == (4, 4, 1)
    assert not any(entry.provisional for entry in entries.values())
    assert list(entries["A"].criterion_means) == ["fit", "technology", "feasibility", "business", "team"]


def test_the_ranking_page_shows_what_decided(browse_as):
    room = worked_room()
    page = browse_as(room.organizer).get(f"/manage/{room.challenge.id}/ranking").text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for part in ("83.67", "통과점 70.00", "+3.00", "40–95", "회피 1명", "69.00", "동점 2위", "과제 적합성 30.00 30.00"):
        assert part in text.replace("결정 ", ""), part
    assert "가점을 더하기 전 점수로 70점" in text


def test_the_chairs_order_breaks_what_is_left_and_nothing_else(browse_as):
    room = make_room(judges=1, entries=3)
    for entry in room.entries:
        make_sheet(room.judges[0], entry, split(80 if entry is not room.entries[2] else 75), signed=True)
    db.session.commit()
    organizer = browse_as(room.organizer)
    first, second, third = room.entries
    url = f"/manage/{room.challenge.id}/chair"

    def decide(*order, reason="실증 자료를 확보함"):
        data = {f"place-{entry.id}": str(place) for place, entry in enumerate(order, 1)}
        return organizer.post(url, data={**data, "reason": reason})

    assert decide(second, first, reason="").status_code == 422
    assert decide(second, third).status_code == 422  # not tied
    assert (
        organizer.post(url, data={f"place-{first.id}": "1", f"place-{second.id}": "1", "reason": "x"}).status_code
        == 422
    )
    assert organizer.post(url, data={"place-zzz": "1", "reason": "x"}).status_code == 422
    assert decide(second, first).status_code == 303
    db.session.rollback()
    ranks = {entry.application_id: entry.rank for entry in queries.get_ranking(room.round).entries}
    assert ranks == {second.id: 1, first.id: 2, third.id: 3}
    assert decide(first, second, reason="다시 살펴봄").status_code == 303  # the later one holds, the earlier stays
    db.session.rollback()
    table = queries.get_ranking(room.round)
    assert table.by_application[first.id].rank == 1
    assert db.session.scalar(sa.select(sa.func.count(ChairDecision.id))) == 2
    page = organizer.get(f"/manage/{room.challenge.id}/ranking").text
    assert "다시 살펴봄" in page
    assert "실증 자료를 확보함" not in page


@pytest.mark.parametrize(
    ("points", "evidence", "status"),
    [("3", "확인서", 303), ("5", "확인서", 303), ("5.01", "확인서", 422), ("0", "확인서", 422), ("-1", "x", 422),
     ("1.005", "x", 422), ("NaN", "x", 422), ("1e40", "x", 422), ("1e9999999", "x", 422), ("abc", "x", 422), ("1", " ", 422), ("1", "가" * 501, 422)],
)  # fmt: skip
def test_bonus_points_need_evidence_and_keep_the_cap(browse_as, points, evidence, status):
    room = make_room()
    make_sheet(room.judges[0], room.entries[0], split(80), signed=True)
    db.session.commit()
    data = {"application": str(room.entries[0].id), "points": points, "evidence": evidence}
    response = browse_as(room.organizer).post(f"/manage/{room.challenge.id}/bonuses", data=data)
    assert response.status_code == status
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Bonus.id))) == (status == 303)


def test_bonus_points_of_one_entry_add_up_to_the_cap_and_can_be_taken_back(browse_as, clock):
    room = make_room()
    give = {"actor": room.organizer, "now": clock(), "evidence": "확인서"}
    bonus = services.add_bonus(room.round, room.entries[0], points=Decimal(3), **give)
    with pytest.raises(RuleBroken, match="이미 3점") as refusal:
        services.add_bonus(room.round, room.entries[0], points=Decimal("2.5"), **give)
    assert refusal.value.field == "points"
    db.session.commit()
    url = f"/manage/{room.challenge.id}/bonuses/{bonus.id}/remove"
    other = make_room()
    assert browse_as(other.organizer).post(f"/manage/{other.challenge.id}/bonuses/{bonus.id}/remove").status_code == 404
    assert browse_as(room.organizer).post(url).status_code == 303
    assert browse_as(room.organizer).post(url).status_code == 404


def test_filters_stand_in_the_address(browse_as):
    room = worked_room()
    organizer = browse_as(room.organizer)
    base = f"/manage/{room.challenge.id}/ranking"
    below = organizer.get(f"{base}?show=below&view=all").text
    assert ">D</a>" in below
    assert ">F</a>" not in below
    found = organizer.get(f"{base}?q={room.entries[5].receipt_number.lower()}").text
    assert ">F</a>" in found
    assert ">D</a>" not in found
    for nonsense in ("?theme=' OR 1=1", "?page=-3", "?round=9", "?view=<b>", "?q=%00", "?page=999"):
        assert organizer.get(base + nonsense).status_code == 200, nonsense
    for page in ("progress", "assignment"):
        assert organizer.get(f"/manage/{room.challenge.id}/{page}?q=%00").status_code == 200


def test_judging_starts_when_all_is_checked(browse_as):
    room = make_room(state=ChallengeState.CLOSED)
    waiting = factories.make_application(room.challenge, state=ApplicationState.SUBMITTED)
    db.session.commit()
    organizer = browse_as(room.organizer)
    url = f"/manage/{room.challenge.id}/judging/start"
    assert "요건검토를 기다리는 신청서가 1건" in organizer.post(url, follow_redirects=True).text
    overview = organizer.get(f"/manage/{room.challenge.id}").text
    assert "신청서의 요건검토를 마치고" in overview
    waiting.state = ApplicationState.INELIGIBLE
    db.session.commit()
    overview = organizer.get(f"/manage/{room.challenge.id}").text
    assert "요건검토를 모두 마쳤습니다" in overview
    assert overview.count("btn-primary") == 1
    assert overview.count(f'action="{url}"') == 1
    assert "평가를 시작했습니다" in organizer.post(url, follow_redirects=True).text
    assert "이미 평가를 시작했습니다" in organizer.post(url, follow_redirects=True).text


def test_entries_are_given_by_hand_with_boxes(browse_as):
    room = make_room(judges=2, entries=2)
    organizer = browse_as(room.organizer)
    url = f"/manage/{room.challenge.id}/assignment"
    first, second = room.judges
    one, two = room.entries

    def save(*pairs, shown=(one, two)):
        return organizer.post(
            url,
            data={
                "judge": [str(first.id), str(second.id)],
                "shown": [str(entry.id) for entry in shown],
                "pair": [f"{judge.id}:{entry.id}" for judge, entry in pairs],
            },
        )

    def given():
        db.session.rollback()
        rows = db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.state != SheetState.WITHDRAWN))
        return {(sheet.judge_id, sheet.application_id) for sheet in rows}

    assert save((first, one), (first, two), (second, one)).status_code == 303
    assert given() == {(first.id, one.id), (first.id, two.id), (second.id, one.id)}
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 2
    assert save((first, one), shown=(one,)).status_code == 303  # the other entry was not on the page
    assert given() == {(first.id, one.id), (first.id, two.id)}
    assert save((first, one), (first, two), (second, one)).status_code == 303  # given once more
    assert len(given()) == 3
    for nonsense in ("x", "x:y", f"{first.id}:", f":{one.id}"):
        assert organizer.post(url, data={"shown": [], "pair": nonsense}).status_code == 303
    assert len(given()) == 3


def test_what_cannot_be_given_is_refused_whole(browse_as):
    room = make_room(judges=2, entries=2)
    late = make_judge(room.challenge, "늦은위원", declared=False)
    db.session.add(
        Conflict(
            judge_id=room.judges[0].id,
            application_id=room.entries[0].id,
            kind=ConflictKind.RECUSAL,
            reason="x",
            declared_at=factories.NOW,
        )
    )
    db.session.commit()
    other = make_room()
    organizer = browse_as(room.organizer)
    for judge, entry, sentence in (
        (room.judges[0], room.entries[0], "이해상충이 있습니다"),
        (late, room.entries[0], "아직 이해상충을 신고하지 않았습니다"),
        (other.judges[0], room.entries[0], "다른 챌린지의"),
    ):
        pairs = [f"{room.judges[1].id}:{room.entries[1].id}", f"{judge.id}:{entry.id}"]
        response = organizer.post(
            f"/manage/{room.challenge.id}/assignment",
            data={"shown": [str(e.id) for e in room.entries], "pair": pairs, "judge": [str(room.judges[1].id)]},
        )
        assert response.status_code == 422
        assert sentence in response.text
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(ScoreSheet.id))) == 0


def test_a_proposal_is_looked_at_before_it_is_given_out(browse_as):
    room = make_room(judges=6, entries=4)
    kept = make_sheet(room.judges[0], room.entries[0], split(50), signed=True)
    db.session.commit()
    organizer = browse_as(room.organizer)
    url = f"/manage/{room.challenge.id}/assignment"
    page = organizer.post(url, data={"act": "propose"}).text
    assert db.session.scalar(sa.select(sa.func.count(ScoreSheet.id))) == 1
    hidden = dict(re.findall(r'name="(seed|fingerprint)" value="([^"]+)"', page))
    forged = organizer.post(url, data={"act": "apply", **hidden, "fingerprint": "0"})
    assert forged.status_code == 409
    assert "새 배정안을 확인" in forged.text
    assert organizer.post(url, data={"act": "apply", **hidden}).status_code == 303
    db.session.rollback()
    counts = (
        db.session.execute(sa.select(sa.func.count(ScoreSheet.id)).group_by(ScoreSheet.application_id)).scalars().all()
    )
    assert counts == [5, 5, 5, 5]
    loads = db.session.execute(sa.select(sa.func.count(ScoreSheet.id)).group_by(ScoreSheet.judge_id)).scalars().all()
    assert sorted(loads) == [3, 3, 3, 3, 4, 4]
    assert kept.state is SheetState.SIGNED
    short = make_room(judges=3, entries=1)
    text = browse_as(short.organizer).post(f"/manage/{short.challenge.id}/assignment", data={"act": "propose"}).text
    assert "평가위원 2명 부족" in text
    assert short.entries[0].startup.name.ko in text


def test_progress_tells_who_is_late_and_reminds(browse_as):
    room = make_room(judges=2, entries=2)
    make_sheet(room.judges[0], room.entries[0], split(80), signed=True)
    make_sheet(room.judges[1], room.entries[0], split(40))
    db.session.commit()
    organizer = browse_as(room.organizer)
    url = f"/manage/{room.challenge.id}"
    page = organizer.get(f"{url}/progress").text
    assert "평가표 2장 중 1장 서명" in page
    assert "평가위원 없음" in page
    only_open = organizer.get(f"{url}/progress?open=1").text
    assert room.entries[1].startup.name.ko not in only_open
    assert organizer.post(f"{url}/remind", data={"judge": "x"}).status_code == 404
    assert "평가위원 1명에게" in organizer.post(f"{url}/remind", follow_redirects=True).text
    assert (
        "아무에게도"
        in organizer.post(f"{url}/remind", data={"judge": str(room.judges[0].id)}, follow_redirects=True).text
    )
    mail = db.session.scalar(sa.select(Mail).where(Mail.template == "judging/reminder"))
    assert mail.to_address == room.judges[1].email


def test_an_observer_reads_and_changes_nothing(browse_as):
    room = worked_room()
    observer = factories.make_user()
    db.session.add(ChallengeStaff(challenge_id=room.challenge.id, user_id=observer.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    browser = browse_as(observer)
    base = f"/manage/{room.challenge.id}"
    sheet = db.session.scalar(sa.select(ScoreSheet.id).where(ScoreSheet.state == SheetState.SIGNED))
    for page in ("judges", "assignment", "progress", "ranking", f"sheets/{sheet}"):
        text = browser.get(f"{base}/{page}")
        assert text.status_code == 200, page
        assert not re.search(r'<form[^>]*method="post"[^>]*action="/manage', text.text), page
    for act in ("judges", "assignment", "remind", "chair", "bonuses", f"sheets/{sheet}/reopen", "judging/start"):
        assert browser.post(f"{base}/{act}", data={"reason": "x"}).status_code == 404, act


def test_nothing_about_scores_changes_after_the_decision(clock):
    room = make_room(state=ChallengeState.DECIDED)
    acting = {"actor": room.organizer, "now": clock()}
    sheet = make_sheet(room.judges[0], room.entries[0], split(80), signed=True)
    with pytest.raises(RuleBroken, match="결정이 끝나"):
        services.add_bonus(room.round, room.entries[0], points=Decimal(1), evidence="x", **acting)
    with pytest.raises(RuleBroken, match="결정이 끝나"):
        services.reopen_sheet(sheet, "x", **acting)
    with pytest.raises(RuleBroken, match="결정이 끝나"):
        services.apply_assignment(room.round, add=[], **acting)
    with pytest.raises(RuleBroken, match="결정이 끝나"):
        services.record_chair_decision(room.round, [room.entries[0].id], "x", **acting)


def test_missing_sheets_make_a_rank_provisional_until_they_are_signed():
    room = make_room(judges=5, entries=1)
    for judge in room.judges[:2]:
        make_sheet(judge, room.entries[0], split(80), signed=True)
    (entry,) = queries.get_ranking(room.round).entries
    assert (entry.sheets, entry.expected, entry.provisional, entry.rank) == (2, 5, True, 1)
    assert not entry.placed.trimmed


def test_a_conflict_with_nobody_left_lowers_the_number_of_sheets():
    room = make_room(judges=5, entries=1)
    for judge in room.judges[:4]:
        make_sheet(judge, room.entries[0], split(80), signed=True)
    conflict = Conflict(judge_id=room.judges[4].id, application_id=room.entries[0].id, reason="x")
    conflict.kind, conflict.declared_at = ConflictKind.DISQUALIFICATION, factories.NOW
    db.session.add(conflict)
    db.session.flush()
    (entry,) = queries.get_ranking(room.round).entries
    assert (entry.sheets, entry.expected, entry.provisional) == (4, 4, False)


def test_applicants_learn_comments_without_names_in_no_judges_order():
    room = make_room(judges=3)
    for number, judge in enumerate(room.judges):
        make_sheet(
            judge, room.entries[0], split(70 + number), signed=True, comment=f"의견 {number}",
            comments={"fit": f"적합 {number}"}, note="위원회만",
        )  # fmt: skip
    make_sheet(make_judge(room.challenge), room.entries[0], split(10), comment="초안")
    comments = queries.comments_for_applicant(room.entries[0])
    assert sorted(comments.general) == ["의견 0", "의견 1", "의견 2"]
    assert sorted(comments.by_criterion["fit"]) == ["적합 0", "적합 1", "적합 2"]
    assert comments == queries.comments_for_applicant(room.entries[0])
    means = queries.criterion_means(room.entries[0])
    assert [(criterion.code, str(mean)) for criterion, mean in means] == [
        ("fit", "30.00"), ("technology", "25.00"), ("feasibility", "16.00"), ("business", "0.00"), ("team", "0.00"),
    ]  # fmt: skip


def test_the_rule_is_told_in_sentences(app):
    room = make_room()
    with app.test_request_context():
        told = " ".join(rules.describe_rule(room.round))
    for part in (
        "최고와 최저를 같더라도 정확히 하나씩",
        "4장보다 적으면",
        "0점으로 처리하지",
        "5점까지",
        "70점",
        "과제 적합성, 기술 혁신성, 실증 가능성",
    ):
        assert part in told
    for aggregate, trim in (
        (Aggregate.MEAN, Trim.TOTALS),
        (Aggregate.MEDIAN, Trim.TOTALS),
        (Aggregate.TRIMMED_MEAN, Trim.CRITERIA),
    ):
        room.round.aggregate, room.round.trim, room.round.pass_mark, room.round.bonus_cap = (
            aggregate,
            trim,
            None,
            Decimal(0),
        )
        with app.test_request_context():
            assert len(rules.describe_rule(room.round)) >= 7


def test_the_overview_tells_where_the_judging_stands(app, browse_as):
    room = worked_room()
    with app.test_request_context():
        text = show_judging(room.challenge)
    assert "평가표 29장 중 29장 서명" in text
    room.challenge.state = ChallengeState.DRAFT
    with app.test_request_context():
        assert show_judging(room.challenge) == ""
