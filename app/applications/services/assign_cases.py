"""Who screens which application."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.desk.models import ScreeningCase
from app.applications.models import Application
from app.applications.queries.asked import handed_in
from app.applications.queries.desk import list_screeners
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def assign_cases(
    challenge: Challenge, application_ids: Sequence[UUID], assignee: User | None, *, actor: User, now: datetime
) -> int:
    """Give these applications to one of the staff, or to nobody; returns how many changed hands. Raises RuleBroken."""
    if reason := rules.why_not_screen(challenge, actor, now):
        raise RuleBroken(reason)
    if assignee is not None and assignee.id not in {person.id for person in list_screeners(challenge)}:
        raise RuleBroken(_("Cases go only to the organizer's own staff."))
    owner = assignee.id if assignee else None
    given: dict[UUID, UUID | None] = {i: owner for i in of_challenge(challenge, application_ids)}  # noqa: C420 - the checker reads the type of this
    return _give(challenge, given, actor=actor, now=now, how="chosen")


def assign_evenly(challenge: Challenge, screeners: Sequence[User], *, actor: User, now: datetime) -> int:
    """Give every application that stands and that nobody has to the one with the fewest, in the order of receipt.

    Ties go to the one who stands first in `screeners`. Returns how many were given. Raises RuleBroken.
    """
    if reason := rules.why_not_screen(challenge, actor, now):
        raise RuleBroken(reason)
    known = {person.id for person in list_screeners(challenge)}
    order = [person.id for person in screeners if person.id in known]
    if not order:
        raise RuleBroken(_("Choose at least one of the staff."))
    query = (
        sa.select(Application.id, ScreeningCase.assignee_id)
        .outerjoin(ScreeningCase, ScreeningCase.application_id == Application.id)
        .where(Application.challenge_id == challenge.id, Application.submitted_at.is_not(None))
        .order_by(sa.func.length(Application.receipt_number), Application.receipt_number)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(query)]
    load = Counter(dict.fromkeys(order, 0))
    load.update(assignee for _id, assignee in rows if assignee is not None and assignee in load)
    given: dict[UUID, UUID | None] = {}
    for application_id, assignee in rows:
        if assignee is None:
            least = min(order, key=lambda person: load[person])
            given[application_id] = least
            load[least] += 1
    return _give(challenge, given, actor=actor, now=now, how="evenly")


def of_challenge(challenge: Challenge, application_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the ids that were handed in to this challenge, in a firm order; others are left out without a word."""
    query = sa.select(Application.id).where(Application.id.in_(application_ids), handed_in(challenge.id))
    return sorted(db.session.scalars(query))


def _give(challenge: Challenge, given: dict[UUID, UUID | None], *, actor: User, now: datetime, how: str) -> int:
    cases = {
        case.application_id: case
        for case in db.session.scalars(
            sa.select(ScreeningCase).where(ScreeningCase.application_id.in_(given)).with_for_update()
        )
    }
    changed = 0
    for application_id, assignee_id in given.items():
        case = cases.get(application_id) or ScreeningCase(
            application_id=application_id, challenge_id=challenge.id, assignee_id=None
        )
        changed += case.assignee_id != assignee_id
        case.assignee_id = assignee_id
        db.session.add(case)
    if changed:
        counts = Counter(str(person) for person in given.values())
        record(
            "applications.assign_cases", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
            details={"how": how, "changed": changed, "given": dict(counts)},
        )  # fmt: skip
    return changed
