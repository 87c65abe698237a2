"""Saving what was typed, in any state of completeness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application
from app.applications.services.locking import lock_application
from app.applications.writing.fields import draft_fields
from app.applications.writing.services import record_version
from app.core.audit.trail import record
from app.core.errors import RuleBroken, StaleEdit
from app.web.filters import number

LONGEST_TEXT = 50_000  # far beyond every limit of a question: a text over its limit is kept, a flood is not


@dataclass(frozen=True)
class DraftInput:
    """What a save changes; None, and questions that are not named, stay as they are."""

    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    answers: Mapping[str, str] | None = None
    tab: str | None = None  # names the page that saves, where pages save by themselves


def clean(text: str) -> str:
    """`text` with one kind of line end and without what no database stores."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(c for c in kept if c >= " " or c in "\n\t").strip()


def save_draft(application: Application, draft: DraftInput, *, version: int, actor: User, now: datetime) -> Application:
    """Store the draft as it is typed; texts over their limit too.

    `version` is the one that the page was made from. Raises StaleEdit where a newer one stands and differs, unless it came
    from the same page (whose saves may overtake each other); RuleBroken where nothing may be changed any more.
    """
    lock_application(application)
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    changes = _changes(application, draft)
    if not changes:
        application.saved_at = now
        return application
    if version != application.version and (draft.tab is None or draft.tab != application.saved_tab):
        raise StaleEdit(application.version)
    before = draft_fields(application)
    answers = dict(application.answers)
    for field, text in changes.items():
        if field.startswith("contact_"):
            setattr(application, field, text)
        elif text:
            answers[field.removeprefix("answer-")] = text
        else:
            answers.pop(field.removeprefix("answer-"), None)
    application.answers = answers
    application.version += 1
    application.saved_at, application.saved_by_id, application.saved_tab = now, actor.id, draft.tab
    record_version(application, before, draft_fields(application), actor=actor, now=now)
    record(
        "applications.save_draft", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"version": application.version, "fields": sorted(changes)},
    )  # fmt: skip
    return application


def _changes(application: Application, draft: DraftInput) -> dict[str, str]:
    """The fields that differ from what stands, with their new texts. Raises RuleBroken for what cannot be stored at all."""
    known = {question.code for question in application.challenge.questions}
    given: dict[str, tuple[str, str]] = {}
    for field in ("contact_name", "contact_email", "contact_phone"):
        if (text := getattr(draft, field)) is not None:
            given[field] = (text, getattr(application, field))
    for code, text in (draft.answers or {}).items():
        if code not in known:
            raise RuleBroken(_("This call has no question “%(code)s”.", code=code[:40]))
        given[f"answer-{code}"] = (text, str(application.answers.get(code) or ""))
    changes = {}
    for field, (text, standing) in given.items():
        if len(text) > LONGEST_TEXT:
            raise RuleBroken(
                _("This text is longer than %(limit)s characters and cannot be saved.", limit=number(LONGEST_TEXT)),
                field=field,
            )
        if (cleaned := clean(text)) != standing:
            changes[field] = cleaned
    return changes
