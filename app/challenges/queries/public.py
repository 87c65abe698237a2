"""What visitors read: the list of calls, and one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload, undefer

from app.accounts.models import Organization, OrganizationKind
from app.challenges.models import Challenge, Round, RulesVersion, Theme
from app.challenges.states import ChallengeState
from app.core.database import Base, db

NOT_OUT = (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW)
PHASES = ("open", "coming", "past")


@dataclass(frozen=True)
class CallFilters:
    """What the public list is narrowed to; what is empty does not narrow."""

    text: str = ""
    theme: str = ""
    host_id: UUID | None = None
    sponsor_id: UUID | None = None

    @property
    def any(self) -> bool:
        return bool(self.text or self.theme or self.host_id or self.sponsor_id)


def columns(model: type[Base]) -> Any:
    """A table's columns by name, the two halves of a bilingual text among them."""
    return model.__table__.c


def holds(text: str, *names: InstrumentedAttribute[Any] | Any) -> sa.ColumnElement[bool]:
    return sa.or_(*(name.icontains(text, autoescape=True) for name in names))


def is_out() -> sa.ColumnElement[bool]:
    """Whether a call is or was public."""
    return sa.and_(Challenge.state.not_in(NOT_OUT), Challenge.published_at.is_not(None))


def phase_of(now: datetime) -> sa.ColumnElement[str]:
    """Whether a public call is open, coming or past, by the server's clock; the close's own second is open still."""
    second = now.replace(microsecond=0)
    published = Challenge.state == ChallengeState.PUBLISHED
    return sa.case(
        (sa.and_(published, Challenge.opens_at > now), "coming"),
        (sa.and_(published, Challenge.closes_at >= second), "open"),
        else_="past",
    )


def _filtered(filters: CallFilters) -> list[sa.ColumnElement[bool]]:
    c, t, o = columns(Challenge), columns(Theme), columns(Organization)
    conditions = [is_out()]
    own_themes = sa.select(Theme.id).where(Theme.challenge_id == Challenge.id)
    if filters.text:
        sponsors = own_themes.join(Organization, Organization.id == Theme.sponsor_id)
        names = (o.name_ko, o.name_en)
        conditions.append(
            sa.or_(
                holds(filters.text, c.title_ko, c.title_en, c.summary_ko, c.summary_en),
                sponsors.where(holds(filters.text, t.title_ko, t.title_en, *names)).exists(),
                sa.select(Organization.id)
                .where(Organization.id == Challenge.host_id, holds(filters.text, *names))
                .exists(),
            )
        )
    if filters.theme:
        texts = (t.title_ko, t.title_en, t.summary_ko, t.summary_en)
        conditions.append(own_themes.where(holds(filters.theme, *texts)).exists())
    if filters.host_id:
        conditions.append(Challenge.host_id == filters.host_id)
    if filters.sponsor_id:
        conditions.append(own_themes.where(Theme.sponsor_id == filters.sponsor_id).exists())
    return conditions


def count_calls(filters: CallFilters, now: datetime) -> dict[str, int]:
    """How many public calls are open, coming and past. One statement."""
    phase = phase_of(now).label("phase")
    query = sa.select(phase, sa.func.count()).where(*_filtered(filters)).group_by(phase)
    found: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return {name: found.get(name, 0) for name in PHASES}


def list_calls(
    filters: CallFilters, phases: Sequence[str], now: datetime, *, limit: int, offset: int = 0
) -> list[Challenge]:
    """Public calls of the given phases with host, themes, sponsors and prizes; three statements.

    Open ones by their close, coming ones by their opening, past ones from the latest.
    """
    phase = phase_of(now)
    order = (
        [Challenge.closes_at.desc(), Challenge.id]
        if tuple(phases) == ("past",)
        else [sa.case((phase == "open", Challenge.closes_at), else_=Challenge.opens_at), Challenge.id]
    )
    query = (
        sa.select(Challenge)
        .where(*_filtered(filters), phase.in_(phases))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .options(
            joinedload(Challenge.host),
            selectinload(Challenge.themes).joinedload(Theme.sponsor),
            selectinload(Challenge.prizes),
        )
    )
    return list(db.session.scalars(query))


def list_filter_organizations() -> tuple[list[Organization], list[Organization]]:
    """Hosts and sponsors that have public calls, for the filters. Two statements."""
    hosts = sa.select(Organization).where(
        Organization.kind == OrganizationKind.HOST,
        Organization.id.in_(sa.select(Challenge.host_id).where(is_out())),
    )
    sponsors = sa.select(Organization).where(
        Organization.id.in_(sa.select(Theme.sponsor_id).join(Challenge).where(is_out())),
    )
    names = columns(Organization)
    order = (names.name_ko, names.name_en)
    return list(db.session.scalars(hosts.order_by(*order))), list(db.session.scalars(sponsors.order_by(*order)))


WHOLE_CALL = (
    joinedload(Challenge.host),
    selectinload(Challenge.themes).joinedload(Theme.sponsor),
    selectinload(Challenge.milestones),
    undefer(Challenge.form_content),
    selectinload(Challenge.prizes),
    selectinload(Challenge.attachments),
    selectinload(Challenge.rounds).selectinload(Round.criteria),
)


def get_public_challenge(slug: str) -> Challenge | None:
    """A call that is or was public, with all its parts; seven statements."""
    query = sa.select(Challenge).where(Challenge.slug == slug, is_out()).options(*WHOLE_CALL)
    return db.session.scalar(query)


def list_rules_versions(challenge: Challenge) -> list[RulesVersion]:
    """The published versions of the rules, the latest first."""
    query = sa.select(RulesVersion).where(RulesVersion.challenge_id == challenge.id)
    return list(db.session.scalars(query.order_by(RulesVersion.number.desc())))


def current_rules_version(challenge: Challenge) -> RulesVersion | None:
    """The version of the rules in force, None for a draft."""
    query = sa.select(RulesVersion).where(RulesVersion.challenge_id == challenge.id)
    return db.session.scalar(query.order_by(RulesVersion.number.desc()).limit(1))
