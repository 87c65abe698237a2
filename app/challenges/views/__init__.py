"""Views of challenges, all on one blueprint."""

from app.challenges import chores, mails, personal_data
from app.challenges.views import (
    attachments,
    compose,
    compose_files,
    editor,
    feeds,
    inquiries,
    mail_texts,
    manage,
    moves,
    outbox,
    public,
    put_in_force,
    quiz,
    sponsor,
    staff,
)
from app.challenges.views.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "chores",
    "compose",
    "compose_files",
    "editor",
    "feeds",
    "inquiries",
    "mail_texts",
    "mails",
    "manage",
    "moves",
    "outbox",
    "personal_data",
    "public",
    "put_in_force",
    "quiz",
    "sponsor",
    "staff",
]
