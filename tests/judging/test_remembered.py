"""A remembered ranking is always the one that the tables hold: whatever changes, the next look equals a computation anew."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.applications.states import ApplicationState
from app.core.bilingual import Bilingual
from app.core.database import db, writes
from app.judging import queries
from app.judging.models import Bonus, ChairDecision, Conflict
from app.judging.queries import ranking as module
from app.judging.queries.remembered import KEPT, Remembered
from app.judging.states import ConflictKind, JudgeState, SheetState
from tests import factories
from tests.judging.scene import make_judge, make_room, make_sheet, split


@pytest.fixture
def room():
    writes.set(True)
    room = make_room(judges=3, entries=3)
    for judge in room.judges:
        for entry, total in zip(room.entries, (80, 80, 75), strict=True):
            if (judge, entry) != (room.judges[0], room.entries[2]):  # a sheet that is due and not given out yet
                make_sheet(judge, entry, split(total), signed=True)
    db.session.commit()
    return room


@pytest.fixture
def computed(monkeypatch):
    """How often a ranking was computed."""
    calls = []
    compute = module.compute_ranking

    def counting(*args, **options):
        calls.append(args[0].id)
        return compute(*args, **options)

    monkeypatch.setattr(module, "compute_ranking", counting)
    return calls


def anew(round_):
    themes = {t.id: module.ThemeLine(t.id, t.code, t.title, t.winners) for t in round_.challenge.themes}
    return module.compute_ranking(round_, queries.rule_of(round_), themes, with_chair=True)


def a_sheet(room):
    return db.session.scalar(
        sa.select(module.ScoreSheet).where(module.ScoreSheet.application_id == room.entries[0].id).limit(1)
    )


def reopen(room):
    sheet = a_sheet(room)
    sheet.state, sheet.signed_at = SheetState.OPEN, None


def withdraw(room):
    sheet = a_sheet(room)
    sheet.state, sheet.signed_at = SheetState.WITHDRAWN, None


def other_scores(room):
    sheet = a_sheet(room)
    sheet.scores, sheet.total = split(90), Decimal(90)


def bonus(room):
    db.session.add(
        Bonus(
            round_id=room.round.id, application_id=room.entries[2].id, points=Decimal(3), evidence="확인서", given_at=factories.NOW
        )
    )  # fmt: skip


def chair(room):
    order = [str(room.entries[1].id), str(room.entries[0].id)]
    db.session.add(
        ChairDecision(round_id=room.round.id, order=order, reason="표결", recorded_at=factories.NOW, recorded_by_id=None)
    )  # fmt: skip


def conflict(room):
    db.session.add(
        Conflict(
            judge_id=room.judges[0].id, application_id=room.entries[2].id, kind=ConflictKind.RECUSAL, reason="x",
            declared_at=factories.NOW,
        )
    )  # fmt: skip


CHANGES = {
    "a sheet reopened": reopen,
    "a sheet withdrawn": withdraw,
    "other scores": other_scores,
    "bonus points": bonus,
    "the chair's order": chair,
    "a conflict": conflict,
    "a judge removed": lambda room: setattr(room.judges[0], "state", JudgeState.REMOVED),
    "a judge more": lambda room: make_judge(room.challenge),
    "an entry more": lambda room: factories.make_application(room.challenge),
    "an entry out": lambda room: setattr(room.entries[0], "state", ApplicationState.INELIGIBLE),
    "another theme": lambda room: setattr(room.entries[0], "theme_id", room.challenge.themes[1].id),
    "another name": lambda room: setattr(
        db.session.get(Organization, room.entries[0].startup_id), "name", Bilingual("새이름", "New name")
    ),
    "the pass mark": lambda room: setattr(room.round, "pass_mark", Decimal(79)),
    "the decimals": lambda room: setattr(room.round, "decimals", 0),
    "sheets due": lambda room: setattr(room.round, "sheets_per_entry", 2),
    "a theme's places": lambda room: setattr(room.challenge.themes[0], "winners", 1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_shows_at_once(room, computed, change):
    before = queries.get_ranking(room.round)
    assert queries.get_ranking(room.round) is before
    assert len(computed) == 1
    change(room)
    db.session.commit()
    after = queries.get_ranking(room.round)
    assert after == anew(room.round)
    assert after != before


def test_what_a_judge_types_leaves_the_ranking_as_it_is(room, computed):
    reopen(room)
    db.session.commit()
    before = queries.get_ranking(room.round)
    other_scores(room)
    db.session.commit()
    assert queries.get_ranking(room.round) is before
    assert before == anew(room.round)


def test_with_and_without_the_chair_are_two(room):
    chair(room)
    db.session.commit()
    assert queries.get_ranking(room.round) != queries.get_ranking(room.round, with_chair=False)


def test_it_takes_one_statement_when_nothing_changed(room, statements):
    queries.get_ranking(room.round)
    statements.statements.clear()
    queries.get_ranking(room.round)
    assert len(statements) == 1


def test_only_the_last_few_are_kept():
    kept, computed = Remembered[int](), []

    def value(number):
        return kept.get(lambda: number, lambda: computed.append(number) or number)

    assert [value(n) for n in (*range(KEPT), 0, KEPT, 0, 1)] == [*range(KEPT), 0, KEPT, 0, 1]
    assert computed == [*range(KEPT), KEPT, 1]
