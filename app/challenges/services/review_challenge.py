"""The sponsors' review of a draft: asked, answered, taken back."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Membership, User
from app.challenges import rules
from app.challenges.inputs import InputRefused, Problem
from app.challenges.models import Challenge, SponsorReview, SponsorVerdict
from app.challenges.services.edit import lock
from app.challenges.services.tell_people import organizers_of
from app.challenges.states import ChallengeState
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.mail.services import queue_mail


def send_to_sponsors(challenge: Challenge, *, actor: User, now: datetime) -> None:
    """Show the draft to the sponsors of its themes and ask each for an answer, by mail. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_send_to_sponsors(challenge, actor):
        raise RuleBroken(reason)
    sponsor_ids = sorted({theme.sponsor_id for theme in challenge.themes})
    for sponsor_id in sponsor_ids:
        db.session.add(SponsorReview(challenge_id=challenge.id, sponsor_id=sponsor_id, asked_at=now))
    challenge.state = ChallengeState.SPONSOR_REVIEW
    challenge.version += 1
    record(
        "challenges.send_to_sponsors", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"sponsor_ids": [str(i) for i in sponsor_ids]},
    )  # fmt: skip
    db.session.expire(challenge, ["reviews"])
    for person in _members_of(sponsor_ids):
        queue_mail(
            person.email, "challenges/review_asked", language=person.language, now=now, challenge_id=challenge.id,
            challenge=challenge, name=person.name,
        )  # fmt: skip


def review_challenge(
    challenge: Challenge,
    verdict: SponsorVerdict,
    note: str = "",
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> None:
    """Answer for the sponsors that `actor` belongs to; the latest answer counts. Changes need a note. Raises RuleBroken, StaleEdit."""
    lock(challenge)
    if reason := rules.why_not_review(challenge, actor):
        raise RuleBroken(reason)
    if version is not None and version != challenge.version:
        raise StaleEdit(challenge.version)
    note = note.strip()
    if verdict is SponsorVerdict.CHANGES and not note:
        raise InputRefused([Problem("note", _("Say what should change."))])
    if len(note) > rules.NOTE_LIMIT:
        sentence = _(
            "At most %(limit)s characters; this has %(count)s.", limit=f"{rules.NOTE_LIMIT:,}", count=f"{len(note):,}"
        )
        raise InputRefused([Problem("note", sentence)])
    own = [review for review in rules.current_reviews(challenge) if actor.belongs_to(review.sponsor_id)]
    for review in own:
        review.verdict, review.note, review.answered_at, review.answered_by_id = verdict, note, now, actor.id
    record(
        "challenges.review_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"verdict": verdict.value, "note": note, "sponsor_ids": [str(r.sponsor_id) for r in own]},
    )  # fmt: skip
    for person in organizers_of(challenge):
        queue_mail(
            person.email, "challenges/review_answered", language=person.language, now=now, challenge_id=challenge.id,
            challenge=challenge, name=person.name, sponsor=own[0].sponsor, approved=verdict is SponsorVerdict.APPROVED, note=note,
        )  # fmt: skip


def take_back_to_draft(challenge: Challenge, *, actor: User, now: datetime) -> None:
    """Let the organizer change the draft again; it has to be sent to the sponsors anew. Raises RuleBroken."""
    lock(challenge)
    if reason := rules.why_not_take_back(challenge, actor):
        raise RuleBroken(reason)
    challenge.state = ChallengeState.DRAFT
    challenge.version += 1
    record("challenges.take_back_to_draft", subject=challenge, actor=actor, now=now, challenge_id=challenge.id)


def _members_of(organization_ids: list[UUID]) -> list[User]:
    query = sa.select(User).join(Membership).where(Membership.organization_id.in_(organization_ids)).distinct()
    return sorted(db.session.scalars(query), key=lambda user: user.id)
