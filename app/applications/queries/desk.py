"""What the desk keeps beside the applications. Callers have asked for the challenge as somebody who may read it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.models import Membership, Organization, User
from app.applications.desk.models import (
    BulkDecision,
    Likeness,
    LikenessKind,
    SavedView,
    ScreeningCase,
    ScreeningNote,
    ScreeningTag,
    TaggedApplication,
)
from app.applications.models import Application
from app.applications.queries.asked import readable
from app.challenges.models import Challenge, ChallengeRole, ChallengeStaff, Theme
from app.core.bilingual import Bilingual
from app.core.database import db


@dataclass(frozen=True)
class Tag:
    id: UUID
    name: str
    tone: str
    count: int  # applications that bear it


def list_tags(challenge_id: UUID) -> list[Tag]:
    """The tags of a challenge by name, with how often each stands. One statement."""
    query = (
        sa.select(ScreeningTag.id, ScreeningTag.name, ScreeningTag.tone, sa.func.count(TaggedApplication.tag_id))
        .outerjoin(TaggedApplication, TaggedApplication.tag_id == ScreeningTag.id)
        .where(ScreeningTag.challenge_id == challenge_id)
        .group_by(ScreeningTag.id, ScreeningTag.name, ScreeningTag.tone)
        .order_by(ScreeningTag.name)
    )
    return [Tag(i, name, tone.value, count) for i, name, tone, count in db.session.execute(query)]


def tags_of(application_ids: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Application -> its tags as (name, tone), by name. One statement."""
    query = (
        sa.select(TaggedApplication.application_id, ScreeningTag.name, ScreeningTag.tone)
        .join(ScreeningTag, ScreeningTag.id == TaggedApplication.tag_id)
        .where(TaggedApplication.application_id.in_(application_ids))
        .order_by(ScreeningTag.name)
    )
    found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for application_id, name, tone in db.session.execute(query):
        found[application_id].append((name, tone.value))
    return dict(found)


def list_screeners(challenge: Challenge) -> list[User]:
    """Who can be given cases: the host's people and the organizers of this challenge, by name. One statement."""
    organizers = sa.select(ChallengeStaff.user_id).where(
        ChallengeStaff.challenge_id == challenge.id, ChallengeStaff.role == ChallengeRole.ORGANIZER
    )
    members = sa.select(Membership.user_id).where(Membership.organization_id == challenge.host_id)
    query = sa.select(User).where(sa.or_(User.id.in_(organizers), User.id.in_(members))).order_by(User.name, User.id)
    return list(db.session.scalars(query.options(sa.orm.lazyload("*"))))


def get_case(application_id: UUID) -> ScreeningCase | None:
    """The case of an application; there is none before its submission was read or somebody was assigned."""
    return db.session.scalar(
        sa.select(ScreeningCase)
        .where(ScreeningCase.application_id == application_id)
        .options(sa.orm.load_only(ScreeningCase.assignee_id, ScreeningCase.missing_documents))
    )


@dataclass(frozen=True)
class Note:
    """A note with the name of who wrote it, "" for somebody erased."""

    note: ScreeningNote
    author: str


def list_notes(application_id: UUID) -> list[Note]:
    """The notes on an application, the latest first. One statement."""
    query = (
        sa.select(ScreeningNote, User.name)
        .outerjoin(User, User.id == ScreeningNote.author_id)
        .where(ScreeningNote.application_id == application_id)
        .order_by(ScreeningNote.written_at.desc(), ScreeningNote.id.desc())
    )
    return [Note(note, name or "") for note, name in db.session.execute(query)]


def get_note_of(application: Application, note_id: UUID) -> ScreeningNote | None:
    return db.session.scalar(
        sa.select(ScreeningNote).where(ScreeningNote.id == note_id, ScreeningNote.application_id == application.id)
    )


def list_views_for(user: User, challenge_id: UUID) -> list[SavedView]:
    """One's own views and those that others share, by name. One statement."""
    query = (
        sa.select(SavedView)
        .where(SavedView.challenge_id == challenge_id, sa.or_(SavedView.owner_id == user.id, SavedView.shared))
        .order_by(SavedView.name, SavedView.id)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class LikeOther:
    """Another application that one is like, and in which ways: (kind, percent)."""

    id: UUID
    receipt_number: str
    startup_id: UUID
    startup: Bilingual
    theme: Bilingual
    ways: tuple[tuple[LikenessKind, int], ...]


def list_like(challenge: Challenge, application: Application, now: datetime) -> list[LikeOther]:
    """The applications that this one is like, the most alike first. One statement."""
    other = sa.case((Likeness.first_id == application.id, Likeness.second_id), else_=Likeness.first_id)
    names, titles = Organization.__table__.c, Theme.__table__.c
    query = (
        sa.select(
            Application.id, Application.receipt_number, Application.startup_id, names.name_ko, names.name_en,
            titles.title_ko, titles.title_en, Likeness.kind, Likeness.percent,
        )
        .select_from(Likeness)
        .join(Application, Application.id == other)
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(
            sa.or_(Likeness.first_id == application.id, Likeness.second_id == application.id),
            Application.submitted_at.is_not(None),
            readable(challenge, now),
        )
        .order_by(Likeness.percent.desc(), Application.receipt_number)
    )  # fmt: skip
    found: dict[UUID, LikeOther] = {}
    for row in db.session.execute(query):
        standing = found.get(row.id)
        ways = (*(standing.ways if standing else ()), (row.kind, row.percent))
        found[row.id] = LikeOther(
            row.id, row.receipt_number, row.startup_id, Bilingual(row.name_ko, row.name_en),
            Bilingual(row.title_ko, row.title_en), ways,
        )  # fmt: skip
    return list(found.values())


def get_like_for(challenge: Challenge, application: Application, other_id: UUID, now: datetime) -> LikeOther | None:
    """One of those, or None: only what was found to be alike is shown beside each other."""
    return next((like for like in list_like(challenge, application, now) if like.id == other_id), None)


def latest_bulk(challenge_id: UUID, now: datetime) -> BulkDecision | None:
    """The last bulk decision that can still be undone, with its items. Two statements, one where there is none."""
    query = (
        sa.select(BulkDecision)
        .where(
            BulkDecision.challenge_id == challenge_id, BulkDecision.undone_at.is_(None), BulkDecision.undo_until > now
        )
        .order_by(BulkDecision.decided_at.desc(), BulkDecision.id.desc())
        .limit(1)
        .options(selectinload(BulkDecision.items))
    )
    return db.session.scalar(query)


def get_view_for(user: User, challenge_id: UUID, view_id: UUID) -> SavedView | None:
    """One's own view, or None."""
    mine = sa.and_(SavedView.id == view_id, SavedView.challenge_id == challenge_id, SavedView.owner_id == user.id)
    return db.session.scalar(sa.select(SavedView).where(mine))


def get_bulk_of(challenge_id: UUID, bulk_id: UUID) -> BulkDecision | None:
    query = sa.select(BulkDecision).where(BulkDecision.id == bulk_id, BulkDecision.challenge_id == challenge_id)
    return db.session.scalar(query.options(selectinload(BulkDecision.items)))
