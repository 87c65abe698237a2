"""What the organizer's staff may do at the desk beside checking: tags, notes, cases, views, and undoing a bulk decision."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.desk.models import BulkDecision, ScreeningNote
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of, is_sealed, may_observe, seal_sentence
from app.web.filters import number, when

LONGEST_NOTE = 4000
LONGEST_TAG = 30
LONGEST_VIEW = 60
MOST_TAGS = 50
MOST_VIEWS = 50


def why_not_screen(challenge: Challenge, actor: User | None, now: datetime) -> str | None:
    """Why `actor` cannot tag, note or assign now."""
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    if is_sealed(challenge, now):
        return seal_sentence(challenge)
    return None


def why_not_view(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot keep views of the list: whoever reads it may."""
    if not may_observe(actor, challenge):
        return _("Only those who organize or observe this challenge keep views of its applications.")
    return None


def why_not_named(name: str, limit: int) -> str | None:
    if not name:
        return _("Give it a name.")
    if len(name) > limit:
        return _("At most %(limit)s characters; this has %(count)s.", limit=limit, count=number(len(name)))
    return None


def why_not_note(text: str) -> str | None:
    if not text:
        return _("Write something first.")
    if len(text) > LONGEST_NOTE:
        return _(
            "At most %(limit)s characters; this has %(count)s.", limit=number(LONGEST_NOTE), count=number(len(text))
        )
    return None


def why_not_edit_note(note: ScreeningNote, actor: User) -> str | None:
    if note.author_id != actor.id:
        return _("Only who wrote a note can change it.")
    return None


def why_not_in_bulk(application: Application) -> str | None:
    """What a decision on many at once leaves to the application's own page; `application` is settled for now.

    Ending a correction that still runs takes the applicant's changes back, which no undo could give again.
    """
    due = application.correction_due_at
    if application.state is ApplicationState.CORRECTION and due is not None:
        return _(
            "The applicant has until %(when)s for the correction. Decide it on the application's own page.",
            when=when(due, application.challenge.timezone),
        )
    return None


def why_not_undo(bulk: BulkDecision, actor: User | None, challenge: Challenge, now: datetime) -> str | None:
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    if bulk.undone_at is not None:
        return _("This decision was undone already.")
    if now >= bulk.undo_until:
        return _("The mails went out at %(when)s. Decide anew instead.", when=when(bulk.undo_until, challenge.timezone))
    return None
