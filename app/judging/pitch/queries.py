"""A pitch day as the secretary and the screen see it: who is on, who leaves the room, and how far the sheets are; never a score."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from app.challenges.models import Round
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.pitch.models import PitchDay, PitchSlot
from app.judging.queries.panel import EntryFilter, list_entries
from app.judging.running_order import leavings
from app.judging.states import JudgeState, SheetState

MOST_TEAMS = 300


@dataclass(frozen=True)
class SheetLine:
    """One judge's sheet of a team, without what is on it."""

    judge_id: UUID
    judge: str
    signed: bool
    begun: bool


@dataclass(frozen=True)
class Team:
    """A team in the running order."""

    slot: PitchSlot
    receipt_number: str
    company: Bilingual
    theme_code: str
    planned_at: datetime
    absent: tuple[str, ...]  # who must not hear it, by name
    sheets: tuple[SheetLine, ...]

    @property
    def signed(self) -> int:
        return sum(sheet.signed for sheet in self.sheets)

    @property
    def late(self) -> tuple[SheetLine, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.signed) if self.slot.ended_at else ()


@dataclass(frozen=True)
class Pitches:
    """The whole day."""

    day: PitchDay
    teams: tuple[Team, ...]
    leavings: int
    stamp: str

    @property
    def on(self) -> Team | None:
        return next((team for team in self.teams if team.slot.is_on), None)

    @property
    def following(self) -> Team | None:
        return next((team for team in self.teams if team.slot.began_at is None), None)

    @property
    def late(self) -> list[tuple[str, int]]:
        """Judges with open sheets of teams that are done, and how many."""
        counts: dict[str, int] = {}
        for team in self.teams:
            for sheet in team.late:
                counts[sheet.judge] = counts.get(sheet.judge, 0) + 1
        return sorted(counts.items())

    @property
    def ends_at(self) -> datetime | None:
        """When what is on should be over: the talk, then the questions."""
        if (team := self.on) is None or team.slot.began_at is None:
            return None
        if team.slot.questions_at is None:
            return team.slot.began_at + timedelta(minutes=self.day.talk_minutes)
        return team.slot.questions_at + timedelta(minutes=self.day.question_minutes)


def get_day(round_id: UUID) -> PitchDay | None:
    return db.session.scalar(sa.select(PitchDay).where(PitchDay.round_id == round_id))


def list_slots(round_id: UUID) -> list[PitchSlot]:
    query = sa.select(PitchSlot).where(PitchSlot.round_id == round_id)
    return list(db.session.scalars(query.order_by(PitchSlot.position, PitchSlot.id)))


def absent_judges(round_: Round) -> dict[UUID, set[UUID]]:
    """Application -> the accepted judges who must not hear it."""
    query = (
        sa.select(Conflict.application_id, Conflict.judge_id)
        .join(Judge, Judge.id == Conflict.judge_id)
        .where(Judge.challenge_id == round_.challenge_id, Judge.state == JudgeState.ACCEPTED)
    )
    absent: dict[UUID, set[UUID]] = {}
    for application_id, judge_id in db.session.execute(query):
        absent.setdefault(application_id, set()).add(judge_id)
    return absent


def get_pitches(round_: Round) -> Pitches | None:
    """The day with its teams; None before it is planned. Seven statements."""
    if (day := get_day(round_.id)) is None:
        return None
    judges = db.session.execute(sa.select(Judge.id, Judge.name).where(Judge.challenge_id == round_.challenge_id))
    names = dict(judges.all())
    absent = absent_judges(round_)
    entries = {
        entry.id: entry
        for entry in list_entries(round_, EntryFilter(), offset=0, limit=MOST_TEAMS, with_conflicts=False)[0]
    }
    each = timedelta(minutes=day.talk_minutes + day.question_minutes + day.change_minutes)
    teams: list[Team] = []
    planned = day.starts_at
    for slot in list_slots(round_.id):
        if (entry := entries.get(slot.application_id)) is None:
            continue  # taken out of the round since
        begins = slot.began_at or planned
        sheets = [
            SheetLine(
                cell.judge_id, names.get(cell.judge_id, ""), cell.state is SheetState.SIGNED, cell.saved_at is not None
            )
            for cell in entry.sheets.values()
        ]
        teams.append(
            Team(
                slot, entry.receipt_number, entry.company, entry.theme_code, begins,
                tuple(sorted(names[judge] for judge in absent.get(entry.id, ()))),
                tuple(sorted(sheets, key=lambda sheet: sheet.judge)),
            )
        )  # fmt: skip
        planned = begins + each
    passes = leavings([team.slot.application_id for team in teams], absent)
    return Pitches(day, tuple(teams), passes, stamp_of(round_.id))


def stamp_of(round_id: UUID) -> str:
    """Differs whenever something that the day's pages show has changed. One statement."""
    sheets = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(ScoreSheet.version), 0),
        sa.func.coalesce(sa.func.sum(sa.case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0)), 0),
        sa.select(PitchDay.version).where(PitchDay.round_id == round_id).scalar_subquery(),
    ).where(ScoreSheet.round_id == round_id, ScoreSheet.state != SheetState.WITHDRAWN)
    return "-".join(str(value or 0) for value in db.session.execute(sheets).one())


def is_written(slot: PitchSlot) -> bool:
    """Whether a judge has saved a sheet of this team since it began."""
    if slot.began_at is None:
        return False
    query = sa.select(ScoreSheet.id).where(
        ScoreSheet.round_id == slot.round_id,
        ScoreSheet.application_id == slot.application_id,
        ScoreSheet.saved_at >= slot.began_at,
    )
    return db.session.scalar(query.limit(1)) is not None


def late_sheets(round_id: UUID) -> dict[UUID, int]:
    """Judge -> how many open sheets of teams that are done."""
    query = (
        sa.select(ScoreSheet.judge_id, sa.func.count())
        .join(PitchSlot, sa.and_(PitchSlot.round_id == ScoreSheet.round_id, PitchSlot.application_id == ScoreSheet.application_id))
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .where(
            ScoreSheet.round_id == round_id, ScoreSheet.state == SheetState.OPEN, PitchSlot.ended_at.is_not(None),
            Judge.state == JudgeState.ACCEPTED,
        )
        .group_by(ScoreSheet.judge_id)
    )  # fmt: skip
    return dict(db.session.execute(query).all())
