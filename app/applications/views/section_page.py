"""A section of the call's form as a page: its questions with what stands, what is wrong, and when each is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.profile.facts import FACTS
from app.accounts.profile.models import ProfileDocument
from app.applications import rules
from app.applications.models import Application, Document, GivenConsent
from app.applications.rules import Fault
from app.applications.rules.completeness import form_answers
from app.applications.writing.fields import ANSWER, CONTACT
from app.challenges.form.answers import (
    Answer,
    as_choices,
    as_rows,
    as_text,
    is_answered,
    posted_answer,
    read_date,
    show,
)
from app.challenges.form.asking import for_theme, shown_codes
from app.challenges.form.carrying import KEPT_ELSEWHERE
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.form.prefill import fact_answer
from app.core.merging import normal
from app.web.filters import current_language, local

LONG_LIST = 8  # options beyond this are chosen from a list


@dataclass(frozen=True)
class Asked:
    """One question on the page."""

    question: Question
    field: str  # the id and name of its control
    answer: Any
    error: str
    is_shown: bool
    is_live: bool  # whether what it depends on stands on this page, too
    document: Document | None
    consent: GivenConsent | None
    fact: "FactMark | None" = None  # of the profile, for those who may see it
    kept: Sequence[ProfileDocument] = ()  # documents of the profile that suit

    @property
    def text(self) -> str:
        return as_text(self.answer)

    @property
    def taken(self) -> list[str]:
        return as_choices(self.answer)

    @property
    def stray(self) -> list[str]:
        """What was chosen and is not offered any more: it stays until somebody chooses anew."""
        offered = {option.code for option in self.question.options}
        return [code for code in self.taken if code not in offered]

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a table, and an empty one to write into as long as there may be more."""
        rows = as_rows(self.answer)
        return [*rows, {}] if len(rows) < self.question.rows_most else rows

    @property
    def is_day(self) -> bool:
        """Whether a calendar can show the answer; what was typed in another way is shown as it was typed."""
        moment = read_date(self.text)
        return not self.text or (moment is not None and moment.isoformat() == self.text)

    @property
    def from_list(self) -> bool:
        return len(self.question.options) > LONG_LIST

    @property
    def is_current(self) -> bool:
        """Whether the consent was decided on the text that stands here."""
        return self.consent is not None and rules.is_consent_current(self.question, self.consent)


@dataclass(frozen=True)
class FactMark:
    """What the startup's profile says to a question."""

    label: str
    is_same: bool  # as what stands in the draft
    text: str


class SectionPage:
    """All that the page of a section draws. `company` is the startup's content where the reader may use its profile."""

    def __init__(
        self, application: Application, section: Section, answers: Mapping[str, Any], faults: list[Fault], errors: Mapping[str, str],
        company: Mapping[str, Any] | None = None, kept: Sequence[ProfileDocument] = (), now: datetime | None = None,
    ) -> None:  # fmt: skip
        self.section = section
        whole = for_theme(application.challenge.form, application.theme.code)
        shown = shown_codes(whole, form_answers(application) | dict(answers))
        documents = {document.question: document for document in application.documents}
        consents = {given.question: given for given in application.consents}
        here = {question.code for question in section.questions}
        found = {fault.field: fault.sentence for fault in faults} | dict(errors)
        self.questions = [
            Asked(
                question, field := rules.field_of(question), answers.get(question.code, ""), found.get(field, ""),
                question.code in shown, question.condition is not None and question.condition.question in here,
                documents.get(question.code), consents.get(question.code),
                fact_mark(question, answers.get(question.code, ""), company) if company is not None else None,
                [d for d in kept if now and question.kind is Kind.FILE and not rules.why_not_kept(question, d, application.challenge, now)],
            )
            for question in section.questions
        ]  # fmt: skip
        self.differing = [a for a in self.questions if a.fact is not None and not a.fact.is_same]
        self.has_files = any(question.kind is Kind.FILE for question in section.questions)
        self.lines = [
            (asked.field, local(asked.question.label), asked.error) for asked in self.questions if asked.error
        ]
        self.other_errors = [
            sentence for field, sentence in errors.items() if field not in {a.field for a in self.questions}
        ]


def fact_mark(question: Question, answer: Any, company: Mapping[str, Any]) -> FactMark | None:
    """What the profile says to the question; None where it says nothing, or nothing was asked of it."""
    said = fact_answer(question, company, current_language())
    if not is_answered(said):
        return None
    return FactMark(FACTS[question.prefill].label(), normal(said) == normal(answer), show(question, said))


def posted_answers(section: Section, fields: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    """What was typed and chosen, by question; a question that the page did not ask is not there."""
    typed = {q.code: posted_answer(q, fields) for q in section.questions if q.kind not in KEPT_ELSEWHERE}
    return {code: answer for code, answer in typed.items() if answer is not None}


def posted_decisions(section: Section, fields: Mapping[str, Sequence[str]], present: Form) -> dict[str, bool | None]:
    """Each consent of the page as given or refused, None for a required one without its tick.

    An optional one that was left open stays out, and so does one whose text is not the one that was shown.
    """
    decisions: dict[str, bool | None] = {}
    for question in section.questions:
        now = present.question(question.code)
        if (
            question.kind is Kind.CONSENT
            and now is not None
            and (now.label, now.text) == (question.label, question.text)
        ):
            answer = (fields.get(f"consent-{question.code}") or [""])[-1]
            given = {"yes": True, "no": False}.get(answer)
            if given is not None or question.required:
                decisions[question.code] = given
    return decisions


def fields_of(application: Application, section: Section | None) -> dict[str, Any]:
    """What stands in the fields of a page, the contact's where it is none of the form's sections."""
    if section is None:
        return {name: getattr(application, name) for name in CONTACT}
    typed = (question for question in section.questions if question.kind not in KEPT_ELSEWHERE)
    return {f"{ANSWER}{q.code}": application.answers.get(q.code, "") for q in typed}


@dataclass(frozen=True)
class BothTexts:
    """A field that two people changed, in words."""

    field: str
    label: str
    mine: str
    theirs: str
    who: str
