"""Certificates: a public record of who won, which stays when everything else of a person goes, as do the published results.

What somebody wrote against a decision goes; that there was an objection, and how it was answered, stays.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import OrganizationKind, User
from app.applications.models import Application
from app.awards.appeals.models import Appeal
from app.awards.appeals.states import AppealState
from app.awards.models import Certificate, Decision
from app.challenges.models import Challenge
from app.core.database import db
from app.core.persons import ERASED, Holding, Keeper, Person, keep


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    query = (
        sa.select(Certificate)
        .join(Decision, Decision.id == Certificate.decision_id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.startup_id.in_(user.organization_ids(OrganizationKind.STARTUP)))
        .order_by(Certificate.requested_at)
    )
    rows = [
        {_("Number"): c.serial, _("Recipient"): c.facts["recipient"].in_language(user.language)}
        for c in db.session.scalars(query)
    ]
    kept = _("For good: whoever is shown a certificate has to be able to check it. The host can revoke one.")
    yield Holding("certificates", _("Certificates"), kept, rows)
    filed = sa.select(Appeal, Challenge).join(Challenge).where(Appeal.filed_by_id == user.id).order_by(Appeal.filed_at)
    yield Holding(
        "appeals", _("Objections to decisions that you wrote"),
        _("Until you close the account, or the challenge's retention period ends."),
        [
            {_("Challenge"): c.title.in_language(user.language), _("Text"): a.text, _("Answer"): a.answer}
            for a, c in db.session.execute(filed)
        ],
    )  # fmt: skip


def _erased() -> dict[str, object]:
    answer = sa.case((Appeal.state == AppealState.FILED, ""), else_=ERASED)
    return {"text": ERASED, "answer": answer, "filed_by_id": None}


def erase_person(person: Person, *, now: datetime) -> int:
    del now
    mine = sa.update(Appeal).where(Appeal.filed_by_id == person.id).values(_erased()).returning(Appeal.id)
    return len(db.session.execute(mine).all())


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    del now
    some = sa.select(Appeal.id).where(Appeal.challenge_id == challenge_id, Appeal.text != ERASED).limit(limit)
    ids = list(db.session.scalars(some))
    db.session.execute(sa.update(Appeal).where(Appeal.id.in_(ids)).values(_erased()))
    return len(ids)


keep(
    Keeper(
        "awards",
        {"certificates": frozenset({"words"}), "appeals": frozenset({"text", "answer"})},
        find,
        erase_person,
        erase_challenge,
    )
)
