"""Mails on results to sponsors: who won on their own themes, on the day that everybody learns it."""

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import Membership, User
from app.awards.models import ResultSet
from app.awards.published import PublishedResults
from app.challenges.models import Challenge, Theme
from app.core.database import db
from app.mail.services import queue_mail


def tell_sponsors(challenge: Challenge, result_set: ResultSet, *, now: datetime) -> None:
    """One mail to each member of each sponsor, with the winners of the sponsor's themes; a correction says that it is one."""
    results = PublishedResults.of(result_set)
    themes = defaultdict(set)
    for sponsor_id, code in db.session.execute(
        sa.select(Theme.sponsor_id, Theme.code).where(Theme.challenge_id == challenge.id)
    ):
        themes[sponsor_id].add(code)
    people = (
        sa.select(Membership.organization_id, User.email, User.name, User.language)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id.in_(themes), User.confirmed_at.is_not(None))
        .order_by(User.created_at, User.id)
    )
    for sponsor_id, email, name, language in db.session.execute(people).all():
        winners = [w for w in results.winners if w.theme_code in themes[sponsor_id]]
        queue_mail(
            email, "awards/published_to_sponsor", language=language, now=now, challenge_id=challenge.id,
            not_before=result_set.public_at if result_set.public_at > now else None, name=name,
            challenge=challenge, winners=winners, correction=results.reason,
        )  # fmt: skip
