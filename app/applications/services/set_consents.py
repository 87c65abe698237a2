"""Consents: each decided by itself, bound to the text that was shown."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.models import Application, GivenConsent
from app.applications.services.locking import lock_application
from app.challenges.form.model import Kind
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def set_consents(
    application: Application, decisions: Mapping[str, bool], *, language: str, actor: User, now: datetime
) -> None:
    """Record each decision, by the consent's code, on the text in `language` as it stands now. Those not named stay.

    Refusing an optional one never blocks anything. Raises RuleBroken.
    """
    lock_application(application)
    if reason := rules.why_not_edit(application, actor, now):
        raise RuleBroken(reason)
    texts = {q.code: q for q in application.challenge.form.questions() if q.kind is Kind.CONSENT}
    if unknown := sorted(set(decisions) - set(texts)):
        raise RuleBroken(_("This call has no consent “%(code)s”.", code=unknown[0][:40]))
    standing = {
        given.question: given
        for given in db.session.scalars(sa.select(GivenConsent).where(GivenConsent.application_id == application.id))
    }
    changed: dict[str, dict[str, object]] = {}
    for code, given in decisions.items():
        consent = texts[code]
        sha256 = rules.consent_sha256(consent, language)
        row = standing.get(code)
        if row is not None and (row.given, row.text_sha256) == (given, sha256):
            continue
        if row is None:
            row = GivenConsent(application_id=application.id, question=code)
            db.session.add(row)
        row.given, row.text_sha256, row.language = given, sha256, language
        row.decided_by_id, row.decided_at = actor.id, now
        if consent.shares_with_sponsor and not given and application.is_standing:
            application.sharing_ended_at = (
                application.sharing_ended_at or now
            )  # what was sent with it is shared no more
        elif consent.shares_with_sponsor and given and not application.is_standing:
            application.sharing_ended_at = None
        changed[code] = {"given": given, "text_sha256": sha256, "language": language}
    application.saved_at = now
    if changed:
        record(
            "applications.set_consents", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
            details=changed,
        )  # fmt: skip
        db.session.expire(application, ["consents"])
