"""Challenges: who works on one, and what sponsors' people answered."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeStaff, SponsorReview
from app.core.database import db
from app.core.persons import Holding, Keeper, Person, keep


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    roles = sa.select(ChallengeStaff.role, Challenge).join(Challenge).where(ChallengeStaff.user_id == user.id)
    yield Holding(
        "challenge-roles", _("Roles in challenges"), _("Until the role is taken away or you close the account."),
        [{_("Challenge"): c.title.in_language(user.language), _("Role"): role.value} for role, c in db.session.execute(roles)],
    )  # fmt: skip
    reviews = sa.select(SponsorReview, Challenge).join(Challenge).where(SponsorReview.answered_by_id == user.id)
    yield Holding(
        "reviews", _("Reviews of drafts that you answered"), _("With the challenge; your name goes when you close the account."),
        [{_("Challenge"): c.title.in_language(user.language), _("Note"): r.note} for r, c in db.session.execute(reviews)],
    )  # fmt: skip


def erase_person(person: Person, *, now: datetime) -> int:
    del now
    gone = db.session.execute(
        sa.delete(ChallengeStaff).where(ChallengeStaff.user_id == person.id).returning(ChallengeStaff.id)
    )
    return len(gone.all())


keep(Keeper("challenges", {"sponsor_reviews": frozenset({"note"})}, find, erase_person))
