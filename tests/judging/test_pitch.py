"""Pitch day: the order with the fewest leaving the room, sheets that open as a team begins, and the stream that tells of it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.database import db, writes
from app.core.errors import RuleBroken
from app.judging.models import Conflict, PitchSlot, ScoreSheet
from app.judging.pitch import events, queries, services
from app.judging.states import ConflictKind, SheetState
from app.mail.models import Mail
from tests import factories
from tests.judging.scene import make_room, make_sheet, split

MINUTES = {"talk": 10, "question": 10, "change": 5}


@pytest.fixture
def room(clock):
    """Three judges and four teams; the first judge must not hear the first and the third."""
    made = make_room(judges=3, entries=4)
    for place, entry in enumerate(made.entries):
        for judge in made.judges:
            if judge is made.judges[0] and place in (0, 2):
                db.session.add(
                    Conflict(
                        judge_id=judge.id, application_id=entry.id, kind=ConflictKind.RECUSAL, reason="전 직장",
                        declared_at=clock(),
                    )
                )  # fmt: skip
            else:
                make_sheet(judge, entry)
    db.session.commit()
    writes.set(True)
    services.plan_pitch_day(made.round, starts_at=clock(), minutes=MINUTES, actor=made.organizer, now=clock())
    db.session.commit()
    return made


def order_of(room) -> list:
    return [slot.application_id for slot in queries.list_slots(room.round.id)]


def slot_of(room, place: int) -> PitchSlot:
    return queries.list_slots(room.round.id)[place]


def test_the_order_has_the_fewest_leaving_and_can_be_drawn_and_moved(room, clock):
    first, second, third, fourth = (entry.id for entry in room.entries)
    by = {"actor": room.organizer, "now": clock()}
    assert order_of(room) == [second, fourth, first, third]
    pitches = queries.get_pitches(room.round)
    assert pitches.leavings == 1
    assert [team.absent for team in pitches.teams] == [(), (), ("위원1",), ("위원1",)]
    assert [(team.planned_at - clock()).total_seconds() / 60 for team in pitches.teams] == [0, 25, 50, 75]
    services.move_pitch(room.round, slot_of(room, 2).id, earlier=True, **by)
    assert order_of(room) == [second, first, fourth, third]
    assert queries.get_pitches(room.round).leavings == 2
    services.move_pitch(room.round, slot_of(room, 0).id, earlier=True, **by)  # the first stays the first
    services.begin_pitch(room.round, slot_of(room, 1).id, **by)
    assert order_of(room)[0] == first  # who goes on before the others takes the first place
    services.order_pitches(room.round, by_lot=True, **by)
    assert (order_of(room)[0], set(order_of(room))) == (first, {first, second, third, fourth})
    with pytest.raises(RuleBroken, match="순서는 바꿀 수 없습니다"):
        services.move_pitch(room.round, slot_of(room, 0).id, earlier=False, **by)
    late = factories.make_application(room.challenge)
    services.plan_pitch_day(room.round, starts_at=clock(), minutes=MINUTES, **by)
    assert order_of(room)[-1] == late.id
    with pytest.raises(RuleBroken) as refusal:
        services.plan_pitch_day(room.round, starts_at=clock(), minutes={**MINUTES, "talk": 0}, **by)
    assert refusal.value.field == "talk_minutes"


def test_sheets_open_as_the_team_begins_and_late_ones_are_chased(room, browse_as, clock):
    team = slot_of(room, 0)
    sheet = db.session.scalars(
        sa.select(ScoreSheet).where(
            ScoreSheet.application_id == team.application_id, ScoreSheet.judge_id == room.judges[1].id
        )
    ).one()
    judge, url = browse_as(room.person(1)), f"/judging/sheets/{sheet.id}"
    desk = browse_as(room.organizer)

    def take(step, slot=team):
        return desk.post(
            f"/manage/{room.challenge.id}/pitch/{step}", data={"slot": str(slot.id)}, follow_redirects=True
        ).text

    page = judge.get(url).text
    assert "발표를 시작하면 열립니다" in page
    assert '<fieldset class="sheet-fields" disabled' in page
    assert judge.post(f"{url}/autosave", data={"version": 1, "score-fit": "20"}).status_code == 423  # taken later
    assert "발표 시작 후 열림" in judge.get(f"/judging/{room.challenge.id}").text
    before = queries.stamp_of(room.round.id)
    take("begin")
    assert queries.stamp_of(room.round.id) != before
    assert "다른 팀이 발표하고 있습니다" in take("begin", slot_of(room, 1))
    take("begin")  # a second click
    assert sum(slot.is_on for slot in queries.list_slots(room.round.id)) == 1
    queue = judge.get(f"/judging/{room.challenge.id}").text
    assert f'href="{url}"' in queue.split('id="queue-next"')[1].split("</div>")[0]
    assert "발표 중" in queue
    assert judge.post(f"{url}/autosave", data={"version": 1, "score-fit": "20"}).status_code == 200
    shown = take("questions")
    assert "작성 중" in shown
    assert "작성한 평가위원이 있습니다" in take("back")
    screen = desk.get(f"/manage/{room.challenge.id}/pitch/screen").text
    assert "질의응답" in screen
    assert 'data-timer="2022-09-20T05:22:00' in screen
    for text in (">20<", "작성 중", "위원2"):
        assert text not in screen  # nothing about scores or judges
    shown = take("end")
    assert "발표를 마친 팀의 평가표 1건" in shown
    assert "3명에게" in take("chase")
    assert db.session.scalar(sa.select(sa.func.count(Mail.id)).where(Mail.template == "judging/reminder")) == 3
    take("begin", slot_of(room, 1))
    take("back", slot_of(room, 1))
    assert slot_of(room, 1).began_at is None
    take("drop")
    assert queries.get_pitches(room.round) is None
    held = db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.state == SheetState.OPEN)).all()
    assert not any(sheet.held for sheet in held)


def test_the_stream_tells_the_stamp_and_leaves_threads_to_others(app, room):
    round_id = room.round.id
    db.session.commit()
    told = f"event: changed\ndata: {queries.stamp_of(round_id)}\n\n"
    db.session.commit()
    assert list(events.events(app, round_id, seconds=0)) == ["retry: 1000\n\n", told]
    taken = [events.STREAMS.acquire(blocking=False) for _ in range(6)]
    try:
        assert all(taken)
        assert list(events.events(app, round_id, seconds=60)) == [f"retry: 4000\n\n{told}"]
    finally:
        for _ in taken:
            events.STREAMS.release()
    waiting = events.events(app, round_id, seconds=60)
    next(waiting)
    waiting.close()  # a browser that goes gives its thread back
    assert events.STREAMS.acquire(blocking=False)
    events.STREAMS.release()


def test_signed_sheets_are_counted_without_a_score(room, browse_as):
    for sheet in db.session.scalars(sa.select(ScoreSheet)):
        sheet.scores, sheet.total, sheet.saved_at = split("73.5"), Decimal("73.5"), factories.NOW
        sheet.state, sheet.signed_at = SheetState.SIGNED, factories.NOW
    db.session.commit()
    page = browse_as(room.organizer).get(f"/manage/{room.challenge.id}/pitch").text
    assert "73.5" not in page
    assert page.count('<td class="num" data-label="서명한 평가표"><span>2<span class="soft">/2</span>') == 2
