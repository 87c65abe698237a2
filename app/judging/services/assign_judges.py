"""Who judges what: by hand, one at a time or many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.challenges.models import Round
from app.core.audit.trail import record
from app.core.database import db, new_id
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.blind.services import prepare_entries
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.queries.panel import barred_pairs
from app.judging.services.hold import hold_state
from app.judging.states import SheetState
from app.mail.services import queue_mail

Pair = tuple[UUID, UUID]  # judge id, application id
CHUNK = 500  # ids in one statement, below every database's limit


def assign_judge(round_: Round, judge: Judge, application: Application, *, actor: User, now: datetime) -> ScoreSheet:
    """Give one entry to one judge; the sheet that stands already where there is one. Raises RuleBroken. Mails nobody."""
    hold_state(round_.challenge)
    db.session.refresh(judge, ["state", "declared_at"], with_for_update=True)
    in_conflict = db.session.scalar(
        sa.select(sa.exists().where(Conflict.judge_id == judge.id, Conflict.application_id == application.id))
    )
    if reason := rules.why_not_assign(round_, judge, application, in_conflict=bool(in_conflict), actor=actor):
        raise RuleBroken(reason)
    sheet = db.session.scalar(
        sa.select(ScoreSheet)
        .where(
            ScoreSheet.round_id == round_.id,
            ScoreSheet.judge_id == judge.id,
            ScoreSheet.application_id == application.id,
        )
        .with_for_update()
    )
    if sheet is None:
        sheet = ScoreSheet(round_id=round_.id, judge_id=judge.id, application_id=application.id, assigned_at=now)
        db.session.add(sheet)
    elif sheet.state is SheetState.WITHDRAWN:
        sheet.state, sheet.assigned_at = SheetState.OPEN, now
    else:
        return sheet
    prepare_entries(round_, {application.id})
    record(
        "judging.assign_judge", subject=sheet, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"judge": str(judge.id), "application": str(application.id)},
    )  # fmt: skip
    return sheet


def unassign_judge(sheet: ScoreSheet, *, actor: User, now: datetime) -> None:
    """Take an entry back from a judge; a draft on it is kept aside in case it is given again. Raises RuleBroken."""
    hold_state(sheet.round.challenge)
    db.session.refresh(sheet, ["state"], with_for_update=True)
    if reason := rules.why_not_unassign(sheet, actor):
        raise RuleBroken(reason)
    sheet.state = SheetState.WITHDRAWN
    record(
        "judging.unassign_judge", subject=sheet, actor=actor, now=now, challenge_id=sheet.round.challenge_id,
        details={"judge": str(sheet.judge_id), "application": str(sheet.application_id)},
    )  # fmt: skip


def apply_assignment(
    round_: Round, *, add: Collection[Pair], remove: Collection[Pair] = (), actor: User, now: datetime
) -> int:
    """Change many pairs at once, in a few statements; one event and one mail for each judge. Returns how many were added.

    Pairs that stand already, and removals of what does not, are passed over. Raises RuleBroken for the first pair that cannot
    be, before anything is changed.
    """
    hold_state(round_.challenge)
    judges = {judge.id: judge for judge in db.session.scalars(_judges_locked(round_))}
    if reason := rules.why_not_organize(round_.challenge, actor) or rules.why_not_while_judging(round_.challenge):
        raise RuleBroken(reason)
    sheets = _sheets(round_)
    gone = [pair for pair in dict.fromkeys(remove) if pair in sheets and sheets[pair].state is not SheetState.WITHDRAWN]
    for pair in gone:
        if sheets[pair].state is SheetState.SIGNED:
            raise RuleBroken(_("%(name)s has signed this sheet; it stays.", name=judges[pair[0]].name))
    fresh = [pair for pair in dict.fromkeys(add) if pair not in sheets or sheets[pair].state is SheetState.WITHDRAWN]
    _refuse(round_, judges, fresh)
    _set_states([sheets[pair].id for pair in gone], state=SheetState.WITHDRAWN)
    _set_states([sheets[pair].id for pair in fresh if pair in sheets], state=SheetState.OPEN, assigned_at=now)
    if rows := [
        {"id": new_id(), "round_id": round_.id, "judge_id": judge, "application_id": application, "assigned_at": now}
        for judge, application in fresh
        if (judge, application) not in sheets
    ]:
        db.session.execute(sa.insert(ScoreSheet), rows)
    _forget_sheets()
    prepare_entries(round_, {application for _judge, application in fresh})
    _tell(round_, judges, fresh, gone, actor=actor, now=now)
    return len(fresh)


def _judges_locked(round_: Round) -> sa.Select[Judge]:
    """All judges of the challenge, held so that nobody declares or leaves in between."""
    query = sa.select(Judge).where(Judge.challenge_id == round_.challenge_id).order_by(Judge.id)
    return query.options(sa.orm.selectinload(Judge.user)).with_for_update().execution_options(populate_existing=True)


def _sheets(round_: Round) -> dict[Pair, Any]:
    query = sa.select(ScoreSheet.id, ScoreSheet.judge_id, ScoreSheet.application_id, ScoreSheet.state)
    rows = db.session.execute(query.where(ScoreSheet.round_id == round_.id))
    return {(row.judge_id, row.application_id): row for row in rows}


def _refuse(round_: Round, judges: Mapping[UUID, Judge], pairs: Collection[Pair]) -> None:
    """Raise RuleBroken for the first of `pairs` that cannot be."""
    if not pairs:
        return
    query = sa.select(Application.id, Application.receipt_number, Application.state)
    applications = {
        row.id: row for row in db.session.execute(query.where(Application.challenge_id == round_.challenge_id))
    }
    conflicts = {(row[0], row[1]) for row in db.session.execute(barred_pairs(round_.challenge_id))}
    for judge_id in dict.fromkeys(judge_id for judge_id, _application_id in pairs):
        if judge_id not in judges:
            raise RuleBroken(_("The judge and the application belong to another challenge."))
        if reason := rules.why_not_give_entries(judges[judge_id]):
            raise RuleBroken(reason)
    for judge_id, application_id in pairs:
        if (row := applications.get(application_id)) is None:
            raise RuleBroken(_("The judge and the application belong to another challenge."))
        if reason := rules.why_not_give_entry(
            judges[judge_id], receipt_number=row.receipt_number, state=row.state,
            in_conflict=(judge_id, application_id) in conflicts,
        ):  # fmt: skip
            raise RuleBroken(reason)


def _set_states(ids: list[UUID], **values: Any) -> None:
    for start in range(0, len(ids), CHUNK):
        chosen = ScoreSheet.id.in_(ids[start : start + CHUNK])
        db.session.execute(
            sa.update(ScoreSheet).where(chosen).values(**values), execution_options={"synchronize_session": False}
        )


def _forget_sheets() -> None:
    """Sheets that the session holds were changed beneath it."""
    for held in list(db.session):
        if isinstance(held, ScoreSheet):
            db.session.expire(held)


def _tell(
    round_: Round, judges: Mapping[UUID, Judge], fresh: list[Pair], gone: list[Pair], *, actor: User, now: datetime
) -> None:
    """One event for each judge whose desk changed, and one mail to each who has something new on it."""
    added: dict[UUID, list[str]] = defaultdict(list)
    removed: dict[UUID, list[str]] = defaultdict(list)
    for judge_id, application_id in fresh:
        added[judge_id].append(str(application_id))
    for judge_id, application_id in gone:
        removed[judge_id].append(str(application_id))
    for judge_id in dict.fromkeys((*added, *removed)):
        record(
            "judging.apply_assignment", subject=judges[judge_id], actor=actor, now=now, challenge_id=round_.challenge_id,
            details={"round": str(round_.id), "added": added.get(judge_id, []), "removed": removed.get(judge_id, [])},
        )  # fmt: skip
    for judge_id, entries in added.items():
        if (user := judges[judge_id].user) is not None:
            queue_mail(
                user.email, "judging/entries_assigned", language=user.language, now=now, challenge_id=round_.challenge_id,
                name=judges[judge_id].name, challenge=round_.challenge, round=round_, count=len(entries),
            )  # fmt: skip
