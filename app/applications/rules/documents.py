"""Which file is taken for which question: by its content, its ending, its size."""

from datetime import datetime
from typing import IO

from flask_babel import gettext as _

from app.accounts.profile.models import ProfileDocument
from app.applications.rules.completeness import earliest_issue
from app.challenges.form.model import Question
from app.challenges.models import Challenge
from app.core.filetypes import FileFault, FileKind, FileRefused, ending_of, kind_for_ending, tell_kind
from app.web.filters import day, filesize, in_zone


def why_not_file(fault: FileFault) -> str:
    """The sentence for a content that is no file of ours."""
    return {
        FileFault.EMPTY: _("The file is empty (0 bytes)."),
        FileFault.UNKNOWN: _("The content of this file is none of the kinds that are taken."),
        FileFault.BROKEN: _("The file is damaged or incomplete. Open it once, save it again and upload that."),
        FileFault.TWO_KINDS: _(
            "The file can be read as two kinds at once, so it is not taken. Save it again and upload that."
        ),
        FileFault.BOMB: _("The file unpacks to far more than it should, so it is not taken."),
        FileFault.MACROS: _("The file carries macros. Save it without them and upload that."),
    }[fault]


def kinds_of(question: Question) -> list[FileKind]:
    return [kind for ending in question.types if (kind := kind_for_ending(ending)) is not None]


def why_not_size(question: Question, size: int) -> str | None:
    """Why a file of so many bytes is not taken, whatever it holds."""
    limit = question.max_mb * 1024 * 1024
    if size == 0:
        return why_not_file(FileFault.EMPTY)
    if size > limit:
        return _("The file has %(size)s; up to %(limit)s is taken.", size=filesize(size), limit=filesize(limit))
    return None


def why_not_announced(question: Question, size: int, filename: str) -> str | None:
    """Why it is not worth sending such a file at all: told before it travels."""
    if reason := why_not_size(question, size):
        return reason
    kinds = kinds_of(question)
    if ending_of(filename) not in {ending for kind in kinds for ending in kind.endings}:
        names = ", ".join(kind.code.upper() for kind in kinds)
        return _("The name “%(name)s” has none of the endings of %(kinds)s.", name=filename[:80], kinds=names)
    return None


def why_not_kept(question: Question, document: ProfileDocument, challenge: Challenge, now: datetime) -> str | None:
    """Why a document of the profile does not suit the question: its kind, its size, its age, or its last day."""
    if reason := why_not_announced(question, document.size, document.filename):
        return reason
    day_now = in_zone(now, challenge.timezone).date()
    if document.expires_on is not None and document.expires_on < day_now:
        return _("This document expired on %(day)s.", day=day(document.expires_on))
    earliest = earliest_issue(question, challenge)
    if earliest is not None and (document.issued_on is None or document.issued_on < earliest):
        return _("A document issued on or after %(earliest)s is needed.", earliest=day(earliest))
    return None


def why_not_document(question: Question, file: IO[bytes], filename: str) -> tuple[FileKind | None, str]:
    """The kind of `file` and "", or None and the sentence that refuses it for `question`. Leaves the file at its start."""
    kinds = kinds_of(question)
    names = ", ".join(kind.code.upper() for kind in kinds)
    size = file.seek(0, 2)
    file.seek(0)
    if reason := why_not_size(question, size):
        return None, reason
    try:
        kind = tell_kind(file)
    except FileRefused as refused:
        if refused.fault is FileFault.UNKNOWN:
            return None, _("The content of this file is not %(kinds)s.", kinds=names)
        return None, why_not_file(refused.fault)
    if kind not in kinds:
        return None, _(
            "This is a file of the kind %(kind)s; %(kinds)s is taken here.", kind=kind.code.upper(), kinds=names
        )
    ending = ending_of(filename)
    if ending not in kind.endings:
        name = f".{ending}" if ending else _("no ending")
        return None, _(
            "The name ends in %(ending)s, but the content is %(kind)s. Rename the file.",
            ending=name,
            kind=kind.code.upper(),
        )
    return kind, ""
