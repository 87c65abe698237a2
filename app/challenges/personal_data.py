"""Challenges: who works on one, and what sponsors' people answered."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeStaff, Inquiry, SponsorReview
from app.core.database import db
from app.core.persons import ERASED, Holding, Keeper, Person, keep


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    roles = sa.select(ChallengeStaff.role, Challenge).join(Challenge).where(ChallengeStaff.user_id == user.id)
    yield Holding(
        "challenge-roles", _("Roles in challenges"), _("Until the role is taken away or you close the account."),
        [{_("Challenge"): c.title.in_language(user.language), _("Role"): role.value} for role, c in db.session.execute(roles)], goes=True,
    )  # fmt: skip
    reviews = sa.select(SponsorReview, Challenge).join(Challenge).where(SponsorReview.answered_by_id == user.id)
    yield Holding(
        "reviews", _("Reviews of drafts that you answered"), _("With the challenge; your name goes when you close the account."),
        [{_("Challenge"): c.title.in_language(user.language), _("Note"): r.note} for r, c in db.session.execute(reviews)],
    )  # fmt: skip
    asked = (
        sa.select(Inquiry, Challenge).join(Challenge).where(Inquiry.asked_by_id == user.id).order_by(Inquiry.asked_at)
    )
    yield Holding(
        "questions", _("Questions that you asked about calls"),
        _("Until you close the account; what the organizer published of them stays, without a name."),
        [{_("Challenge"): c.title.in_language(user.language), _("Text"): i.text, _("Reason"): i.reason} for i, c in db.session.execute(asked)],
    )  # fmt: skip


def erase_person(person: Person, *, now: datetime) -> int:
    del now
    gone = db.session.execute(
        sa.delete(ChallengeStaff).where(ChallengeStaff.user_id == person.id).returning(ChallengeStaff.id)
    )
    asked = db.session.execute(
        sa.update(Inquiry)
        .where(Inquiry.asked_by_id == person.id)
        .values(text=ERASED, asked_by_id=None, reason=sa.case((Inquiry.reason == "", ""), else_=ERASED))
        .returning(Inquiry.id)
    )
    return len(gone.all()) + len(asked.all())


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    """Who asked, and the words in which they did; what was published of it is the call's."""
    del now
    some = sa.select(Inquiry.id).where(Inquiry.challenge_id == challenge_id, Inquiry.text != ERASED).limit(limit)
    ids = list(db.session.scalars(some))
    values = {"text": ERASED, "asked_by_id": None, "reason": sa.case((Inquiry.reason == "", ""), else_=ERASED)}
    db.session.execute(sa.update(Inquiry).where(Inquiry.id.in_(ids)).values(values))
    return len(ids)


keep(
    Keeper(
        "challenges",
        {"sponsor_reviews": frozenset({"note"}), "inquiries": frozenset({"text", "reason"})},
        find,
        erase_person,
        erase_challenge,
    )
)
