"""Reading what was submitted into the desk's cases: the text that is searched, and what it is alike to.

Submitting itself stays free of it: the worker looks every few seconds for submissions that no case has read yet. What takes
time, reading and comparing, needs no more than a snapshot; only what was found is written, so that nobody who submits waits.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from app.applications.desk.models import Likeness, LikenessKind, ScreeningCase
from app.applications.desk.words import name_key, searchable, texts_in
from app.applications.models import Application, Submission
from app.challenges.form.asking import for_theme
from app.challenges.form.parts import documents_of
from app.challenges.models import Challenge
from app.core.database import db, new_id
from app.core.lazy import Lazily

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.applications.desk import likeness
else:
    likeness = Lazily("app.applications.desk.likeness")

AT_ONCE = 50  # submissions in one go: a fraction of a second of the worker, a few milliseconds of the database
PROSE = frozenset({"long_text"})  # the kinds of answers that are compared
LONGEST_COMPARED = 20_000  # characters


def due_to_index(*, limit: int = AT_ONCE) -> list[UUID]:
    """Applications whose standing submission, or whose call, is another than their case has read."""
    query = (
        sa.select(Application.id)
        .join(Challenge, Challenge.id == Application.challenge_id)
        .outerjoin(ScreeningCase, ScreeningCase.application_id == Application.id)
        .where(
            Application.submitted_at.is_not(None),
            sa.or_(
                ScreeningCase.submitted_at.is_(None),
                ScreeningCase.submitted_at != Application.submitted_at,
                ScreeningCase.call_version != Challenge.version,
            ),
        )
        .order_by(Application.challenge_id, Application.submitted_at, Application.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Found:
    """What one go of reading found: the cases as they are to stand, and the pairs that are alike with their percent."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    pairs: dict[tuple[UUID, UUID, LikenessKind], int] = field(default_factory=dict)
    challenge_of: dict[UUID, UUID] = field(default_factory=dict)


def read_due(*, limit: int = AT_ONCE) -> Found:
    """Read what is due and find what it is alike to; writes nothing.

    The number of statements grows with the number of challenges and with pairs of near texts, not with submissions.
    """
    found = Found()
    by_challenge: defaultdict[UUID, list[tuple[Application, dict[str, Any]]]] = defaultdict(list)
    ids = due_to_index(limit=limit)
    for application, content in _standing(ids) if ids else ():
        by_challenge[application.challenge_id].append((application, content))
    for challenge_id, entries in by_challenge.items():
        challenge = db.session.get_one(Challenge, challenge_id)
        desk = _Desk.of(challenge_id)
        for application, content in entries:
            case = _case(application, content, challenge)
            desk.know(case, application.startup_id)
            found.cases.append(case)
            found.challenge_of[application.id] = challenge_id
        found.pairs.update(_pairs(desk, [application.id for application, _content in entries]))
    return found


def keep_found(found: Found, *, now: datetime) -> None:
    """Write what was read; who screens a case stays. What was submitted meanwhile is due again by its time."""
    ids = list(found.challenge_of)
    standing = set(
        db.session.scalars(sa.select(ScreeningCase.application_id).where(ScreeningCase.application_id.in_(ids)))
    )
    there = set(db.session.scalars(sa.select(Application.id).where(Application.id.in_(ids))))
    new = [case for case in found.cases if case["application_id"] in there - standing]
    if new:
        db.session.execute(sa.insert(ScreeningCase), new)
    if known := [case for case in found.cases if case["application_id"] in standing]:
        db.session.execute(sa.update(ScreeningCase), known)
    for case in [loaded for loaded in db.session if isinstance(loaded, ScreeningCase)]:
        db.session.expire(case)  # the rows were written past them
    either = sa.or_(Likeness.first_id.in_(ids), Likeness.second_id.in_(ids))
    db.session.execute(sa.delete(Likeness).where(either).execution_options(synchronize_session=False))
    gone = _gone({i for pair in found.pairs for i in pair[:2]} - there)
    rows = [
        {
            "id": new_id(), "challenge_id": found.challenge_of.get(first) or found.challenge_of[second], "first_id": first,
            "second_id": second, "kind": kind, "percent": percent, "found_at": now,
        }
        for (first, second, kind), percent in found.pairs.items()
        if not {first, second} & gone
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(Likeness), rows)


def _gone(ids: set[UUID]) -> set[UUID]:
    """Those of the ids that are no more: a sample may have been removed while its likeness was being found."""
    return ids - set(db.session.scalars(sa.select(Application.id).where(Application.id.in_(ids)))) if ids else set()


def index_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Both in one transaction; returns how many submissions were read."""
    found = read_due(limit=limit)
    if found.cases:
        keep_found(found, now=now)
    return len(found.cases)


def _standing(ids: list[UUID]) -> list[tuple[Application, dict[str, Any]]]:
    last = (
        sa.select(Submission.application_id, sa.func.max(Submission.number).label("number"))
        .where(Submission.application_id.in_(ids))
        .group_by(Submission.application_id)
        .subquery()
    )
    query = (
        sa.select(Application, Submission.content)
        .join(last, last.c.application_id == Application.id)
        .join(Submission, sa.and_(Submission.application_id == Application.id, Submission.number == last.c.number))
        .order_by(Application.submitted_at, Application.id)
    )
    return [(application, content) for application, content in db.session.execute(query)]


def _case(application: Application, content: dict[str, Any], challenge: Challenge) -> dict[str, Any]:
    """One case as its submission makes it: the columns of ScreeningCase without the assignee."""
    company = content["company"]
    names = [text for text in company["name"].values() if text]
    prose = searchable(" ".join(_prose(content["answers"]))[:LONGEST_COMPARED])
    asked = {question.code for question in documents_of(for_theme(challenge.form, content["theme"]["code"]))}
    given = {document["code"] for document in content["documents"]}
    return {
        "application_id": application.id,
        "challenge_id": application.challenge_id,
        "submitted_at": application.submitted_at,
        "call_version": challenge.version,
        "search_text": searchable("\n".join(_said(application, content, names))),
        "name_key": "\n".join(sorted({name_key(name) for name in names} - {""})),
        "business_number": "".join(c for c in company.get("business_number") or "" if c.isdigit())[:20],
        "proposal_text": prose,
        "signature": likeness.signature(prose),
        # The optional ones too: none can be submitted without the others.
        "missing_documents": len(asked - given),
    }


@dataclass
class _Known:
    """What is compared of one case."""

    id: UUID
    startup_id: UUID
    keys: set[str]
    number: str
    signature: bytes
    text: str | None = None  # read only where it is needed


@dataclass
class _Desk:
    """All cases of one challenge, as far as they are compared."""

    known: dict[UUID, _Known] = field(default_factory=dict)

    @classmethod
    def of(cls, challenge_id: UUID) -> "_Desk":
        query = (
            sa.select(
                ScreeningCase.application_id, Application.startup_id, ScreeningCase.name_key, ScreeningCase.business_number,
                ScreeningCase.signature,
            )
            .join(Application, Application.id == ScreeningCase.application_id)
            .where(ScreeningCase.challenge_id == challenge_id, ScreeningCase.submitted_at.is_not(None))
        )  # fmt: skip
        desk = cls()
        for row in db.session.execute(query):
            desk.known[row[0]] = _Known(row[0], row[1], set(row[2].split("\n")) - {""}, row[3], row[4])
        return desk

    def know(self, case: dict[str, Any], startup_id: UUID) -> None:
        keys = set(case["name_key"].split("\n")) - {""}
        self.known[case["application_id"]] = _Known(
            case["application_id"], startup_id, keys, case["business_number"], case["signature"], case["proposal_text"]
        )

    def text_of(self, application_id: UUID) -> str:
        known = self.known[application_id]
        if known.text is None:
            query = sa.select(ScreeningCase.proposal_text).where(ScreeningCase.application_id == application_id)
            known.text = db.session.scalar(query) or ""
        return known.text


def _said(application: Application, content: dict[str, Any], names: list[str]) -> Iterable[str]:
    """All that a search looks through."""
    company = content["company"]
    yield from names
    yield application.receipt_number or ""
    yield from (company.get("representative") or "", company.get("business_number") or "")
    yield from content["contact"].values()
    for answer in content["answers"]:
        texts = list(texts_in(answer["answer"]))
        yield from texts
        for option in answer.get("options", ()):  # a choice is stored by its code, and looked for by its words
            if option["code"] in texts:
                yield from texts_in(option["label"])


def _prose(answers: list[dict[str, Any]]) -> Iterable[str]:
    for answer in answers:
        if answer["kind"] in PROSE:
            yield from texts_in(answer["answer"])


def _pairs(desk: _Desk, changed: list[UUID]) -> dict[tuple[UUID, UUID, LikenessKind], int]:
    """What the changed ones are alike to, among all: (smaller id, larger id, way) -> percent."""
    rows = list(desk.known.values())
    names = likeness.Names({i: row.keys for i, row in enumerate(rows)})
    signatures = likeness.stacked([row.signature for row in rows])
    by_number: defaultdict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by_number[row.number].append(i)
    found: dict[tuple[UUID, UUID, LikenessKind], int] = {}
    for application_id in changed:
        own = desk.known[application_id]
        for i, kind, percent in _alike(own, rows, names, signatures, by_number, desk):
            first, second = sorted((own.id, rows[i].id))
            found[first, second, kind] = percent
    return found


def _alike(
    own: _Known, rows: list[_Known], names: "likeness.Names", signatures: "NDArray[Any]", by_number: dict[str, list[int]], desk: _Desk
) -> Iterable[tuple[int, LikenessKind, int]]:  # fmt: skip
    for i in by_number[own.number] if own.number else ():
        if rows[i].id != own.id:
            yield i, LikenessKind.NUMBER, 100
    for i, percent in names.like(own.keys).items():
        if rows[i].startup_id != own.startup_id:  # one company's own name says nothing new
            yield i, LikenessKind.NAME, percent
    near = [i for i in likeness.near_texts(own.signature, signatures) if rows[i].id != own.id]
    mine = likeness.runs(desk.text_of(own.id)) if near else set()
    for i in near:
        percent = likeness.percent(mine, likeness.runs(desk.text_of(rows[i].id)))
        if percent >= likeness.TEXT_FROM:
            yield i, LikenessKind.TEXT, percent
