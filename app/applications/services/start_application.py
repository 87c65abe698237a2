"""The first step: a startup takes up one theme."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Organization, User
from app.applications import rules
from app.applications.content import company_content
from app.applications.models import Application
from app.applications.queries.eligibility import findings_for
from app.challenges.form.asking import for_theme
from app.challenges.form.prefill import prefilled
from app.challenges.models import Theme
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.filters import current_language


def start_application(theme: Theme, startup: Organization, *, actor: User, now: datetime) -> Application:
    """A new draft of `startup` for `theme`, with the actor as its contact and what its profile says where the form asks for that.

    One for each theme. Raises RuleBroken.
    """
    challenge = theme.challenge
    if reason := rules.why_not_start(challenge, startup, findings_for(challenge, startup), actor, now):
        raise RuleBroken(reason, field="startup")
    taken = _("Your startup has an application for this theme already.")
    query = sa.select(Application.id).where(Application.theme_id == theme.id, Application.startup_id == startup.id)
    if db.session.scalar(query) is not None:
        raise RuleBroken(taken, field="theme")
    answers = prefilled(for_theme(challenge.form, theme.code), company_content(startup), current_language())
    application = Application(
        challenge_id=challenge.id, theme_id=theme.id, startup_id=startup.id, created_by_id=actor.id, saved_by_id=actor.id,
        contact_name=actor.name, contact_email=actor.email, answers=answers, kept=[], form_sha256=challenge.form_sha256, saved_at=now, created_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError as error:  # another tab was faster
        raise RuleBroken(taken, field="theme") from error
    record(
        "applications.start_application", subject=application, actor=actor, now=now, challenge_id=challenge.id,
        details={"theme": theme.code, "startup": str(startup.id)},
    )  # fmt: skip
    return application
