"""A form in the three usual parts: a proposal, documents, consents."""

from collections.abc import Sequence
from dataclasses import replace

from app.challenges.form.changes import add_section
from app.challenges.form.model import Form, Kind, Question, Section
from app.core.bilingual import Bilingual

PROPOSAL = Section("proposal", Bilingual("제안 내용", "Proposal"))
DOCUMENTS = Section("documents", Bilingual("제출서류", "Documents"))
CONSENTS = Section("consents", Bilingual("동의", "Consents"))
ASIDE = frozenset({Kind.FILE, Kind.CONSENT})
TYPED = frozenset(Kind) - ASIDE


def with_questions(form: Form, questions: Sequence[Question]) -> Form:
    """The form with these in the place of all its questions that are neither documents nor consents."""
    return _with(form, PROPOSAL, TYPED, questions)


def with_documents(form: Form, questions: Sequence[Question]) -> Form:
    return _with(form, DOCUMENTS, frozenset({Kind.FILE}), questions)


def documents_of(form: Form) -> list[Question]:
    return [question for question in form.questions() if question.kind is Kind.FILE]


def consents_of(form: Form) -> list[Question]:
    return [question for question in form.questions() if question.kind is Kind.CONSENT]


def typed_of(form: Form) -> list[Question]:
    """The questions that are answered by typing or choosing."""
    return [question for question in form.questions() if question.kind not in ASIDE]


def _with(form: Form, part: Section, kinds: frozenset[Kind], questions: Sequence[Question]) -> Form:
    """`questions` in the section where the form has such now, or in `part`; the sections stand in their usual order."""
    home = next((s.code for s in form.sections if any(q.kind in kinds for q in s.questions)), part.code)
    kept = [replace(s, questions=tuple(q for q in s.questions if q.kind not in kinds)) for s in form.sections]
    if questions and not any(section.code == home for section in kept):
        later = {PROPOSAL.code: 0, DOCUMENTS.code: 1, CONSENTS.code: 2}
        at = sum(later.get(section.code, 0) < later[part.code] for section in kept)
        kept = list(add_section(Form(tuple(kept)), part, at).sections)
    sections = [replace(s, questions=(*s.questions, *questions)) if s.code == home else s for s in kept]
    return Form(tuple(section for section in sections if section.questions))
