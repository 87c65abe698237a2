"""What stands when time runs out.

Reopening never costs anybody their application: whoever reopened and did not submit again before the close is in with the
last submission, and so is whoever let the date of a correction pass. The draft goes back to what was sent; what had been
typed since is kept in `unsent` and shown to the applicant. Withdrawing is different: it ends the submission for good,
and a draft made of a withdrawn application counts only when it is submitted again.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.applications import rules
from app.applications.models import Application, Document, GivenConsent, Submission
from app.applications.services.locking import lock_application
from app.applications.states import ApplicationState
from app.applications.writing.fields import draft_fields
from app.applications.writing.services import record_version
from app.challenges.form.model import Form, Kind
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.database import db


def needs_settling(application: Application, now: datetime) -> bool:
    if application.state is ApplicationState.DRAFT:
        return application.is_standing and rules.is_closed(application.challenge, now)
    due = application.correction_due_at
    return application.state is ApplicationState.CORRECTION and due is not None and not rules.in_time(now, due)


def settle_application(application: Application, *, now: datetime) -> bool:
    """Let the last submission stand where the time to change it has passed. False where nothing was to do."""
    lock_application(application)
    if not needs_settling(application, now):
        return False
    before = application.state
    application.state, application.correction_due_at = ApplicationState.SUBMITTED, None
    return_to_standing(application, now=now)
    record(
        "applications.settle_application", subject=application, actor=None, now=now, challenge_id=application.challenge_id,
        details={"before": before.value, "unsent": application.unsent is not None},
    )  # fmt: skip
    return True


def due_to_settle(now: datetime, *, limit: int = 200) -> list[UUID]:
    """The applications whose time to change has passed, judged by the clock alone; settle_application looks again."""
    second = now.replace(microsecond=0)
    query = (
        sa.select(Application.id)
        .join(Challenge, Challenge.id == Application.challenge_id)
        .where(
            sa.or_(
                sa.and_(
                    Application.state == ApplicationState.DRAFT,
                    Application.submitted_at.is_not(None),
                    Challenge.state != ChallengeState.CANCELLED,
                    sa.or_(Challenge.closes_at < second, Challenge.state != ChallengeState.PUBLISHED),
                ),
                sa.and_(Application.state == ApplicationState.CORRECTION, Application.correction_due_at < second),
            )
        )
        .order_by(Application.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def settle_due(*, now: datetime) -> int:
    """Settle everything that is due; returns how many were."""
    count = 0
    for application_id in due_to_settle(now):
        application = db.session.get(Application, application_id)
        if application is not None and settle_application(application, now=now):
            count += 1
    return count


def last_submission(application: Application) -> Submission | None:
    return db.session.scalar(
        sa.select(Submission)
        .where(Submission.application_id == application.id)
        .order_by(Submission.number.desc())
        .limit(1)
    )


def return_to_standing(application: Application, *, now: datetime) -> None:
    """Make the draft what was last sent, and keep what differed in `unsent`."""
    submission = last_submission(application)
    if submission is None:
        return
    typed, content = draft_fields(application), submission.content
    sent_answers = {answer["code"]: answer["answer"] for answer in content["answers"]}
    form = application.challenge.form
    contact = {f"contact_{key}": text for key, text in content["contact"].items()}
    unsent: dict[str, Any] = {
        key: getattr(application, key) for key, text in contact.items() if getattr(application, key) != text
    }
    unsent |= {
        f"answer-{code}": answer
        for code, answer in application.answers.items()
        if (answer or "") != sent_answers.get(code, "")
    }
    application.unsent = {**unsent, "saved_at": application.saved_at.isoformat()} if unsent else None
    for key, text in contact.items():
        setattr(application, key, text)
    application.answers = sent_answers
    application.version += 1
    record_version(application, typed, draft_fields(application), actor=None, now=now)
    refused = {g.question: (g.decided_at, g.decided_by_id) for g in application.consents if not g.given}
    db.session.execute(sa.delete(Document).where(Document.application_id == application.id))
    db.session.execute(sa.delete(GivenConsent).where(GivenConsent.application_id == application.id))
    db.session.expire(application, ["documents", "consents"])
    db.session.add_all(_document(application, d, form) for d in content["documents"])
    for c in content["consents"]:
        consent = _consent(application, c, form)
        if consent.question in refused and consent.given and not c["required"]:
            # No clock gives a consent back that a person has taken away since.
            consent.given, (consent.decided_at, consent.decided_by_id) = False, refused[consent.question]
            if c["shares_with_sponsor"]:
                application.sharing_ended_at = application.sharing_ended_at or now
        db.session.add(consent)
    db.session.flush()


def _code_in(form: Form, code: str, prefix: str) -> str:
    """The question's code today: a document or a consent of an old call had a code that one of its questions had, too."""
    question = form.question(code)
    apart = question is not None and question.kind not in (Kind.FILE, Kind.CONSENT)
    return f"{prefix}-{code}"[:40] if apart else code


def _document(application: Application, d: dict[str, Any], form: Form) -> Document:
    return Document(
        id=UUID(d["id"]), application_id=application.id, question=_code_in(form, d["code"], "doc"), filename=d["filename"],
        media_type=d["media_type"], sha256=d["sha256"], size=d["size"],
        issued_on=date.fromisoformat(d["issued_on"]) if d["issued_on"] else None,
        uploaded_at=datetime.fromisoformat(d["uploaded_at"]),
    )  # fmt: skip


def _consent(application: Application, c: dict[str, Any], form: Form) -> GivenConsent:
    return GivenConsent(
        application_id=application.id, question=_code_in(form, c["code"], "consent"), given=c["given"], text_sha256=c["text_sha256"],
        language=c["language"], decided_at=datetime.fromisoformat(c["decided_at"]),
        decided_by_id=UUID(c["decided_by"]) if c["decided_by"] else None,
    )  # fmt: skip
