"""What a draft lacks before it can be submitted. A draft itself may be saved in any state."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.applications.models import Application, Document, GivenConsent
from app.challenges.models import Challenge, ConsentText, DocumentRequirement, Question, QuestionKind
from app.core.canonical import canonical_sha256
from app.web.filters import day, in_zone, local, number

# One address: what parts several in a mail's head, or hides one in a comment, stands in none.
EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[^@\s.,;:<>()\[\]\"\\]+(\.[^@\s.,;:<>()\[\]\"\\]+)+")
NUMBER = re.compile(r"-?[0-9]+(,[0-9]{3})*(\.[0-9]+)?")
PHONE = re.compile(r"[0-9+()\-. ]{7,40}")
CONTACT_LIMITS = {"contact_name": 100, "contact_email": 320, "contact_phone": 40}


class Section(StrEnum):
    """The parts of the form, in their order."""

    CONTACT = "contact"
    PROPOSAL = "proposal"
    DOCUMENTS = "documents"
    CONSENTS = "consents"


SECTIONS = tuple(Section)


@dataclass(frozen=True)
class Fault:
    """One thing to mend: `field` is the id of its place in the form; `missing` parts what is not there yet from what is wrong."""

    section: Section
    field: str
    label: str
    sentence: str
    missing: bool = False

    @property
    def text(self) -> str:
        """The sentence where its field is not in sight."""
        return _("%(field)s: %(sentence)s", field=self.label, sentence=self.sentence)


def find_faults(application: Application, *, today: datetime) -> list[Fault]:
    """Everything that keeps the draft from being submitted, in the order of the form."""
    challenge = application.challenge
    documents = {d.requirement_id: d for d in application.documents}
    consents = {c.consent_id: c for c in application.consents}
    return [
        *contact_faults(application),
        *(
            Fault(
                Section.PROPOSAL,
                f"answer-{q.code}",
                local(q.label),
                fault,
                missing=not is_answered(application.answers.get(q.code)),
            )
            for q in challenge.questions
            if (fault := answer_fault(q, application.answers.get(q.code)))
        ),
        *(
            Fault(Section.DOCUMENTS, f"doc-{r.code}", local(r.title), fault, missing=r.id not in documents)
            for r in challenge.documents
            if (fault := document_fault(r, documents.get(r.id), challenge, today))
        ),
        *(
            Fault(Section.CONSENTS, f"consent-{c.code}", local(c.title), fault, missing=c.id not in consents)
            for c in challenge.consents
            if (fault := consent_fault(c, consents.get(c.id)))
        ),
    ]


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
            found[field] = too_long(text, limit)
    present = {"contact_name": name, "contact_email": email, "contact_phone": phone}
    labels = contact_labels()
    return [
        Fault(Section.CONTACT, field, labels[field], sentence, missing=not present[field])
        for field, sentence in found.items()
    ]


def contact_labels() -> dict[str, str]:
    return {"contact_name": _("Contact person"), "contact_email": _("E-mail"), "contact_phone": _("Telephone")}


def too_long(text: str, limit: int) -> str:
    return _(
        "%(over)s characters have to go. There are %(count)s now, and %(limit)s are allowed.",
        over=number(len(text) - limit), count=number(len(text)), limit=number(limit),
    )  # fmt: skip


def is_answered(answer: Any) -> bool:
    return bool(str(answer or "").strip())


def answer_fault(question: Question, answer: Any) -> str | None:
    """What is wrong with the answer, or None. A Hangul syllable is one character."""
    text = str(answer or "")
    if not text:
        return _("This question is not answered yet.") if question.required else None
    match question.kind:
        case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
            return too_long(text, question.limit) if question.limit and len(text) > question.limit else None
        case QuestionKind.NUMBER:
            return _number_fault(text, question.limit)
        case QuestionKind.URL:
            return None if _is_web_address(text) else _("An address begins with https:// or http:// and names a site.")
        case QuestionKind.YES_NO:
            return None if text in ("yes", "no") else _("Choose yes or no.")


def _number_fault(text: str, limit: int | None) -> str | None:
    if not NUMBER.fullmatch(text) or len(text) > 40:
        return _("“%(text)s” is not a number.", text=text[:40])
    value = Decimal(text.replace(",", ""))
    if value < 0:
        return _("The number must not be negative.")
    if limit is not None and value > limit:
        return _("%(value)s is more than the %(limit)s that are allowed.", value=f"{value:,f}", limit=number(limit))
    return None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and "." in (parts.hostname or "")
            and not re.search(r"\s", text)
            and len(text) <= 2000
        )
    except ValueError:
        return False


def earliest_issue(requirement: DocumentRequirement, challenge: Challenge) -> date | None:
    """The oldest date of issue that is taken, counted back from the day of the close; None where age does not matter."""
    if requirement.max_age_days is None:
        return None
    return in_zone(challenge.closes_at, challenge.timezone).date() - timedelta(days=requirement.max_age_days)


def document_fault(
    requirement: DocumentRequirement, document: Document | None, challenge: Challenge, today: datetime
) -> str | None:
    if document is None:
        return _("This document is not uploaded yet.") if requirement.required else None
    earliest = earliest_issue(requirement, challenge)
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


def consent_sha256(consent: ConsentText, language: str) -> str:
    """The hash of exactly what was shown: the language, the title and the text."""
    shown = {
        "language": language,
        "title": consent.title.in_language(language),
        "text": consent.text.in_language(language),
    }
    return canonical_sha256(shown)


def consent_fault(consent: ConsentText, given: GivenConsent | None) -> str | None:
    """What keeps a required consent from counting. An optional one never blocks, refused or left open."""
    if not consent.required:
        return None
    if given is None or not given.given:
        return _("This consent is needed for the application.")
    if not is_consent_current(consent, given):
        return _("The text has changed since you read it. Read it again.")
    return None


def is_consent_current(consent: ConsentText, given: GivenConsent) -> bool:
    """Whether the decision was taken on the text as it stands now."""
    return given.text_sha256 == consent_sha256(consent, given.language)
