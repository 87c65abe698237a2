"""What the rules of eligibility need to know of a startup in a call, and the exceptions made there."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization, OrganizationKind
from app.accounts.profile.queries import get_profile
from app.applications.models import Application, EligibilityOverride
from app.applications.rules.eligibility import facts_of, facts_sent
from app.applications.states import ApplicationState
from app.challenges.eligibility import Finding, criteria_of, find, lift
from app.challenges.models import Challenge
from app.challenges.queries import columns
from app.core.business_number import digits_of
from app.core.database import db


def findings_for(
    challenge: Challenge,
    startup: Organization,
    *,
    own: UUID | None = None,
    handed_in: bool = False,
    company: dict[str, Any] | None = None,
) -> list[Finding]:
    """Every rule of `challenge` with what is known of `startup` now, or was when it sent `company`; exceptions included.

    `own` is the application that is looked at, which does not count among the others; `handed_in` counts only what stands.
    Five statements (the profile, the exception), and one more where the call limits a company's entries.
    """
    entries = _count_entries(challenge, startup, own, handed_in=handed_in) if challenge.entries_most is not None else 0
    lifted = db.session.scalar(
        sa.select(EligibilityOverride.rules).where(
            EligibilityOverride.challenge_id == challenge.id, EligibilityOverride.startup_id == startup.id
        )
    )
    facts = (
        facts_of(startup, get_profile(startup), entries=entries)
        if company is None
        else facts_sent(company, entries=entries)
    )
    return lift(find(criteria_of(challenge), facts), frozenset(lifted or ()))


def _count_entries(challenge: Challenge, startup: Organization, own: UUID | None, *, handed_in: bool) -> int:
    """The company's other applications that are not withdrawn; the same registration number is the same company."""
    same = [Application.startup_id == startup.id]
    if startup.business_number:
        same.append(Organization.business_number == startup.business_number)
    query = (
        sa.select(sa.func.count())
        .select_from(Application)
        .join(Organization, Organization.id == Application.startup_id)
        .where(
            Application.challenge_id == challenge.id,
            Application.state != ApplicationState.WITHDRAWN,
            sa.or_(*same),
        )
    )
    if own is not None:
        query = query.where(Application.id != own)
    if handed_in:
        query = query.where(Application.submitted_at.is_not(None))
    return db.session.scalar(query) or 0


def list_overrides(challenge: Challenge) -> list[EligibilityOverride]:
    """The exceptions made in a challenge, the latest first. One statement."""
    query = (
        sa.select(EligibilityOverride)
        .where(EligibilityOverride.challenge_id == challenge.id)
        .options(joinedload(EligibilityOverride.startup), joinedload(EligibilityOverride.given_by))
        .order_by(EligibilityOverride.given_at.desc(), EligibilityOverride.id.desc())
    )
    return list(db.session.scalars(query))


def get_override(challenge: Challenge, override_id: UUID) -> EligibilityOverride | None:
    query = sa.select(EligibilityOverride).where(
        EligibilityOverride.id == override_id, EligibilityOverride.challenge_id == challenge.id
    )
    return db.session.scalar(query)


def find_startups(text: str) -> list[Organization]:
    """The startups with this registration number, or with exactly this name; at most two, since two is one too many."""
    names = columns(Organization)
    digits = digits_of(text)
    same = names.business_number == digits if digits.isdigit() else sa.or_(names.name_ko == text, names.name_en == text)
    query = sa.select(Organization).where(Organization.kind == OrganizationKind.STARTUP, same)
    return list(db.session.scalars(query.order_by(Organization.id).limit(2)))
