"""The verbs that change mails. Who may do what, and the trail, are the features' business that call them."""

from app.mail.services.hold_mails import (
    discard_batch,
    edit_mail,
    exclude_mail,
    gathering_batch,
    hold_batch_again,
    open_batch,
    release_batch,
    set_hold,
)
from app.mail.services.queue_mail import (
    queue_mail,
    try_failed_mail_again,
    try_failed_mails_again,
    withdraw_mails,
    write_message,
)
from app.mail.services.word_mails import reset_wording, set_wording

__all__ = [
    "discard_batch", "edit_mail", "exclude_mail", "gathering_batch", "hold_batch_again", "open_batch", "queue_mail", "release_batch", "reset_wording",
    "set_hold", "set_wording", "try_failed_mail_again", "try_failed_mails_again", "withdraw_mails", "write_message",
]  # fmt: skip
