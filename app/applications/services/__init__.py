"""The verbs that change applications. Each takes the actor and the time, and refuses with RuleBroken."""

from app.applications.services.assign_cases import assign_cases, assign_evenly
from app.applications.services.attach_document import (
    attach_document,
    attach_stored,
    date_document,
    remove_document,
    store_document,
)
from app.applications.services.check_eligibility import check_eligibility
from app.applications.services.confirm_eligibility import confirm_eligibility
from app.applications.services.decide_in_bulk import decide_in_bulk, preview_bulk, undo_bulk
from app.applications.services.export_received import export_received
from app.applications.services.follow_form import follow_form
from app.applications.services.index_submissions import index_due
from app.applications.services.override_eligibility import override_eligibility, take_back_override
from app.applications.services.receive_upload import (
    begin_upload,
    count_expired,
    drop_upload,
    expire_uploads,
    finish_upload,
    known_uploads,
    store_upload,
)
from app.applications.services.remind_drafts import remind_of_draft, set_reminders
from app.applications.services.save_draft import DraftInput, save_draft
from app.applications.services.save_views import remove_view, save_view
from app.applications.services.set_consents import set_consents
from app.applications.services.settle import settle_application, settle_due
from app.applications.services.start_application import start_application
from app.applications.services.submit_application import get_ready, submit_application
from app.applications.services.tag_applications import tag_applications, untag_applications
from app.applications.services.take_back import reopen_application, withdraw_application
from app.applications.services.withdraw_consent import withdraw_consent
from app.applications.services.write_message import write_message
from app.applications.services.write_notes import edit_note, write_note

__all__ = [
    "DraftInput",
    "assign_cases",
    "assign_evenly",
    "attach_document",
    "attach_stored",
    "begin_upload",
    "check_eligibility",
    "confirm_eligibility",
    "count_expired",
    "date_document",
    "decide_in_bulk",
    "drop_upload",
    "edit_note",
    "expire_uploads",
    "export_received",
    "finish_upload",
    "follow_form",
    "get_ready",
    "index_due",
    "known_uploads",
    "override_eligibility",
    "preview_bulk",
    "remind_of_draft",
    "remove_document",
    "remove_view",
    "reopen_application",
    "save_draft",
    "save_view",
    "set_consents",
    "set_reminders",
    "settle_application",
    "settle_due",
    "start_application",
    "store_document",
    "store_upload",
    "submit_application",
    "tag_applications",
    "take_back_override",
    "undo_bulk",
    "untag_applications",
    "withdraw_application",
    "withdraw_consent", "write_message",
    "write_note",
]  # fmt: skip
