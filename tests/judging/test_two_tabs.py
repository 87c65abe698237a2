"""One tab confirms the decision while another, which read the challenge before, changes what the decision rests on."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.applications import services as applications
from app.applications.models import CheckOutcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import services
from tests.factories import NOW
from tests.judging.scene import make_room, make_sheet, split


def acts(room, sheet, bonus):
    by = {"actor": room.organizer, "now": NOW + timedelta(days=30)}
    judge, entry = room.judges[0], room.entries[0]
    return {
        "reopen": lambda: services.reopen_sheet(sheet, "다시 보기", **by),
        "add bonus": lambda: services.add_bonus(room.round, entry, points=Decimal(1), evidence="확인서", **by),
        "remove bonus": lambda: services.remove_bonus(bonus, room.round, **by),
        "chair": lambda: services.record_chair_decision(room.round, [e.id for e in room.entries], "순서", **by),
        "assign": lambda: services.assign_judge(room.round, judge, room.entries[1], **by),
        "assign many": lambda: services.apply_assignment(room.round, add=[(judge.id, room.entries[1].id)], **by),
        "ineligible": lambda: applications.check_eligibility(entry, CheckOutcome.INELIGIBLE, reason="폐업", **by),
    }


@pytest.mark.parametrize("act", ["reopen", "add bonus", "remove bonus", "chair", "assign", "assign many", "ineligible"])
def test_what_is_decided_stays_as_it_was_decided(act):
    room = make_room(entries=2)
    room.challenge.closes_at = NOW
    sheet = make_sheet(room.judges[0], room.entries[0], split(80), signed=True)
    by = {"actor": room.organizer, "now": NOW}
    bonus = services.add_bonus(room.round, room.entries[0], points=Decimal(2), evidence="확인서", **by)
    db.session.commit()
    assert room.round.challenge.state is ChallengeState.JUDGING  # as this tab has read it
    decided = sa.update(Challenge).values(state=ChallengeState.DECIDED)
    db.session.execute(decided, execution_options={"synchronize_session": False})
    with pytest.raises(RuleBroken) as refused:
        acts(room, sheet, bonus)[act]()
    assert "결정" in refused.value.sentence or "선정" in refused.value.sentence
