"""The kinds of mail that concern a challenge: when each goes, and the placeholders that an organizer's own text may hold.

Each feature registers its own kinds in `app/<feature>/mails.py`. The texts that stand in `templates/emails` hold wherever an
organizer has written none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Context = Mapping[str, Any]


@dataclass(frozen=True)
class Placeholder:
    """A name in double braces that a mail's own value takes the place of.

    `value` reads it from what the mail's template is given, in the language at hand. One that is `required` must stand in the
    text, since without it the mail fails its purpose; a `link` is a whole address and may be the target of a link.
    """

    name: str
    meaning: Callable[[], str]
    value: Callable[[Context], str]
    required: bool = False
    link: bool = False


@dataclass(frozen=True)
class RealCase:
    """A real case that a preview can be of: `context` takes the place of the example's."""

    label: str
    context: Context


@dataclass(frozen=True)
class MailKind:
    """One kind of mail.

    `example` is what the template would be given, invented, each value distinct; `cases` lists real ones of a challenge that
    may be shown now. `wordable` says of a mail whether an organizer's text fits it (a correction of results has one of its
    own). A `private` kind also goes to people of whom the organizer must not know; one that is not `holdable` cannot wait,
    or carries a secret.
    """

    template: str
    label: Callable[[], str]
    occasion: Callable[[], str]
    placeholders: tuple[Placeholder, ...]
    example: Callable[[], dict[str, Any]]
    cases: Callable[[Any, datetime], dict[UUID, RealCase]] = lambda _challenge, _now: {}
    wordable: Callable[[Context], bool] = lambda _context: True
    private: bool = False
    holdable: bool = True

    def values(self, context: Context) -> dict[str, str]:
        return {p.name: p.value(context) for p in self.placeholders}


_KINDS: dict[str, MailKind] = {}
_NAMES: dict[str, Callable[[], str]] = {}


def register_kinds(*kinds: MailKind) -> None:
    _KINDS.update({kind.template: kind for kind in kinds})


def name_mails(names: Mapping[str, Callable[[], str]]) -> None:
    """Say what mails are called that no organizer words: messages, and batches of several kinds."""
    _NAMES.update(names)


def name_of(template: str) -> str | None:
    """What a kind of mail, or a batch, is called; None where no feature has said."""
    named = _NAMES.get(template) or (_KINDS[template].label if template in _KINDS else None)
    return named() if named else None


def kind_of(template: str) -> MailKind | None:
    return _KINDS.get(template)


def all_kinds() -> list[MailKind]:
    """In the order of the life of a challenge."""
    return list(_KINDS.values())
