"""What an export of received applications reads: the list's own rows, each with the submission that stands and the last check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.applications.content import Submitted, SubmittedDocument, read_content, read_documents
from app.applications.models import Application, CheckOutcome, EligibilityCheck, Submission
from app.applications.queries.asked import Received, ReceivedFilter, as_received, asked_received, order_of
from app.challenges.form.carrying import KEPT_ELSEWHERE
from app.challenges.form.model import Kind
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.core.database import db

AT_ONCE = 200  # rows in memory


@dataclass(frozen=True)
class ExportedRow:
    """One application; `sent` is None for one that was withdrawn, whose content its page does not show either."""

    received: Received
    sent: Submitted | None
    outcome: CheckOutcome | None
    reason: str
    checked_at: datetime | None


@dataclass(frozen=True)
class ExportedFile:
    received: Received
    company: Bilingual
    document: SubmittedDocument


@dataclass(frozen=True)
class Asked:
    """The questions and consents that some of the applications answered: code and title, in the order of the form."""

    questions: dict[str, Bilingual]
    consents: dict[str, Bilingual]


def _with_submission(challenge: Challenge, asked: ReceivedFilter, *columns: Any) -> sa.Select[Any]:
    """The list's rows in its order, and columns of the submission that stands (NULL where none does)."""
    last = (
        sa.select(sa.func.max(Submission.number))
        .where(Submission.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    stands = sa.and_(
        Submission.application_id == Application.id,
        Submission.number == last,
        Application.submitted_at.is_not(None),
    )
    query = asked_received(challenge, asked).add_columns(*columns).outerjoin(Submission, stands)
    return query.order_by(*order_of(asked)).execution_options(yield_per=AT_ONCE)


def list_asked(challenge: Challenge, asked: ReceivedFilter) -> Asked:
    """What the exported submissions were asked, each under the version that it answered: the form as it stands first, then
    what it no longer has. Two statements.
    """
    questions: dict[str, Bilingual] = {}
    consents: dict[str, Bilingual] = {}
    for question in challenge.form.questions():
        if question.kind not in KEPT_ELSEWHERE:
            questions[question.code] = question.label
        elif question.kind is Kind.CONSENT:
            consents[question.code] = question.label
    for row in db.session.execute(_with_submission(challenge, asked, Submission.content)):
        for answer in (row.content or {}).get("answers", ()):
            questions.setdefault(answer["code"], Bilingual.from_dict(answer["label"]))
        for consent in (row.content or {}).get("consents", ()):
            consents.setdefault(consent["code"], Bilingual.from_dict(consent["title"]))
    return Asked(questions, consents)


def stream_exported(challenge: Challenge, asked: ReceivedFilter) -> Iterator[ExportedRow]:
    """The rows of the list, whole, a few at a time. One statement."""
    last = (
        sa.select(EligibilityCheck.id)
        .where(EligibilityCheck.application_id == Application.id)
        .order_by(EligibilityCheck.checked_at.desc(), EligibilityCheck.id.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    sent_columns = (Submission.number, Submission.content, Submission.sha256, Submission.submitted_at.label("sent_at"))
    check_columns = (EligibilityCheck.outcome, EligibilityCheck.reason, EligibilityCheck.checked_at)
    query = _with_submission(challenge, asked, *sent_columns, *check_columns).outerjoin(
        EligibilityCheck, EligibilityCheck.id == last
    )
    for row in db.session.execute(query):
        sent = read_content(row.content, row.number, row.sha256, row.sent_at, whole=True) if row.content else None
        yield ExportedRow(as_received(row), sent, row.outcome, row.reason or "", row.checked_at)


def list_exported_files(challenge: Challenge, asked: ReceivedFilter) -> tuple[list[ExportedFile], int]:
    """Every document of the rows of the list, and how many applications there are. One statement, which leaves the answers
    where they are.
    """
    query = _with_submission(
        challenge,
        asked,
        Submission.content["documents"].label("documents"),
        Submission.content["company"].label("company"),
    )
    files: list[ExportedFile] = []
    count = 0
    for row in db.session.execute(query):
        count += 1
        if row.company is None:  # nothing stands
            continue
        received, company = as_received(row), Bilingual.from_dict(row.company["name"])
        files += [ExportedFile(received, company, document) for document in read_documents(row.documents)]
    return files, count
