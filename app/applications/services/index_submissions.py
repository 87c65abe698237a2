"""Reading what was submitted into the desk's cases: the text that is searched, and what it is alike to.

Submitting itself stays free of it: the worker looks every few seconds for submissions that no case has read yet.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from numpy.typing import NDArray

from app.applications.desk import likeness
from app.applications.desk.models import Likeness, LikenessKind, ScreeningCase
from app.applications.desk.words import name_key, searchable, texts_in
from app.applications.models import Application, Submission
from app.challenges.form.asking import for_theme
from app.challenges.form.parts import documents_of
from app.challenges.models import Challenge
from app.core.database import db

AT_ONCE = 200  # submissions in one transaction
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


def index_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Read what is due and keep what it is alike to; returns how many submissions were read.

    The number of statements grows with the number of challenges and with pairs of near texts, not with submissions.
    """
    ids = due_to_index(limit=limit)
    if not ids:
        return 0
    by_challenge: defaultdict[UUID, list[tuple[Application, dict[str, Any]]]] = defaultdict(list)
    for application, content in _standing(ids):
        by_challenge[application.challenge_id].append((application, content))
    for challenge_id, found in by_challenge.items():
        challenge = db.session.get_one(Challenge, challenge_id)
        desk = _Desk.of(challenge_id)
        changed = [desk.read(application, content, challenge) for application, content in found]
        db.session.flush()
        _keep_likenesses(challenge_id, desk, changed, now)
    db.session.flush()
    return len(ids)


def _standing(ids: list[UUID]) -> Iterable[tuple[Application, dict[str, Any]]]:
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

    cases: dict[UUID, ScreeningCase] = field(default_factory=dict)  # those that change
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

    def read(self, application: Application, content: dict[str, Any], challenge: Challenge) -> UUID:
        """Bring one case up to its submission."""
        case = db.session.get(ScreeningCase, application.id) or ScreeningCase(
            application_id=application.id, challenge_id=application.challenge_id
        )
        company = content["company"]
        names = [text for text in company["name"].values() if text]
        prose = " ".join(_prose(content["answers"]))[:LONGEST_COMPARED]
        case.search_text = searchable("\n".join(_said(application, content, names)))
        case.name_key = "\n".join(sorted({name_key(name) for name in names} - {""}))
        case.business_number = "".join(c for c in company.get("business_number") or "" if c.isdigit())[:20]
        case.proposal_text = searchable(prose)
        case.signature = likeness.signature(case.proposal_text)
        given = {document["code"] for document in content["documents"]}
        asked = documents_of(for_theme(challenge.form, content["theme"]["code"]))
        case.missing_documents = sum(1 for question in asked if question.code not in given)
        case.submitted_at, case.call_version = application.submitted_at, challenge.version
        db.session.add(case)
        keys = set(case.name_key.split("\n")) - {""}
        self.known[application.id] = _Known(
            application.id, application.startup_id, keys, case.business_number, case.signature, case.proposal_text
        )
        return application.id

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
        yield from texts_in(answer["answer"])


def _prose(answers: list[dict[str, Any]]) -> Iterable[str]:
    for answer in answers:
        if answer["kind"] in PROSE:
            yield from texts_in(answer["answer"])


def _keep_likenesses(challenge_id: UUID, desk: _Desk, changed: list[UUID], now: datetime) -> None:
    """Forget what the changed ones were alike to, and find it anew among all."""
    either = sa.or_(Likeness.first_id.in_(changed), Likeness.second_id.in_(changed))
    db.session.execute(sa.delete(Likeness).where(either))
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
    db.session.add_all(
        Likeness(challenge_id=challenge_id, first_id=first, second_id=second, kind=kind, percent=percent, found_at=now)
        for (first, second, kind), percent in found.items()
    )


def _alike(
    own: _Known, rows: list[_Known], names: likeness.Names, signatures: NDArray[Any], by_number: dict[str, list[int]], desk: _Desk
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
