"""What organizers do with the mails of a challenge: word them, hold them, change them, let them go. All of it is in the trail."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.models import Challenge
from app.challenges.services.edit import lock
from app.core.audit.trail import record
from app.core.errors import RuleBroken
from app.mail import services as mails
from app.mail.kinds import MailKind
from app.mail.models import Mail, MailBatch, MailWording


def _require_organizer(challenge: Challenge, actor: User) -> None:
    lock(challenge)
    if reason := rules.why_not_organize(challenge, actor):
        raise RuleBroken(reason)


def word_mail(
    challenge: Challenge, kind: MailKind, language: str, *, subject: str, body: str, seen: int, actor: User, now: datetime
) -> MailWording:  # fmt: skip
    """Give a kind of mail the challenge's own words in one language. Raises RuleBroken with the field, StaleEdit."""
    _require_organizer(challenge, actor)
    wording = mails.set_wording(challenge.id, kind, language, subject=subject, body=body, seen=seen, now=now)
    record(
        "challenges.word_mail", subject=wording, actor=actor, now=now, challenge_id=challenge.id,
        details={
            "template": kind.template, "language": language, "number": wording.number, "subject": wording.subject, "body": wording.body,
        },
    )  # fmt: skip
    return wording


def reset_mail_words(challenge: Challenge, kind: MailKind, language: str, *, actor: User, now: datetime) -> None:
    """Go back to the usual words. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    wording = mails.reset_wording(challenge.id, kind, language)
    if wording is not None:
        record(
            "challenges.reset_mail_words", subject=wording, actor=actor, now=now, challenge_id=challenge.id,
            details={"template": kind.template, "language": language, "number": wording.number},
        )  # fmt: skip


def hold_kind(challenge: Challenge, kind: MailKind, *, hold: bool, actor: User, now: datetime) -> None:
    """Hold this kind of mail from now on, or no longer. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    if hold and not kind.holdable:
        raise RuleBroken(_("This kind of mail cannot wait."))
    if mails.set_hold(challenge.id, kind.template, hold=hold):
        record(
            "challenges.hold_kind", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
            details={"template": kind.template, "hold": hold},
        )  # fmt: skip


def edit_held_mail(challenge: Challenge, mail: Mail, *, subject: str, body: str, actor: User, now: datetime) -> None:
    """Give one held mail other words. Raises RuleBroken with the field to mend."""
    _require_organizer(challenge, actor)
    mails.edit_mail(mail, subject=subject, body=body, now=now)
    record(
        "challenges.edit_held_mail", subject=mail, actor=actor, now=now, challenge_id=challenge.id,
        details={"template": mail.template},
    )  # fmt: skip


def exclude_held_mail(challenge: Challenge, mail: Mail, *, excluded: bool, actor: User, now: datetime) -> None:
    """Take one held mail out of what goes, or put it back. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    mails.exclude_mail(mail, excluded=excluded)
    record(
        "challenges.exclude_held_mail", subject=mail, actor=actor, now=now, challenge_id=challenge.id,
        details={"template": mail.template, "excluded": excluded},
    )  # fmt: skip


def release_mails(challenge: Challenge, batch: MailBatch, *, at: datetime | None, actor: User, now: datetime) -> int:
    """Let the held mails of a batch go at `at`, or at once; returns how many. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    count = mails.release_batch(batch, at=at, now=now)
    record(
        "challenges.release_mails", subject=batch, actor=actor, now=now, challenge_id=challenge.id,
        details={"template": batch.template, "mails": count, "at": (at or now).isoformat()},
    )  # fmt: skip
    return count


def hold_mails_again(challenge: Challenge, batch: MailBatch, *, actor: User, now: datetime) -> None:
    """Stop a release whose time has not come. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    mails.hold_batch_again(batch)
    record("challenges.hold_mails_again", subject=batch, actor=actor, now=now, challenge_id=challenge.id)


def discard_mails(challenge: Challenge, batch: MailBatch, *, actor: User, now: datetime) -> int:
    """Throw away what a batch holds; returns how many mails. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    count = mails.discard_batch(batch)
    record(
        "challenges.discard_mails", subject=batch, actor=actor, now=now, challenge_id=challenge.id,
        details={"template": batch.template, "mails": count},
    )  # fmt: skip
    return count


def send_mail_again(challenge: Challenge, mail: Mail, *, actor: User, now: datetime) -> None:
    """Give one mail that was tried in vain a fresh set of tries. Raises RuleBroken."""
    _require_organizer(challenge, actor)
    if not mails.try_failed_mail_again(mail, now=now):
        raise RuleBroken(_("This mail was not given up: it is still being tried, or it is out."))
    record(
        "challenges.send_mails_again", subject=challenge, actor=actor, now=now, challenge_id=challenge.id, details={"mails": 1}
    )  # fmt: skip
