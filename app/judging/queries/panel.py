"""The committee as the organizer sees it: judges with their loads, the matrix of who has what, and how far they are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.applications.writing.models import ApplicationRight
from app.challenges.models import Round, Theme
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Conflict, Judge, ScoreSheet, SignedSheetCopy
from app.judging.states import JudgeState, SheetState


@dataclass(frozen=True)
class PanelRow:
    """One judge of a challenge with the sheets of a round."""

    id: UUID
    name: str
    affiliation: str
    email: str
    is_chair: bool
    state: JudgeState
    invited_at: datetime
    declared_at: datetime | None
    conflicts: int
    signed: int
    begun: int  # drafts with something on them
    total: int

    @property
    def ready(self) -> bool:
        """Whether entries can be given to this judge."""
        return self.state is JudgeState.ACCEPTED and self.declared_at is not None

    @property
    def open(self) -> int:
        return self.total - self.signed


def list_panel(challenge_id: UUID, round_id: UUID | None) -> list[PanelRow]:
    """All judges ever invited, those who judge first, by name. Three statements."""
    conflicts = _counted(
        sa.select(Conflict.judge_id, sa.func.count())
        .join(Judge, Judge.id == Conflict.judge_id)
        .where(Judge.challenge_id == challenge_id)
        .group_by(Conflict.judge_id)
    )
    signed = sa.case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0)
    begun = sa.case((sa.and_(ScoreSheet.state == SheetState.OPEN, ScoreSheet.saved_at.is_not(None)), 1), else_=0)
    loads: dict[UUID, Any] = {
        row[0]: tuple(row)[1:]
        for row in db.session.execute(
            sa.select(ScoreSheet.judge_id, sa.func.sum(signed), sa.func.sum(begun), sa.func.count())
            .where(ScoreSheet.round_id == round_id, ScoreSheet.state != SheetState.WITHDRAWN)
            .group_by(ScoreSheet.judge_id)
        )
    }
    query = sa.select(
        Judge.id, Judge.name, Judge.affiliation, Judge.email, Judge.is_chair, Judge.state, Judge.invited_at, Judge.declared_at
    ).where(Judge.challenge_id == challenge_id)  # fmt: skip
    rows: Any = db.session.execute(query)
    panel = []
    for row in rows:
        done, drafts, total = loads.get(row.id, (0, 0, 0))
        panel.append(
            PanelRow(**row._asdict(), conflicts=conflicts.get(row.id, 0), signed=done, begun=drafts, total=total)
        )
    order = [JudgeState.ACCEPTED, JudgeState.INVITED, JudgeState.DECLINED, JudgeState.REMOVED]
    return sorted(panel, key=lambda row: (order.index(row.state), row.name, row.email))


def _counted(query: sa.Select[*tuple[Any, ...]]) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def get_judge_of(challenge_id: UUID, judge_id: UUID) -> Judge | None:
    return db.session.scalar(sa.select(Judge).where(Judge.id == judge_id, Judge.challenge_id == challenge_id))


@dataclass(frozen=True)
class SheetCell:
    """One sheet in a list of the organizer's."""

    id: UUID
    judge_id: UUID
    state: SheetState
    total: Decimal | None
    saved_at: datetime | None

    @property
    def signed(self) -> bool:
        return self.state is SheetState.SIGNED

    @property
    def written(self) -> bool:
        """Whether there is something on it that a redrawn assignment must keep."""
        return self.signed or self.saved_at is not None


@dataclass(frozen=True)
class EntryRow:
    """One eligible application with its sheets (judge id -> sheet) and the judges in conflict with it."""

    id: UUID
    receipt_number: str
    company: Bilingual
    theme_id: UUID
    theme_code: str
    sheets: dict[UUID, SheetCell]
    conflicts: frozenset[UUID]

    @property
    def signed(self) -> int:
        return sum(sheet.signed for sheet in self.sheets.values())


@dataclass(frozen=True)
class EntryFilter:
    """Which entries to show; `lacking` leaves only those with fewer sheets than `sheets` (given out, or signed)."""

    theme_id: UUID | None = None
    search: str = ""
    unassigned: bool = False
    unsigned: bool = False


def list_entries(
    round_: Round, chosen: EntryFilter, *, offset: int, limit: int, with_conflicts: bool = True
) -> tuple[list[EntryRow], int]:
    """One page of the round's entries by theme and number, and how many there are. Three statements; two without conflicts."""
    found = _entries(round_, chosen).add_columns(sa.func.count().over().label("in_all"))
    rows = db.session.execute(
        found.order_by(Theme.position, Application.receipt_number).offset(offset).limit(limit)
    ).all()
    total = rows[0].in_all if rows else 0
    ids = [row.id for row in rows]
    sheets: dict[UUID, dict[UUID, SheetCell]] = defaultdict(dict)
    cells = sa.select(
        ScoreSheet.application_id, ScoreSheet.id, ScoreSheet.judge_id, ScoreSheet.state, ScoreSheet.total, ScoreSheet.saved_at
    ).where(
        ScoreSheet.round_id == round_.id, ScoreSheet.state != SheetState.WITHDRAWN, ScoreSheet.application_id.in_(ids)
    )  # fmt: skip
    for row in db.session.execute(cells):
        sheets[row.application_id][row.judge_id] = SheetCell(row.id, row.judge_id, row.state, row.total, row.saved_at)
    conflicts: dict[UUID, set[UUID]] = defaultdict(set)
    barred = sa.select(Conflict.application_id, Conflict.judge_id).where(Conflict.application_id.in_(ids))
    for application_id, judge_id in db.session.execute(barred) if with_conflicts else ():
        conflicts[application_id].add(judge_id)
    entries = [
        EntryRow(
            row.id, row.receipt_number or "", row.name, row.theme_id, row.code, sheets[row.id], frozenset(conflicts[row.id])
        )
        for row in rows
    ]  # fmt: skip
    return entries, total


def _entries(round_: Round, chosen: EntryFilter) -> sa.Select[*tuple[Any, ...]]:
    query = (
        sa.select(Application.id, Application.receipt_number, Application.theme_id, Organization.name, Theme.code)
        .select_from(Application)
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(Application.challenge_id == round_.challenge_id, Application.state == ApplicationState.ELIGIBLE)
    )
    if chosen.theme_id is not None:
        query = query.where(Application.theme_id == chosen.theme_id)
    if chosen.search:
        columns = (Organization.name_ko, Organization.name_en, Application.receipt_number)  # type: ignore[attr-defined] # the composite's own columns
        query = query.where(sa.or_(*(column.icontains(chosen.search, autoescape=True) for column in columns)))
    counted = sa.select(sa.func.count()).where(
        ScoreSheet.round_id == round_.id,
        ScoreSheet.application_id == Application.id,
        ScoreSheet.state != SheetState.WITHDRAWN,
    )
    if chosen.unassigned:
        query = query.where(counted.correlate(Application).scalar_subquery() < round_.sheets_per_entry)
    if chosen.unsigned:
        waiting = counted.where(ScoreSheet.state == SheetState.OPEN).correlate(Application)
        query = query.where(waiting.scalar_subquery() > 0)
    return query


@dataclass(frozen=True)
class AssignmentInput:
    """All that a proposal needs, as plain data: entry ids in order, ready judges' ids, pairs in conflict, and pairs that stand."""

    entries: list[UUID]
    judges: list[UUID]
    conflicts: set[tuple[UUID, UUID]]
    standing: set[tuple[UUID, UUID]]
    written: set[tuple[UUID, UUID]]


def barred_pairs(challenge_id: UUID) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """(judge, application) of what no judge may be given: declared conflicts, and the applicants that a judge belongs to or writes with."""
    declared = sa.select(Conflict.judge_id, Conflict.application_id).join(Judge, Judge.id == Conflict.judge_id)
    own = (
        sa.select(Judge.id, Application.id)
        .join(Membership, Membership.user_id == Judge.user_id)
        .join(Application, Application.startup_id == Membership.organization_id)
        .where(Application.challenge_id == challenge_id)
    )
    guest = (
        sa.select(Judge.id, ApplicationRight.application_id)
        .join(ApplicationRight, ApplicationRight.user_id == Judge.user_id)
        .where(ApplicationRight.is_guest)
        .join(Application, Application.id == ApplicationRight.application_id)
        .where(Application.challenge_id == challenge_id)
    )
    return sa.union(*(pairs.where(Judge.challenge_id == challenge_id) for pairs in (declared, own, guest)))


def get_assignment_input(round_: Round) -> AssignmentInput:
    """Four statements."""
    challenge_id = round_.challenge_id
    eligible = sa.and_(Application.challenge_id == challenge_id, Application.state == ApplicationState.ELIGIBLE)
    ready = sa.and_(
        Judge.challenge_id == challenge_id, Judge.state == JudgeState.ACCEPTED, Judge.declared_at.is_not(None)
    )
    entries = list(db.session.scalars(sa.select(Application.id).where(eligible).order_by(Application.receipt_number)))
    judges = list(db.session.scalars(sa.select(Judge.id).where(ready).order_by(Judge.id)))
    conflicts = {(row[0], row[1]) for row in db.session.execute(barred_pairs(challenge_id))}
    sheets = db.session.execute(
        sa.select(ScoreSheet.judge_id, ScoreSheet.application_id, ScoreSheet.saved_at, ScoreSheet.state).where(
            ScoreSheet.round_id == round_.id, ScoreSheet.state != SheetState.WITHDRAWN
        )
    ).all()
    standing = {(row.judge_id, row.application_id) for row in sheets}
    written = {
        (row.judge_id, row.application_id) for row in sheets if row.saved_at is not None or row.state is SheetState.SIGNED
    }  # fmt: skip
    return AssignmentInput(entries, judges, conflicts, standing, written)


@dataclass(frozen=True)
class SheetCopy:
    """A signed version that was reopened."""

    content: dict[str, Any]
    reason: str
    reopened_by: str | None
    reopened_at: datetime


def get_sheet_of(challenge_id: UUID, sheet_id: UUID) -> ScoreSheet | None:
    """A sheet of the challenge, whoever's, with what its page shows."""
    query = (
        sa.select(ScoreSheet)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .where(ScoreSheet.id == sheet_id, Judge.challenge_id == challenge_id)
        .options(
            sa.orm.joinedload(ScoreSheet.judge).joinedload(Judge.user),
            sa.orm.joinedload(ScoreSheet.application).joinedload(Application.startup),
            sa.orm.joinedload(ScoreSheet.application).joinedload(Application.theme),
            sa.orm.joinedload(ScoreSheet.round).selectinload(Round.criteria),
        )
    )
    return db.session.scalar(query)


def list_sheet_copies(sheet_id: UUID) -> list[SheetCopy]:
    """The signed versions that were reopened, the latest first."""
    query = (
        sa.select(SignedSheetCopy.content, SignedSheetCopy.reason, User.name, SignedSheetCopy.reopened_at)
        .outerjoin(User, User.id == SignedSheetCopy.reopened_by_id)
        .where(SignedSheetCopy.sheet_id == sheet_id)
        .order_by(SignedSheetCopy.reopened_at.desc(), SignedSheetCopy.id.desc())
    )
    rows: Any = db.session.execute(query)
    return [SheetCopy(*row) for row in rows]


def list_entries_by_id(ids: Collection[UUID]) -> list[tuple[UUID, str, Bilingual]]:
    """Id, receipt number and company of some applications, by number; the first thousand."""
    query = (
        sa.select(Application.id, Application.receipt_number, Organization.name)
        .join(Organization, Organization.id == Application.startup_id)
        .where(Application.id.in_(list(ids)[:1000]))
        .order_by(Application.receipt_number)
    )
    return [(row[0], row[1] or "", row[2]) for row in db.session.execute(query)]
