"""Tags: a challenge's own words for its applications."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.desk.models import ScreeningTag, TaggedApplication, TagTone
from app.applications.rules.screening import LONGEST_TAG, MOST_TAGS
from app.applications.services.assign_cases import of_challenge
from app.challenges.form.answers import clean
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken


def tag_applications(
    challenge: Challenge, application_ids: Sequence[UUID], name: str, *, tone: TagTone = TagTone.PLAIN, actor: User,
    now: datetime,
) -> int:  # fmt: skip
    """Put the tag of this name on them, and make it with `tone` where there is none yet; returns how many got it.

    Raises RuleBroken.
    """
    if reason := rules.why_not_screen(challenge, actor, now):
        raise RuleBroken(reason)
    name = " ".join(clean(name).split())
    if reason := rules.why_not_named(name, LONGEST_TAG):
        raise RuleBroken(reason, field="tag")
    tag = _tag(challenge, name) or _make(challenge, name, tone)
    standing = set(
        db.session.scalars(sa.select(TaggedApplication.application_id).where(TaggedApplication.tag_id == tag.id))
    )
    new = [i for i in of_challenge(challenge, application_ids) if i not in standing]
    db.session.add_all(TaggedApplication(application_id=i, tag_id=tag.id) for i in new)
    if new:
        _record("applications.tag_applications", challenge, tag, len(new), actor, now)
    return len(new)


def untag_applications(
    challenge: Challenge, application_ids: Sequence[UUID], name: str, *, actor: User, now: datetime
) -> int:
    """Take a tag off; a tag that nothing bears any more is gone. Returns how many lost it. Raises RuleBroken."""
    if reason := rules.why_not_screen(challenge, actor, now):
        raise RuleBroken(reason)
    tag = _tag(challenge, " ".join(clean(name).split()))
    if tag is None:
        return 0
    mine = sa.and_(TaggedApplication.tag_id == tag.id, TaggedApplication.application_id.in_(application_ids))
    gone = len(
        list(db.session.scalars(sa.delete(TaggedApplication).where(mine).returning(TaggedApplication.application_id)))
    )
    if gone:
        _record("applications.untag_applications", challenge, tag, gone, actor, now)
    left = sa.select(sa.exists().where(TaggedApplication.tag_id == tag.id))
    if not db.session.scalar(left):
        db.session.delete(tag)
        db.session.flush()
    return gone


def _tag(challenge: Challenge, name: str) -> ScreeningTag | None:
    query = sa.select(ScreeningTag).where(ScreeningTag.challenge_id == challenge.id, ScreeningTag.name == name)
    return db.session.scalar(query)


def _make(challenge: Challenge, name: str, tone: TagTone) -> ScreeningTag:
    count = db.session.scalar(sa.select(sa.func.count()).where(ScreeningTag.challenge_id == challenge.id)) or 0
    if count >= MOST_TAGS:
        raise RuleBroken(_("A challenge has at most %(count)s tags.", count=MOST_TAGS), field="tag")
    tag = ScreeningTag(challenge_id=challenge.id, name=name, tone=tone)
    db.session.add(tag)
    db.session.flush()
    return tag


def _record(action: str, challenge: Challenge, tag: ScreeningTag, count: int, actor: User, now: datetime) -> None:
    record(
        action, subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"tag": tag.name, "applications": count},
    )  # fmt: skip
