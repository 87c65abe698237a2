"""What keeps an organizer's own text of a mail from being taken, and what may still be done with held mails."""

from datetime import datetime

from flask_babel import gettext as _

from app.mail.kinds import MailKind
from app.mail.models import Mail, MailBatch
from app.mail.states import BatchState, MailState
from app.mail.wording import BODY_LIMIT, LEFT_OVER, PLACEHOLDER, SUBJECT_LIMIT, links_of, names_in, targets_of

Fault = tuple[str, str]  # the field ("subject" or "body") and the sentence


def braced(name: str) -> str:
    return "{{ " + name + " }}"


def text_faults(subject: str, body: str) -> list[Fault]:
    """What is wrong with a mail's words, whatever its kind."""
    faults = []
    for field, text, limit in (("subject", subject, SUBJECT_LIMIT), ("body", body, BODY_LIMIT)):
        if not text.strip():
            faults.append((field, _("Write the subject.") if field == "subject" else _("Write the text of the mail.")))
        elif len(text) > limit:
            faults.append(
                (
                    field,
                    _("At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(text):,}"),
                )
            )
    if "\n" in subject.strip():
        faults.append(("subject", _("A subject is one line.")))
    return faults


def wording_faults(kind: MailKind, subject: str, body: str) -> list[Fault]:
    """All that is wrong with an organizer's text of a kind; each sentence names the placeholder."""
    faults = text_faults(subject, body)
    known = {p.name for p in kind.placeholders}
    for field, text in (("subject", subject), ("body", body)):
        faults += [
            (field, _("There is no placeholder %(name)s in this mail.", name=braced(name[:60])))
            for name in names_in(text)
            if name not in known
        ]
        if LEFT_OVER.search(PLACEHOLDER.sub("", text)):
            faults.append(
                (field, _("Braces stand in pairs around one of the names, like %(example)s.", example=braced("name")))
            )
    faults += [
        ("body", _("This mail needs the placeholder %(name)s: %(meaning)s.", name=braced(p.name), meaning=p.meaning()))
        for p in kind.placeholders
        if p.required and p.name not in names_in(body)
    ]
    links = links_of(kind)
    for target in targets_of(body):
        names = names_in(target)
        if names and not (target == PLACEHOLDER.search(target)[0] and names[0] in links):  # type: ignore[index] # it holds one
            faults.append(
                (
                    "body",
                    _(
                        "Only a placeholder that is an address can be where a link leads: %(target)s.",
                        target=target[:80],
                    ),
                )
            )
    return faults


def why_not_edit_mail(mail: Mail) -> str | None:
    if mail.state not in (MailState.HELD, MailState.EXCLUDED):
        return _("Only a held mail can be changed; this one is on its way or out.")
    return None


def why_not_batch_is_open() -> str:
    return _("These mails have gone or were discarded meanwhile.")


def why_not_release(batch: MailBatch, count: int, *, at: datetime | None, now: datetime) -> str | None:
    """Why the batch with `count` held mails cannot go (at `at`, or at once)."""
    if not batch.state.can_become(BatchState.SCHEDULED):
        return _("These mails are no longer held.")
    if not count:
        return _("No mail in it is held.")
    if at is not None and at <= now:
        return _("Choose a time that is still to come.")
    return None


def why_not_move(batch: MailBatch, target: BatchState) -> str | None:
    if not batch.state.can_become(target):
        return why_not_batch_is_open()
    return None
