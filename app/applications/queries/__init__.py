"""The reads that pages need, filtered by who looks."""

from app.applications.queries.eligibility import find_startups, findings_for, get_override, list_overrides
from app.applications.queries.exported import list_asked, list_exported_files, stream_exported
from app.applications.queries.own import (
    OwnApplication,
    get_application_for,
    get_open_challenge,
    list_applications_for,
    list_checks,
    list_submissions,
    standing_submission,
    taken_themes,
)
from app.applications.queries.received import (
    Received,
    ReceivedFilter,
    count_received,
    get_managed_challenge_for,
    get_received_application_for,
    list_mails_about,
    list_received_for,
)
from app.applications.queries.reminding import get_reminded_application, list_unsent_drafts, wants_reminders
from app.applications.queries.shared import (
    get_shared_application_for,
    get_sponsored_challenge_for,
    list_shared_for,
)
from app.applications.queries.submitted import submitted_content, submitted_contents

__all__ = [
    "OwnApplication", "Received", "ReceivedFilter", "count_received", "find_startups", "findings_for", "get_application_for",
    "get_managed_challenge_for", "get_open_challenge", "get_override", "get_received_application_for", "get_reminded_application",
    "get_shared_application_for", "get_sponsored_challenge_for", "list_applications_for", "list_asked", "list_checks",
    "list_exported_files", "list_mails_about", "list_overrides", "list_received_for", "list_shared_for", "list_submissions",
    "list_unsent_drafts", "standing_submission", "stream_exported", "submitted_content", "submitted_contents", "taken_themes",
    "wants_reminders",
]  # fmt: skip
