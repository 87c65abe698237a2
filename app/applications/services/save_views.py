"""Views of the list: filters that somebody comes back to."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.desk.models import SavedView
from app.applications.rules.screening import LONGEST_VIEW, MOST_VIEWS
from app.challenges.form.answers import clean
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken


def save_view(
    challenge: Challenge, name: str, query: str, *, shared: bool, actor: User, now: datetime
) -> SavedView:  # fmt: skip
    """Keep the filters of `query` (canonical) under a name; the same name again means the new filters. Raises RuleBroken."""
    del now  # views are nobody's business but the desk's: no trail
    if reason := rules.why_not_view(challenge, actor):
        raise RuleBroken(reason)
    name = " ".join(clean(name).split())
    if reason := rules.why_not_named(name, LONGEST_VIEW):
        raise RuleBroken(reason, field="view")
    mine = sa.and_(SavedView.challenge_id == challenge.id, SavedView.owner_id == actor.id)
    view = db.session.scalar(sa.select(SavedView).where(mine, SavedView.name == name))
    if view is None:
        if (db.session.scalar(sa.select(sa.func.count()).where(mine)) or 0) >= MOST_VIEWS:
            raise RuleBroken(_("You have %(count)s views here; remove one first.", count=MOST_VIEWS), field="view")
        view = SavedView(challenge_id=challenge.id, owner_id=actor.id, name=name)
    view.query, view.shared = query[:1000], shared
    db.session.add(view)
    db.session.flush()
    return view


def remove_view(view: SavedView, *, actor: User, now: datetime) -> None:
    """Raises RuleBroken for another's."""
    del now
    if view.owner_id != actor.id:
        raise RuleBroken(_("Only who saved a view can remove it."))
    db.session.delete(view)
