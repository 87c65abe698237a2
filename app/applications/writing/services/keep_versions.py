"""The history of a draft: written with each save, thinned out with age, gone back to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.applications.rules import why_not_edit
from app.applications.services.locking import lock_application
from app.applications.writing.fields import draft_fields, set_fields
from app.applications.writing.history import (
    MOST_VERSIONS,
    Changes,
    belongs_to,
    difference,
    joined,
    values_at,
)
from app.applications.writing.models import DraftVersion
from app.applications.writing.queries import list_changes_after
from app.applications.writing.states import VersionKind
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def record_version(
    application: Application, before: Mapping[str, Any], after: Mapping[str, Any], *, actor: User | None, now: datetime
) -> DraftVersion | None:
    """Note in the locked application's history what the person (None: the passing of time) changed.

    Within a few minutes it joins their last version.
    """
    changes = difference(before, after)
    if not changes:
        return None
    last = _last(application, DraftVersion.kind != VersionKind.KEPT_ASIDE)
    if (
        last is not None
        and last.kind is VersionKind.SAVED
        and actor is not None
        and last.saved_by_id == actor.id
        and belongs_to(last.began_at, last.saved_at, application.submitted_at, now)
    ):
        last.changes, last.saved_at = joined(last.changes, changes), now
        return last
    version = _add(application, VersionKind.SAVED, changes, actor=actor, now=now)
    if version.number > MOST_VERSIONS:
        _thin_out(application)
    return version


def keep_aside(
    application: Application, texts: Mapping[str, Any], *, actor: User, now: datetime
) -> DraftVersion | None:
    """Keep what the person wrote and could not be saved since somebody else's stands there; nothing is lost."""
    standing = draft_fields(application)
    changes = difference({name: standing.get(name, "") for name in texts}, texts)
    if not changes:
        return None
    last = _last(application, DraftVersion.kind == VersionKind.KEPT_ASIDE)
    if last is not None and last.saved_by_id == actor.id and belongs_to(last.began_at, last.saved_at, None, now):
        last.changes, last.saved_at = {**last.changes, **changes}, now
        return last
    return _add(application, VersionKind.KEPT_ASIDE, changes, actor=actor, now=now)


def restore_version(application: Application, number: int, *, actor: User, now: datetime) -> None:
    """Make the draft say again what it said at version `number`, as a new version. Raises RuleBroken.

    Documents and consents stay as they are.
    """
    lock_application(application)
    if reason := why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    later = list_changes_after(application, number)
    if later is None:
        raise RuleBroken(_("This application has no version %(number)s.", number=number))
    before = draft_fields(application)
    then = values_at(before, later)
    changes = difference(before, then)
    if not changes:
        raise RuleBroken(_("The draft says the same as version %(number)s already.", number=number))
    set_fields(application, {name: change["after"] for name, change in changes.items()})
    application.version += 1
    application.saved_at, application.saved_by_id, application.saved_tab = now, actor.id, None
    application.touched = {
        **application.touched,
        **{name: {"by": str(actor.id), "at": now.isoformat(), "tab": None} for name in changes},
    }
    _add(application, VersionKind.RESTORED, changes, actor=actor, now=now, restored=number)
    record(
        "applications.restore_version", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"version": application.version, "restored": number, "fields": sorted(changes)},
    )  # fmt: skip


def _last(application: Application, kind: sa.ColumnElement[bool]) -> DraftVersion | None:
    query = sa.select(DraftVersion).where(DraftVersion.application_id == application.id, kind)
    return db.session.scalar(query.order_by(DraftVersion.number.desc()).limit(1))


def _add(
    application: Application, kind: VersionKind, changes: Changes, *, actor: User | None, now: datetime, restored: int | None = None
) -> DraftVersion:  # fmt: skip
    query = sa.select(sa.func.max(DraftVersion.number)).where(DraftVersion.application_id == application.id)
    version = DraftVersion(
        application_id=application.id, number=(db.session.scalar(query) or 0) + 1, kind=kind, changes=changes,
        restored_number=restored, saved_by_id=actor.id if actor else None, began_at=now, saved_at=now,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    return version


def _thin_out(application: Application) -> None:
    """Join the two oldest versions where there are too many: the earliest words stay, only the steps between them go."""
    query = sa.select(DraftVersion).where(
        DraftVersion.application_id == application.id, DraftVersion.kind != VersionKind.KEPT_ASIDE
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    if count <= MOST_VERSIONS:
        return
    first, second = db.session.scalars(query.order_by(DraftVersion.number).limit(2)).all()
    second.changes = joined(first.changes, second.changes)
    db.session.delete(first)
    db.session.flush()
