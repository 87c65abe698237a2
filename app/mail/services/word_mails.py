"""An organizer's own words for a kind of mail, version after version, and back to the usual ones."""

from datetime import datetime
from uuid import UUID

from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.mail import rules
from app.mail.kinds import MailKind
from app.mail.models import MailWording
from app.mail.queries import get_wording


def set_wording(
    challenge_id: UUID, kind: MailKind, language: str, *, subject: str, body: str, seen: int, now: datetime
) -> MailWording:
    """Word this kind of mail anew. `seen` is the number of the version that the page showed, nought for the usual text.

    Raises RuleBroken with the field ("subject_ko", …), StaleEdit where somebody else has written meanwhile.
    """
    for field, sentence in rules.wording_faults(kind, subject, body):
        raise RuleBroken(sentence, field=f"{field}_{language}")
    wording = get_wording(challenge_id, kind.template, language)
    if seen != (wording.number if wording else 0):
        raise StaleEdit(wording.number if wording else 0)
    if wording is None:
        wording = MailWording(challenge_id=challenge_id, template=kind.template, language=language, number=0)
        db.session.add(wording)
    wording.subject, wording.body = subject.strip(), body.strip()
    wording.number, wording.changed_at = wording.number + 1, now
    db.session.flush()
    return wording


def reset_wording(challenge_id: UUID, kind: MailKind, language: str) -> MailWording | None:
    """Go back to the usual text; returns the words that went, None where there were none."""
    wording = get_wording(challenge_id, kind.template, language)
    if wording is not None:
        db.session.delete(wording)
        db.session.flush()
    return wording
