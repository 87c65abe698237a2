"""Planning a pitch day and running it: each step at the moment that it is taken, under the day's lock."""

import random
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Round
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging.models import Judge
from app.judging.pitch import queries, rules
from app.judging.pitch.models import PitchDay, PitchSlot
from app.judging.queries.panel import EntryFilter, list_entries
from app.judging.running_order import running_order
from app.judging.services.hold import hold_state
from app.mail.services import queue_mail

_draw = random.SystemRandom()


def plan_pitch_day(
    round_: Round, *, starts_at: datetime, minutes: Mapping[str, int | None], actor: User, now: datetime
) -> PitchDay:
    """Say when the day begins and how long each team has; teams without a place get one, with the fewest leaving the room.

    `minutes` are those of "talk", "question" and "change". Raises RuleBroken (field `talk_minutes`, …).
    """
    hold_state(round_.challenge)
    if reason := rules.why_not_run(round_, actor):
        raise RuleBroken(reason)
    for name in ("talk", "question", "change"):
        if reason := rules.why_not_minutes(minutes.get(name), least=1 if name == "talk" else 0):
            raise RuleBroken(reason, field=f"{name}_minutes")
    day = _held(round_, create_at=starts_at)
    day.starts_at = starts_at
    day.talk_minutes, day.question_minutes, day.change_minutes = (
        minutes["talk"] or 0, minutes["question"] or 0, minutes["change"] or 0,
    )  # fmt: skip
    slots = queries.list_slots(round_.id)
    placed = {slot.application_id for slot in slots}
    entries, _count = list_entries(round_, EntryFilter(), offset=0, limit=queries.MOST_TEAMS, with_conflicts=False)
    fresh = running_order([entry.id for entry in entries if entry.id not in placed], queries.absent_judges(round_))
    for place, application_id in enumerate(fresh, start=len(slots) + 1):
        db.session.add(PitchSlot(round_id=round_.id, application_id=application_id, position=place))
    _changed(day, "judging.plan_pitch_day", round_, actor=actor, now=now, details={"teams": len(slots) + len(fresh)})
    return day


def order_pitches(round_: Round, *, by_lot: bool, actor: User, now: datetime) -> None:
    """Put the teams that wait in the order with the fewest leaving the room, or draw it by lot. Raises RuleBroken."""
    day = _running(round_, actor)
    slots = queries.list_slots(round_.id)
    begun, waiting = [s for s in slots if s.began_at], [s for s in slots if not s.began_at]
    by_team = {slot.application_id: slot for slot in waiting}
    if by_lot:
        teams = list(by_team)
        _draw.shuffle(teams)
    else:
        teams = running_order(list(by_team), queries.absent_judges(round_))
    for place, slot in enumerate([*begun, *(by_team[team] for team in teams)], start=1):
        slot.position = place
    _changed(
        day, "judging.order_pitches", round_, actor=actor, now=now,
        details={"by_lot": by_lot, "order": [str(team) for team in teams]},
    )  # fmt: skip


def move_pitch(round_: Round, slot_id: UUID, *, earlier: bool, actor: User, now: datetime) -> None:
    """Let a team change places with the waiting one before or after it. Raises RuleBroken."""
    day = _running(round_, actor)
    slots = queries.list_slots(round_.id)
    slot = _slot(slots, slot_id)
    if reason := rules.why_not_move(slot):
        raise RuleBroken(reason)
    waiting = [one for one in slots if one.began_at is None]
    at = waiting.index(slot)
    other = at - 1 if earlier else at + 1
    if 0 <= other < len(waiting):
        waiting[at], waiting[other] = waiting[other], waiting[at]
        for place, one in enumerate([*(s for s in slots if s.began_at), *waiting], start=1):
            one.position = place
        _changed(
            day,
            "judging.move_pitch",
            round_,
            actor=actor,
            now=now,
            details={"application": str(slot.application_id), "position": slot.position},
        )


def begin_pitch(round_: Round, slot_id: UUID, *, actor: User, now: datetime) -> None:
    """The team is on, and its sheets open. A second click changes nothing. Raises RuleBroken."""
    day = _running(round_, actor)
    slots = queries.list_slots(round_.id)
    slot = _slot(slots, slot_id)
    if slot.is_on:
        return
    if reason := rules.why_not_begin(slot, slots):
        raise RuleBroken(reason)
    slot.began_at = now
    # Whoever goes on before others takes the place after those who were on already.
    order = [s for s in slots if s.began_at and s is not slot] + [slot] + [s for s in slots if not s.began_at]
    for place, one in enumerate(order, start=1):
        one.position = place
    _step(day, slot, "judging.begin_pitch", round_, actor=actor, now=now)


def take_questions(round_: Round, slot_id: UUID, *, actor: User, now: datetime) -> None:
    """The talk is over and questions begin. Raises RuleBroken."""
    day = _running(round_, actor)
    slot = _slot(queries.list_slots(round_.id), slot_id)
    if reason := rules.why_not_questions(slot):
        raise RuleBroken(reason)
    slot.questions_at = now
    _step(day, slot, "judging.take_questions", round_, actor=actor, now=now)


def end_pitch(round_: Round, slot_id: UUID, *, actor: User, now: datetime) -> None:
    """The team is done; its sheets stay open until they are signed. A second click changes nothing. Raises RuleBroken."""
    day = _running(round_, actor)
    slot = _slot(queries.list_slots(round_.id), slot_id)
    if slot.ended_at is not None:
        return
    if reason := rules.why_not_end(slot):
        raise RuleBroken(reason)
    slot.ended_at = now
    _step(day, slot, "judging.end_pitch", round_, actor=actor, now=now)


def take_back_pitch(round_: Round, slot_id: UUID, *, actor: User, now: datetime) -> None:
    """The team had not begun after all: it waits again, and so do its sheets. Raises RuleBroken."""
    day = _running(round_, actor)
    slot = _slot(queries.list_slots(round_.id), slot_id)
    if reason := rules.why_not_take_back(slot, written=queries.is_written(slot)):
        raise RuleBroken(reason)
    slot.began_at = slot.questions_at = None
    _step(day, slot, "judging.take_back_pitch", round_, actor=actor, now=now)


def drop_pitch_day(round_: Round, *, actor: User, now: datetime) -> None:
    """There is no pitch day: all sheets of the round are open. Raises RuleBroken."""
    day = _running(round_, actor)
    db.session.execute(sa.delete(PitchSlot).where(PitchSlot.round_id == round_.id))
    record("judging.drop_pitch_day", subject=round_, actor=actor, now=now, challenge_id=round_.challenge_id, details={})
    db.session.delete(day)


def chase_late_sheets(round_: Round, *, actor: User, now: datetime) -> int:
    """Mail each judge who has open sheets of teams that are done, with their number; returns how many judges. Raises RuleBroken."""
    if reason := rules.why_not_run(round_, actor):
        raise RuleBroken(reason)
    late = queries.late_sheets(round_.id)
    judges = db.session.scalars(
        sa.select(Judge).where(Judge.id.in_(late)).options(sa.orm.selectinload(Judge.user))
    ).all()
    for judge in judges:
        if judge.user is not None:
            queue_mail(
                judge.user.email, "judging/reminder", language=judge.user.language, now=now, challenge_id=round_.challenge_id,
                name=judge.name, challenge=round_.challenge, round=round_, count=late[judge.id],
            )  # fmt: skip
    record(
        "judging.remind_judges", subject=round_, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"judges": sorted(str(judge.id) for judge in judges), "pitched": True},
    )  # fmt: skip
    return len(judges)


def _held(round_: Round, *, create_at: datetime | None = None) -> PitchDay:
    """The round's day under a lock; two who plan it at once meet at the round's row."""
    db.session.refresh(round_, ["id"], with_for_update=True)
    day = queries.get_day(round_.id)
    if day is None:
        if create_at is None:
            raise RuleBroken(_("There is no pitch day yet. Plan it first."))
        day = PitchDay(
            round_id=round_.id, starts_at=create_at, talk_minutes=1, question_minutes=0, change_minutes=0, version=0
        )
        db.session.add(day)
    return day


def _running(round_: Round, actor: User) -> PitchDay:
    hold_state(round_.challenge)
    if reason := rules.why_not_run(round_, actor):
        raise RuleBroken(reason)
    return _held(round_)


def _slot(slots: list[PitchSlot], slot_id: UUID) -> PitchSlot:
    found = next((slot for slot in slots if slot.id == slot_id), None)
    if found is None:
        raise RuleBroken(_("This team has no place in the running order any more."))
    return found


def _step(day: PitchDay, slot: PitchSlot, action: str, round_: Round, *, actor: User, now: datetime) -> None:
    _changed(day, action, round_, actor=actor, now=now, details={"application": str(slot.application_id)})


def _changed(
    day: PitchDay, action: str, round_: Round, *, actor: User, now: datetime, details: dict[str, object]
) -> None:
    day.version += 1
    record(action, subject=round_, actor=actor, now=now, challenge_id=round_.challenge_id, details=details)
