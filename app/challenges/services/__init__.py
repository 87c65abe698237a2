"""The verbs that change a challenge. Each takes the actor and the time, writes its trail, and leaves the commit to the caller."""

from app.challenges.services.attach_files import add_attachment, remove_attachment
from app.challenges.services.compose_form import (
    change_form,
    discard_working_copy,
    keep_working_copy,
    put_in_force,
    redo_change,
    replace_form,
    save_question,
    save_section,
    undo_change,
)
from app.challenges.services.erase_persons import end_erasing, erase_batch, list_due
from app.challenges.services.handle_inquiries import (
    answer_question,
    ask_question,
    decline_question,
    merge_question,
    set_questions_until,
)
from app.challenges.services.manage_outbox import (
    discard_mails,
    edit_held_mail,
    exclude_held_mail,
    hold_kind,
    hold_mails_again,
    release_mails,
    reset_mail_words,
    send_mail_again,
    word_mail,
)
from app.challenges.services.manage_staff import add_staff, remove_staff
from app.challenges.services.move_challenge import (
    archive_challenge,
    cancel_challenge,
    close_challenge,
    publish_challenge,
)
from app.challenges.services.review_challenge import review_challenge, send_to_sponsors, take_back_to_draft
from app.challenges.services.send_mails_again import send_mails_again
from app.challenges.services.set_basics import create_challenge, set_basics, set_eligibility, set_schedule, set_terms
from app.challenges.services.set_form import set_form
from app.challenges.services.set_rows import set_prizes, set_themes
from app.challenges.services.set_rubric import set_rubric

__all__ = [
    "add_attachment",
    "add_staff",
    "answer_question",
    "archive_challenge",
    "ask_question",
    "cancel_challenge",
    "change_form",
    "close_challenge",
    "create_challenge",
    "decline_question",
    "discard_mails",
    "discard_working_copy",
    "edit_held_mail",
    "end_erasing",
    "erase_batch",
    "exclude_held_mail",
    "hold_kind",
    "hold_mails_again",
    "keep_working_copy",
    "list_due",
    "merge_question",
    "publish_challenge",
    "put_in_force",
    "redo_change",
    "release_mails",
    "remove_attachment",
    "remove_staff",
    "replace_form",
    "reset_mail_words",
    "review_challenge",
    "save_question",
    "save_section",
    "send_mail_again",
    "send_mails_again",
    "send_to_sponsors",
    "set_basics",
    "set_eligibility",
    "set_form",
    "set_prizes",
    "set_questions_until",
    "set_rubric",
    "set_schedule",
    "set_terms",
    "set_themes",
    "take_back_to_draft",
    "undo_change",
    "word_mail",
]
