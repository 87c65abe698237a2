"""Challenges as their organizers and observers find them in judging's pages."""

from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeStaff, Round
from app.core.database import db


def get_managed_challenge(user: User, challenge_id: UUID) -> Challenge | None:
    """The challenge with its host, themes and rounds, for the host's people and the staff of the challenge; None for others.

    Two statements: rounds and criteria are few, so they come along.
    """
    staff = sa.exists().where(ChallengeStaff.challenge_id == Challenge.id, ChallengeStaff.user_id == user.id)
    mine = [membership.organization_id for membership in user.memberships]
    query = (
        sa.select(Challenge)
        .where(Challenge.id == challenge_id, sa.or_(Challenge.host_id.in_(mine), staff))
        .options(
            sa.orm.joinedload(Challenge.host),
            sa.orm.selectinload(Challenge.themes),
            sa.orm.joinedload(Challenge.rounds).joinedload(Round.criteria),
            sa.orm.joinedload(Challenge.rounds).joinedload(Round.challenge),
        )
    )
    return db.session.scalars(query).unique().one_or_none()
