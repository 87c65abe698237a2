"""Taking back a consent that was given: what it means, and what stands in its way."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application, GivenConsent
from app.applications.rules.acting import why_not_withdraw
from app.applications.writing.rules import why_not_act
from app.challenges.form.model import Kind, Question
from app.web.filters import local


def consent_of(application: Application, code: str) -> tuple[Question | None, GivenConsent | None]:
    """The call's consent of this code and what was decided on it; None where there is none."""
    question = application.challenge.form.question(code)
    consent = question if question is not None and question.kind is Kind.CONSENT else None
    return consent, next((given for given in application.consents if given.question == code), None)


def why_not_withdraw_consent(application: Application, code: str, actor: User, now: datetime) -> str | None:
    """Why the consent cannot be taken back here now. An optional one always can, before the close and after it."""
    if reason := why_not_act(application, actor):
        return reason
    consent, given = consent_of(application, code)
    if consent is None or given is None or not given.given:
        return _("This consent is not given, so there is nothing to withdraw.")
    if consent.required and application.is_standing and why_not_withdraw(application, actor, now):
        return _(
            "Without it the application could not be processed, and it can no longer be withdrawn here. Write to the organizer, %(host)s, who takes it out.",
            host=local(application.challenge.host.name),
        )
    return None


def what_follows(application: Application, code: str) -> list[str]:
    """What withdrawing the consent brings about, in sentences, to be read before it is done."""
    consent, _given = consent_of(application, code)
    if consent is None:
        return []
    sentences = []
    if consent.shares_with_sponsor:
        sentences.append(_("The sponsor can no longer read your application or its documents, from this moment on."))
    if consent.required and application.is_standing:
        sentences.append(
            _(
                "Your application is withdrawn and no longer taken into account, since it may not be processed without this consent."
            )
        )
    elif consent.required:
        sentences.append(_("Your draft cannot be submitted until you agree again."))
    else:
        sentences.append(_("Your application stays as it is; this consent was never a condition for it."))
    sentences.append(_("What was lawful until now stays lawful. The withdrawal is recorded with its time."))
    return sentences
