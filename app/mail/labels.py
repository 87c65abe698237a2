"""What kinds of mail, and the states of mails and batches, are called, with the tone of their chip."""

from flask_babel import gettext as _

from app.mail.kinds import name_of


def mail_label(template: str) -> str:
    """The kind in words; mails whose words nobody changes have one name together."""
    return name_of(template) or _("Other mail")


def mail_state_label(state: str) -> tuple[str, str]:
    """Of a mail or a delivery: its word and its tone."""
    return {
        "held": (_("Held"), "warn"),
        "excluded": (_("Taken out"), ""),
        "queued": (_("Waiting to go out"), "open"),
        "sending": (_("Being sent"), "open"),
        "retrying": (_("Refused, will be tried again"), "warn"),
        "failed": (_("Not sent"), "bad"),
        "sent": (_("Sent"), "good"),
        "withdrawn": (_("Taken back"), ""),
    }[state]


def batch_state_label(state: str) -> tuple[str, str]:
    return {
        "held": (_("Held"), "warn"),
        "scheduled": (_("Goes out at its time"), "open"),
        "released": (_("Let go"), "good"),
        "discarded": (_("Discarded"), ""),
    }[state]
