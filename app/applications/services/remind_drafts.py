"""Reminding the people of an unsent draft, and leaving in peace whoever asked for it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import force_locale

from app.applications import rules
from app.applications.mails import members, reminder_token
from app.applications.models import Application, ReminderStop
from app.applications.rules.reminding import is_to_be_reminded
from app.core.audit.trail import record
from app.core.database import db
from app.mail.services import queue_mail

MOST_FAULTS = 8  # named in a mail; of more only the number is said


def remind_of_draft(application: Application, *, step: timedelta, closes_at: datetime, now: datetime) -> int:
    """Mail each of the startup's people what is still missing, in the person's language; returns how many mails.

    Nothing where the draft was sent, the close was moved, or the call is over: the plan is older than what stands.
    """
    if not is_to_be_reminded(application, step=step, closes_at=closes_at, now=now):
        return 0
    stopped = set(
        db.session.scalars(sa.select(ReminderStop.email).where(ReminderStop.application_id == application.id))
    )
    people = [person for person in members(application.startup_id) if person.email not in stopped]
    for person in people:
        with force_locale(person.language):
            faults = [fault.text for fault in rules.find_faults(application, today=now)]
        queue_mail(
            person.email, "applications/reminder", language=person.language, now=now, challenge_id=application.challenge_id,
            about_id=application.id, application=application, challenge=application.challenge, person=person,
            faults=faults[:MOST_FAULTS], more=max(0, len(faults) - MOST_FAULTS), moment=now,
            token=reminder_token(application.id, person.email),
        )  # fmt: skip
    return len(people)


def set_reminders(application: Application, email: str, *, wanted: bool, now: datetime) -> None:
    """Send `email` no further reminders of this application, or send them again. Twice the same is once."""
    stop = db.session.get(ReminderStop, (application.id, email), with_for_update=True)
    if wanted == (stop is None):
        return
    if stop is None:
        db.session.add(ReminderStop(application_id=application.id, email=email, stopped_at=now))
    else:
        db.session.delete(stop)
    action = "applications.resume_reminders" if wanted else "applications.stop_reminders"
    record(action, subject=application, actor=None, now=now, challenge_id=application.challenge_id, personal={"email": email})  # fmt: skip
