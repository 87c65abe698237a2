"""Views of applications: the applicant's own, the organizer's, the sponsor's."""

from flask import Blueprint

from app.applications.labels import like_words

bp = Blueprint("applications", __name__)
bp.add_app_template_global(like_words)

from app.applications import chores, jobs, personal_data, trail_words  # noqa: E402, F401 - register handlers, chores, the trail's words
from app.applications.mails import kinds  # noqa: E402, F401 - registers the kinds of mail
from app.applications.views import (  # noqa: E402, F401 - they register their routes on bp
    bulk,
    consents,
    desk,
    documents,
    exceptions,
    exports,
    form,
    history,
    invitations,
    message,
    own,
    panels,
    presence,
    preview,
    profile,
    received,
    reminders,
    shared,
    team,
    uploads,
)
