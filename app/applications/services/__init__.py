"""The verbs that change applications. Each takes the actor and the time, and refuses with RuleBroken."""

from app.applications.services.attach_document import (
    attach_document,
    attach_stored,
    date_document,
    remove_document,
    store_document,
)
from app.applications.services.check_eligibility import check_eligibility
from app.applications.services.confirm_eligibility import confirm_eligibility
from app.applications.services.export_received import export_received
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
from app.applications.services.set_consents import set_consents
from app.applications.services.settle import settle_application, settle_due
from app.applications.services.start_application import start_application
from app.applications.services.submit_application import submit_application
from app.applications.services.take_back import reopen_application, withdraw_application

__all__ = [
    "DraftInput", "attach_document", "attach_stored", "begin_upload", "check_eligibility", "confirm_eligibility", "count_expired",
    "date_document", "drop_upload", "expire_uploads", "export_received", "finish_upload", "known_uploads", "override_eligibility",
    "remind_of_draft", "remove_document", "reopen_application", "save_draft", "set_consents", "set_reminders", "settle_application",
    "settle_due", "start_application", "store_document", "store_upload", "submit_application", "take_back_override", "withdraw_application",
]  # fmt: skip
