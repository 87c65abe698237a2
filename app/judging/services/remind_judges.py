"""Chasing sheets that are not signed yet."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.models import Round
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.models import Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState
from app.mail.services import queue_mail


def remind_judges(round_: Round, judge_ids: Collection[UUID] | None = None, *, actor: User, now: datetime) -> int:
    """Mail each judge (of `judge_ids`, else all) who has open sheets with their number; returns how many. Raises RuleBroken."""
    if reason := rules.why_not_organize(round_.challenge, actor) or rules.why_not_while_judging(round_.challenge):
        raise RuleBroken(reason)
    query = (
        sa.select(Judge, sa.func.count())
        .join(ScoreSheet, ScoreSheet.judge_id == Judge.id)
        .where(
            ScoreSheet.round_id == round_.id, ScoreSheet.state == SheetState.OPEN, Judge.state == JudgeState.ACCEPTED
        )
        .group_by(Judge.id)
    )
    if judge_ids is not None:
        query = query.where(Judge.id.in_(judge_ids))
    late = db.session.execute(query.options(sa.orm.selectinload(Judge.user))).all()
    for judge, count in late:
        if judge.user is not None:
            queue_mail(
                judge.user.email, "judging/reminder", language=judge.user.language, now=now, challenge_id=round_.challenge_id,
                name=judge.name, challenge=round_.challenge, round=round_, count=count,
            )  # fmt: skip
    record(
        "judging.remind_judges", subject=round_, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"judges": sorted(str(judge.id) for judge, _count in late)},
    )  # fmt: skip
    return len(late)
