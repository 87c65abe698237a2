"""Beginning a call, and its names, dates, eligibility and terms."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Organization, User
from app.accounts.profile.codes import REGIONS, Industry
from app.challenges import checks, rules
from app.challenges.inputs import Basics, Change, Eligibility, Schedule, Terms
from app.challenges.models import Challenge, Milestone
from app.challenges.services.edit import begin_edit, end_edit, refuse
from app.challenges.states import MilestoneKind, Section
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken

FIRST_GUESS = timedelta(days=14)  # from now to the opening of a new draft, and from there to its close


def create_challenge(
    host: Organization,
    basics: Basics,
    *,
    actor: User,
    now: datetime,
    schedule: Schedule | None = None,
    is_demo: bool = False,
) -> Challenge:
    """Begin a draft for `host`; without `schedule` it opens in two weeks and closes two weeks later. Raises RuleBroken."""
    if reason := rules.why_not_create(host, actor):
        raise RuleBroken(reason)
    found = checks.check_basics(basics)
    _check_slug(found, basics.slug, None)
    refuse(found)
    opens_at, closes_at = _first_guess(now, basics.timezone)
    challenge = Challenge(
        host_id=host.id, slug=basics.slug, title=basics.title, summary=basics.summary, description=basics.description,
        receipt_prefix=basics.receipt_prefix, timezone=basics.timezone, opens_at=opens_at, closes_at=closes_at,
        is_demo=is_demo, created_at=now,
    )  # fmt: skip
    db.session.add(challenge)
    db.session.flush()
    record(
        "challenges.create_challenge", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"slug": challenge.slug, "host_id": str(host.id)},
    )  # fmt: skip
    if schedule is not None:
        set_schedule(challenge, schedule, actor=actor, now=now)
    return challenge


def _first_guess(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    opens_at = (now.astimezone(ZoneInfo(timezone)) + FIRST_GUESS).replace(hour=10, minute=0, second=0, microsecond=0)
    return opens_at, (opens_at + FIRST_GUESS).replace(hour=17)


def _check_slug(found: checks.Problems, slug: str, own: Challenge | None) -> None:
    query = sa.select(Challenge.id).where(Challenge.slug == slug)
    taken = db.session.scalar(query)
    if taken is not None and (own is None or taken != own.id):
        found.add("slug", _("Another challenge has the address “%(slug)s” already.", slug=slug))


def set_basics(
    challenge: Challenge,
    basics: Basics,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """Titles, summary, description, address, receipts' prefix, time zone. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.BASICS, actor=actor, now=now, version=version, change=change)
    found = checks.check_basics(basics)
    _check_slug(found, basics.slug, challenge)
    public = rules.is_public(challenge)
    if public and basics.slug != challenge.slug:
        found.add("slug", _("The address stays: people have links to the published call."))
    if public and basics.timezone != challenge.timezone:
        found.add("timezone", _("The time zone stays: the dates are published in it."))
    if challenge.receipts_given and basics.receipt_prefix != challenge.receipt_prefix:
        found.add("receipt_prefix", _("Receipts were given with this prefix already, so it stays."))
    refuse(found)
    if (basics.slug, basics.receipt_prefix) != (challenge.slug, challenge.receipt_prefix):
        edit.touched = True
    challenge.slug, challenge.receipt_prefix, challenge.timezone = basics.slug, basics.receipt_prefix, basics.timezone
    challenge.title, challenge.summary, challenge.description = basics.title, basics.summary, basics.description
    end_edit(edit)


def set_schedule(
    challenge: Challenge,
    schedule: Schedule,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """The opening, the close and the steps after it. A close that is over does not come back. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.SCHEDULE, actor=actor, now=now, version=version, change=change)
    steps = {step.kind: step for step in schedule.steps if step.kind is not MilestoneKind.APPLICATIONS}
    found = checks.check_schedule(replace(schedule, steps=list(steps.values())), challenge, now)
    if rules.is_public(challenge):
        if now >= challenge.opens_at and schedule.opens_at != challenge.opens_at:
            found.add("opens_at", _("Applications are open already, so the opening stays."))
        if rules.is_past_close(challenge, now) and schedule.closes_at != challenge.closes_at:
            found.add("closes_at", _("Applications closed already; the close cannot move any more."))
    if rules.is_public(challenge) and challenge.sealed and schedule.closes_at < challenge.closes_at:
        found.add("closes_at", _("Applications are sealed until the close, so it can only move later."))
    if (rules.is_public(challenge) or challenge.submitted_count) and schedule.sealed != challenge.sealed:
        found.add("sealed", _("The call is out with this promise, so it stays."))
    refuse(found)
    challenge.sealed = schedule.sealed
    challenge.opens_at, challenge.closes_at = schedule.opens_at, schedule.closes_at
    standing = {milestone.kind: milestone for milestone in challenge.milestones}
    for kind, milestone in standing.items():
        if kind not in steps:
            db.session.delete(milestone)
    for kind, step in steps.items():
        milestone = standing.get(kind) or Milestone(challenge_id=challenge.id, kind=kind)
        milestone.starts_at, milestone.ends_at = step.starts_at, step.ends_at
        db.session.add(milestone)
    end_edit(edit)


def set_eligibility(
    challenge: Challenge,
    eligibility: Eligibility,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """Who may apply; what is empty is not asked. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.ELIGIBILITY, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_eligibility(eligibility))
    challenge.founded_within_years = eligibility.founded_within_years
    challenge.reference_date = eligibility.reference_date
    challenge.region, challenge.exclusions = eligibility.region, eligibility.exclusions
    challenge.pre_founders_allowed = eligibility.pre_founders_allowed
    challenge.regions = [region.value for region in REGIONS if region in eligibility.regions]
    challenge.relocation_allowed, challenge.sme_only = eligibility.relocation_allowed, eligibility.sme_only
    challenge.employees_least, challenge.employees_most = eligibility.employees_least, eligibility.employees_most
    challenge.revenue_most_krw, challenge.entries_most = eligibility.revenue_most_krw, eligibility.entries_most
    challenge.industries = [one.value for one in Industry if one in eligibility.industries]
    challenge.industries_excluded = [one.value for one in Industry if one in eligibility.industries_excluded]
    end_edit(edit)


def set_terms(
    challenge: Challenge,
    terms: Terms,
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
    change: Change | None = None,
) -> None:
    """Rights in ideas, misconduct, cancellation; places and budget of the PoC. Raises RuleBroken, StaleEdit."""
    edit = begin_edit(challenge, Section.TERMS, actor=actor, now=now, version=version, change=change)
    refuse(checks.check_terms(terms))
    challenge.terms, challenge.release_comments = terms.terms, terms.release_comments
    challenge.retention_years = terms.retention_years
    challenge.poc_places, challenge.poc_budget_krw_each = terms.poc_places, terms.poc_budget_krw_each
    end_edit(edit)
