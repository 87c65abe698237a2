"""Whom a mail about a challenge goes to."""

import sqlalchemy as sa

from app.accounts.models import Membership, User
from app.challenges.models import Challenge, ChallengeRole, ChallengeStaff
from app.core.database import db


def organizers_of(challenge: Challenge) -> list[User]:
    """The host's members and the challenge's own organizers, each once."""
    of_host = sa.select(Membership.user_id).where(Membership.organization_id == challenge.host_id)
    of_challenge = sa.select(ChallengeStaff.user_id).where(
        ChallengeStaff.challenge_id == challenge.id, ChallengeStaff.role == ChallengeRole.ORGANIZER
    )
    query = sa.select(User).where(sa.or_(User.id.in_(of_host), User.id.in_(of_challenge))).order_by(User.id)
    return list(db.session.scalars(query))
