"""What the events of writing and running a call are called in its trail, and what of their details is read at once."""

from collections.abc import Callable

from flask_babel import gettext as _

from app.challenges.labels import section_label
from app.challenges.states import Section
from app.core.audit.words import tell_actions

tell_actions(
    {
        "challenges.erase_persons": lambda: _(
            "Erased the persons of this challenge, its retention period having ended"
        ),
        "challenges.create_challenge": lambda: _("Began the draft"),
        "challenges.send_to_sponsors": lambda: _("Sent the draft to the sponsors"),
        "challenges.review_challenge": lambda: _("Answered for the sponsor"),
        "challenges.take_back_to_draft": lambda: _("Took the call back to draft"),
        "challenges.publish_challenge": lambda: _("Published the call"),
        "challenges.close_challenge": lambda: _("Closed applications"),
        "challenges.cancel_challenge": lambda: _("Cancelled the challenge"),
        "challenges.archive_challenge": lambda: _("Archived the challenge"),
        "challenges.add_staff": lambda: _("Gave a person a role"),
        "challenges.remove_staff": lambda: _("Took a person's role away"),
        "challenges.add_attachment": lambda: _("Added an attachment"),
        "challenges.remove_attachment": lambda: _("Removed an attachment"),
        "challenges.send_mails_again": lambda: _("Sent failed mails again"),
        "challenges.ask_question": lambda: _("Asked a question"),
        "challenges.answer_question": lambda: _("Answered a question in public"),
        "challenges.change_answer": lambda: _("Worded an answer anew"),
        "challenges.merge_question": lambda: _("Pointed a question to an answer"),
        "challenges.decline_question": lambda: _("Declined a question"),
        "challenges.set_questions_until": lambda: _("Set until when questions are taken"),
        "challenges.word_mail": lambda: _("Changed the words of a mail"),
        "challenges.reset_mail_words": lambda: _("Gave a mail its usual words again"),
        "challenges.hold_kind": lambda: _("Changed whether a kind of mail is held"),
        "challenges.edit_held_mail": lambda: _("Changed a held mail"),
        "challenges.exclude_held_mail": lambda: _("Took a held mail out or put it back"),
        "challenges.release_mails": lambda: _("Let held mails go"),
        "challenges.hold_mails_again": lambda: _("Held mails again before their time"),
        "challenges.discard_mails": lambda: _("Discarded held mails"),
    }
)


# Parts of a call that its form holds today.
tell_actions(
    {
        "challenges.set_documents": lambda: _("Changed the section %(section)s", section=_("Documents")),
        "challenges.set_questions": lambda: _("Changed the section %(section)s", section=_("Questions")),
        "challenges.set_consents": lambda: _("Changed the section %(section)s", section=_("Consents")),
    }
)


def _changed(section: Section) -> Callable[[], str]:
    return lambda: _("Changed the section %(section)s", section=section_label(section))


tell_actions({f"challenges.set_{section.value}": _changed(section) for section in Section})


def detail_words(details: dict[str, object]) -> list[str]:
    """What of an event's details a person wants to read at once: the reason, the note, the file, the counts."""
    lines = [str(details[key]) for key in ("reason", "note", "filename", "sentence") if details.get(key)]
    if details.get("material") is False:
        lines.append(_("correction of a typing error"))
    if isinstance(number := details.get("rules_version"), int):  # a sheet names the version by its id
        lines.append(_("Version %(number)s", number=number))
    return lines
