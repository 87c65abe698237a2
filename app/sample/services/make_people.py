"""The people and organizations of the samples: made once, shared by all of them."""

import calendar
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import LegalForm, Organization, OrganizationKind, User
from app.accounts.services import Facts, create_organization, create_user, edit_organization
from app.core.bilingual import Bilingual
from app.core.business_number import digits_of
from app.core.database import db
from app.sample.material import PASSWORD, both, published, read

PUBLISHED_IN = 2022
CHIEF = Bilingual("대표", "CEO")


@dataclass
class People:
    """Who plays the sample, in the order of the published file."""

    host: Organization
    organizer: User
    sponsor: Organization
    sponsor_person: User
    startups: list[tuple[Organization, User]]
    judges: list[User]
    facts: dict[str, Any] = field(default_factory=lambda: read("people"))


def make_people(*, now: datetime, known_password: bool) -> People:
    """Everybody, made where they are not there yet. Without `known_password` nobody can sign in as them."""
    facts, sample = read("people"), published()
    organizer = _person(facts["organizer"], now, known_password=known_password)
    sponsor_person = _person(facts["sponsor"], now, known_password=known_password)
    host = _organization(
        OrganizationKind.HOST, both(sample["host"]["name"]), organizer, now, accent="#2146c7", representative="한서윤",
        certificate_post=CHIEF, address="서울특별시 마포구 마포대로 122",
    )  # fmt: skip
    sponsor = _organization(
        OrganizationKind.SPONSOR, both(sample["sponsor"]["name"]), sponsor_person, now, representative="오지훈",
        certificate_post=CHIEF,
    )  # fmt: skip
    startups = []
    for applicant, about in zip(sample["applicants"], facts["startups"], strict=True):
        person = _person(about, now, known_password=known_password)
        startups.append((_startup(applicant, about, person, now), person))
    judges = [_person(about, now, known_password=known_password) for about in facts["judges"]]
    return People(host, organizer, sponsor, sponsor_person, startups, judges)


def _person(about: dict[str, Any], now: datetime, *, known_password: bool) -> User:
    user = db.session.scalar(sa.select(User).where(User.email == about["email"]))
    if user is None:
        password = PASSWORD if known_password else secrets.token_urlsafe(32)
        user = create_user(
            email=about["email"],
            name=about["name"],
            password=password,
            language=about["language"],
            now=now,
            is_demo=True,
        )
    return user


def _organization(kind: OrganizationKind, name: Bilingual, actor: User, now: datetime, **facts: Any) -> Organization:
    query = sa.select(Organization).where(Organization.kind == kind, Organization.is_demo, Organization.name == name)
    standing = db.session.scalar(query)
    if standing is not None:
        return standing
    made = create_organization(kind, name=name, actor=actor, now=now, is_demo=True, **facts)
    db.session.refresh(actor, ["memberships"])
    return made


def _startup(applicant: dict[str, Any], about: dict[str, Any], person: User, now: datetime) -> Organization:
    opened = about.get("predecessor_opened_on")
    dates: dict[str, date | None] = {
        "founded_on": _recent(date.fromisoformat(about["founded_on"]), now),
        "predecessor_opened_on": _recent(date.fromisoformat(opened), now) if opened else None,
    }
    startup = _organization(
        OrganizationKind.STARTUP, both(applicant["name"]), person, now,
        legal_form=LegalForm(about["legal_form"]), business_number=digits_of(applicant["brn"]), representative=about["name"],
        address=about["address"], website=f"https://{about['email'].split('@')[0]}.example.org", **dates,
    )  # fmt: skip
    if startup.founded_on is not None and startup.founded_on < (dates["founded_on"] or startup.founded_on):
        # Made for an earlier sample; too old for this one's call. What was submitted then keeps the dates of then.
        edit_organization(startup, _facts_of(startup, dates), version=startup.version, actor=person, now=now)
    return startup


def _facts_of(startup: Organization, dates: dict[str, date | None]) -> Facts:
    return Facts(
        startup.name, startup.legal_form, startup.business_number, dates["founded_on"], dates["predecessor_opened_on"],
        startup.representative, startup.address, startup.website, startup.accent, startup.certificate_post,
    )  # fmt: skip


def _recent(founded_on: date, now: datetime) -> date:
    """The same day as many years later as the sample is, or the company would be too old for the call by now."""
    year = founded_on.year + max(0, now.year - PUBLISHED_IN)
    return founded_on.replace(year=year, day=min(founded_on.day, calendar.monthrange(year, founded_on.month)[1]))
