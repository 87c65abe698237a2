"""Taking the samples away with everything that leans on them, whichever feature's it is.

Audit events stay, because a sealed chain cannot lose a link; their personal part goes, as when a person is erased.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.applications.models import Submission
from app.challenges.models import Challenge
from app.core.audit.models import AuditEvent, AuditPersonal
from app.core.database import Base, db
from app.core.errors import RuleBroken
from app.core.jobs.models import Job
from app.mail.models import Mail

MANY = 500  # values in one statement
Key = tuple[Any, ...]


@dataclass
class Removed:
    """What was taken away: rows by table, and the contents that nothing refers to any more, for the storage to delete."""

    rows: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def count(self, table: str, rows: int) -> None:
        if rows:
            self.rows[table] = self.rows.get(table, 0) + rows


def remove_samples(*, also_leaning: bool = False) -> Removed:
    """Remove all that is marked as a sample. Raises RuleBroken where somebody's own challenge leans on it, unless `also_leaning`.

    The caller commits, and deletes the files afterwards.
    """
    doomed = _with_what_leans(_roots())
    own = _own_challenges(doomed["challenges"])
    if own and not also_leaning:
        raise RuleBroken(
            "Challenges that are no samples were made with the samples' organizations and would go with them: "
            + ", ".join(own) + ". Say --also-leaning to remove them, too."
        )  # fmt: skip
    removed = Removed()
    before = _files(doomed)
    emails = list(_emails(doomed["users"]))
    ids = {value for keys in doomed.values() for key in keys for value in key if isinstance(value, UUID)}
    ids |= _remove_mails(doomed, emails, removed)
    _remove_jobs(ids, removed)
    _erase_personal(ids, removed)
    for table in reversed(Base.metadata.sorted_tables):
        removed.count(table.name, _delete(table, doomed.get(table.name, set())))
    removed.files = before - _files(None)
    db.session.expire_all()
    return removed


def _roots() -> dict[str, set[Key]]:
    return {
        model.__tablename__: {(i,) for i in db.session.scalars(sa.select(model.id).where(model.is_demo))}
        for model in (User, Organization, Challenge)
    }


def _with_what_leans(doomed: dict[str, set[Key]]) -> dict[str, set[Key]]:
    """Close the set under "refers to a doomed row by a key that may not become empty"; the others are set to nothing at the end."""
    found = {table.name: set(doomed.get(table.name, ())) for table in Base.metadata.sorted_tables}
    grew = True
    while grew:
        grew = False
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.ondelete == "SET NULL":
                    continue
                leaning = _leaning(table, key, found[key.column.table.name]) - found[table.name]
                found[table.name] |= leaning
                grew = grew or bool(leaning)
    return found


def _leaning(table: sa.Table, key: sa.ForeignKey, parents: set[Key]) -> set[Key]:
    leaning: set[Key] = set()
    for some in _pieces(k[0] for k in parents):
        query = sa.select(*table.primary_key.columns).where(key.parent.in_(some))
        leaning |= {tuple(row) for row in db.session.execute(query)}
    return leaning


def _own_challenges(keys: set[Key]) -> list[str]:
    found: list[str] = []
    for some in _pieces(k[0] for k in keys):
        query = sa.select(Challenge.slug).where(Challenge.id.in_(some), ~Challenge.is_demo)
        found += db.session.scalars(query)
    return sorted(found)


def _emails(keys: set[Key]) -> Iterable[str]:
    for some in _pieces(k[0] for k in keys):
        yield from db.session.scalars(sa.select(User.email).where(User.id.in_(some)))


def _remove_mails(doomed: dict[str, set[Key]], emails: list[str], removed: Removed) -> set[UUID]:
    """Mails on the challenges, and to the people; returns their ids."""
    gone: set[UUID] = set()
    for column, values in ((Mail.challenge_id, [k[0] for k in doomed["challenges"]]), (Mail.to_address, emails)):
        for some in _pieces(values):
            ids = list(db.session.scalars(sa.select(Mail.id).where(column.in_(some))))
            gone.update(ids)
            db.session.execute(sa.delete(Mail).where(column.in_(some)))
    removed.count("mails", len(gone))
    return gone


def _remove_jobs(ids: set[UUID], removed: Removed) -> None:
    """Jobs whose payload names something that goes."""
    names = {str(i) for i in ids}
    gone = [
        job_id
        for job_id, payload in db.session.execute(sa.select(Job.id, Job.payload)).all()
        if names & {value for value in payload.values() if isinstance(value, str)}
    ]
    for some in _pieces(gone):
        db.session.execute(sa.delete(Job).where(Job.id.in_(some)))
    removed.count("jobs", len(gone))


def _erase_personal(ids: set[UUID], removed: Removed) -> None:
    """The personal part of events by the samples' people, on the samples, or in their challenges."""
    for column in (AuditEvent.actor_id, AuditEvent.subject_id, AuditEvent.challenge_id):
        for some in _pieces(ids):
            mine = sa.select(AuditEvent.id).where(column.in_(some))
            result = db.session.execute(
                sa.delete(AuditPersonal)
                .where(AuditPersonal.event_id.in_(mine))
                .execution_options(synchronize_session=False)
            )
            removed.count("audit_personal", result.rowcount)  # type: ignore[attr-defined] # a DELETE's result has it


def _delete(table: sa.Table, keys: set[Key]) -> int:
    if not keys:
        return 0
    columns = list(table.primary_key.columns)
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == "SET NULL":
                for some in _pieces(k[0] for k in keys):
                    db.session.execute(other.update().where(key.parent.in_(some)).values({key.parent.name: None}))
    if len(columns) == 1:
        for some in _pieces(k[0] for k in keys):
            db.session.execute(table.delete().where(columns[0].in_(some)))
    else:
        for whole in keys:
            db.session.execute(table.delete().where(*(c == v for c, v in zip(columns, whole, strict=True))))
    return len(keys)


def _files(doomed: dict[str, set[Key]] | None) -> set[str]:
    """The contents that rows refer to: those of `doomed`, or of all."""
    found: set[str] = set()
    for name in ("documents", "attachments", "certificates"):
        table = Base.metadata.tables[name]
        query = sa.select(table.c.sha256).where(table.c.sha256.is_not(None))
        if doomed is None:
            found.update(db.session.scalars(query))
        else:
            for some in _pieces(k[0] for k in doomed[name]):
                found.update(db.session.scalars(query.where(table.c.id.in_(some))))
    contents = sa.select(Submission.content)
    if doomed is None:
        rows = list(db.session.scalars(contents))
    else:
        rows = [
            c
            for some in _pieces(k[0] for k in doomed["submissions"])
            for c in db.session.scalars(contents.where(Submission.id.in_(some)))
        ]
    return found | {document["sha256"] for content in rows for document in content.get("documents", [])}


def _pieces(values: Iterable[Any]) -> Iterable[list[Any]]:
    every = list(values)
    for start in range(0, len(every), MANY):
        yield every[start : start + MANY]
