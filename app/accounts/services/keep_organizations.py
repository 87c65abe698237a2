"""Organizations of the three kinds: making them and changing their facts."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import rules
from app.accounts.colours import why_not_accent
from app.accounts.models import LegalForm, Membership, MembershipRole, Organization, OrganizationKind, User
from app.core.audit.trail import record
from app.core.bilingual import Bilingual
from app.core.business_number import digits_of
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit


@dataclass(frozen=True)
class Facts:
    """What an organization says about itself."""

    name: Bilingual
    legal_form: LegalForm | None = None
    business_number: str | None = None
    founded_on: date | None = None
    predecessor_opened_on: date | None = None
    representative: str = ""
    address: str = ""
    website: str = ""
    accent: str = ""
    certificate_post: Bilingual = field(default_factory=Bilingual)


def create_organization(
    kind: OrganizationKind,
    *,
    name: Bilingual,
    actor: User,
    now: datetime,
    legal_form: LegalForm | None = None,
    business_number: str | None = None,
    founded_on: date | None = None,
    predecessor_opened_on: date | None = None,
    representative: str = "",
    address: str = "",
    website: str = "",
    accent: str = "",
    certificate_post: Bilingual = Bilingual(),  # noqa: B008 - it is frozen
    is_demo: bool = False,
) -> Organization:
    """Make an organization with `actor` as its admin. Raises RuleBroken.

    Whether `actor` may make one of this kind is asked by `found_organization`; commands and the sample come here.
    """
    facts = Facts(
        name, legal_form, business_number, founded_on, predecessor_opened_on, representative, address, website, accent,
        certificate_post,
    )  # fmt: skip
    organization = make_organization(kind, facts, actor=actor, now=now, is_demo=is_demo)
    db.session.add(Membership(user=actor, organization=organization, role=MembershipRole.ADMIN, created_at=now))
    db.session.flush()
    return organization


def found_organization(kind: OrganizationKind, facts: Facts, *, actor: User, now: datetime) -> Organization:
    """Make an organization as its first admin, where this person may. Raises RuleBroken."""
    if reason := rules.why_not_create_organization(kind, actor):
        raise RuleBroken(reason)
    values = {name: getattr(facts, name) for name in Facts.__dataclass_fields__}
    return create_organization(kind, actor=actor, now=now, **values)


def make_organization(
    kind: OrganizationKind, facts: Facts, *, actor: User | None, now: datetime, is_demo: bool = False
) -> Organization:
    """An organization without members yet; for commands. Raises RuleBroken."""
    organization = Organization(kind=kind, created_at=now, is_demo=is_demo)
    _set_facts(organization, facts, now)
    db.session.add(organization)
    record(
        "accounts.create_organization", subject=organization, actor=actor, now=now,
        details={"kind": kind.value, "is_demo": is_demo, **_recorded(organization)}, personal=_personal(organization),
    )  # fmt: skip
    return organization


def edit_organization(organization: Organization, facts: Facts, *, version: int, actor: User, now: datetime) -> None:
    """Change an organization's facts, written over `version`. Raises RuleBroken, or StaleEdit when a newer one stands."""
    if reason := rules.why_not_edit_organization(organization, actor):
        raise RuleBroken(reason)
    lock_organization(organization)
    if organization.version != version:
        raise StaleEdit(organization.version)
    before, before_personal = _recorded(organization), _personal(organization)
    _set_facts(organization, facts, now)
    after, after_personal = _recorded(organization), _personal(organization)
    if (before, before_personal) == (after, after_personal):
        return
    organization.version += 1
    changed = [name for name in after if before[name] != after[name]]
    record(
        "accounts.edit_organization", subject=organization, actor=actor, now=now,
        details={"version": organization.version, "before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}},
        personal={"before": before_personal, "after": after_personal} if before_personal != after_personal else None,
    )  # fmt: skip


def lock_organization(organization: Organization) -> None:
    """Nobody else changes the organization or its members until the transaction ends; what stands now is read anew."""
    db.session.flush()
    query = sa.select(Organization).where(Organization.id == organization.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _set_facts(organization: Organization, facts: Facts, now: datetime) -> None:
    kind, number = organization.kind, digits_of(facts.business_number or "")
    legal_form = facts.legal_form if kind is OrganizationKind.STARTUP else None
    name = Bilingual(facts.name.ko.strip(), facts.name.en.strip())
    if not name.ko and not name.en:
        raise RuleBroken(_("Enter the name in Korean, in English, or in both."), field="name_ko")
    if kind is OrganizationKind.STARTUP and legal_form is None:
        raise RuleBroken(_("Choose the legal form."), field="legal_form")
    _refuse("business_number", rules.why_not_business_number(kind, legal_form, number))
    _refuse("founded_on", rules.why_not_founded_on(legal_form, facts.founded_on, now))
    _refuse(
        "predecessor_opened_on",
        rules.why_not_predecessor(legal_form, facts.founded_on, facts.predecessor_opened_on, now)
        if kind is OrganizationKind.STARTUP
        else None,
    )
    _refuse("website", _why_not_website(facts.website))
    accent = facts.accent.strip().lower() if kind is OrganizationKind.HOST else ""
    _refuse("accent", why_not_accent(accent) if accent else None)
    organization.name, organization.legal_form = name, legal_form
    organization.business_number = number or None
    organization.founded_on, organization.predecessor_opened_on = facts.founded_on, facts.predecessor_opened_on
    organization.representative, organization.address = facts.representative.strip(), facts.address.strip()
    organization.website, organization.accent = facts.website.strip(), accent
    organization.certificate_post = Bilingual(facts.certificate_post.ko.strip(), facts.certificate_post.en.strip())


def _refuse(field_name: str, reason: str | None) -> None:
    if reason:
        raise RuleBroken(reason, field=field_name)


def _why_not_website(website: str) -> str | None:
    if not website.strip():
        return None
    try:
        parts = urlsplit(website.strip())
        sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        sound = False
    if not sound or any(c.isspace() for c in website.strip()):
        return _("Enter the whole address of the website, such as https://example.org.")
    return None


def _recorded(organization: Organization) -> dict[str, Any]:
    """What of the facts may stand in the trail: nothing about persons."""
    legal_form = organization.legal_form
    return {
        "name": asdict(organization.name),
        "legal_form": legal_form.value if legal_form is not None else None,
        "founded_on": _written(organization.founded_on),
        "predecessor_opened_on": _written(organization.predecessor_opened_on),
        "website": organization.website,
        "accent": organization.accent,
        "certificate_post": asdict(organization.certificate_post),
    }


def _written(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _personal(organization: Organization) -> dict[str, Any]:
    """A sole trader's number, address and representative are a person's."""
    return {
        "business_number": organization.business_number,
        "representative": organization.representative,
        "address": organization.address,
    }
