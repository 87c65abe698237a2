"""Settling conflicts of interest: confirming or dismissing what is suggested, recording, pinning, lifting, taking back."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging.conflicts import rules
from app.judging.conflicts.models import ConflictReview
from app.judging.conflicts.states import Ground, ReviewOutcome
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.rules import why_not_reason
from app.judging.states import ConflictKind, SheetState


def record_conflict(
    judge: Judge,
    application: Application,
    kind: ConflictKind,
    reason: str,
    *,
    grounds: Mapping[Ground, str] | None = None,
    actor: User,
    now: datetime,
) -> Conflict:
    """The organizer finds a conflict, with `grounds` where it was suggested: open sheets are withdrawn, and the judge cannot undo it.

    The conflict that stands already is pinned and returned. Raises RuleBroken.
    """
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    _refuse(judge, actor, reason)
    conflict = add_conflict(judge, application, kind, reason, actor=actor, now=now)
    if grounds is not None:
        _review(judge, application, ReviewOutcome.CONFIRMED, grounds, reason, actor=actor, now=now)
    record(
        "judging.record_conflict", subject=conflict, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={
            "judge": str(judge.id), "application": str(application.id), "kind": kind.value,
            "grounds": sorted(ground.value for ground in grounds or ()),
        },
    )  # fmt: skip
    return conflict


def add_conflict(
    judge: Judge, application: Application, kind: ConflictKind, reason: str, *, actor: User, now: datetime
) -> Conflict:
    """A pinned conflict, the judge's row held by the caller. Raises RuleBroken over a signed sheet."""
    query = sa.select(ScoreSheet).where(ScoreSheet.judge_id == judge.id, ScoreSheet.application_id == application.id)
    sheets = list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))
    if refusal := rules.why_not_over_sheets(judge, sheets):
        raise RuleBroken(refusal)
    for sheet in sheets:
        sheet.state = SheetState.WITHDRAWN
    conflict = db.session.scalar(
        sa.select(Conflict).where(Conflict.judge_id == judge.id, Conflict.application_id == application.id)
    )
    if conflict is None:
        conflict = Conflict(judge_id=judge.id, application_id=application.id, kind=kind, reason=reason.strip())
        conflict.declared_by_id, conflict.declared_at = actor.id, now
        db.session.add(conflict)
    conflict.pinned = True
    return conflict


def _refuse(judge: Judge, actor: User, reason: str) -> None:
    if refusal := rules.why_not_settle(judge.challenge, actor) or rules.why_not_on_oneself(judge, actor):
        raise RuleBroken(refusal)
    if refusal := why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")


def _review(
    judge: Judge, application: Application, outcome: ReviewOutcome, grounds: Mapping[Ground, str], reason: str, *, actor: User, now: datetime
) -> ConflictReview:  # fmt: skip
    review = ConflictReview(
        judge_id=judge.id, application_id=application.id, outcome=outcome, reason=reason.strip(),
        grounds=[[ground.value, words] for ground, words in grounds.items()], decided_by_id=actor.id, decided_at=now,
    )  # fmt: skip
    db.session.add(review)
    return review


def dismiss_suggestion(
    judge: Judge, application: Application, grounds: Mapping[Ground, str], reason: str, *, actor: User, now: datetime
) -> None:
    """What was suggested is no conflict, for a reason; a further ground brings the pair back. Raises RuleBroken."""
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    _refuse(judge, actor, reason)
    review = _review(judge, application, ReviewOutcome.DISMISSED, grounds, reason, actor=actor, now=now)
    record(
        "judging.dismiss_suggestion", subject=review, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"judge": str(judge.id), "application": str(application.id), "grounds": sorted(g.value for g in grounds)},
    )  # fmt: skip


def pin_conflict(conflict: Conflict, judge: Judge, *, pinned: bool, actor: User, now: datetime) -> None:
    """Say whether the judge may take the conflict back. Raises RuleBroken."""
    if refusal := rules.why_not_settle(judge.challenge, actor) or rules.why_not_on_oneself(judge, actor):
        raise RuleBroken(refusal)
    _hold(conflict)
    if conflict.pinned is pinned:
        return
    conflict.pinned = pinned
    record(
        "judging.pin_conflict", subject=conflict, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"judge": str(judge.id), "application": str(conflict.application_id), "pinned": pinned},
    )  # fmt: skip


def lift_conflict(conflict: Conflict, judge: Judge, reason: str, *, actor: User, now: datetime) -> None:
    """The organizer ends a conflict for a reason; the judge may be given the entry again. Raises RuleBroken."""
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    _refuse(judge, actor, reason)
    _hold(conflict)
    _remove(conflict, judge, "judging.lift_conflict", reason, actor=actor, now=now)


def take_back_conflict(conflict: Conflict, judge: Judge, reason: str, *, actor: User, now: datetime) -> None:
    """The judge takes back a conflict that was declared by mistake and is not pinned. Raises RuleBroken."""
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    _hold(conflict)
    if refusal := rules.why_not_take_back(conflict, judge, actor):
        raise RuleBroken(refusal)
    if refusal := why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")
    _remove(conflict, judge, "judging.take_back_conflict", reason, actor=actor, now=now)


def _hold(conflict: Conflict) -> None:
    """The row as it stands now, held; somebody may have lifted it in another tab."""
    query = sa.select(Conflict.id).where(Conflict.id == conflict.id).with_for_update()
    if db.session.scalar(query) is None:
        raise RuleBroken(_("This conflict was lifted meanwhile."))
    db.session.refresh(conflict, ["pinned"])


def _remove(conflict: Conflict, judge: Judge, action: str, reason: str, *, actor: User, now: datetime) -> None:
    record(
        action, subject=conflict, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"judge": str(judge.id), "application": str(conflict.application_id), "kind": conflict.kind.value},
        personal={"reason": reason.strip(), "was": conflict.reason},
    )  # fmt: skip
    db.session.delete(conflict)
