"""What a draft lacks before it can be submitted. A draft itself may be saved in any state."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications.models import Application, Document, GivenConsent
from app.challenges.form.answers import answer_fault, is_answered, too_long
from app.challenges.form.asking import asked
from app.challenges.form.model import Form, Kind, Question
from app.challenges.models import Challenge
from app.core.canonical import canonical_sha256
from app.web.filters import day, in_zone, local

# One address: what parts several in a mail's head, or hides one in a comment, stands in none.
EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[^@\s.,;:<>()\[\]\"\\]+(\.[^@\s.,;:<>()\[\]\"\\]+)+")
PHONE = re.compile(r"[0-9+()\-. ]{7,40}")
CONTACT_LIMITS = {"contact_name": 100, "contact_email": 320, "contact_phone": 40}


CONTACT = "contact"  # the first page of the form, before the call's own sections


@dataclass(frozen=True)
class Fault:
    """One thing to mend: `field` is the id of its place in the form; `missing` parts what is not there yet from what is wrong."""

    section: str  # its code, or CONTACT
    field: str
    label: str
    sentence: str
    missing: bool = False

    @property
    def text(self) -> str:
        """The sentence where its field is not in sight."""
        return _("%(field)s: %(sentence)s", field=self.label, sentence=self.sentence)


def form_answers(application: Application) -> dict[str, Any]:
    """What conditions look at: the answers, the name of each file, and each consent as "yes" or "no"."""
    consents = {given.question: "yes" if given.given else "no" for given in application.consents}
    return application.answers | {document.question: document.filename for document in application.documents} | consents


def asked_form(application: Application) -> Form:
    """What this application is asked now: its theme's part of the form, less what its own answers hide."""
    return asked(application.challenge.form, application.theme.code, form_answers(application))


def find_faults(application: Application, *, today: datetime) -> list[Fault]:
    """Everything that keeps the draft from being submitted, in the order of the form."""
    documents = {d.question: d for d in application.documents}
    consents = {c.question: c for c in application.consents}
    faults = contact_faults(application)
    for section in asked_form(application).sections:
        for question in section.questions:
            code = question.code
            match question.kind:
                case Kind.FILE:
                    fault = document_fault(question, documents.get(code), application.challenge, today)
                    is_missing = code not in documents
                case Kind.CONSENT:
                    fault = consent_fault(question, consents.get(code))
                    is_missing = code not in consents
                case _:
                    fault = answer_fault(question, application.answers.get(code))
                    is_missing = not is_answered(application.answers.get(code))
            if fault:
                faults.append(Fault(section.code, field_of(question), local(question.label), fault, missing=is_missing))
    return faults


def field_of(question: Question) -> str:
    """The id of the question's place in the form."""
    return f"{ {Kind.FILE: 'doc', Kind.CONSENT: 'consent'}.get(question.kind, 'answer') }-{question.code}"


def contact_faults(application: Application) -> list[Fault]:
    name, email, phone = application.contact_name, application.contact_email, application.contact_phone
    found: dict[str, str] = {}
    if not name:
        found["contact_name"] = _("Give the name of the contact person.")
    if not email:
        found["contact_email"] = _("Give the e-mail address of the contact person.")
    elif not EMAIL.fullmatch(email):
        found["contact_email"] = _("%(email)s is not an e-mail address.", email=email[:80])
    if not phone:
        found["contact_phone"] = _("Give the telephone number of the contact person.")
    elif not PHONE.fullmatch(phone):
        found["contact_phone"] = _("A telephone number has 7 to 40 digits, blanks, hyphens, brackets or a plus sign.")
    for field, text in (("contact_name", name), ("contact_email", email)):
        limit = CONTACT_LIMITS[field]
        if len(text) > limit:
            found[field] = too_long(len(text), limit)
    present = {"contact_name": name, "contact_email": email, "contact_phone": phone}
    labels = contact_labels()
    return [
        Fault(CONTACT, field, labels[field], sentence, missing=not present[field]) for field, sentence in found.items()
    ]


def contact_labels() -> dict[str, str]:
    return {"contact_name": _("Contact person"), "contact_email": _("E-mail"), "contact_phone": _("Telephone")}


def earliest_issue(question: Question, challenge: Challenge) -> date | None:
    """The oldest date of issue that is taken, counted back from the day of the close; None where age does not matter."""
    if question.max_age_days is None:
        return None
    return in_zone(challenge.closes_at, challenge.timezone).date() - timedelta(days=question.max_age_days)


def document_fault(question: Question, document: Document | None, challenge: Challenge, today: datetime) -> str | None:
    if document is None:
        return _("This document is not uploaded yet.") if question.required else None
    earliest = earliest_issue(question, challenge)
    if earliest is None:
        return None
    issued = document.issued_on
    if issued is None:
        return _("Give the date of issue.")
    if issued > in_zone(today, challenge.timezone).date():
        return _("The date of issue, %(issued)s, lies in the future.", issued=day(issued))
    if issued < earliest:
        return _(
            "It was issued on %(issued)s. One issued on or after %(earliest)s is needed.",
            issued=day(issued),
            earliest=day(earliest),
        )
    return None


def consent_sha256(consent: Question, language: str) -> str:
    """The hash of exactly what was shown: the language, the title and the text."""
    shown = {
        "language": language,
        "title": consent.label.in_language(language),
        "text": consent.text.in_language(language),
    }
    return canonical_sha256(shown)


def consent_fault(consent: Question, given: GivenConsent | None) -> str | None:
    """What keeps a required consent from counting. An optional one never blocks, refused or left open."""
    if not consent.required:
        return None
    if given is None or not given.given:
        return _("This consent is needed for the application.")
    if not is_consent_current(consent, given):
        return _("The text has changed since you read it. Read it again.")
    return None


def is_consent_current(consent: Question, given: GivenConsent) -> bool:
    """Whether the decision was taken on the text as it stands now."""
    return given.text_sha256 == consent_sha256(consent, given.language)
