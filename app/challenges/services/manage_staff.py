"""Roles in one challenge beside those that people's organizations give them."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import rules
from app.challenges.models import Challenge, ChallengeRole, ChallengeStaff
from app.challenges.services.edit import lock
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def add_staff(challenge: Challenge, email: str, role: ChallengeRole, *, actor: User, now: datetime) -> ChallengeStaff:
    """Give a person with an account a role in this challenge, or change it, and tell them by mail. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_organize(challenge, actor):
        raise RuleBroken(reason)
    email = email.strip().lower()
    user = db.session.scalar(sa.select(User).where(User.email == email, User.confirmed_at.is_not(None)))
    if user is None:
        raise RuleBroken(_("Nobody with the address %(email)s has an account yet.", email=email), field="email")
    if user.belongs_to(challenge.host_id):
        raise RuleBroken(_("%(name)s belongs to the host and is an organizer already.", name=user.name), field="email")
    staff = next((s for s in challenge.staff if s.user_id == user.id), None)
    if staff is not None and staff.role is role:
        raise RuleBroken(_("%(name)s has this role already.", name=user.name), field="email")
    staff = staff or ChallengeStaff(challenge_id=challenge.id, user_id=user.id)
    staff.role = role
    db.session.add(staff)
    record(
        "challenges.add_staff", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"user_id": str(user.id), "role": role.value},
    )  # fmt: skip
    db.session.expire(challenge, ["staff"])
    queue_mail(
        user.email, "challenges/staff_added", language=user.language, now=now, challenge_id=challenge.id,
        challenge=challenge, name=user.name, observer=role is ChallengeRole.OBSERVER, by=actor.name,
    )  # fmt: skip
    return staff


def remove_staff(challenge: Challenge, user: User, *, actor: User, now: datetime) -> None:
    """Take a person's role in this challenge away. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_organize(challenge, actor):
        raise RuleBroken(reason)
    staff = next((s for s in challenge.staff if s.user_id == user.id), None)
    if staff is None:
        raise RuleBroken(_("%(name)s has no role in this challenge.", name=user.name))
    db.session.delete(staff)
    record(
        "challenges.remove_staff", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"user_id": str(user.id), "role": staff.role.value},
    )  # fmt: skip
    db.session.expire(challenge, ["staff"])
