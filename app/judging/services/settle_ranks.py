"""What the committee adds to the scores: bonus points with their evidence, and the chair's order of what stays tied."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Round
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.models import Bonus, ChairDecision
from app.judging.queries.ranking import get_ranking
from app.judging.services.hold import hold_state

CHAIR_REASON_LIMIT = 1000


def add_bonus(
    round_: Round, application: Application, *, points: Decimal, evidence: str, actor: User, now: datetime
) -> Bonus:
    """Give bonus points with what proves them. Raises RuleBroken past the round's cap (field `points`) or without evidence."""
    hold_state(round_.challenge)
    db.session.refresh(application, ["state"], with_for_update=True)  # one at a time, so that the cap holds
    if reason := rules.why_not_change_result(round_, actor):
        raise RuleBroken(reason)
    if application.challenge_id != round_.challenge_id or application.state is not ApplicationState.ELIGIBLE:
        raise RuleBroken(_("Application %(number)s is not eligible.", number=application.receipt_number or "–"))
    given = db.session.scalars(
        sa.select(Bonus.points).where(Bonus.round_id == round_.id, Bonus.application_id == application.id)
    )
    if reason := rules.why_not_bonus(round_, points, sum(given, Decimal(0))):
        raise RuleBroken(reason, field="points")
    if reason := rules.why_not_reason(evidence):
        raise RuleBroken(reason, field="evidence")
    bonus = Bonus(
        round_id=round_.id,
        application_id=application.id,
        points=points,
        evidence=evidence.strip(),
        given_by_id=actor.id,
        given_at=now,
    )
    db.session.add(bonus)
    record(
        "judging.add_bonus", subject=bonus, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"application": str(application.id), "points": str(points), "evidence": bonus.evidence},
    )  # fmt: skip
    return bonus


def remove_bonus(bonus: Bonus, round_: Round, *, actor: User, now: datetime) -> None:
    """Take bonus points back; what they were stays in the trail. Raises RuleBroken."""
    hold_state(round_.challenge)
    if reason := rules.why_not_change_result(round_, actor):
        raise RuleBroken(reason)
    record(
        "judging.remove_bonus", subject=bonus, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"application": str(bonus.application_id), "points": str(bonus.points), "evidence": bonus.evidence},
    )  # fmt: skip
    db.session.delete(bonus)


def record_chair_decision(
    round_: Round, order: Sequence[UUID], reason: str, *, actor: User, now: datetime
) -> ChairDecision:
    """Keep the chair's order, first to last, of applications that the declared chain leaves tied, with the reason.

    A later decision on the same applications takes the place of the earlier one, which stays. Raises RuleBroken.
    """
    hold_state(round_.challenge)
    if refusal := rules.why_not_change_result(round_, actor):
        raise RuleBroken(refusal)
    if "chair" not in round_.tie_break:
        raise RuleBroken(_("The published rule does not leave ties to the chair."))
    if refusal := rules.why_not_reason(reason, CHAIR_REASON_LIMIT):
        raise RuleBroken(refusal, field="reason")
    ids = list(dict.fromkeys(order))
    if len(ids) < 2 or len(ids) != len(order):
        raise RuleBroken(_("Give each tied application one place of its own."), field="order")
    table = get_ranking(round_, with_chair=False)
    groups = [group for tie in table.ties for group in table.sharing(tie, within_theme=False)]
    groups += [group for tie in table.theme_ties for group in table.sharing(tie, within_theme=True)]
    if not any(set(group) == set(ids) for group in groups):
        raise RuleBroken(_("These applications are not tied any more. Open the ranking again to see what stands."))
    decision = ChairDecision(
        round_id=round_.id, order=[str(i) for i in ids], reason=reason.strip(), recorded_by_id=actor.id, recorded_at=now
    )
    db.session.add(decision)
    record(
        "judging.record_chair_decision", subject=decision, actor=actor, now=now, challenge_id=round_.challenge_id,
        details={"order": decision.order, "reason": decision.reason},
    )  # fmt: skip
    return decision
