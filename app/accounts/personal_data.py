"""Accounts: who somebody is, and where they belong."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import AccountToken, Invitation, Membership, Organization, OrganizationKind, User
from app.accounts.profile.models import ProfileDocument, StartupProfile
from app.core.database import db
from app.core.persons import ERASED, File, Holding, Keeper, Person, erased_address, keep


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    account = {
        _("Name"): user.name,
        _("E-mail"): user.email,
        _("Language"): user.language,
        _("Since"): user.created_at.isoformat(timespec="seconds"),
    }
    until = _("Until you close the account.")
    yield Holding("account", _("Account"), until, [account], goes=True)
    yield Holding(
        "memberships", _("Organizations"), until,
        [{_("Organization"): m.organization.name.in_language(user.language), _("Role"): m.role.value, _("Since"): m.created_at.isoformat(timespec="seconds")} for m in user.memberships], goes=True,
    )  # fmt: skip
    mine = user.organization_ids(OrganizationKind.STARTUP)
    documents = list(db.session.scalars(sa.select(ProfileDocument).where(ProfileDocument.organization_id.in_(mine))))
    yield Holding(
        "startup-documents", _("Documents in your startups' profiles"),
        _("Until somebody of the startup deletes them, or its last member leaves."),
        [{_("File"): d.filename, _("Uploaded"): d.uploaded_at.isoformat(timespec="seconds")} for d in documents],
        [File(d.filename, d.sha256, d.size) for d in documents],
    )  # fmt: skip
    invited = list(db.session.scalars(sa.select(Invitation).where(Invitation.email == user.email)))
    yield Holding(
        "invitations", _("Invitations"), until,
        [{_("Organization"): i.organization.name.in_language(user.language), _("Sent"): i.sent_at.isoformat(timespec="seconds")} for i in invited], goes=True,
    )  # fmt: skip


def erase_person(person: Person, *, now: datetime) -> int:
    """The account becomes a row without a person, on which what has to stay may lean."""
    user = db.session.get(User, person.id)
    if user is None or user.erased_at is not None:
        return 0
    mine = user.organization_ids(OrganizationKind.STARTUP)
    email = user.email
    for table, column in ((AccountToken, AccountToken.user_id), (Membership, Membership.user_id)):
        db.session.execute(sa.delete(table).where(column == user.id))
    db.session.execute(sa.delete(Invitation).where(Invitation.email == email))
    user.name, user.email, user.password_hash = ERASED, erased_address(user.id), "!"
    user.session_epoch += 1
    user.confirmed_at, user.erased_at = None, now
    db.session.flush()
    db.session.expire(user, ["memberships"])
    for startup_id in mine:
        erase_deserted(db.session.get_one(Organization, startup_id))
    return 1


def is_deserted(organization: Organization) -> bool:
    """Whether nobody belongs to the startup any more."""
    member = sa.select(Membership.id).where(Membership.organization_id == organization.id).limit(1)
    return organization.kind is OrganizationKind.STARTUP and db.session.scalar(member) is None


def erase_deserted(organization: Organization) -> int:
    """The profile of a startup that nobody belongs to: its people and documents."""
    if not is_deserted(organization):
        return 0
    profile = db.session.get(StartupProfile, organization.id)
    if profile is None:
        return 0
    db.session.delete(profile)
    db.session.flush()
    return 1


keep(
    Keeper(
        "accounts",
        {
            "users": frozenset({"email", "name", "password_hash", "language"}),
            "account_tokens": frozenset({"token_sha256", "new_email", "browser_sha256"}),
            "invitations": frozenset({"email", "token_sha256"}),
            "organizations": frozenset(
                {"name_ko", "name_en", "business_number", "representative", "address", "website"}
            ),
            "startup_profiles": frozenset(
                {"one_line_ko", "one_line_en", "description_ko", "description_en", "products_ko", "products_en"}
            ),
            "profile_documents": frozenset({"filename", "sha256"}),
            "team_members": frozenset({"name", "role", "career"}),
        },
        find,
        erase_person,
    )
)
