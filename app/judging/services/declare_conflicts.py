"""Conflicts of interest: what a judge declares before reading, and stepping back from one entry later."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Membership, User
from app.applications.models import Application
from app.applications.writing.models import ApplicationRight
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.states import ConflictKind, SheetState


def declare_conflicts(
    judge: Judge, conflicts: Mapping[UUID, tuple[ConflictKind, str]], *, actor: User, now: datetime
) -> None:
    """Record that the judge went through all applications, with the conflicts found: application id -> (kind, reason).

    An empty mapping is the explicit declaration of none. Applications of startups that the judge belongs to are in conflict by
    rule (disqualification), declared or not. Conflicts declared before stand. An open sheet
    for an application that is now in conflict is withdrawn. Raises RuleBroken.
    """
    db.session.refresh(judge, ["state", "user_id", "declared_at"], with_for_update=True)
    if reason := rules.why_not_declare(judge, actor):
        raise RuleBroken(reason)
    standing = set(db.session.scalars(sa.select(Conflict.application_id).where(Conflict.judge_id == judge.id)))
    by_rule = _by_rule(judge, actor)
    given = {**conflicts, **by_rule}
    new = {application_id: conflict for application_id, conflict in given.items() if application_id not in standing}
    _refuse_strangers(judge, new)
    for application_id, (kind, text) in new.items():
        if reason := rules.why_not_reason(text):
            raise RuleBroken(reason, field=f"reason-{application_id}")
        _add_conflict(judge, application_id, kind, text, pinned=application_id in by_rule, actor=actor, now=now)
    judge.declared_at = now
    record(
        "judging.declare_conflicts", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"added": {str(key): kind.value for key, (kind, _text) in new.items()}, "standing": len(standing)},
    )  # fmt: skip


def _by_rule(judge: Judge, actor: User) -> dict[UUID, tuple[ConflictKind, str]]:
    """Applications of startups that the judge is a member of, and those that the judge writes as a guest."""
    member = sa.select(Membership.organization_id).where(Membership.user_id == actor.id)
    guest = sa.select(ApplicationRight.application_id).where(
        ApplicationRight.user_id == actor.id, ApplicationRight.is_guest
    )
    query = sa.select(Application.id).where(
        Application.challenge_id == judge.challenge_id,
        sa.or_(Application.startup_id.in_(member), Application.id.in_(guest)),
    )
    reason = _("A member of the applicant's own team.")
    return dict.fromkeys(db.session.scalars(query), (ConflictKind.DISQUALIFICATION, reason))


def _refuse_strangers(judge: Judge, conflicts: Mapping[UUID, object]) -> None:
    query = sa.select(sa.func.count()).where(
        Application.challenge_id == judge.challenge_id, Application.id.in_(list(conflicts))
    )
    if conflicts and db.session.scalar(query) != len(conflicts):
        raise RuleBroken(_("An application in this declaration does not belong to this challenge."))


def _add_conflict(
    judge: Judge, application_id: UUID, kind: ConflictKind, reason: str, *, pinned: bool, actor: User, now: datetime
) -> None:
    query = sa.select(ScoreSheet).where(ScoreSheet.judge_id == judge.id, ScoreSheet.application_id == application_id)
    sheets = list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))
    if refusal := rules.why_not_conflict(sheets):
        raise RuleBroken(refusal, field=f"kind-{application_id}")
    for sheet in sheets:
        sheet.state = SheetState.WITHDRAWN
    conflict = Conflict(judge_id=judge.id, application_id=application_id, kind=kind, reason=reason.strip())
    conflict.declared_by_id, conflict.declared_at, conflict.pinned = actor.id, now, pinned
    db.session.add(conflict)


def recuse(sheet: ScoreSheet, reason: str, *, actor: User, now: datetime) -> None:
    """The judge steps back from one entry: the sheet is withdrawn, the entry hidden from then on. Raises RuleBroken."""
    db.session.refresh(sheet.judge, ["state"], with_for_update=True)
    db.session.refresh(sheet, ["state"], with_for_update=True)
    if refusal := rules.why_not_recuse(sheet, actor):
        raise RuleBroken(refusal)
    if refusal := rules.why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")
    _add_conflict(sheet.judge, sheet.application_id, ConflictKind.RECUSAL, reason, pinned=False, actor=actor, now=now)
    record(
        "judging.recuse", subject=sheet, actor=actor, now=now, challenge_id=sheet.judge.challenge_id,
        details={"application": str(sheet.application_id)},
    )  # fmt: skip
