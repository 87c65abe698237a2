"""What every change of a section has in common: the lock, the version that was read, the trail, and the version of the rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.checklist import missing_for_publication
from app.challenges.checks import Problems
from app.challenges.content import call_content
from app.challenges.inputs import Change, InputRefused, Problem
from app.challenges.models import Challenge, RulesVersion
from app.challenges.states import Section
from app.core.audit.trail import record
from app.core.canonical import canonical_sha256
from app.core.database import Base, db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.queue import enqueue

Row = TypeVar("Row", bound=Base)
Given = TypeVar("Given")


@dataclass
class Edit:
    """A change that has begun: the call is locked, and this is what it said before."""

    challenge: Challenge
    section: Section
    actor: User
    now: datetime
    change: Change | None
    before: dict[str, Any]
    lacking: frozenset[str]  # what a call that is out lacked already, in sentences
    touched: bool = False  # something beside the content changed: the address, the receipts' prefix


def lock(challenge: Challenge) -> None:
    """Hold the call's row until the transaction ends, and read what stands in it now."""
    query = sa.select(Challenge).where(Challenge.id == challenge.id).with_for_update()
    db.session.scalar(query.execution_options(populate_existing=True))


def begin_edit(
    challenge: Challenge, section: Section, *, actor: User, now: datetime, version: int | None, change: Change | None
) -> Edit:
    """Lock the call and see that this actor may change this section now.

    `version` is the one that the person's page was loaded with. Raises RuleBroken or StaleEdit; nothing was stored.
    """
    lock(challenge)
    if reason := rules.why_not_edit(challenge, section, actor):
        raise RuleBroken(reason)
    if version is not None and version != challenge.version:
        raise StaleEdit(challenge.version)
    lacking = _lacking(challenge, now) if rules.is_public(challenge) else ()
    return Edit(challenge, section, actor, now, change, call_content(challenge), frozenset(lacking))


def _lacking(challenge: Challenge, now: datetime) -> list[str]:
    return [missing.sentence for missing in missing_for_publication(challenge, now)]


def refuse(problems: Problems) -> None:
    """Raise InputRefused where there are problems."""
    if problems:
        raise InputRefused(problems)


def end_edit(edit: Edit) -> RulesVersion | None:
    """Count the edit, write it into the trail and, where the call is out, make the next version of the rules.

    Nothing of this happens where nothing changed. Raises RuleBroken where a public call is changed without a reason.
    """
    challenge = edit.challenge
    db.session.flush()
    db.session.expire(challenge, ["themes", "milestones", "prizes", "rounds"])
    for round_ in challenge.rounds:
        db.session.expire(round_, ["criteria"])
    after = call_content(challenge)
    changed = sorted(key for key in after if after[key] != edit.before[key])
    if not changed and not edit.touched:
        return None
    public = rules.is_public(challenge)
    if public and changed and (reason := rules.why_not_reason(edit.change.reason if edit.change else "")):
        raise InputRefused([Problem("reason", reason)])
    # A call that is out stays as complete as it was: its points make 100, its texts stand in both languages.
    if public and (worse := [text for text in _lacking(challenge, edit.now) if text not in edit.lacking]):
        raise InputRefused([Problem("", text) for text in worse])
    challenge.version += 1
    details: dict[str, Any] = {
        "sections": changed or [edit.section.value],
        "before": {key: edit.before[key] for key in changed},
        "after": {key: after[key] for key in changed},
    }
    if public and edit.change is not None:
        details |= {"reason": edit.change.reason, "material": edit.change.material}
    record(
        f"challenges.set_{edit.section.value}", subject=challenge, actor=edit.actor, now=edit.now,
        challenge_id=challenge.id, details=details,
    )  # fmt: skip
    if not public or not changed or edit.change is None:
        return None
    return _next_version(challenge, after, edit.change, actor=edit.actor, now=edit.now)


def _next_version(
    challenge: Challenge, content: dict[str, Any], change: Change, *, actor: User, now: datetime
) -> RulesVersion:
    number = db.session.scalar(
        sa.select(sa.func.max(RulesVersion.number)).where(RulesVersion.challenge_id == challenge.id)
    )
    rules_version = add_version(
        challenge,
        content,
        number=(number or 0) + 1,
        reason=change.reason.strip(),
        material=change.material,
        actor=actor,
        now=now,
    )
    enqueue(
        "applications.tell_of_change",
        {"challenge_id": str(challenge.id), "rules_version_id": str(rules_version.id)},
        key=f"tell-of-change:{rules_version.id}",
        now=now,
    )
    return rules_version


def add_version(
    challenge: Challenge,
    content: dict[str, Any],
    *,
    number: int,
    reason: str,
    material: bool,
    actor: User,
    now: datetime,
) -> RulesVersion:
    """Freeze `content` under its hash as version `number` of the rules."""
    rules_version = RulesVersion(
        challenge_id=challenge.id, number=number, content=content, sha256=canonical_sha256(content), reason=reason,
        material=material, published_at=now, published_by_id=actor.id,
    )  # fmt: skip
    db.session.add(rules_version)
    db.session.flush()
    return rules_version


def is_referenced(row: Base) -> bool:
    """Whether a row of another table leans on `row` (a foreign key that does not go with it), whichever feature it is of."""
    if not sa.inspect(row).persistent:
        return False
    table = sa.inspect(type(row)).local_table
    for other in Base.metadata.tables.values():
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete is None:
                found = sa.select(sa.exists().where(key.parent == row.id))  # type: ignore[attr-defined] # every table of ours has an id
                if db.session.scalar(found):
                    return True
    return False


def match_rows(
    standing: Sequence[Row],
    given: Sequence[Given],
    *,
    key_of_row: Callable[[Row], object],
    key_of_given: Callable[[Given], object],
    make: Callable[[], Row],
    why_not_remove: Callable[[Row], str | None],
) -> list[tuple[Row, Given]]:
    """Pair what is given with the rows that stand, by their key; the rest is made anew (and added by the caller), or removed.

    What others lean on is never removed: raises RuleBroken with the sentence of `why_not_remove`.
    """
    by_key = {key_of_row(row): row for row in standing}
    pairs = [(by_key.pop(key_of_given(item), None) or make(), item) for item in given]
    for row in by_key.values():
        if reason := why_not_remove(row):
            raise RuleBroken(reason)
        db.session.delete(row)
    db.session.flush()
    return pairs


def why_not_remove_answered(row: Base, name: str) -> str | None:
    """Why something that applications lean on cannot be taken out of the call."""
    if is_referenced(row):
        return _("“%(name)s” cannot be removed: applications refer to it already.", name=name)
    return None
