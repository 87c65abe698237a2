"""Who judges what: by hand, one at a time or many at once."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.applications.models import Application
from app.challenges.models import Round
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.states import SheetState
from app.mail.services import queue_mail

Pair = tuple[UUID, UUID]  # judge id, application id


def assign_judge(round_: Round, judge: Judge, application: Application, *, actor: User, now: datetime) -> ScoreSheet:
    """Give one entry to one judge; the sheet that stands already where there is one. Raises RuleBroken. Mails nobody."""
    conflict = db.session.scalar(
        sa.select(Conflict).where(Conflict.judge_id == judge.id, Conflict.application_id == application.id)
    )
    if reason := rules.why_not_assign(round_, judge, application, conflict=conflict, actor=actor):
        raise RuleBroken(reason)
    sheet = db.session.scalar(
        sa.select(ScoreSheet)
        .where(ScoreSheet.round_id == round_.id, ScoreSheet.judge_id == judge.id, ScoreSheet.application_id == application.id)
        .with_for_update()
    )
    if sheet is None:
        sheet = ScoreSheet(round_id=round_.id, judge_id=judge.id, application_id=application.id, assigned_at=now)
        db.session.add(sheet)
    elif sheet.state is SheetState.WITHDRAWN:
        sheet.state, sheet.assigned_at = SheetState.OPEN, now
    else:
        return sheet
    record(
        "judging.assign_judge", subject=sheet, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"judge": str(judge.id), "application": str(application.id)},
    )  # fmt: skip
    return sheet


def unassign_judge(sheet: ScoreSheet, *, actor: User, now: datetime) -> None:
    """Take an entry back from a judge; a draft on it is kept aside in case it is given again. Raises RuleBroken."""
    db.session.refresh(sheet, ["state"], with_for_update=True)
    if reason := rules.why_not_unassign(sheet, actor):
        raise RuleBroken(reason)
    sheet.state = SheetState.WITHDRAWN
    record(
        "judging.unassign_judge", subject=sheet, actor=actor, now=now, challenge_id=sheet.round.challenge_id,
        details={"judge": str(sheet.judge_id), "application": str(sheet.application_id)},
    )  # fmt: skip


def apply_assignment(round_: Round, *, add: Collection[Pair], remove: Collection[Pair] = (), actor: User, now: datetime) -> int:
    """Change many pairs at once, and tell each judge who got new entries with one mail; returns how many were added.

    Raises RuleBroken for the first pair that cannot be; the caller's transaction then holds half of it and must go.
    """
    judges = {judge.id: judge for judge in db.session.scalars(sa.select(Judge).where(Judge.challenge_id == round_.challenge_id))}
    wanted = {application_id for _judge_id, application_id in add}
    applications = {a.id: a for a in db.session.scalars(sa.select(Application).where(Application.id.in_(wanted)))} if wanted else {}
    sheets = {
        (sheet.judge_id, sheet.application_id): sheet
        for sheet in db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.round_id == round_.id))
    }
    for pair in remove:
        if (sheet := sheets.get(pair)) is not None and sheet.state is not SheetState.WITHDRAWN:
            unassign_judge(sheet, actor=actor, now=now)
    new: Counter[UUID] = Counter()
    for judge_id, application_id in add:
        sheet = sheets.get((judge_id, application_id))
        if sheet is not None and sheet.state is not SheetState.WITHDRAWN:
            continue
        assign_judge(round_, judges[judge_id], applications[application_id], actor=actor, now=now)
        new[judge_id] += 1
    tell_judges(round_, {judges[judge_id]: count for judge_id, count in new.items()}, now=now)
    return new.total()


def tell_judges(round_: Round, new: dict[Judge, int], *, now: datetime) -> None:
    """One mail to each judge with the number of entries that are new on the desk."""
    for judge, count in new.items():
        if judge.user is not None:
            queue_mail(
                judge.user.email, "judging/entries_assigned", language=judge.user.language, now=now, challenge_id=round_.challenge_id,
                name=judge.name, challenge=round_.challenge, round=round_, count=count,
            )  # fmt: skip
