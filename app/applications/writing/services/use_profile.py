"""The startup's profile goes into a draft: its facts for the questions that name one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.applications.rules import why_not_edit
from app.applications.services.locking import lock_application
from app.applications.writing.fields import ANSWER, draft_fields, set_fields
from app.applications.writing.rules import why_not_use_profile
from app.applications.writing.services.keep_versions import record_version
from app.challenges.form.answers import is_answered
from app.challenges.form.asking import for_theme
from app.challenges.form.prefill import fact_answer
from app.core.audit.trail import record
from app.core.errors import RuleBroken
from app.core.merging import normal


def take_over_profile(
    application: Application, codes: Collection[str], company: Mapping[str, Any], *, language: str, actor: User, now: datetime
) -> int:  # fmt: skip
    """Answer the questions of `codes` with what `company` (company_content of the startup) says now; returns how many changed.

    What the profile does not say leaves the answer as it stands; what is replaced stays in the history. Raises RuleBroken.
    """
    lock_application(application)
    if reason := why_not_edit(application, actor, now) or why_not_use_profile(application, actor):
        raise RuleBroken(reason)
    before = draft_fields(application)
    form = for_theme(application.challenge.form, application.theme.code)
    found = {q.code: fact_answer(q, company, language) for q in form.questions() if q.code in codes and q.prefill}
    changes = {
        f"{ANSWER}{code}": answer
        for code, answer in found.items()
        if is_answered(answer) and normal(answer) != normal(application.answers.get(code))
    }
    if not found:
        raise RuleBroken(_("Nothing here begins with the profile."))
    if not changes:
        return 0
    set_fields(application, changes)
    application.version += 1
    application.saved_at, application.saved_by_id, application.saved_tab = now, actor.id, None
    touch = {"by": str(actor.id), "at": now.isoformat(), "tab": None, "version": application.version}
    application.touched = {**application.touched, **dict.fromkeys(changes, touch)}
    record_version(application, before, draft_fields(application), actor=actor, now=now)
    record(
        "applications.take_over_profile", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"version": application.version, "fields": sorted(changes)},
    )  # fmt: skip
    return len(changes)
