"""What a submission holds: the frozen copy, its fingerprint, and how it is read back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.accounts.models import Organization
from app.accounts.profile.content import profile_content
from app.accounts.profile.queries import get_profile
from app.applications import rules
from app.applications.models import Application, Submission
from app.applications.rules.eligibility import confirmations_asked
from app.challenges.form.answers import is_answered, show
from app.challenges.form.carrying import KEPT_ELSEWHERE
from app.challenges.form.codec import read_question, write_question
from app.challenges.form.model import Form, Kind, Question
from app.challenges.models import RulesVersion
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_sha256

FORMAT = 2  # content without a format has `judges_see` where this has `private`, and answers that are texts only


def draft_content(application: Application) -> dict[str, Any]:
    """Everything that would be sent now, in plain JSON values. What is not asked now stays out, whatever the draft keeps."""
    challenge = application.challenge
    form = rules.asked_form(application)
    return {
        "format": FORMAT,
        "challenge": {"id": str(challenge.id), "slug": challenge.slug, "title": challenge.title.as_dict()},
        "theme": {"id": str(application.theme_id), "code": application.theme.code, "title": application.theme.title.as_dict()},
        "company": company_content(application.startup),
        "contact": {"name": application.contact_name, "email": application.contact_email, "phone": application.contact_phone},
        "form_sha256": challenge.form_sha256,
        "sections": [{"code": section.code, "title": section.title.as_dict()} for section in form.sections],
        "answers": [
            _slim(question) | {"section": section.code, "answer": application.answers[question.code]}
            for section in form.sections
            for question in section.questions
            if question.kind not in KEPT_ELSEWHERE and is_answered(application.answers.get(question.code))
        ],
        "documents": _documents(application, form),
        "consents": _consents(application, form),
    }  # fmt: skip


def _slim(question: Question) -> dict[str, Any]:
    """What it takes to read an answer: the question less what it takes to ask it."""
    return write_question(
        Question(
            question.code, question.kind, question.label, private=question.private, identifying=question.identifying,
            unit=question.unit, options=question.options, columns=question.columns,
        )
    )  # fmt: skip


def _documents(application: Application, form: Form) -> list[dict[str, Any]]:
    documents = {document.question: document for document in application.documents}
    return [
        {
            "id": str(document.id), "code": question.code, "title": question.label.as_dict(), "private": question.private,
            "identifying": question.identifying, "filename": document.filename, "media_type": document.media_type,
            "sha256": document.sha256, "size": document.size,
            "issued_on": document.issued_on.isoformat() if document.issued_on else None,
            "uploaded_at": document.uploaded_at.isoformat(),
        }
        for question in form.questions()
        if question.kind is Kind.FILE and (document := documents.get(question.code)) is not None
    ]  # fmt: skip


def _consents(application: Application, form: Form) -> list[dict[str, Any]]:
    decided = {given.question: given for given in application.consents}
    return [
        {
            "code": question.code, "title": question.label.as_dict(), "required": question.required,
            "given": given.given and rules.is_consent_current(question, given), "shares_with_sponsor": question.shares_with_sponsor,
            "text_sha256": given.text_sha256, "language": given.language, "decided_at": given.decided_at.isoformat(),
            "decided_by": str(given.decided_by_id) if given.decided_by_id else None,
        }
        for question in form.questions()
        if question.kind is Kind.CONSENT and (given := decided.get(question.code)) is not None
    ]  # fmt: skip


def company_content(startup: Organization) -> dict[str, Any]:
    """The company as it described itself at this moment, its profile included: changing either later changes nothing that was sent."""
    return {
        "id": str(startup.id), "name": startup.name.as_dict(),
        "legal_form": startup.legal_form.value if startup.legal_form else None, "business_number": startup.business_number,
        "founded_on": startup.founded_on.isoformat() if startup.founded_on else None,
        "predecessor_opened_on": startup.predecessor_opened_on.isoformat() if startup.predecessor_opened_on else None,
        "representative": startup.representative, "address": startup.address, "website": startup.website,
        "profile": profile_content(get_profile(startup)),
    }  # fmt: skip


def fingerprint(application: Application, draft: dict[str, Any] | None = None) -> str:
    """The hash of what would be sent now: tells whether it is still what the person read on the page of answers."""
    return canonical_sha256(draft_content(application) if draft is None else draft)


def frozen_content(
    application: Application,
    *,
    number: int,
    rules_version: RulesVersion,
    now: datetime,
    draft: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The whole content of submission `number`; `draft` is its draft_content where that is known."""
    return {
        **(draft_content(application) if draft is None else draft),
        "application": str(application.id),
        "number": number,
        "receipt_number": application.receipt_number,
        "submitted_at": now.isoformat(),
        "confirmed": [
            {"key": c.key, "text": c.text.as_dict(), "applies": c.positive, **application.confirmed[c.key]}
            for c in confirmations_asked(application.challenge)
            if c.key in application.confirmed
        ],
        "rules_version": {"number": rules_version.number, "sha256": rules_version.sha256},
    }


@dataclass(frozen=True)
class SubmittedAnswer:
    """An answer with as much of its question as it takes to read it."""

    question: Question
    answer: Any
    section: str  # its code; empty in what was sent before forms had sections

    @property
    def text(self) -> str:
        """The answer in words, in the page's language."""
        return show(self.question, self.answer)


@dataclass(frozen=True)
class SubmittedDocument:
    id: UUID
    code: str
    title: Bilingual
    filename: str
    media_type: str
    sha256: str
    size: int
    issued_on: date | None
    identifying: bool


@dataclass(frozen=True)
class SubmittedConsent:
    code: str
    title: Bilingual
    required: bool
    given: bool
    text_sha256: str
    language: str
    decided_at: datetime


@dataclass(frozen=True)
class Submitted:
    """A submission as its readers see it. `contact` and `consents` are empty for everybody but the organizer and the applicant."""

    number: int
    sha256: str
    submitted_at: datetime
    company: dict[str, Any]
    sections: tuple[tuple[str, Bilingual], ...]  # code and title
    answers: tuple[SubmittedAnswer, ...]
    documents: tuple[SubmittedDocument, ...]
    contact: dict[str, str]
    consents: tuple[SubmittedConsent, ...]
    confirmed: tuple[
        tuple[Bilingual, bool], ...
    ] = ()  # statements on eligibility, and whether each is one that applies

    @property
    def company_name(self) -> Bilingual:
        return Bilingual.from_dict(self.company["name"])

    @property
    def by_section(self) -> list[tuple[str, list[SubmittedAnswer]]]:
        """The answers under the codes of their sections, in the order of the form."""
        found: dict[str, list[SubmittedAnswer]] = {}
        for answer in self.answers:
            found.setdefault(answer.section, []).append(answer)
        return list(found.items())

    def document(self, document_id: UUID) -> SubmittedDocument | None:
        return next((document for document in self.documents if document.id == document_id), None)


def read_submission(submission: Submission, *, whole: bool) -> Submitted:
    """The submission's content; without `whole`, only what the call lets judges see."""
    return read_content(
        submission.content, submission.number, submission.sha256, submission.submitted_at, whole=whole
    )  # fmt: skip


def read_content(
    content: dict[str, Any], number: int, sha256: str, submitted_at: datetime, *, whole: bool
) -> Submitted:  # fmt: skip
    """The same from a submission's columns, for those who read many."""
    return Submitted(
        number=number,
        sha256=sha256,
        submitted_at=submitted_at,
        company=content["company"] if whole else {k: v for k, v in content["company"].items() if k != "profile"},
        sections=tuple((s["code"], Bilingual.from_dict(s["title"])) for s in content.get("sections", ())),
        answers=tuple(
            SubmittedAnswer(_question(a, content.get("form_sha256", "")), a["answer"], a.get("section", ""))
            for a in content["answers"]
            if whole or not _is_private(a)
        ),
        documents=read_documents(d for d in content["documents"] if whole or not _is_private(d)),
        contact=content["contact"] if whole else {},
        consents=tuple(_consent(c) for c in content["consents"]) if whole else (),
        confirmed=tuple((Bilingual.from_dict(c["text"]), c["applies"]) for c in content.get("confirmed", ()))
        if whole
        else (),
    )


def _is_private(entry: dict[str, Any]) -> bool:
    """Whether judges do not see it; content without a format says it the other way round."""
    return bool(entry.get("private", not entry.get("judges_see", True)))


_questions: dict[tuple[str, str], Question] = {}  # by the form's hash and the code
_MOST_KEPT = 5_000


def _question(entry: dict[str, Any], form_sha256: str) -> Question:
    """The question of an answer; under one hash it is read once, for exports that read thousands of answers to it."""
    if not form_sha256:
        return Question(
            entry["code"], Kind(entry["kind"]), Bilingual.from_dict(entry["label"]), private=_is_private(entry)
        )
    question = _questions.get((form_sha256, entry["code"]))
    if question is None:
        if len(_questions) >= _MOST_KEPT:
            _questions.clear()
        asked = {name: value for name, value in entry.items() if name not in ("section", "answer")}
        question = _questions[form_sha256, entry["code"]] = read_question(asked)
    return question


def read_documents(documents: Iterable[dict[str, Any]]) -> tuple[SubmittedDocument, ...]:
    """The documents that a submission's content names."""
    return tuple(_document(d) for d in documents)


def _document(d: dict[str, Any]) -> SubmittedDocument:
    return SubmittedDocument(
        UUID(d["id"]), d["code"], Bilingual.from_dict(d["title"]), d["filename"], d["media_type"], d["sha256"], d["size"],
        date.fromisoformat(d["issued_on"]) if d["issued_on"] else None, bool(d.get("identifying", False)),
    )  # fmt: skip


def _consent(c: dict[str, Any]) -> SubmittedConsent:
    return SubmittedConsent(
        c["code"], Bilingual.from_dict(c["title"]), c["required"], c["given"], c["text_sha256"], c["language"],
        datetime.fromisoformat(c["decided_at"]),
    )  # fmt: skip


def shares_with_sponsor(content: dict[str, Any]) -> bool:
    """Whether the applicant let the theme's sponsor read what was sent."""
    return any(c["shares_with_sponsor"] and c["given"] for c in content["consents"])
