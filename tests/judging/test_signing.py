"""Signing with the password, one sheet or all that are complete; marks to come back; and one's scores beside the panel's."""

from decimal import Decimal

import sqlalchemy as sa

from app.core.audit.models import AuditEvent
from app.core.database import db
from app.judging import queries
from app.judging.models import ScoreSheet
from app.judging.queries.distribution import spread
from app.judging.states import SheetState
from tests import factories
from tests.judging.access_table import SCORES
from tests.judging.scene import make_judge, make_room, make_sheet, split

FULL = {f"score-{code}": score for code, score in SCORES.items()}


def sheets_of(room) -> list[ScoreSheet]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ScoreSheet).order_by(ScoreSheet.id)))


def test_without_the_password_a_sheet_is_saved_and_not_signed(browse_as):
    room = make_room(entries=2)
    for entry in room.entries:
        make_sheet(room.judges[0], entry)
    judge = browse_as(room.person())
    first, _second = sheets_of(room)
    for password, sentence in (("", "비밀번호를 입력하면"), ("wrong", "비밀번호가 맞지 않아")):
        first = sheets_of(room)[0]
        answer = judge.post(
            f"/judging/sheets/{first.id}/sign", data={"version": first.version, **FULL, "password": password}
        )
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'class="confirm sign-box" open' in answer.text
        first = sheets_of(room)[0]
        assert (first.state, first.scores) == (SheetState.OPEN, SCORES)
    # A mark to come back is part of the draft, and ends with the signature.
    marked = judge.post(f"/judging/sheets/{first.id}", data={"version": first.version, **FULL, "revisit": "y"})
    assert marked.status_code == 303
    assert "다시 볼 항목" in judge.get(f"/judging/{room.challenge.id}").text
    first = sheets_of(room)[0]
    assert first.revisit
    data = {"version": first.version, **FULL, "revisit": "y", "password": factories.PASSWORD}
    assert judge.post(f"/judging/sheets/{first.id}/sign", data=data).status_code == 303
    first = sheets_of(room)[0]
    assert (first.state, first.revisit) == (SheetState.SIGNED, False)
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "judging.sign_sheet")).one()
    assert event.details["confirmed_by"] == "password"


def test_complete_sheets_are_signed_together_as_they_were_shown(browse_as):
    room = make_room(judges=2, entries=4)
    for entry in room.entries[:3]:
        make_sheet(room.judges[0], entry, split(80))
    make_sheet(room.judges[0], room.entries[3], {"fit": "20"})
    other = make_sheet(room.judges[1], room.entries[0], split(70))
    db.session.commit()
    judge, url = browse_as(room.person()), f"/judging/{room.challenge.id}/sign"
    mine = [sheet for sheet in sheets_of(room) if sheet.judge_id == room.judges[0].id]
    sheets = sorted(mine, key=lambda sheet: len(sheet.scores), reverse=True)  # the incomplete one last
    page = judge.get(url).text
    assert page.count('name="sheet"') == 3
    assert "기술 혁신성 외 3개 항목" in page  # why the fourth cannot be signed

    def sign(chosen, password=factories.PASSWORD):
        return judge.post(url, data={"sheet": chosen, "password": password})

    named = [f"{sheet.id}:{sheet.version}" for sheet in sheets]
    for chosen, password, sentence in (
        (named[:3], "wrong", "비밀번호가 맞지 않아"),
        ([], factories.PASSWORD, "서명할 평가표를 선택"),
        (["nonsense", "a:b"], factories.PASSWORD, "서명할 평가표를 선택"),
        ([named[0], f"{other.id}:1"], factories.PASSWORD, "목록을 다시 확인"),
        ([named[0], f"{sheets[1].id}:99"], factories.PASSWORD, "목록을 다시 확인"),
        ([named[0], named[3]], factories.PASSWORD, "점수를 입력하면 서명할 수 있습니다"),
    ):
        answer = sign(chosen, password)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert {sheet.state for sheet in sheets_of(room)} == {SheetState.OPEN}
    assert sign(named[:3]).status_code == 303
    assert sorted(sheet.state for sheet in sheets_of(room)) == ["open", "open", "signed", "signed", "signed"]


def test_own_scores_stand_beside_the_panels_only_after_signing(browse_as):
    room = make_room(judges=3, entries=3)
    for judge, totals in zip(room.judges, ((90, 70, 50), (60, 60, 60), (80, 80, 80)), strict=True):
        for entry, total in zip(room.entries, totals, strict=True):
            make_sheet(judge, entry, split(total), signed=True)
    elsewhere = factories.make_application(room.challenge)  # not this judge's: nothing of it may be told
    make_sheet(room.judges[1], elsewhere, split(10), signed=True)
    db.session.commit()
    me = room.judges[0]
    shown = queries.get_distribution(me, queries.list_queue(me))
    assert shown.own.counts == (0, 0, 0, 0, 0, 1, 0, 1, 0, 1)
    assert (shown.others.counts, shown.others.mean) == ((0, 0, 0, 0, 0, 0, 3, 0, 3, 0), Decimal(70))
    browser = browse_as(room.person())
    assert "위원단 점수와 비교" in browser.get(f"/judging/{room.challenge.id}").text
    mine = db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.judge_id == me.id)).first()
    mine.state, mine.signed_at = SheetState.OPEN, None
    db.session.commit()
    assert "위원단 점수와 비교" not in browser.get(f"/judging/{room.challenge.id}").text
    # Of one colleague alone nothing is shown.
    alone = make_judge(room.challenge)
    make_sheet(alone, elsewhere, split(100), signed=True)
    db.session.commit()
    assert queries.get_distribution(alone, queries.list_queue(alone)).others is None


def test_full_points_fall_into_the_last_tenth():
    assert spread([Decimal(100), Decimal(0), Decimal("99.5")], Decimal(100)).counts == (1, 0, 0, 0, 0, 0, 0, 0, 0, 2)
