"""What changes who writes an application, and what is kept of its earlier words."""

from app.applications.writing.services.give_rights import give_right, take_right
from app.applications.writing.services.invite_co_writers import (
    accept_co_writing,
    cancel_co_writer,
    invite_co_writer,
    join_as_new_co_writer,
)
from app.applications.writing.services.keep_versions import keep_aside, record_version, restore_version
from app.applications.writing.services.say_presence import end_presence, say_presence
from app.applications.writing.services.use_profile import take_over_profile

__all__ = [
    "accept_co_writing", "cancel_co_writer", "end_presence", "give_right", "invite_co_writer", "join_as_new_co_writer",
    "keep_aside", "record_version", "restore_version", "say_presence", "take_over_profile",
    "take_right",
]  # fmt: skip
