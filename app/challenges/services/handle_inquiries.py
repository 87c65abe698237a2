"""Asking about a call, and answering in public, without ever saying who asked."""

from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges import inquiry_rules as rules
from app.challenges.models import Challenge, Inquiry
from app.challenges.queries.inquiries import count_waiting_of
from app.challenges.services.edit import lock
from app.challenges.states import InquiryState
from app.core.audit.trail import record
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.mail.services import queue_mail


def ask_question(challenge: Challenge, text: str, *, actor: User, now: datetime) -> Inquiry:
    """Hand a question to the organizer. The same text again, by a double click, is the same question. Raises RuleBroken."""
    lock(challenge)
    text = text.strip()
    mine = sa.select(Inquiry).where(Inquiry.challenge_id == challenge.id, Inquiry.asked_by_id == actor.id)
    standing = db.session.scalar(mine.where(Inquiry.state == InquiryState.OPEN, Inquiry.text == text).limit(1))
    if standing is not None:
        return standing
    if reason := rules.why_not_ask(challenge, actor, now, waiting=count_waiting_of(challenge, actor)):
        raise RuleBroken(reason)
    if fault := rules.text_fault(text):
        raise RuleBroken(fault, field="text")
    inquiry = Inquiry(challenge_id=challenge.id, asked_by_id=actor.id, language=actor.language, text=text, asked_at=now)
    db.session.add(inquiry)
    record("challenges.ask_question", subject=inquiry, actor=actor, now=now, challenge_id=challenge.id)
    return inquiry


def _begin(challenge: Challenge, inquiry: Inquiry, *, actor: User, seen: int) -> None:
    """Lock the call, whose answers are counted, and the question. Raises RuleBroken, StaleEdit."""
    lock(challenge)
    db.session.refresh(inquiry, with_for_update=True)
    if reason := rules.why_not_handle(challenge, actor):
        raise RuleBroken(reason)
    if seen != inquiry.version:
        raise StaleEdit(inquiry.version)
    inquiry.version += 1


def answer_question(
    challenge: Challenge, inquiry: Inquiry, *, published: Bilingual, answer: Bilingual, seen: int, actor: User, now: datetime
) -> None:  # fmt: skip
    """Publish the question, as the organizer words it, with its answer; or word a published one anew, which the page says.

    Whoever asked is told by mail the first time. Raises RuleBroken with the field to mend, StaleEdit.
    """
    _begin(challenge, inquiry, actor=actor, seen=seen)
    if reason := rules.why_not_become(inquiry, InquiryState.ANSWERED):
        raise RuleBroken(reason)
    for field, sentence in rules.answer_faults(published, answer):
        raise RuleBroken(sentence, field=field)
    first = inquiry.state is not InquiryState.ANSWERED
    before = {"published": inquiry.published.as_dict(), "answer": inquiry.answer.as_dict()}
    inquiry.published, inquiry.answer = _stripped(published), _stripped(answer)
    if first:
        query = sa.select(sa.func.max(Inquiry.number)).where(Inquiry.challenge_id == challenge.id)
        number = (db.session.scalar(query) or 0) + 1
        inquiry.state, inquiry.number, inquiry.answered_at = InquiryState.ANSWERED, number, now
        inquiry.merged_into_id, inquiry.reason = None, ""
    else:
        inquiry.changed_at = now
    record(
        "challenges.answer_question" if first else "challenges.change_answer", subject=inquiry, actor=actor, now=now,
        challenge_id=challenge.id,
        details={
            "number": inquiry.number, "published": inquiry.published.as_dict(), "answer": inquiry.answer.as_dict(),
            **({} if first else {"before": before}),
        },
    )  # fmt: skip
    if first:
        _tell(challenge, inquiry, "inquiry_answered", inquiry, now=now)


def merge_question(
    challenge: Challenge, inquiry: Inquiry, into: Inquiry | None, *, seen: int, actor: User, now: datetime
) -> None:  # fmt: skip
    """Say that an answer which stands covers this question too, and point whoever asked to it. Raises RuleBroken, StaleEdit."""
    _begin(challenge, inquiry, actor=actor, seen=seen)
    if reason := rules.why_not_merge(inquiry, into):
        raise RuleBroken(reason, field="into")
    assert into is not None
    inquiry.state, inquiry.merged_into_id, inquiry.reason = InquiryState.MERGED, into.id, ""
    record(
        "challenges.merge_question", subject=inquiry, actor=actor, now=now, challenge_id=challenge.id, details={"number": into.number}
    )  # fmt: skip
    _tell(challenge, inquiry, "inquiry_answered", into, now=now)


def decline_question(
    challenge: Challenge, inquiry: Inquiry, reason: str, *, seen: int, actor: User, now: datetime
) -> None:
    """Not answer in public; the reason goes to whoever asked, and to nobody else. Raises RuleBroken, StaleEdit."""
    _begin(challenge, inquiry, actor=actor, seen=seen)
    if refusal := rules.why_not_become(inquiry, InquiryState.DECLINED):
        raise RuleBroken(refusal)
    if fault := rules.reason_fault(reason):
        raise RuleBroken(fault, field="reason")
    inquiry.state, inquiry.merged_into_id, inquiry.reason = InquiryState.DECLINED, None, reason.strip()
    record("challenges.decline_question", subject=inquiry, actor=actor, now=now, challenge_id=challenge.id)
    _tell(challenge, inquiry, "inquiry_declined", inquiry, now=now)


def set_questions_until(challenge: Challenge, until: datetime | None, *, actor: User, now: datetime) -> None:
    """Take questions until `until`, or until the close. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_handle(challenge, actor):
        raise RuleBroken(reason)
    if until is not None and (fault := rules.until_fault(challenge, until)):
        raise RuleBroken(fault, field="until")
    if until == challenge.questions_until:
        return
    before, challenge.questions_until = challenge.questions_until, until
    record(
        "challenges.set_questions_until", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"before": before.isoformat() if before else None, "after": until.isoformat() if until else None},
    )  # fmt: skip


def _stripped(text: Bilingual) -> Bilingual:
    return Bilingual(text.ko.strip(), text.en.strip())


def _tell(challenge: Challenge, inquiry: Inquiry, template: str, answered: Inquiry, *, now: datetime) -> None:
    asker = db.session.get(User, inquiry.asked_by_id) if inquiry.asked_by_id else None
    if asker is not None:
        queue_mail(
            asker.email, f"challenges/{template}", language=asker.language, now=now, challenge_id=challenge.id, challenge=challenge,
            name=asker.name, inquiry=inquiry, answered=answered,
        )  # fmt: skip
