"""What is known of judges and applicants, what it suggests, and which conflicts stand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.accounts.profile.models import TeamMember
from app.applications.models import Application
from app.applications.writing.models import ApplicationRight
from app.challenges.models import Challenge, Theme
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.conflicts import rules
from app.judging.conflicts.likely import EntryFacts, JudgeFacts, Likely, suggest
from app.judging.conflicts.models import ConflictReview
from app.judging.conflicts.states import Ground, ReviewOutcome
from app.judging.models import Conflict, Judge
from app.judging.people.models import JudgeProfile
from app.judging.queries.panel import barred_pairs
from app.judging.states import ConflictKind, JudgeState

Pair = tuple[UUID, UUID]  # judge id, application id


def judges_facts(challenge_id: UUID) -> list[JudgeFacts]:
    """Of judges invited or accepted, by name. Few statements, however many judges."""
    query = (
        sa.select(Judge.id, Judge.name, Judge.affiliation, Judge.email, User.email.label("account"))
        .outerjoin(User, User.id == Judge.user_id)
        .where(Judge.challenge_id == challenge_id, Judge.state.in_((JudgeState.INVITED, JudgeState.ACCEPTED)))
        .order_by(Judge.name, Judge.email)
    )
    profiles = {
        profile.judge_id: profile
        for profile in db.session.scalars(
            sa.select(JudgeProfile)
            .join(Judge, Judge.id == JudgeProfile.judge_id)
            .where(Judge.challenge_id == challenge_id)
        )
    }
    return [_judge_facts(row, profiles.get(row.id)) for row in db.session.execute(query)]


def _judge_facts(row: Any, profile: JudgeProfile | None) -> JudgeFacts:
    emails = [row.email, *([row.account] if row.account else [])]
    if profile is None:
        return JudgeFacts(row.id, row.name, emails, [row.affiliation])
    ties = [(tie.company, tie.business_number or "") for tie in profile.ties]
    return JudgeFacts(
        row.id, row.name, emails, [row.affiliation, profile.employer], profile.employer_number or "", ties
    )


def entries_facts(challenge_id: UUID) -> list[EntryFacts]:
    """Of applications handed in, by theme and number. Four statements."""
    handed_in = sa.and_(Application.challenge_id == challenge_id, Application.state.in_(rules.HANDED_IN))
    people: dict[UUID, set[str]] = defaultdict(set)  # organization or application id -> names
    addresses: dict[UUID, set[str]] = defaultdict(set)
    startups = sa.select(Application.startup_id).where(handed_in)
    members = (
        sa.select(Membership.organization_id, User.name, User.email)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id.in_(startups))
    )
    guests = (
        sa.select(ApplicationRight.application_id, User.name, User.email)
        .join(User, User.id == ApplicationRight.user_id)
        .join(Application, Application.id == ApplicationRight.application_id)
        .where(handed_in)
    )
    for owner, name, email in db.session.execute(members.union_all(guests)):
        people[owner].add(name)
        addresses[owner].add(email)
    team = sa.select(TeamMember.organization_id, TeamMember.name).where(TeamMember.organization_id.in_(startups))
    for owner, name in db.session.execute(team):
        people[owner].add(name)
    query = (
        sa.select(
            Application.id, Application.startup_id, Application.contact_name, Application.contact_email,
            Organization.name, Organization.business_number, Organization.representative, Organization.website,
        )
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(handed_in)
        .order_by(Theme.position, Application.receipt_number)
    )  # fmt: skip
    return [
        EntryFacts(
            row.id,
            [row.name.ko, row.name.en],
            row.business_number or "",
            [row.representative, row.contact_name, *sorted(people[row.startup_id] | people[row.id])],
            [row.website, row.contact_email, *sorted(addresses[row.startup_id] | addresses[row.id])],
        )
        for row in db.session.execute(query)
    ]


@dataclass(frozen=True)
class SuggestedRow:
    """A pair that somebody has to decide on."""

    likely: Likely
    judge: str
    receipt_number: str
    company: Bilingual
    theme_code: str


def suggested_pairs(challenge: Challenge) -> list[Likely]:
    """What waits for a decision: suggested, in no conflict yet, and with a ground that no review has seen."""
    if challenge.state not in rules.SETTLED_IN:
        return []
    barred = {(row[0], row[1]) for row in db.session.execute(barred_pairs(challenge.id))}
    seen: dict[Pair, set[tuple[str, str]]] = defaultdict(set)
    query = sa.select(ConflictReview.judge_id, ConflictReview.application_id, ConflictReview.grounds)
    mine = query.join(Judge, Judge.id == ConflictReview.judge_id).where(Judge.challenge_id == challenge.id)
    for judge_id, application_id, grounds in db.session.execute(mine):
        seen[judge_id, application_id] |= {(ground, words) for ground, words in grounds}
    return [
        likely
        for likely in suggest(judges_facts(challenge.id), entries_facts(challenge.id))
        if (pair := (likely.judge, likely.entry)) not in barred
        and any((ground.value, words) not in seen[pair] for ground, words in likely.grounds.items())
    ]


def list_suggested(challenge: Challenge) -> list[SuggestedRow]:
    found = suggested_pairs(challenge)
    judges: dict[UUID, str] = {
        row[0]: row[1]
        for row in db.session.execute(sa.select(Judge.id, Judge.name).where(Judge.challenge_id == challenge.id))
    }
    entries = _entries([likely.entry for likely in found])
    return [SuggestedRow(likely, judges[likely.judge], *entries[likely.entry]) for likely in found]


def _entries(ids: list[UUID]) -> dict[UUID, tuple[str, Bilingual, str]]:
    query = (
        sa.select(Application.id, Application.receipt_number, Organization.name, Theme.code)
        .join(Organization, Organization.id == Application.startup_id)
        .join(Theme, Theme.id == Application.theme_id)
        .where(Application.id.in_(ids[:1000]))
    )
    return {row[0]: (row[1] or "", row[2], row[3]) for row in db.session.execute(query)} if ids else {}


def get_suggested(challenge: Challenge, judge_id: UUID, application_id: UUID) -> Likely | None:
    return next(
        (one for one in suggested_pairs(challenge) if (one.judge, one.entry) == (judge_id, application_id)), None
    )


@dataclass(frozen=True)
class ConflictRow:
    """A conflict that stands, as the organizer sees it."""

    id: UUID
    judge: str
    receipt_number: str
    company: Bilingual
    kind: ConflictKind
    reason: str
    pinned: bool
    by_judge: bool
    by: str | None
    declared_at: datetime


def list_conflicts(challenge_id: UUID) -> list[ConflictRow]:
    """By judge and number. One statement."""
    query = (
        sa.select(
            Conflict.id, Judge.name.label("judge"), Application.receipt_number, Organization.name.label("company"), Conflict.kind, Conflict.reason,
            Conflict.pinned, sa.func.coalesce(Conflict.declared_by_id == Judge.user_id, sa.false()).label("by_judge"),
            User.name.label("by"), Conflict.declared_at,
        )
        .select_from(Conflict)
        .join(Judge, Judge.id == Conflict.judge_id)
        .join(Application, Application.id == Conflict.application_id)
        .join(Organization, Organization.id == Application.startup_id)
        .outerjoin(User, User.id == Conflict.declared_by_id)
        .where(Judge.challenge_id == challenge_id)
        .order_by(Judge.name, Application.receipt_number)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [ConflictRow(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True)
class DismissedRow:
    """A suggestion that somebody dismissed."""

    judge: str
    receipt_number: str
    company: Bilingual
    grounds: list[tuple[Ground, str]]
    reason: str
    by: str | None
    decided_at: datetime


def list_dismissed(challenge_id: UUID) -> list[DismissedRow]:
    """The latest first. One statement."""
    query = (
        sa.select(Judge.name, Application.receipt_number, Organization.name, ConflictReview.grounds, ConflictReview.reason, User.name, ConflictReview.decided_at)
        .select_from(ConflictReview)
        .join(Judge, Judge.id == ConflictReview.judge_id)
        .join(Application, Application.id == ConflictReview.application_id)
        .join(Organization, Organization.id == Application.startup_id)
        .outerjoin(User, User.id == ConflictReview.decided_by_id)
        .where(Judge.challenge_id == challenge_id, ConflictReview.outcome == ReviewOutcome.DISMISSED)
        .order_by(ConflictReview.decided_at.desc())
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [
        DismissedRow(judge, number, company, [(Ground(g), words) for g, words in grounds], reason, by, at)
        for judge, number, company, grounds, reason, by, at in rows
    ]


def get_conflict_of(challenge_id: UUID, conflict_id: UUID) -> tuple[Conflict, Judge] | None:
    query = sa.select(Conflict, Judge).join(Judge, Judge.id == Conflict.judge_id)
    row = db.session.execute(query.where(Conflict.id == conflict_id, Judge.challenge_id == challenge_id)).first()
    return (row[0], row[1]) if row else None


def find_entry(challenge_id: UUID, number: str) -> Application | None:
    """An application that was handed in, by its receipt number."""
    return db.session.scalar(
        sa.select(Application).where(
            Application.challenge_id == challenge_id,
            sa.func.lower(Application.receipt_number) == number.strip().lower(),
            Application.state.in_(rules.HANDED_IN),
        )
    )


def get_entry(challenge_id: UUID, application_id: UUID) -> Application | None:
    return db.session.scalar(
        sa.select(Application).where(Application.id == application_id, Application.challenge_id == challenge_id)
    )
