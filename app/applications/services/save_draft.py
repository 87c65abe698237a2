"""Saving what was typed, in any state of completeness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application
from app.applications.services.follow_form import follow_form, put_carried, typed_under
from app.applications.services.locking import lock_application
from app.applications.writing.fields import ANSWER, CONTACT, draft_fields, set_fields
from app.applications.writing.services import keep_aside, record_version
from app.challenges.form.answers import LONGEST_TEXT, MOST_ROWS_KEPT, Answer, clean, is_answered, size_of
from app.challenges.form.carrying import Carried
from app.core.audit.trail import record
from app.core.errors import RuleBroken, StaleEdit
from app.core.merging import Merge, fingerprint, fingerprints, merge
from app.web.filters import number


@dataclass(frozen=True)
class DraftInput:
    """What a save changes; None, and questions that are not named, stay as they are."""

    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    answers: Mapping[str, Answer] | None = None
    tab: str | None = None  # names the page that saves, where pages save by themselves
    form_sha256: str | None = None  # the form that the page asked, where it says so
    bases: Mapping[str, str] | None = None  # field -> fingerprint of what the page was made from


def save_draft(application: Application, draft: DraftInput, *, version: int, actor: User, now: datetime) -> Merge:
    """Store the draft as it is typed; texts over their limit too. Returns what was stored and what could not be.

    Where the page says what it was made from (`draft.bases`), each field is judged by itself: what nobody else touched is
    stored, what the person left alone stays as it stands, and of what both changed the person's text is kept aside and comes
    back as a conflict. Otherwise `version` is the one that the page was made from, and StaleEdit is raised where a newer one
    stands and differs. A page is never stale to itself (its saves may overtake each other). Raises RuleBroken where nothing may
    be changed any more.
    """
    lock_application(application)
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    follow_form(application, now=now)
    given, before = _given(application, draft), draft_fields(application)
    found = _merged(application, draft, given, before, version)
    if found.conflicts:
        keep_aside(application, {name: c.mine for name, c in found.conflicts.items()}, actor=actor, now=now)
    if not found.changes:
        if not found.conflicts:
            application.saved_at = now
        return found
    _store(application, found.changes, draft)
    application.version += 1
    application.saved_at, application.saved_by_id, application.saved_tab = now, actor.id, draft.tab
    touch = {"by": str(actor.id), "at": now.isoformat(), "tab": draft.tab, "version": application.version}
    application.touched = {**application.touched, **dict.fromkeys(found.changes, touch)}
    record_version(application, before, draft_fields(application), actor=actor, now=now)
    record(
        "applications.save_draft", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"version": application.version, "fields": sorted(found.changes)},
    )  # fmt: skip
    return found


def _merged(
    application: Application, draft: DraftInput, given: Mapping[str, Any], standing: Mapping[str, Any], version: int
) -> Merge:
    if draft.bases is None:
        changes = merge(fingerprints(standing), standing, given).changes
        if changes and version != application.version and (draft.tab is None or draft.tab != application.saved_tab):
            raise StaleEdit(application.version)
        return Merge(changes)
    bases = dict(draft.bases)
    for name in given:
        touched = application.touched.get(name, {})
        own = draft.tab is not None and touched.get("tab") == draft.tab
        # Where the form was replaced, what stands differs though nobody wrote: only a later touch by another page counts.
        carried = _is_of_another_form(application, draft) and touched.get("version", 0) <= version
        if (own or carried) and fingerprint(given[name]) != bases.get(name, fingerprint(None)):
            bases[name] = fingerprint(standing.get(name))
    return merge(bases, standing, given)


def _store(application: Application, changes: Mapping[str, Any], draft: DraftInput) -> None:
    if not _is_of_another_form(application, draft):
        set_fields(application, dict(changes))
        return
    set_fields(application, {name: value for name, value in changes.items() if name in CONTACT})
    typed = {name.removeprefix(ANSWER): value for name, value in changes.items() if name not in CONTACT}
    others = {code: answer for code, answer in application.answers.items() if code not in typed}
    answers = {code: answer for code, answer in typed.items() if is_answered(answer)}
    carried = typed_under(application, answers, draft.form_sha256 or "")
    put_carried(application, Carried(others | carried.answers, carried.kept))


def _is_of_another_form(application: Application, draft: DraftInput) -> bool:
    return draft.form_sha256 is not None and draft.form_sha256 != application.challenge.form_sha256


def _given(application: Application, draft: DraftInput) -> dict[str, Any]:
    """What the draft holds by field, cleaned. Raises RuleBroken for what cannot be stored at all."""
    known = {question.code for question in application.challenge.form.questions()}
    given: dict[str, Any] = {name: text for name in CONTACT if (text := getattr(draft, name)) is not None}
    for code, answer in (draft.answers or {}).items():
        if code not in known and not _is_of_another_form(application, draft):
            raise RuleBroken(_("This call has no question “%(code)s”.", code=code[:40]))
        given[f"{ANSWER}{code}"] = answer
    for field, value in given.items():
        if size_of(value) > LONGEST_TEXT or (isinstance(value, list) and len(value) > MOST_ROWS_KEPT):
            raise RuleBroken(
                _("This text is longer than %(limit)s characters and cannot be saved.", limit=number(LONGEST_TEXT)),
                field=field,
            )
    return {field: _cleaned(value) for field, value in given.items()}


def _cleaned(value: Answer) -> Answer:
    if isinstance(value, str):
        return clean(value)
    rows: Any = [
        {code: clean(text) for code, text in item.items()} if isinstance(item, dict) else clean(item) for item in value
    ]
    return rows  # type: ignore[no-any-return] # a list of the one or of the other, as it came
