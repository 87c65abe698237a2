"""Opening the public review, objecting to a decision, and answering with a reason."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.awards.appeals import queries, rules
from app.awards.appeals.models import Appeal, PublicReview
from app.awards.appeals.states import AppealKind, AppealState
from app.awards.queries import get_board
from app.awards.services.tell_applicants import Addressee, addressees
from app.awards.services.write_decisions import lock_challenge
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def open_public_review(challenge: Challenge, ends_at: datetime, *, actor: User, now: datetime) -> PublicReview:
    """Show everybody who is chosen, without scores or prizes, until `ends_at`. Raises RuleBroken."""
    lock_challenge(challenge)
    board = get_board(challenge)
    chosen = [
        (theme, entry)
        for application_id, (theme, entry) in board.standing.by_application.items()
        if (decision := board.decisions.get(application_id)) and decision.outcome is Outcome.SELECTED
    ]
    if reason := rules.why_not_open_review(challenge, queries.get_review(challenge.id), len(chosen), actor):
        raise RuleBroken(reason)
    if fault := rules.why_not_end_at(ends_at, now):
        raise RuleBroken(fault, field="ends_at")
    content = [
        {"application_id": str(e.application_id), "company": e.startup.as_dict(), "theme": t.title.as_dict()}
        for t, e in sorted(chosen, key=lambda pair: (pair[0].code, pair[1].startup.ko or pair[1].startup.en))
    ]
    review = PublicReview(
        challenge_id=challenge.id, content=content, opened_at=now, ends_at=ends_at, opened_by_id=actor.id
    )
    db.session.add(review)
    details = {"ends_at": ends_at, "chosen": [row["application_id"] for row in content]}
    record(
        "awards.open_public_review", subject=review, actor=actor, now=now, challenge_id=challenge.id, details=details
    )
    return review


def raise_concern(challenge: Challenge, application_id: UUID, text: str, *, actor: User, now: datetime) -> Appeal:
    """Object to a chosen entry. A second one of the same person on the same entry is the first. Raises RuleBroken."""
    lock_challenge(challenge)
    review = queries.get_review(challenge.id)
    if reason := rules.why_not_raise(review, challenge, now):
        raise RuleBroken(reason)
    assert review is not None
    if application_id not in {one.application_id for one in review.chosen}:
        raise RuleBroken(_("Choose an entry from the list."), field="entry")
    own = queries.list_own_concerns(challenge.id, actor)
    if standing := next((one for one in own if one.application_id == application_id), None):
        return standing
    return _file(challenge, application_id, AppealKind.CONCERN, text, actor=actor, now=now)


def file_appeal(application: Application, text: str, *, actor: User, now: datetime) -> Appeal:
    """Appeal once against the own result. A double click finds the appeal that stands. Raises RuleBroken."""
    challenge = application.challenge
    lock_challenge(challenge)
    standing = queries.get_appeal_of(application.id)
    if standing is not None and standing.text == text.strip():
        return standing
    if reason := rules.why_not_appeal(challenge, application.state, standing, now):
        raise RuleBroken(reason)
    return _file(challenge, application.id, AppealKind.APPEAL, text, actor=actor, now=now)


def _file(
    challenge: Challenge, application_id: UUID, kind: AppealKind, text: str, *, actor: User, now: datetime
) -> Appeal:
    if fault := rules.text_fault(text):
        raise RuleBroken(fault, field="text")
    appeal = Appeal(
        challenge_id=challenge.id, application_id=application_id, kind=kind, text=text.strip(), filed_by_id=actor.id, filed_at=now
    )  # fmt: skip
    db.session.add(appeal)
    record(
        "awards.file_appeal" if kind is AppealKind.APPEAL else "awards.raise_concern", subject=appeal, actor=actor,
        now=now, challenge_id=challenge.id, details={"application_id": application_id}, personal={"text": appeal.text},
    )  # fmt: skip
    return appeal


def answer_appeal(
    challenge: Challenge, appeal: Appeal, answer: str, *, upheld: bool, actor: User, now: datetime
) -> None:
    """Uphold or dismiss, with the reason, which is mailed to who objected. What follows from it, people decide. Raises RuleBroken."""
    db.session.refresh(appeal, with_for_update=True)
    if reason := rules.why_not_answer(challenge, appeal, actor):
        raise RuleBroken(reason)
    if fault := rules.answer_fault(answer):
        raise RuleBroken(fault, field=f"answer-{appeal.id}")
    appeal.state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    appeal.answer, appeal.answered_by_id, appeal.answered_at = answer.strip(), actor.id, now
    record(
        "awards.answer_appeal", subject=appeal, actor=actor, now=now, challenge_id=challenge.id,
        details={"kind": appeal.kind, "state": appeal.state}, personal={"answer": appeal.answer},
    )  # fmt: skip
    for person in _whom_to_tell(appeal):
        queue_mail(
            person.address, "awards/appeal_answered", language=person.language, now=now, challenge_id=challenge.id,
            about_id=appeal.application_id if appeal.kind is AppealKind.APPEAL else None,
            name=person.name, challenge=challenge, appeal=appeal,
        )  # fmt: skip


def _whom_to_tell(appeal: Appeal) -> list[Addressee]:
    """An appeal is the whole applicant's; a concern is that of one person, if there still is one."""
    if appeal.kind is AppealKind.APPEAL:
        return addressees([appeal.application])[appeal.application_id]
    user = appeal.filed_by
    return [Addressee(user.email, user.name, user.language)] if user else []
