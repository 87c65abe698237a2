"""Writing events into the trail, sealing them into a hash chain, and finding the first broken link."""

import hashlib
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from app.core.audit.models import AuditEvent, AuditHead, AuditPersonal
from app.core.canonical import canonical_json, canonical_sha256, plain
from app.core.database import db, new_id, table_of

BEGINNING = hashlib.sha256(b"madang audit chain").hexdigest()


_PUT_EVENT, _PUT_PERSONAL = sa.insert(table_of(AuditEvent)), sa.insert(table_of(AuditPersonal))


class HasId(Protocol):
    @property
    def id(self) -> Any: ...


# Where the present request comes from (address, browser); set by the web's edge, absent in jobs and commands.
origin: ContextVar[dict[str, str] | None] = ContextVar("origin", default=None)


def record(
    action: str,
    *,
    subject: HasId,
    actor: HasId | None,
    now: datetime,
    challenge_id: UUID | None = None,
    details: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> None:
    """Write one event into the present transaction.

    `action` is the service's name with its feature ("applications.submit_application"); `details` says what before and
    after, without personal data; `personal` (joined by where the request came from) is kept apart and can be erased.
    """
    db.session.flush()  # so that a new subject has its id
    private = plain({**(origin.get() or {}), **(personal or {})})
    salt, event_id = secrets.token_hex(16), new_id()
    # By hand, since what is written for every change is never looked at again by whoever writes it.
    event = {
        "id": event_id,
        "happened_at": now,
        "actor_id": actor.id if actor is not None else None,
        "action": action,
        "subject_kind": type(subject).__name__.lower(),
        "subject_id": subject.id,
        "challenge_id": challenge_id,
        "details": plain(details or {}),  # refuses here, not at the sealer, what could not be sealed
        "personal_sha256": _personal_sha256(salt, private) if private else None,
    }
    db.session.execute(_PUT_EVENT, event)
    if private:
        db.session.execute(_PUT_PERSONAL, {"event_id": event_id, "salt": salt, "content": private})


def _personal_sha256(salt: str, content: dict[str, Any]) -> str:
    return hashlib.sha256((salt + canonical_json(content)).encode()).hexdigest()


def link(previous: str, event: AuditEvent, position: int) -> str:
    """The hash that chains `event` to what came before it."""
    return canonical_sha256(
        {
            "previous": previous,
            "position": position,
            "id": event.id,
            "happened_at": event.happened_at,
            "actor_id": event.actor_id,
            "action": event.action,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "challenge_id": event.challenge_id,
            "details": event.details,
            "personal_sha256": event.personal_sha256,
        }
    )


def seal(*, limit: int = 1000) -> int:
    """Chain the events that stand unsealed, oldest first, and move the head; the caller commits. Returns how many.

    The head's row is the lock, so that two sealers never fork the chain.
    """
    head = db.session.scalar(sa.select(AuditHead).with_for_update())
    if head is None:
        head = AuditHead(id=1, length=0, chain_sha256=BEGINNING)
        db.session.add(head)
        db.session.flush()
    query = sa.select(AuditEvent).where(AuditEvent.position.is_(None)).order_by(AuditEvent.happened_at, AuditEvent.id)
    events = db.session.scalars(query.limit(limit)).all()
    for event in events:
        head.length += 1
        head.chain_sha256 = link(head.chain_sha256, event, head.length)
        event.position, event.chain_sha256 = head.length, head.chain_sha256
    return len(events)


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: `broken` names the first place that does not hold, None when all do."""

    length: int
    unsealed: int
    broken: str | None


def verify() -> Verdict:
    """Walk the whole chain, recomputing every link, and compare its end with the head."""
    previous, expected = BEGINNING, 0
    unsealed = db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.position.is_(None))) or 0
    personal = {p.event_id: p for p in db.session.scalars(sa.select(AuditPersonal))}
    query = sa.select(AuditEvent).where(AuditEvent.position.is_not(None)).order_by(AuditEvent.position)
    with db.session.scalars(query.execution_options(yield_per=1000)) as events:
        for event in events:
            expected += 1
            broken = _broken_at(event, expected, previous, personal.get(event.id))
            if broken:
                return Verdict(expected - 1, unsealed, broken)
            previous = event.chain_sha256 or ""
    head = db.session.scalar(sa.select(AuditHead))
    if head is None and expected == 0:
        return Verdict(0, unsealed, None)
    if head is None or head.length != expected or head.chain_sha256 != previous:
        return Verdict(
            expected, unsealed, f"the head does not stand at event {expected}: events are missing or were added"
        )
    return Verdict(expected, unsealed, None)


def _broken_at(event: AuditEvent, expected: int, previous: str, personal: AuditPersonal | None) -> str | None:
    if event.position != expected:
        return f"event {expected} is missing"
    if event.chain_sha256 != link(previous, event, expected):
        return f"event {expected} ({event.action}, {event.id}) was changed"
    if personal is not None and _personal_sha256(personal.salt, personal.content) != event.personal_sha256:
        return f"the personal part of event {expected} ({event.action}, {event.id}) was changed"
    return None
