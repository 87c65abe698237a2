"""Closing an account: what goes with it goes now, and the row stays without a person for what has to stay."""

from datetime import datetime

from app.accounts import rules
from app.accounts.models import User
from app.accounts.services.keep_members import count_people
from app.accounts.services.keep_organizations import lock_organization
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.persons import keepers


def close_account(user: User, *, now: datetime) -> dict[str, int]:
    """Erase the person from everything that goes with the account; how much each feature found. Raises RuleBroken."""
    # Always in the same order, so that two who leave at once wait for each other; the second then finds the first gone.
    for organization in sorted((m.organization for m in user.memberships), key=lambda found: found.id):
        lock_organization(organization)
    db.session.refresh(user, with_for_update=True)
    db.session.expire(user, ["memberships"])
    if reason := rules.why_not_close(user, count_people(user)):
        raise RuleBroken(reason)
    record("accounts.close_account", subject=user, actor=user, now=now)
    db.session.flush()
    # The account itself goes last: the others find theirs by its address.
    order = sorted(keepers(), key=lambda keeper: keeper.feature == "accounts")
    return {keeper.feature: keeper.erase_person(user, now=now) for keeper in order}
