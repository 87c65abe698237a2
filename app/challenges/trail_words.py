"""What the events of a challenge's trail are called, in words. A later feature adds its own with `tell_action`."""

from collections.abc import Callable

from flask_babel import gettext as _

from app.challenges.labels import section_label
from app.challenges.states import Section

_WORDS: dict[str, Callable[[], str]] = {}


def tell_action(action: str, words: Callable[[], str]) -> None:
    """Say what `action` ("judging.sign_sheet") is called; `words` is asked in the language of the page."""
    _WORDS[action] = words


def action_words(action: str) -> str:
    """The action in words; the bare name where no feature has said any."""
    if known := _own().get(action):
        return known
    if action in _WORDS:
        return _WORDS[action]()
    return action.rpartition(".")[2].replace("_", " ")


def _own() -> dict[str, str]:
    own = {
        "challenges.create_challenge": _("Began the draft"),
        "challenges.send_to_sponsors": _("Sent the draft to the sponsors"),
        "challenges.review_challenge": _("Answered for the sponsor"),
        "challenges.take_back_to_draft": _("Took the call back to draft"),
        "challenges.publish_challenge": _("Published the call"),
        "challenges.close_challenge": _("Closed applications"),
        "challenges.cancel_challenge": _("Cancelled the challenge"),
        "challenges.archive_challenge": _("Archived the challenge"),
        "challenges.add_staff": _("Gave a person a role"),
        "challenges.remove_staff": _("Took a person's role away"),
        "challenges.add_attachment": _("Added an attachment"),
        "challenges.remove_attachment": _("Removed an attachment"),
    }
    return own | {
        f"challenges.set_{s.value}": _("Changed the section %(section)s", section=section_label(s)) for s in Section
    }


def detail_words(details: dict[str, object]) -> list[str]:
    """What of an event's details a person wants to read at once: the reason, the note, the file, the counts."""
    lines = [str(details[key]) for key in ("reason", "note", "filename", "sentence") if details.get(key)]
    if details.get("material") is False:
        lines.append(_("correction of a typing error"))
    if number := details.get("rules_version"):
        lines.append(_("Version %(number)s", number=number))
    return lines
