"""Questions about a call: who may ask until when, and what the organizer may make of one."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import OrganizationKind, User
from app.challenges.models import Challenge, Inquiry
from app.challenges.rules import is_past_close, is_public, why_not_organize
from app.challenges.states import ChallengeState, InquiryState
from app.core.bilingual import Bilingual
from app.web.filters import when

TEXT_LIMIT, ANSWER_LIMIT, REASON_LIMIT = 1000, 5000, 500
MOST_OPEN = 5  # of one person on one call

Fault = tuple[str, str]  # the field and the sentence


def asked_until(challenge: Challenge) -> datetime:
    """The last moment in which a question is taken."""
    return min(challenge.questions_until or challenge.closes_at, challenge.closes_at)


def why_not_ask(challenge: Challenge, user: User | None, now: datetime, *, waiting: int = 0) -> str | None:
    """Why `user`, of whose questions `waiting` are not answered yet, cannot ask now."""
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if not is_public(challenge):
        return _("This call is not published yet.")
    if now > asked_until(challenge) or is_past_close(challenge, now):
        return _("Questions were taken until %(when)s.", when=when(asked_until(challenge), challenge.timezone))
    if user is None or not user.organization_ids(OrganizationKind.STARTUP):
        return _("Only the people of a startup can ask. Register yours first.")
    if waiting >= MOST_OPEN:
        return _("%(count)s questions of yours wait for an answer. Ask more once some are answered.", count=waiting)
    return None


def text_fault(text: str) -> str | None:
    if not text.strip():
        return _("Write your question.")
    if len(text) > TEXT_LIMIT:
        return too_long(text, TEXT_LIMIT)
    return None


def too_long(text: str, limit: int) -> str:
    return _("At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(text):,}")


def why_not_handle(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot answer questions about this call."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in (ChallengeState.CANCELLED, ChallengeState.ARCHIVED):
        return _("This challenge is over; its record stays as it is.")
    return None


def why_not_become(inquiry: Inquiry, target: InquiryState) -> str | None:
    if not inquiry.state.can_become(target):
        return _("This question is answered in public; its answer can be worded anew, and not be taken away.")
    return None


def answer_faults(published: Bilingual, answer: Bilingual) -> list[Fault]:
    """What is wrong with a question and its answer as they would be published; one language is enough, if it has both."""
    faults = []
    for language in ("ko", "en"):
        question, reply = getattr(published, language), getattr(answer, language)
        if bool(question.strip()) != bool(reply.strip()):
            field = f"answer_{language}" if question.strip() else f"published_{language}"
            faults.append((field, _("Give question and answer in this language, or neither.")))
        for field, text, limit in (("published", question, TEXT_LIMIT), ("answer", reply, ANSWER_LIMIT)):
            if len(text) > limit:
                faults.append((f"{field}_{language}", too_long(text, limit)))
    if not any(text.strip() for text in (*published.as_dict().values(), *answer.as_dict().values())):
        faults.append(("answer_ko", _("Write the answer in Korean, in English, or in both.")))
    return faults


def why_not_merge(inquiry: Inquiry, into: Inquiry | None) -> str | None:
    if reason := why_not_become(inquiry, InquiryState.MERGED):
        return reason
    if into is None or into.state is not InquiryState.ANSWERED or into.challenge_id != inquiry.challenge_id:
        return _("Choose the answer that says it already.")
    return None


def reason_fault(reason: str) -> str | None:
    if not reason.strip():
        return _("Give the reason; only the one who asked reads it.")
    return too_long(reason, REASON_LIMIT) if len(reason) > REASON_LIMIT else None


def until_fault(challenge: Challenge, until: datetime) -> str | None:
    if until > challenge.closes_at:
        return _(
            "Applications close on %(when)s; questions cannot be taken longer.",
            when=when(challenge.closes_at, challenge.timezone),
        )
    return None
