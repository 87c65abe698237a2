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
from app.applications.writing.fields import draft_fields
from app.applications.writing.services import record_version
from app.challenges.form.answers import LONGEST_TEXT, MOST_ROWS_KEPT, Answer, clean, is_answered, size_of
from app.challenges.form.carrying import Carried
from app.core.audit.trail import record
from app.core.errors import RuleBroken, StaleEdit
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


def save_draft(application: Application, draft: DraftInput, *, version: int, actor: User, now: datetime) -> Application:
    """Store the draft as it is typed; texts over their limit too.

    `version` is the one that the page was made from. Raises StaleEdit where a newer one stands and differs, unless it came
    from the same page (whose saves may overtake each other); RuleBroken where nothing may be changed any more.
    """
    lock_application(application)
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    follow_form(application, now=now)
    changes = _changes(application, draft)
    if not changes:
        application.saved_at = now
        return application
    if version != application.version and (draft.tab is None or draft.tab != application.saved_tab):
        raise StaleEdit(application.version)
    before = draft_fields(application)
    _store(application, changes, draft)
    application.version += 1
    application.saved_at, application.saved_by_id, application.saved_tab = now, actor.id, draft.tab
    record_version(application, before, draft_fields(application), actor=actor, now=now)
    record(
        "applications.save_draft", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"version": application.version, "fields": sorted(changes)},
    )  # fmt: skip
    return application


def _store(application: Application, changes: Mapping[str, Any], draft: DraftInput) -> None:
    typed: dict[str, Any] = {}
    for field, value in changes.items():
        if field.startswith("contact_"):
            setattr(application, field, value)
        else:
            typed[field.removeprefix("answer-")] = value
    others = {code: answer for code, answer in application.answers.items() if code not in typed}
    answers = {code: answer for code, answer in typed.items() if is_answered(answer)}
    if _is_of_another_form(application, draft):
        carried = typed_under(application, answers, draft.form_sha256 or "")
        put_carried(application, Carried(others | carried.answers, carried.kept))
    else:
        application.answers = others | answers


def _is_of_another_form(application: Application, draft: DraftInput) -> bool:
    return draft.form_sha256 is not None and draft.form_sha256 != application.challenge.form_sha256


def _changes(application: Application, draft: DraftInput) -> dict[str, Any]:
    """The fields that differ from what stands, with what they hold now. Raises RuleBroken for what cannot be stored at all."""
    known = {question.code for question in application.challenge.form.questions()}
    given: dict[str, tuple[Any, Any]] = {}
    for field in ("contact_name", "contact_email", "contact_phone"):
        if (text := getattr(draft, field)) is not None:
            given[field] = (text, getattr(application, field))
    for code, answer in (draft.answers or {}).items():
        if code not in known and not _is_of_another_form(application, draft):
            raise RuleBroken(_("This call has no question “%(code)s”.", code=code[:40]))
        given[f"answer-{code}"] = (answer, application.answers.get(code) or "")
    changes = {}
    for field, (value, standing) in given.items():
        if size_of(value) > LONGEST_TEXT or (isinstance(value, list) and len(value) > MOST_ROWS_KEPT):
            raise RuleBroken(
                _("This text is longer than %(limit)s characters and cannot be saved.", limit=number(LONGEST_TEXT)),
                field=field,
            )
        cleaned = _cleaned(value)
        if cleaned != standing and (is_answered(cleaned) or is_answered(standing)):
            changes[field] = cleaned
    return changes


def _cleaned(value: Answer) -> Answer:
    if isinstance(value, str):
        return clean(value)
    rows: Any = [
        {code: clean(text) for code, text in item.items()} if isinstance(item, dict) else clean(item) for item in value
    ]
    return rows  # type: ignore[no-any-return] # a list of the one or of the other, as it came
