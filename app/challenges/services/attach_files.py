"""Files that a call offers for download: taken by their content, never by their name."""

from datetime import datetime
from typing import IO

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.inputs import InputRefused, Problem
from app.challenges.models import Attachment, Challenge
from app.challenges.services.edit import lock
from app.challenges.states import Section
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.filetypes import FileFault, FileKind, FileRefused, ending_of, kind_for_ending, safe_filename, tell_kind
from app.core.storage import Storage, TooLarge
from app.web.filters import filesize

MOST_BYTES = 30 * 1024 * 1024
MOST_FILES = 20


def add_attachment(
    challenge: Challenge, stream: IO[bytes], filename: str, *, storage: Storage, actor: User, now: datetime
) -> Attachment:
    """Store a file and offer it with the call. Raises RuleBroken for a wrong kind, size or ending, with nothing kept."""
    lock(challenge)
    if reason := rules.why_not_edit(challenge, Section.ATTACHMENTS, actor):
        raise RuleBroken(reason)
    if len(challenge.attachments) >= MOST_FILES:
        raise _refused(_("At most %(limit)d files; remove one first.", limit=MOST_FILES))
    name = safe_filename(filename)
    kind = _kind_of(stream, name)
    try:
        stored = storage.save(stream, max_bytes=MOST_BYTES)
    except TooLarge:
        raise _refused(
            _("%(name)s is larger than the %(limit)s that are allowed.", name=name, limit=filesize(MOST_BYTES))
        ) from None
    attachment = Attachment(
        challenge_id=challenge.id, filename=name, media_type=kind.media_type, sha256=stored.sha256, size=stored.size
    )
    db.session.add(attachment)
    record(
        "challenges.add_attachment", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"filename": name, "sha256": stored.sha256, "size": stored.size},
    )  # fmt: skip
    db.session.expire(challenge, ["attachments"])
    return attachment


def _kind_of(stream: IO[bytes], name: str) -> FileKind:
    """The kind that the content has and the name promises."""
    try:
        kind = tell_kind(stream)
    except FileRefused as refused:
        raise _refused(why_not_file(refused.fault, name)) from None
    if kind_for_ending(ending_of(name)) is not kind:
        raise _refused(
            _(
                "%(name)s is a %(kind)s file by its content; give it the ending .%(ending)s.",
                name=name,
                kind=kind.code.upper(),
                ending=kind.endings[0],
            )
        )
    return kind


def why_not_file(fault: FileFault, name: str) -> str:
    """The sentence for a file that is not taken."""
    return {
        FileFault.EMPTY: _("%(name)s is empty.", name=name),
        FileFault.BROKEN: _("%(name)s is damaged: it does not go on as it begins.", name=name),
        FileFault.TWO_KINDS: _("%(name)s can be read as two kinds of file at once, so it is not taken.", name=name),
        FileFault.BOMB: _("%(name)s unpacks to far more than it should, so it is not taken.", name=name),
        FileFault.MACROS: _("%(name)s holds programs (macros). Save it without them.", name=name),
    }.get(fault) or _(
        "%(name)s is none of the kinds that are taken: PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG, JPEG.", name=name
    )


def _refused(sentence: str) -> InputRefused:
    return InputRefused([Problem("file", sentence)])


def remove_attachment(challenge: Challenge, attachment: Attachment, *, actor: User, now: datetime) -> None:
    """Offer the file no longer; its content stays in the store, where others may be the same. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_edit(challenge, Section.ATTACHMENTS, actor):
        raise RuleBroken(reason)
    db.session.delete(attachment)
    record(
        "challenges.remove_attachment", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"filename": attachment.filename, "sha256": attachment.sha256},
    )  # fmt: skip
    db.session.expire(challenge, ["attachments"])
