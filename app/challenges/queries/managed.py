"""What organizers, observers and sponsors read, each only what is theirs."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Membership, MembershipRole, Organization, OrganizationKind, User
from app.challenges.models import Attachment, Challenge, ChallengeStaff, SponsorReview, Theme
from app.challenges.queries.public import WHOLE_CALL, columns, holds, is_out
from app.challenges.states import ChallengeState
from app.core.database import db

_REVIEWS = (
    selectinload(Challenge.reviews).joinedload(SponsorReview.sponsor),
    selectinload(Challenge.reviews).joinedload(SponsorReview.answered_by),
)


def managed_by(user: User) -> sa.ColumnElement[bool]:
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
    query = sa.select(Challenge).where(Challenge.id == challenge_id, managed_by(user))
    return db.session.scalar(
        query.options(
            joinedload(Challenge.host),
            selectinload(Challenge.staff),
            selectinload(Challenge.themes).joinedload(Theme.sponsor),
        )
    )


def get_whole_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """The same with every part of the call, for previews and checklists."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id, managed_by(user))
    return db.session.scalar(query.options(*WHOLE_CALL, selectinload(Challenge.staff), *_REVIEWS))


def get_sponsored_challenge_for(user: User, challenge_id: UUID) -> Challenge | None:
    """A challenge on a theme of the person's company, once its draft was sent to it or the call is out."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id, _shown_to_sponsor(user))
    return db.session.scalar(query.options(*WHOLE_CALL, *_REVIEWS))


def list_managed_for(user: User, *, state: ChallengeState | None = None, text: str = "") -> list[Challenge]:
    """The challenges that the person works on, the nearest close of those that run first; three statements."""
    c = columns(Challenge)
    query = sa.select(Challenge).where(managed_by(user))
    if state is not None:
        query = query.where(Challenge.state == state)
    if text:
        query = query.where(holds(text, c.title_ko, c.title_en, c.slug))
    ended = Challenge.state.in_((ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED, ChallengeState.CANCELLED))
    query = query.order_by(ended, sa.case((ended, None), else_=Challenge.closes_at), Challenge.closes_at.desc())
    options = (joinedload(Challenge.host), selectinload(Challenge.staff), *_REVIEWS)
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


def list_sponsors() -> list[tuple[Organization, str]]:
    """All sponsors, in the order of their names, to choose a theme's from. One statement.

    Anybody may register one under any name, and a theme's sponsor reads drafts and applications: each comes with the domain
    at which its first admin reads mail ("" without one), which nobody can make up.
    """
    names = columns(Organization)
    address = (
        sa.select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == Organization.id, Membership.role == MembershipRole.ADMIN)
        .order_by(Membership.created_at, Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    query = sa.select(Organization, address).where(Organization.kind == OrganizationKind.SPONSOR)
    rows = db.session.execute(query.order_by(names.name_ko, names.name_en))
    return [(organization, (email or "").rpartition("@")[2]) for organization, email in rows]


def list_hosts_of(user: User) -> list[Organization]:
    """The hosts that the person can set up a challenge for."""
    return user.organizations(OrganizationKind.HOST)


def due_to_close(now: datetime) -> list[UUID]:
    """Published calls whose last second is over."""
    second = now.replace(microsecond=0)
    query = sa.select(Challenge.id).where(Challenge.state == ChallengeState.PUBLISHED, Challenge.closes_at < second)
    return list(db.session.scalars(query.order_by(Challenge.closes_at)))


def get_public_attachment(slug: str, attachment_id: UUID, user: User | None) -> Attachment | None:
    """A file that a call offers: everybody's once it is out, before that the staff's and its sponsors'."""
    query = sa.select(Attachment, Challenge).join(Challenge, Challenge.id == Attachment.challenge_id)
    visible = is_out() if user is None else sa.or_(is_out(), managed_by(user), _shown_to_sponsor(user))
    row = db.session.execute(query.where(Attachment.id == attachment_id, Challenge.slug == slug, visible)).first()
    return row[0] if row else None


def list_staff(challenge: Challenge) -> list[ChallengeStaff]:
    """Who has a role in this challenge, with their names. One statement."""
    query = sa.select(ChallengeStaff).where(ChallengeStaff.challenge_id == challenge.id).join(User).order_by(User.name)
    return list(db.session.scalars(query.options(joinedload(ChallengeStaff.user))))


def list_host_members(challenge: Challenge) -> list[User]:
    """The host's own people, who organize all of its challenges. Two statements."""
    query = sa.select(User).join(Membership).where(Membership.organization_id == challenge.host_id).order_by(User.name)
    return list(db.session.scalars(query))


def get_user(user_id: UUID) -> User | None:
    return db.session.get(User, user_id)
