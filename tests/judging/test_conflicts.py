"""Conflicts: declared before anything is read, and then the entry is nowhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, MembershipRole
from app.applications.writing.models import ApplicationRight
from app.applications.writing.states import Right
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, services
from app.judging.models import Conflict, Judge
from app.judging.states import ConflictKind, SheetState
from tests import factories
from tests.judging.scene import make_room, make_sheet


def test_before_the_declaration_no_entry_is_read(browse_as):
    room = make_room(declared=False)
    sheet = make_sheet(room.judges[0], room.entries[0])
    db.session.commit()
    judge = browse_as(room.person())
    assert judge.get(f"/judging/{room.challenge.id}").location.endswith("/conflicts")
    assert judge.get(f"/judging/sheets/{sheet.id}").status_code == 404
    page = judge.get(f"/judging/{room.challenge.id}/conflicts").text
    assert room.entries[0].startup.name.ko in page
    assert "요약" not in page.replace("제안 요약", "")  # nothing of the proposal


def test_none_is_declared_explicitly(browse_as):
    room = make_room(declared=False)
    judge = browse_as(room.person())
    url = f"/judging/{room.challenge.id}/conflicts"
    response = judge.post(url, data={})
    assert response.status_code == 422
    assert "확인했다는 항목에 표시해 주십시오" in response.text
    assert judge.post(url, data={"confirm": "y"}).status_code == 303
    db.session.rollback()
    assert db.session.get(Judge, room.judges[0].id).declared_at is not None
    assert judge.get(f"/judging/{room.challenge.id}").status_code == 200


def test_a_conflicted_entry_is_nowhere(browse_as):
    room = make_room(entries=2)
    sheets = [make_sheet(room.judges[0], entry) for entry in room.entries]
    hidden, shown = room.entries
    document = factories.make_document(hidden)
    db.session.commit()
    judge = browse_as(room.person())
    data = {"confirm": "y", f"kind-{hidden.id}": "disqualification", f"reason-{hidden.id}": "배우자가 재직"}
    assert judge.post(f"/judging/{room.challenge.id}/conflicts", data=data).status_code == 303
    db.session.rollback()
    assert sheets[0].state is SheetState.WITHDRAWN
    queue = judge.get(f"/judging/{room.challenge.id}").text
    assert shown.startup.name.ko in queue
    assert hidden.startup.name.ko not in queue
    assert "1건 중 0건 서명" in queue
    assert "1건 중 0건 서명" in judge.get("/judging").text
    assert hidden.startup.name.ko not in judge.get(f"/judging/sheets/{sheets[1].id}").text
    for address in (f"/judging/sheets/{sheets[0].id}", f"/judging/sheets/{sheets[0].id}/files/{document.id}"):
        assert judge.get(address).status_code == 404
    for verb in ("", "/autosave", "/sign", "/recuse"):
        assert judge.post(f"/judging/sheets/{sheets[0].id}{verb}", data={"reason": "x"}).status_code == 404
    # Nor by the other sheet's address.
    assert judge.get(f"/judging/sheets/{sheets[1].id}/files/{document.id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "reason", "sentence"),
    [
        ("recusal", "", "사유를 적어 주십시오"),
        ("", "전 직장", "종류를 선택"),
        ("recusal", "가" * 501, "500자까지"),
        ("bribery", "x", "Not a valid choice"),
    ],
)
def test_a_half_declaration_is_refused_and_nothing_is_stored(browse_as, kind, reason, sentence):
    room = make_room(declared=False)
    entry = room.entries[0]
    response = browse_as(room.person()).post(
        f"/judging/{room.challenge.id}/conflicts",
        data={"confirm": "y", f"kind-{entry.id}": kind, f"reason-{entry.id}": reason},
    )
    assert response.status_code == 422
    assert sentence in response.text or kind == "bribery"
    assert db.session.scalar(sa.select(sa.func.count(Conflict.id))) == 0
    db.session.rollback()
    assert db.session.get(Judge, room.judges[0].id).declared_at is None


def test_ones_own_startup_is_in_conflict_by_rule(clock):
    room = make_room(declared=False, entries=2)
    person = room.person()
    db.session.add(
        Membership(
            user_id=person.id,
            organization_id=room.entries[0].startup_id,
            role=MembershipRole.MEMBER,
            created_at=factories.NOW,
        )
    )
    db.session.flush()
    services.declare_conflicts(room.judges[0], {}, actor=person, now=clock())
    (conflict,) = db.session.scalars(sa.select(Conflict))
    assert (conflict.application_id, conflict.kind) == (room.entries[0].id, ConflictKind.DISQUALIFICATION)


def test_a_later_declaration_adds_and_takes_nothing_back(clock):
    room = make_room(entries=2)
    actor = room.person()
    first, second = ({entry.id: (ConflictKind.RECUSAL, "전 직장")} for entry in room.entries)
    services.declare_conflicts(room.judges[0], first, actor=actor, now=clock())
    services.declare_conflicts(room.judges[0], second, actor=actor, now=clock())
    assert db.session.scalar(sa.select(sa.func.count(Conflict.id))) == 2


def test_a_signed_sheet_comes_before_a_conflict(clock):
    room = make_room()
    make_sheet(room.judges[0], room.entries[0], {"fit": "1"}, signed=True)
    with pytest.raises(RuleBroken, match="이미 서명"):
        services.declare_conflicts(
            room.judges[0], {room.entries[0].id: (ConflictKind.RECUSAL, "x")}, actor=room.person(), now=clock()
        )


def test_strangers_entries_cannot_be_named(clock):
    room, other = make_room(), make_room()
    with pytest.raises(RuleBroken, match="이 챌린지의 것이 아닌"):
        services.declare_conflicts(
            room.judges[0], {other.entries[0].id: (ConflictKind.RECUSAL, "x")}, actor=room.person(), now=clock()
        )


def test_conflicts_wait_for_the_close(browse_as):
    room = make_room(state=ChallengeState.PUBLISHED, declared=False)
    judge = browse_as(room.person())
    page = judge.get(f"/judging/{room.challenge.id}/conflicts").text
    assert "2022. 9. 23.(금) 17:00 접수마감 뒤" in page
    assert room.entries[0].startup.name.ko not in page
    assert judge.post(f"/judging/{room.challenge.id}/conflicts", data={"confirm": "y"}).status_code == 422


def test_a_judge_may_step_back_later_with_a_reason(browse_as, clock):
    room = make_room()
    sheet = make_sheet(room.judges[0], room.entries[0], {"fit": "20"})
    db.session.commit()
    judge = browse_as(room.person())
    response = judge.post(f"/judging/sheets/{sheet.id}/recuse", data={"reason": " "})
    assert response.status_code == 422
    assert "사유를 적어 주십시오" in response.text
    clock.advance(minutes=1)
    assert (
        judge.post(f"/judging/sheets/{sheet.id}/recuse", data={"reason": "신청기업의 자문을 맡게 됨"}).status_code
        == 303
    )
    db.session.rollback()
    assert sheet.state is SheetState.WITHDRAWN
    assert judge.get(f"/judging/sheets/{sheet.id}").status_code == 404
    conflict = db.session.scalar(sa.select(Conflict))
    assert (conflict.kind, conflict.declared_at) == (ConflictKind.RECUSAL, factories.NOW + timedelta(minutes=1))


def test_a_judge_who_joins_an_applicant_later_reads_it_no_more(browse_as):
    room = make_room(entries=2)
    sheets = [make_sheet(room.judges[0], entry) for entry in room.entries]
    own, other = room.entries
    db.session.commit()
    judge = browse_as(room.person())
    assert judge.get(f"/judging/sheets/{sheets[0].id}").status_code == 200
    db.session.add(
        Membership(user=room.person(), organization=own.startup, role=MembershipRole.MEMBER, created_at=factories.NOW)
    )
    db.session.commit()
    assert judge.get(f"/judging/sheets/{sheets[0].id}").status_code == 404
    assert judge.post(f"/judging/sheets/{sheets[0].id}/sign").status_code == 404
    queue = judge.get(f"/judging/{room.challenge.id}").text
    assert other.startup.name.ko in queue
    assert own.startup.name.ko not in queue
    assert judge.get(f"/judging/sheets/{sheets[1].id}").status_code == 200
    room.judges[0].declared_at = factories.NOW
    act = {"actor": room.organizer, "now": factories.NOW}
    sheets[0].state = SheetState.WITHDRAWN
    db.session.flush()
    assert (room.judges[0].id, own.id) in queries.get_assignment_input(room.round).conflicts
    with pytest.raises(RuleBroken):
        services.apply_assignment(room.round, add=[(room.judges[0].id, own.id)], **act)


def test_a_judge_who_writes_an_application_as_a_guest_reads_it_no_more(browse_as, clock):
    room = make_room(entries=2)
    sheets = [make_sheet(room.judges[0], entry) for entry in room.entries]
    own = room.entries[0]
    db.session.commit()
    judge = browse_as(room.person())
    assert judge.get(f"/judging/sheets/{sheets[0].id}").status_code == 200
    db.session.add(
        ApplicationRight(
            application_id=own.id, user_id=room.person().id, held=Right.VIEW, is_guest=True, given_at=factories.NOW
        )
    )
    db.session.commit()
    assert judge.get(f"/judging/sheets/{sheets[0].id}").status_code == 404
    assert own.startup.name.ko not in judge.get(f"/judging/{room.challenge.id}").text
    assert judge.get(f"/judging/sheets/{sheets[1].id}").status_code == 200
    assert (room.judges[0].id, own.id) in queries.get_assignment_input(room.round).conflicts
    db.session.rollback()
    sheets[0].state = SheetState.WITHDRAWN
    services.declare_conflicts(room.judges[0], {}, actor=room.person(), now=clock())
    assert own.id in set(db.session.scalars(sa.select(Conflict.application_id)))
