"""The reads that pages about challenges need, already filtered by who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from app.accounts.models import Organization, OrganizationKind, User
from app.challenges.models import (
    Attachment,
    Challenge,
    ChallengeStaff,
    Round,
    RulesVersion,
    SponsorReview,
    Theme,
)
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


def _holds(text: str, *names: InstrumentedAttribute[Any] | Any) -> sa.ColumnElement[bool]:
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
                _holds(filters.text, c.title_ko, c.title_en, c.summary_ko, c.summary_en),
                sponsors.where(_holds(filters.text, t.title_ko, t.title_en, *names)).exists(),
                sa.select(Organization.id)
                .where(Organization.id == Challenge.host_id, _holds(filters.text, *names))
                .exists(),
            )
        )
    if filters.theme:
        texts = (t.title_ko, t.title_en, t.summary_ko, t.summary_en)
        conditions.append(own_themes.where(_holds(filters.theme, *texts)).exists())
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
    selectinload(Challenge.documents),
    selectinload(Challenge.questions),
    selectinload(Challenge.consents),
    selectinload(Challenge.prizes),
    selectinload(Challenge.attachments),
    selectinload(Challenge.rounds).selectinload(Round.criteria),
)


def get_public_challenge(slug: str) -> Challenge | None:
    """A call that is or was public, with all its parts; ten statements."""
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


def get_public_attachment(slug: str, attachment_id: UUID, user: User | None) -> Attachment | None:
    """A file that a call offers: everybody's once it is out, before that the staff's and its sponsors'."""
    query = sa.select(Attachment, Challenge).join(Challenge, Challenge.id == Attachment.challenge_id)
    visible = is_out() if user is None else sa.or_(is_out(), _managed_by(user), _shown_to_sponsor(user))
    row = db.session.execute(query.where(Attachment.id == attachment_id, Challenge.slug == slug, visible)).first()
    return row[0] if row else None


def _managed_by(user: User) -> sa.ColumnElement[bool]:
    """Challenges of the hosts that the person belongs to, and those where it has a role of its own."""
    staffed = sa.select(ChallengeStaff.id).where(
        ChallengeStaff.challenge_id == Challenge.id, ChallengeStaff.user_id == user.id
    )
    return sa.or_(Challenge.host_id.in_(user.organization_ids(OrganizationKind.HOST)), staffed.exists())


def _shown_to_sponsor(user: User) -> sa.ColumnElement[bool]:
    """Challenges on a theme of the person's company that are out, or were sent to it as a draft."""
    own = user.organization_ids(OrganizationKind.SPONSOR)
    theme = sa.select(Theme.id).where(Theme.challenge_id == Challenge.id, Theme.sponsor_id.in_(own))
    asked = sa.select(SponsorReview.id).where(
        SponsorReview.challenge_id == Challenge.id, SponsorReview.sponsor_id.in_(own)
    )
    return sa.and_(theme.exists(), sa.or_(is_out(), asked.exists()))


def get_managed_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge whose organizer's pages the person may read (observers too), with host, staff, themes and sponsors."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id, _managed_by(user))
    return db.session.scalar(
        query.options(
            joinedload(Challenge.host),
            selectinload(Challenge.staff),
            selectinload(Challenge.themes).joinedload(Theme.sponsor),
        )
    )


def get_whole_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """The same with every part of the call, for previews and checklists."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id, _managed_by(user))
    return db.session.scalar(query.options(*WHOLE_CALL, selectinload(Challenge.staff), *_REVIEWS))


_REVIEWS = (
    selectinload(Challenge.reviews).joinedload(SponsorReview.sponsor),
    selectinload(Challenge.reviews).joinedload(SponsorReview.answered_by),
)


def get_sponsored_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge on a theme of the person's company, once its draft was sent to it or the call is out."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id, _shown_to_sponsor(user))
    return db.session.scalar(query.options(*WHOLE_CALL, *_REVIEWS))


def list_managed_for(user: User, *, state: ChallengeState | None = None, text: str = "") -> list[Challenge]:
    """The challenges that the person works on, the nearest close of those that run first; three statements."""
    c = columns(Challenge)
    query = sa.select(Challenge).where(_managed_by(user))
    if state is not None:
        query = query.where(Challenge.state == state)
    if text:
        query = query.where(_holds(text, c.title_ko, c.title_en, c.slug))
    ended = Challenge.state.in_((ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED, ChallengeState.CANCELLED))
    query = query.order_by(ended, sa.case((ended, None), else_=Challenge.closes_at), Challenge.closes_at.desc())
    options = (joinedload(Challenge.host), selectinload(Challenge.staff), selectinload(Challenge.milestones))
    return list(db.session.scalars(query.limit(500).options(*options)))


def manages_somewhere(user: User) -> bool:
    """Whether the person has a role in some challenge of its own, beside those of organizations."""
    query = sa.select(sa.exists().where(ChallengeStaff.user_id == user.id))
    return bool(db.session.scalar(query))


def list_sponsored_for(user: User) -> list[Challenge]:
    """The challenges on themes of the person's companies; four statements."""
    query = sa.select(Challenge).where(_shown_to_sponsor(user)).order_by(Challenge.closes_at.desc()).limit(500)
    options = (
        joinedload(Challenge.host),
        selectinload(Challenge.themes),
        selectinload(Challenge.reviews),
    )
    return list(db.session.scalars(query.options(*options)))


def list_sponsors() -> list[Organization]:
    """All sponsors, in the order of their names, to choose a theme's from."""
    names = columns(Organization)
    query = sa.select(Organization).where(Organization.kind == OrganizationKind.SPONSOR)
    return list(db.session.scalars(query.order_by(names.name_ko, names.name_en)))


def list_hosts_of(user: User) -> list[Organization]:
    """The hosts that the person can set up a challenge for."""
    return user.organizations(OrganizationKind.HOST)


def due_to_close(now: datetime) -> list[UUID]:
    """Published calls whose last second is over."""
    second = now.replace(microsecond=0)
    query = sa.select(Challenge.id).where(Challenge.state == ChallengeState.PUBLISHED, Challenge.closes_at < second)
    return list(db.session.scalars(query.order_by(Challenge.closes_at)))
