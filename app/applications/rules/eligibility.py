"""Whether a startup may apply, as far as data say, and what its people confirm themselves; the rules are the call's."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import LegalForm, Organization, OrganizationKind, User
from app.accounts.profile.codes import Industry, Region
from app.accounts.profile.models import StartupProfile
from app.applications.models import Application
from app.challenges.eligibility import Confirmation, Facts, Finding, Rule, confirmations_of, criteria_of, find
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of
from app.challenges.states import ChallengeState
from app.web.filters import local

LONGEST_REASON = 1000
LIFTABLE = (
    Rule.AGE,
    Rule.REGION,
    Rule.EMPLOYEES,
    Rule.REVENUE,
    Rule.INDUSTRY,
    Rule.ENTRIES,
)  # the ones that can refuse


def facts_of(startup: Organization, profile: StartupProfile | None, *, entries: int = 0) -> Facts:
    """What is known of a startup now; `entries` counts its other applications in the call."""
    revenues = profile.revenues if profile is not None else []
    return Facts(
        legal_form=startup.legal_form,
        founded_on=startup.founded_on,
        predecessor_opened_on=startup.predecessor_opened_on,
        business_number=startup.business_number,
        address=startup.address,
        region=profile.region if profile is not None else None,
        employees=profile.employees if profile is not None else None,
        industry=profile.industry if profile is not None else None,
        revenue_krw=revenues[0].revenue_krw if revenues else None,  # the latest year stands first
        entries=entries,
    )


def facts_sent(company: dict[str, Any], *, entries: int = 0) -> Facts:
    """What a submission says of its startup: `company` is its frozen description (content.company_content)."""
    profile: dict[str, Any] = company.get("profile") or {}
    revenues = profile.get("revenues") or [{"revenue_krw": None}]
    return Facts(
        legal_form=LegalForm(company["legal_form"]) if company["legal_form"] else None,
        founded_on=_day(company["founded_on"]),
        predecessor_opened_on=_day(company["predecessor_opened_on"]),
        business_number=company["business_number"],
        address=company["address"],
        region=Region(profile["region"]) if profile.get("region") else None,
        employees=profile.get("employees"),
        industry=Industry(profile["industry"]) if profile.get("industry") else None,
        revenue_krw=revenues[0]["revenue_krw"],
        entries=entries,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def confirmations_asked(challenge: Challenge) -> list[Confirmation]:
    """What the applicant of this call confirms, each by itself."""
    return confirmations_of(criteria_of(challenge))


def why_not_confirmed(application: Application) -> str | None:
    """What is still to be confirmed before the application can be handed in, or None."""
    left = [c for c in confirmations_asked(application.challenge) if c.key not in application.confirmed]
    if not left:
        return None
    return ngettext(
        "%(num)d statement on eligibility is not confirmed yet: %(first)s",
        "%(num)d statements on eligibility are not confirmed yet. The first: %(first)s",
        len(left),
        first=local(left[0].text),
    )


def rules_in_force(challenge: Challenge) -> list[Rule]:
    """The rules of this call that can turn a company away, and so be lifted for one."""
    asked = {finding.rule for finding in find(criteria_of(challenge), Facts())}
    if not challenge.pre_founders_allowed:
        asked.add(Rule.AGE)
    if not challenge.regions or challenge.relocation_allowed:
        asked.discard(Rule.REGION)  # the organizer decides on it in any case
    return [rule for rule in LIFTABLE if rule in asked]


def why_not_override(challenge: Challenge, actor: User | None) -> str | None:
    """Why no exception can be made, or taken back, now."""
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer of this challenge makes exceptions.")
    if challenge.state is not ChallengeState.PUBLISHED:
        return _("Exceptions are made while the call is out and not yet closed.")
    return None


Refusal = tuple[str, str]  # the field to mend, and the sentence


def why_not_this_override(
    challenge: Challenge, startup: Organization | None, rules: Collection[str], reason: str
) -> Refusal | None:
    """What is wrong with an exception for `startup` from `rules`."""
    if startup is None or startup.kind is not OrganizationKind.STARTUP:
        return "startup", _("No startup is registered under this number or name.")
    if not rules or not set(rules) <= {rule.value for rule in rules_in_force(challenge)}:
        return "rules", _("Choose at least one rule of this call.")
    if not reason:
        return "reason", _("Give the reason; the staff of this challenge read it.")
    if len(reason) > LONGEST_REASON:
        return "reason", _(
            "%(over)d characters too many: at most %(limit)d.", over=len(reason) - LONGEST_REASON, limit=LONGEST_REASON
        )
    return None


__all__ = ["Finding", "Refusal"]
