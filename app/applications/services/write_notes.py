"""Internal notes: what the staff tell each other about an application."""

from datetime import datetime

from app.accounts.models import User
from app.applications import rules
from app.applications.desk.models import ScreeningNote
from app.applications.models import Application
from app.challenges.form.answers import clean
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def write_note(application: Application, text: str, *, actor: User, now: datetime) -> ScreeningNote:
    """Add a note. Its text stays out of the trail, where it could not be taken back. Raises RuleBroken."""
    if reason := rules.why_not_screen(application.challenge, actor, now):
        raise RuleBroken(reason)
    text = clean(text)
    if reason := rules.why_not_note(text):
        raise RuleBroken(reason, field="note")
    note = ScreeningNote(application_id=application.id, author_id=actor.id, text=text, written_at=now)
    db.session.add(note)
    record("applications.write_note", subject=application, actor=actor, now=now, challenge_id=application.challenge_id)
    return note


def edit_note(note: ScreeningNote, application: Application, text: str, *, actor: User, now: datetime) -> None:
    """Change one's own note; an empty text takes it away. Raises RuleBroken."""
    if reason := rules.why_not_screen(application.challenge, actor, now) or rules.why_not_edit_note(note, actor):
        raise RuleBroken(reason)
    text = clean(text)
    if text and (reason := rules.why_not_note(text)):
        raise RuleBroken(reason, field="note")
    if text:
        note.text, note.edited_at = text, now
    else:
        db.session.delete(note)
    record(
        "applications.edit_note", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"removed": not text},
    )  # fmt: skip
