"""The one way by which a judge's page, file or mail learns of an entry: what may be known of it in its round, and nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import Membership, User
from app.applications.content import Submitted, SubmittedAnswer, SubmittedDocument
from app.applications.models import Application
from app.applications.queries import submitted_content, submitted_contents
from app.challenges.form.model import Form, Kind
from app.core.bilingual import LANGUAGES, Bilingual
from app.core.database import db
from app.core.filetypes import ending_of
from app.judging.blind.clues import clues_of, is_naming
from app.judging.blind.finder import Finder, conceal
from app.judging.blind.models import BlindChoice, BlindCopy, BlindNumber
from app.judging.models import ScoreSheet


@dataclass(frozen=True)
class EntryName:
    """What an entry is called for one reader: the company and its receipt number, or what stands for both."""

    name: Bilingual
    receipt_number: str  # empty in a blind round
    blind: bool = False


def name_entry(
    *, blind: bool, number: int | None, company: Bilingual, receipt_number: str | None, sheet_id: UUID
) -> EntryName:
    """The name from columns, for lists; an entry without a number goes by the end of the sheet's own address."""
    if not blind:
        return EntryName(company, receipt_number or "")
    mark = f"{number:02d}" if number is not None else sheet_id.hex[-4:].upper()
    return EntryName(_entry(mark), "", blind=True)


@lru_cache(maxsize=8192)
def _entry(mark: str) -> Bilingual:
    """In both languages, each looked up once: lists hold hundreds."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            names[language] = _("Entry %(number)s", number=mark)
    return Bilingual.from_dict(names)


def name_of(sheet: ScoreSheet) -> EntryName:
    """The entry of a sheet as its judge may call it. One statement in a blind round, else none."""
    blind = sheet.round.blind
    query = sa.select(BlindNumber.number).where(
        BlindNumber.round_id == sheet.round_id, BlindNumber.application_id == sheet.application_id
    )
    application = sheet.application
    return name_entry(
        blind=blind, number=db.session.scalar(query) if blind else None, company=application.startup.name,
        receipt_number=application.receipt_number, sheet_id=sheet.id,
    )  # fmt: skip


def names_of(sheets: Collection[ScoreSheet]) -> dict[UUID, EntryName]:
    """The same for many, by the sheet's id: one statement where one of them is blind, else none."""
    rounds = {sheet.round_id for sheet in sheets if sheet.round.blind}
    query = sa.select(BlindNumber).where(BlindNumber.round_id.in_(rounds))
    numbers = {(n.round_id, n.application_id): n.number for n in db.session.scalars(query)} if rounds else {}
    return {
        sheet.id: name_entry(
            blind=sheet.round.blind, number=numbers.get((sheet.round_id, sheet.application_id)),
            company=sheet.application.startup.name, receipt_number=sheet.application.receipt_number, sheet_id=sheet.id,
        )
        for sheet in sheets
    }  # fmt: skip


@dataclass(frozen=True)
class SeenDocument(SubmittedDocument):
    """A document in a blind round: a copy under a neutral name. `held` while none can be read."""

    held: bool = False


def is_held(document: SubmittedDocument) -> bool:
    return isinstance(document, SeenDocument) and document.held


@dataclass(frozen=True)
class Choices:
    """What the organizer decided on an application's words."""

    let_stand: frozenset[tuple[str, str]] = frozenset()  # (place, key)
    words: tuple[str, ...] = ()  # to hide beside what is found


def content_of(sheet: ScoreSheet) -> Submitted | None:
    """What was sent, as the judge of this sheet may read it; None where nothing stands.

    One statement; six in a blind round, where answers that name the applicant are left out, the others are gone through, and
    documents are copies.
    """
    application = sheet.application
    if not sheet.round.blind:
        return submitted_content(application)
    sent = submitted_content(application)
    whole = whole_content(application)
    if sent is None or whole is None:
        return None
    asked = sheet.round.challenge.form
    choices = choices_of(application.id)
    finder = finder_for(application, whole, asked, choices)
    name = name_of(sheet)
    return Submitted(
        number=sent.number,
        sha256="",
        submitted_at=sheet.round.challenge.closes_at,  # when exactly, would tell the order of receipt
        company={"name": name.name.as_dict()},
        sections=sent.sections,
        answers=tuple(
            concealed(answer, finder, choices) for answer in sent.answers if not is_naming(answer.question, asked)
        ),
        documents=_copies(application.id, sent.documents, name),
        contact={},
        consents=(),
    )


def whole_content(application: Application) -> Submitted | None:
    """All that was sent, for finding what names the applicant in it; never to be shown."""
    return submitted_contents([application.id], whole=True).get(application.id) if application.is_standing else None


def choices_of(application_id: UUID) -> Choices:
    rows = db.session.scalars(sa.select(BlindChoice).where(BlindChoice.application_id == application_id)).all()
    return Choices(
        frozenset((row.place, row.key) for row in rows if not row.hidden),
        tuple(sorted(row.text for row in rows if row.hidden)),
    )


def finder_for(application: Application, whole: Submitted, asked: Form, choices: Choices) -> Finder:
    """What looks through an application's texts. One statement."""
    query = (
        sa.select(User.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == application.startup_id)
    )
    people = [(row.name, row.email) for row in db.session.execute(query)]
    today = application.startup  # renamed since, perhaps
    renamed = replace(
        whole,
        company={
            **whole.company,
            "name": {**whole.company.get("name", {}), "today_ko": today.name.ko, "today_en": today.name.en},
        },
    )
    return Finder(clues_of(renamed, asked, people=people, words=choices.words))


def concealed(answer: SubmittedAnswer, finder: Finder, choices: Choices) -> SubmittedAnswer:
    """The answer without the words that were found in it and not let stand."""
    if answer.question.kind not in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.TABLE):
        return answer  # numbers, dates and options of the form name nobody
    place = answer.question.code

    def without(text: str) -> str:
        return conceal(text, [hit for hit in finder.find(text) if (place, hit.key) not in choices.let_stand])

    return replace(answer, answer=_each_text(answer.answer, without))


def _each_text(answer: Any, change: Any) -> Any:
    match answer:
        case str():
            return change(answer)
        case list():
            return [_each_text(item, change) for item in answer]
        case dict():
            return {code: _each_text(text, change) for code, text in answer.items()}
        case _:
            return answer


def _copies(
    application_id: UUID, documents: Iterable[SubmittedDocument], name: EntryName
) -> tuple[SubmittedDocument, ...]:
    """The copies in the place of the documents; those that name the applicant as a whole are left out."""
    query = sa.select(BlindCopy).where(BlindCopy.application_id == application_id)
    copies = {copy.source_sha256: copy for copy in db.session.scalars(query)}
    return tuple(_copy(d, copies.get(d.sha256), name) for d in documents if not d.identifying)


def _copy(document: SubmittedDocument, copy: BlindCopy | None, name: EntryName) -> SeenDocument:
    readable = copy is not None and copy.state.is_readable and copy.sha256
    ending = ending_of(document.filename)
    title = document.title.ko or document.title.en
    return SeenDocument(
        id=document.id, code=document.code, title=document.title, issued_on=None, identifying=False,
        filename=f"{name.name.ko} {title}.{ending}" if ending else f"{name.name.ko} {title}",
        media_type=copy.media_type if copy is not None and readable else document.media_type,
        sha256=copy.sha256 or "" if copy is not None and readable else "",
        size=copy.size or 0 if copy is not None and readable else 0, held=not readable,
    )  # fmt: skip
