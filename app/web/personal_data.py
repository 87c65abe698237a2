"""The trail's personal part: where a person's acts came from, and what they said of people. The chain holds without it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.audit.models import AuditEvent, AuditPersonal
from app.core.audit.words import action_words
from app.core.database import db
from app.core.persons import Holding, Keeper, Person, keep

MOST_SHOWN = 5000


def _about(person: Person) -> sa.ColumnElement[bool]:
    return sa.or_(AuditEvent.actor_id == person.id, AuditEvent.subject_id == person.id)


def find(person: Person) -> Iterable[Holding]:
    query = (
        sa.select(AuditEvent.happened_at, AuditEvent.action, AuditPersonal.content)
        .outerjoin(AuditPersonal, AuditPersonal.event_id == AuditEvent.id)
        .where(_about(person))
        .order_by(AuditEvent.happened_at.desc(), AuditEvent.id.desc())
        .limit(MOST_SHOWN)
    )
    rows = [
        {
            _("When"): row.happened_at.isoformat(timespec="seconds"),
            _("What was done"): action_words(row.action),
            _("From where"): " · ".join(str(value) for value in (row.content or {}).values()),
        }
        for row in db.session.execute(query)
    ]
    kept = _(
        "That something was done stays in the trail for good, without a name; from where it came goes with the account."
    )
    yield Holding("trail", _("What you did"), kept, rows)


def _forget(which: sa.ColumnElement[bool], limit: int | None) -> int:
    mine = sa.select(AuditPersonal.event_id).join(AuditEvent, AuditEvent.id == AuditPersonal.event_id).where(which)
    events = list(db.session.scalars(mine.limit(limit)))
    for start in range(0, len(events), 500):
        db.session.execute(sa.delete(AuditPersonal).where(AuditPersonal.event_id.in_(events[start : start + 500])))
    return len(events)


def erase_person(person: Person, *, now: datetime) -> int:
    del now
    return _forget(_about(person), None)


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    del now
    return _forget(AuditEvent.challenge_id == challenge_id, limit)


keep(Keeper("trail", {"audit_personal": frozenset({"content"})}, find, erase_person, erase_challenge))
