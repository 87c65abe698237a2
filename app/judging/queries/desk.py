"""What a judge may see: the challenges, the queue, and the one sheet; an entry in conflict is nowhere."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.applications.writing.models import ApplicationRight
from app.challenges.models import Challenge, Round, RulesVersion, Theme
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging import rules
from app.judging.blind.models import BlindNumber
from app.judging.blind.seen import name_entry
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.queries.invitations import token_sha256
from app.judging.states import ConflictKind, JudgeState, SheetState


@dataclass(frozen=True)
class DeskRound:
    """One challenge on a judge's list, with how many sheets are signed of how many."""

    judge: Judge
    challenge: Challenge
    signed: int
    total: int
    rounds: list[Round]

    @property
    def readable(self) -> bool:
        return self.judge.declared_at is not None and self.challenge.state in rules.READABLE


@dataclass(frozen=True)
class QueueRow:
    """One entry in a judge's queue."""

    sheet_id: UUID
    round_id: UUID
    receipt_number: str
    company: Bilingual  # in a blind round what stands for it, without a receipt number
    theme_code: str
    theme: Bilingual
    state: SheetState
    total: Decimal | None
    saved_at: datetime | None
    revisit: bool

    @property
    def signed(self) -> bool:
        return self.state is SheetState.SIGNED


def visible() -> tuple[sa.ColumnElement[bool], ...]:
    """What makes a sheet its judge's to see; for queries that join sheets and applications."""
    conflict = sa.exists().where(
        Conflict.judge_id == ScoreSheet.judge_id, Conflict.application_id == ScoreSheet.application_id
    )
    # Whoever joined an applicant's team after declaring is barred from its entry all the same.
    own = (
        sa.select(Membership.id)
        .join(Judge, Judge.user_id == Membership.user_id)
        .where(Judge.id == ScoreSheet.judge_id, Membership.organization_id == Application.startup_id)
        .correlate(ScoreSheet, Application)
    )
    guest = (
        sa.select(ApplicationRight.user_id)
        .join(Judge, Judge.user_id == ApplicationRight.user_id)
        .where(
            Judge.id == ScoreSheet.judge_id,
            ApplicationRight.application_id == ScoreSheet.application_id,
            ApplicationRight.is_guest,
        )
        .correlate(ScoreSheet)
    )
    return (
        ScoreSheet.state != SheetState.WITHDRAWN,
        Application.state == ApplicationState.ELIGIBLE,
        ~conflict,
        ~own.exists(),
        ~guest.exists(),
    )


def list_desk_rounds(user: User) -> list[DeskRound]:
    """The challenges that the person judges, the latest first. Three statements."""
    query = (
        sa.select(Judge)
        .join(Challenge)
        .where(Judge.user_id == user.id, Judge.state == JudgeState.ACCEPTED)
        .order_by(Challenge.closes_at.desc(), Challenge.id)
        .options(
            sa.orm.joinedload(Judge.challenge).joinedload(Challenge.host),
            sa.orm.joinedload(Judge.challenge).selectinload(Challenge.rounds),
        )
    )
    judges = db.session.scalars(query).unique().all()
    counted = (
        sa.select(
            ScoreSheet.judge_id,
            sa.func.count(),
            sa.func.sum(sa.case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0)),
        )
        .join(Application)
        .where(ScoreSheet.judge_id.in_([judge.id for judge in judges]), *visible())
        .group_by(ScoreSheet.judge_id)
    )
    counts = {row[0]: (row[1], row[2]) for row in db.session.execute(counted)} if judges else {}
    return [
        DeskRound(
            judge,
            judge.challenge,
            counts.get(judge.id, (0, 0))[1],
            counts.get(judge.id, (0, 0))[0],
            judge.challenge.rounds,
        )
        for judge in judges
    ]


def get_judge_for(user: User, challenge_id: UUID) -> Judge | None:
    """The person as an accepted judge of the challenge, with the challenge loaded."""
    return db.session.scalar(
        sa.select(Judge)
        .where(Judge.challenge_id == challenge_id, Judge.user_id == user.id, Judge.state == JudgeState.ACCEPTED)
        .options(
            sa.orm.joinedload(Judge.challenge).joinedload(Challenge.host),
            sa.orm.joinedload(Judge.challenge).selectinload(Challenge.rounds),
        )
    )


def get_invitation(token: str) -> Judge | None:
    """The judge whose invitation has this token, whatever became of it."""
    return db.session.scalar(
        sa.select(Judge)
        .where(Judge.token_sha256 == token_sha256(token))
        .options(sa.orm.joinedload(Judge.challenge).joinedload(Challenge.host))
    )


# Built once: to put a statement together takes longer than to run it.
_QUEUE = (
    sa.select(
        ScoreSheet.id, ScoreSheet.round_id, Application.receipt_number, Organization.name, Theme.code, Theme.title,
        ScoreSheet.state, ScoreSheet.total, ScoreSheet.saved_at, ScoreSheet.revisit,
        Theme.position, Round.blind, BlindNumber.number,
    )
    .join(Application, Application.id == ScoreSheet.application_id)
    .join(Organization, Organization.id == Application.startup_id)
    .join(Theme, Theme.id == Application.theme_id)
    .join(Round, Round.id == ScoreSheet.round_id)
    .outerjoin(
        BlindNumber, sa.and_(BlindNumber.round_id == Round.id, BlindNumber.application_id == Application.id)
    )
    .where(ScoreSheet.judge_id == sa.bindparam("judge_id"), *visible())
    .order_by(Theme.position, Application.receipt_number)
)  # fmt: skip


def list_queue(judge: Judge) -> list[QueueRow]:
    """The judge's entries by theme and receipt number, in a blind round by what they are called there instead.

    One statement, and none before conflicts are declared.
    """
    if judge.declared_at is None:
        return []
    rows: Any = db.session.execute(_QUEUE, {"judge_id": judge.id})
    return _named_rows(rows)


def _named_rows(rows: Any) -> list[QueueRow]:
    """What a judge may call each entry; where that is another name, the order is by it, too."""
    found, blind_ones = [], False
    for *columns, position, blind, number in rows:
        row = QueueRow(*columns)
        if blind:
            name = name_entry(
                blind=True, number=number, company=row.company, receipt_number=row.receipt_number, sheet_id=row.sheet_id
            )
            row = replace(row, company=name.name, receipt_number=name.receipt_number)
            blind_ones = True
        found.append((position, number or 0, row))
    if blind_ones:
        found.sort(key=lambda one: one[:2])
    return [row for _position, _number, row in found]


def next_open(queue: list[QueueRow], after: UUID | None = None) -> QueueRow | None:
    """The next sheet that is not signed, going round from `after`."""
    places = {row.sheet_id: place for place, row in enumerate(queue)}
    start = places.get(after, -1) + 1 if after else 0
    return next((row for row in (*queue[start:], *queue[:start]) if not row.signed and row.sheet_id != after), None)


_SHEET = (
    sa.select(ScoreSheet)
    .join(Application, Application.id == ScoreSheet.application_id)
    .join(Judge, Judge.id == ScoreSheet.judge_id)
    .join(Challenge, Challenge.id == Judge.challenge_id)
    .where(
        ScoreSheet.id == sa.bindparam("sheet_id"),
        Judge.user_id == sa.bindparam("user_id"),
        Judge.state == JudgeState.ACCEPTED,
        Judge.declared_at.is_not(None),
        Challenge.state.in_(rules.READABLE),
        *visible(),
    )
    .options(
        sa.orm.joinedload(ScoreSheet.judge).joinedload(Judge.challenge).joinedload(Challenge.host),
        sa.orm.joinedload(ScoreSheet.application).joinedload(Application.startup),
        sa.orm.joinedload(ScoreSheet.application).joinedload(Application.theme),
        sa.orm.joinedload(ScoreSheet.round).selectinload(Round.criteria),
    )
)


def get_sheet_for(user: User, sheet_id: UUID) -> ScoreSheet | None:
    """The judge's own sheet with all that its page shows; None for anybody else's, for one in conflict or taken back,
    before conflicts are declared, and when judging is not there (or over and archived).
    """
    return db.session.scalar(_SHEET, {"sheet_id": sheet_id, "user_id": user.id})


def list_drafts(judge: Judge) -> list[ScoreSheet]:
    """The judge's sheets that are begun and not signed, in the queue's order, with all that signing asks. Two statements."""
    query = (
        sa.select(ScoreSheet)
        .join(Application, Application.id == ScoreSheet.application_id)
        .where(
            ScoreSheet.judge_id == judge.id,
            ScoreSheet.state == SheetState.OPEN,
            ScoreSheet.saved_at.is_not(None),
            *visible(),
        )
        .join(Theme, Theme.id == Application.theme_id)
        .outerjoin(
            BlindNumber,
            sa.and_(BlindNumber.round_id == ScoreSheet.round_id, BlindNumber.application_id == Application.id),
        )
        .order_by(Theme.position, BlindNumber.number, Application.receipt_number)
        .options(
            sa.orm.joinedload(ScoreSheet.application).joinedload(Application.startup),
            sa.orm.joinedload(ScoreSheet.application).joinedload(Application.theme),
            sa.orm.joinedload(ScoreSheet.round).selectinload(Round.criteria),
        )
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class DeclarableRow:
    """An applicant as a judge who declares conflicts sees it: the company and the theme, nothing of the proposal."""

    application_id: UUID
    receipt_number: str
    company: Bilingual
    representative: str
    theme_id: UUID
    theme_code: str
    theme: Bilingual


@dataclass(frozen=True)
class DeclaredRow:
    """A conflict that the judge declared before; those that others found are not the judge's to read."""

    id: UUID
    receipt_number: str
    company: Bilingual
    kind: ConflictKind
    reason: str
    declared_at: datetime
    pinned: bool


def list_declarable(judge: Judge) -> tuple[list[DeclarableRow], list[DeclaredRow]]:
    """Applicants whom the judge has to go through, and the conflicts that the judge declared. Two statements.

    Where a round is blind, they are names in 가나다 order with nothing that would lead from them to an entry, and only until the
    judge has gone through them: from then on the judge steps back from entries. What others found in conflict is not told.
    """
    blind = any(round_.blind for round_ in judge.challenge.rounds)
    query = (
        sa.select(
            Application.id, Application.receipt_number, Organization.name, Organization.representative,
            Theme.id, Theme.code, Theme.title,
        )
        .select_from(Application)
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(
            Application.challenge_id == judge.challenge_id,
            Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.CORRECTION, ApplicationState.ELIGIBLE)),
            ~sa.exists().where(Conflict.judge_id == judge.id, Conflict.application_id == Application.id),
        )
        .order_by(Theme.position, Application.receipt_number)
    )  # fmt: skip
    declared = (
        sa.select(
            Conflict.id,
            Application.receipt_number,
            Organization.name,
            Conflict.kind,
            Conflict.reason,
            Conflict.declared_at,
            Conflict.pinned,
        )
        .select_from(Conflict)
        .join(Application, Application.id == Conflict.application_id)
        .join(Organization, Organization.id == Application.startup_id)
        .where(Conflict.judge_id == judge.id, Conflict.declared_by_id == judge.user_id)
        .order_by(Application.receipt_number)
    )
    standing: Any = db.session.execute(declared)
    known = [DeclaredRow(*row) for row in standing]
    if blind and judge.declared_at is not None:
        return [], [replace(row, receipt_number="") for row in known]
    applicants: Any = db.session.execute(query)
    rows = [DeclarableRow(*row) for row in applicants]
    if blind:
        rows = [replace(row, receipt_number="", theme_code="", theme=Bilingual()) for row in rows]
        rows.sort(key=lambda row: (row.company.ko, row.company.en))
    return rows, known


def rules_version_number(sheet: ScoreSheet) -> int | None:
    """Which version of the published rules the sheet is scored by: the one it was signed under, else the one in force."""
    query = sa.select(RulesVersion.number)
    if sheet.rules_version_id is not None:
        return db.session.scalar(query.where(RulesVersion.id == sheet.rules_version_id))
    newest = query.where(RulesVersion.challenge_id == sheet.judge.challenge_id).order_by(RulesVersion.number.desc())
    return db.session.scalar(newest.limit(1))
