"""The list that the organizer asks for: what narrows it, what orders it, and the one source that page and exports share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.applications.desk.models import Likeness, ScreeningCase, TaggedApplication
from app.applications.desk.words import searchable
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.states import ApplicationState
from app.challenges.models import Challenge, Theme
from app.challenges.rules import is_sealed
from app.core.bilingual import Bilingual

NOBODY = "nobody"  # as an assignee: cases that wait for one
MOST_WORDS = 8  # of a search; more narrow nothing further


class LastCheck(StrEnum):
    """The outcome of the latest check, or none yet."""

    NONE = "none"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    CORRECTION = "correction"


@dataclass(frozen=True)
class ReceivedFilter:
    """What the address asks for, and when: behind a seal nothing is found, whatever is asked."""

    at: datetime
    state: ApplicationState | None = None
    theme_id: UUID | None = None
    tag_id: UUID | None = None
    assignee: UUID | str | None = None  # NOBODY, or one of the staff
    check: LastCheck | None = None
    alike: bool = False  # only those that are like another
    lacking: bool = False  # only those without one of the documents that the call names
    search: str = ""
    sort: str = "receipt"

    @property
    def narrows(self) -> bool:
        return bool(
            self.state
            or self.theme_id
            or self.tag_id
            or self.assignee
            or self.check
            or self.alike
            or self.lacking
            or self.search
        )


@dataclass(frozen=True)
class Received:
    """One line of the list."""

    id: UUID
    receipt_number: str
    startup: Bilingual
    theme_code: str
    theme: Bilingual
    state: ApplicationState
    submitted_at: datetime | None
    correction_due_at: datetime | None
    assignee_id: UUID | None = None
    assignee: str | None = None
    alike: bool = False
    missing_documents: int = 0


def readable(challenge: Challenge, now: datetime) -> sa.ColumnElement[bool]:
    """What those who organize or observe may read now: what was handed in, and behind a seal nothing.

    The one condition of every read of applications that are not one's own; only counts go around it.
    """
    return sa.and_(handed_in(challenge.id), sa.false() if is_sealed(challenge, now) else sa.true())


def handed_in(challenge_id: UUID) -> sa.ColumnElement[bool]:
    """What stands, and what stood and was withdrawn: its number must not be a riddle."""
    return sa.and_(
        Application.challenge_id == challenge_id,
        sa.or_(
            Application.submitted_at.is_not(None),
            sa.and_(Application.state == ApplicationState.WITHDRAWN, Application.receipt_number.is_not(None)),
        ),
    )


_NAMES = Organization.__table__.c
_COMPANY = sa.func.coalesce(sa.func.nullif(_NAMES.name_ko, ""), _NAMES.name_en)
_RECEIPT = (sa.func.length(Application.receipt_number), Application.receipt_number)
SORTS: dict[str, tuple[Any, ...]] = {
    "receipt": _RECEIPT,
    "company": (_COMPANY, Application.id),
    "theme": (Theme.position, *_RECEIPT),
    "submitted": (Application.submitted_at, Application.id),
    "state": (Application.state, *_RECEIPT),
    "assignee": (User.name, *_RECEIPT),
}
ALIASES = {"newest": "-submitted"}


def sort_of(text: str) -> str:
    """A sort that there is: a key of SORTS, with "-" before it for the other way."""
    text = ALIASES.get(text, text)
    return text if text.removeprefix("-") in SORTS else "receipt"


def order_of(asked: ReceivedFilter) -> tuple[Any, ...]:
    sort = sort_of(asked.sort)
    columns = SORTS[sort.removeprefix("-")]
    return tuple(sa.desc(column) for column in columns) if sort.startswith("-") else columns


def asked_received(challenge: Challenge, asked: ReceivedFilter) -> sa.Select[Any]:
    """What was handed in and fits what is asked: the one source of the list and of all that is exported from it."""
    themes = Theme.__table__.c
    query = (
        sa.select(
            Application.id, Application.receipt_number, _NAMES.name_ko, _NAMES.name_en, Theme.code,
            themes.title_ko, themes.title_en, Application.state, Application.submitted_at, Application.correction_due_at,
            ScreeningCase.assignee_id, User.name.label("assignee"), _is_alike().label("alike"),
            sa.func.coalesce(ScreeningCase.missing_documents, 0).label("missing_documents"),
        )
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .outerjoin(ScreeningCase, ScreeningCase.application_id == Application.id)
        .outerjoin(User, User.id == ScreeningCase.assignee_id)
        .where(readable(challenge, asked.at))
    )  # fmt: skip
    return query.where(*_narrowed(asked), *_searched(asked.search))


def _narrowed(asked: ReceivedFilter) -> list[sa.ColumnElement[bool]]:
    tagged = sa.select(TaggedApplication.application_id).where(TaggedApplication.tag_id == asked.tag_id)
    conditions = (
        (asked.state, Application.state == asked.state),
        (asked.theme_id, Application.theme_id == asked.theme_id),
        (asked.tag_id, Application.id.in_(tagged)),
        (asked.alike, _is_alike()),
        (asked.lacking, ScreeningCase.missing_documents > 0),
    )
    return [condition for wanted, condition in conditions if wanted] + _by_case(asked)


def _by_case(asked: ReceivedFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.assignee == NOBODY:
        found.append(ScreeningCase.assignee_id.is_(None))
    elif asked.assignee is not None:
        found.append(ScreeningCase.assignee_id == asked.assignee)
    if asked.check is LastCheck.NONE:
        found.append(~sa.exists().where(EligibilityCheck.application_id == Application.id))
    elif asked.check is not None:
        found.append(_last_outcome() == CheckOutcome(asked.check.value))
    return found


def _last_outcome() -> sa.ScalarSelect[CheckOutcome]:
    return (
        sa.select(EligibilityCheck.outcome)
        .where(EligibilityCheck.application_id == Application.id)
        .order_by(EligibilityCheck.checked_at.desc(), EligibilityCheck.id.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )


def _is_alike() -> sa.ColumnElement[bool]:
    """Like another that stands as well: what was withdrawn is no duplicate."""
    other = sa.orm.aliased(Application)
    pairs = ((Likeness.first_id, Likeness.second_id), (Likeness.second_id, Likeness.first_id))
    found = (
        sa.exists()
        .where(mine == Application.id, other.id == theirs, other.submitted_at.is_not(None))
        .correlate(Application)
        for mine, theirs in pairs
    )
    return sa.and_(Application.submitted_at.is_not(None), sa.or_(*found))


def _searched(search: str) -> list[sa.ColumnElement[bool]]:
    """Every word of the search stands somewhere: in a name, the number, the contact or an answer, as a part of a word too.

    The names and the number are looked at as they are; the rest in the case's own text, once the submission was read. What was
    withdrawn is not found by its content, which nobody may read any more.
    """
    words = searchable(search).split()[:MOST_WORDS]
    return [
        sa.or_(
            sa.and_(Application.submitted_at.is_not(None), ScreeningCase.search_text.contains(word, autoescape=True)),
            _NAMES.name_ko.icontains(word, autoescape=True),
            _NAMES.name_en.icontains(word, autoescape=True),
            Application.receipt_number.icontains(word, autoescape=True),
        )
        for word in words
    ]


def as_received(row: sa.Row[Any]) -> Received:
    """The line of the list that a row of asked_received makes."""
    return Received(
        row.id, row.receipt_number, Bilingual(row.name_ko, row.name_en), row.code, Bilingual(row.title_ko, row.title_en),
        row.state, row.submitted_at, row.correction_due_at, row.assignee_id, row.assignee, bool(row.alike),
        row.missing_documents,
    )  # fmt: skip
