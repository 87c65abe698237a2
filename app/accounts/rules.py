"""Who may do what with accounts and organizations, and what may stand in them."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from app.accounts.models import (
    Invitation,
    LegalForm,
    Membership,
    MembershipRole,
    Organization,
    OrganizationKind,
    User,
)
from app.core.business_number import digits_of, is_business_number

CONFIRMATION_VALID = timedelta(days=3)
RESET_VALID = timedelta(hours=1)
NEW_EMAIL_VALID = timedelta(days=1)
INVITATION_VALID = timedelta(days=14)

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254

# Long enough and yet the first that anybody tries.
COMMON_PASSWORDS = frozenset(
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "12345678910",
        "123456789a",
        "a123456789",
        "q1w2e3r4t5",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "asdfghjkl;",
        "password12",
        "password123",
        "password1234",
        "iloveyou12",
        "letmein1234",
        "welcome123",
        "admin12345",
        "administrator",
        "qwerty12345",
        "qwer123456",
        "asdf123456",
        "abcd123456",
        "abcdefghij",
        "zxcvbnm123",
        "dkssudgktpdy",
        "tkfkdgodyd",
    ]
)


def host_member(user: User | None) -> bool:
    """A centre's staff."""
    return user is not None and bool(user.organization_ids(OrganizationKind.HOST))


def sponsor_member(user: User | None) -> bool:
    return user is not None and bool(user.organization_ids(OrganizationKind.SPONSOR))


def startup_member(user: User | None) -> bool:
    return user is not None and bool(user.organization_ids(OrganizationKind.STARTUP))


def normal_email(text: str) -> str | None:
    """The one spelling under which an address is kept, or None where `text` is none that mail can reach."""
    try:
        parts = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    address = (parts.ascii_email or "").lower()
    return address if address and len(address) <= LONGEST_EMAIL else None


def why_not_password(password: str, *, email: str = "", name: str = "") -> str | None:
    """Why this text protects nothing as the password of the person with that address and name."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < SHORTEST_PASSWORD:
        return _(
            "Use at least %(least)d characters; this has %(length)d.", least=SHORTEST_PASSWORD, length=len(password)
        )
    if len(password) > LONGEST_PASSWORD:
        return _("Use at most %(most)d characters; this has %(length)d.", most=LONGEST_PASSWORD, length=len(password))
    if len(set(plain)) < 4 or plain in COMMON_PASSWORDS:
        return _(
            "This password is among the first that anybody would try. Choose another, such as a few words in a row."
        )
    if plain in {email.casefold(), email.casefold().partition("@")[0], name.casefold()}:
        return _("Your name or your address is no secret. Choose another password.")
    return None


def why_not_create_organization(kind: OrganizationKind, actor: User) -> str | None:
    if kind is OrganizationKind.HOST and not host_member(actor):
        return _("Only members of an organizer can add another organizer.")
    return None


def why_not_edit_organization(organization: Organization, actor: User) -> str | None:
    if actor.role_in(organization.id) is not MembershipRole.ADMIN:
        return _("Only the organization's admins can change its details.")
    return None


def why_not_business_number(kind: OrganizationKind, legal_form: LegalForm | None, number: str) -> str | None:
    """Registered startups need a valid number; whoever else gives one gives a valid one (domain rule 8)."""
    if number:
        if not is_business_number(number):
            digits = digits_of(number)
            if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
                return _("A business registration number has 10 digits, such as 123-45-67891.")
            return _("The last digit does not fit the others. Compare the number with the certificate.")
        return None
    if kind is OrganizationKind.STARTUP and legal_form in (LegalForm.CORPORATION, LegalForm.SOLE_TRADER):
        return _("Companies and sole traders enter their business registration number.")
    return None


def why_not_founded_on(legal_form: LegalForm | None, founded_on: date | None, now: datetime) -> str | None:
    """The date from which a startup's age counts (domain rule 7)."""
    if legal_form in (LegalForm.CORPORATION, LegalForm.SOLE_TRADER) and founded_on is None:
        return _("Enter the date; whether your company may apply is counted from it.")
    if founded_on is None:
        return None
    if legal_form is LegalForm.PRE_FOUNDER:
        return _("A pre-founder has no founding date yet. Leave it empty, or choose another legal form.")
    return _why_not_past(founded_on, now)


def why_not_predecessor(
    legal_form: LegalForm | None, founded_on: date | None, opened_on: date | None, now: datetime
) -> str | None:
    """The date of the sole trader that turned into this company; the older one counts."""
    if opened_on is None:
        return None
    if legal_form is not LegalForm.CORPORATION:
        return _("Only a company that was a sole trader before has such a date. Leave it empty.")
    if founded_on is not None and opened_on > founded_on:
        return _("The sole trader opened before the company was incorporated. Check which of the two dates is which.")
    return _why_not_past(opened_on, now)


def _why_not_past(day: date, now: datetime) -> str | None:
    if day > now.astimezone(ZoneInfo("Asia/Seoul")).date():
        return _("This date is in the future.")
    if day.year < 1850:
        return _("This date is before 1850. Check the year.")
    return None


def why_not_manage_members(organization: Organization, actor: User) -> str | None:
    if actor.role_in(organization.id) is not MembershipRole.ADMIN:
        return _("Only the organization's admins can invite people and change roles.")
    return None


def why_not_change_role(membership: Membership, role: MembershipRole, *, admins: int) -> str | None:
    """`admins` is how many the organization has now."""
    if membership.role is MembershipRole.ADMIN and role is not MembershipRole.ADMIN and admins <= 1:
        return _("An organization needs an admin, and this is the last one. Make somebody else an admin first.")
    return None


def why_not_remove(membership: Membership, actor: User, *, admins: int) -> str | None:
    """Admins remove anybody, everybody may leave, and the last admin stays."""
    if membership.user_id != actor.id and actor.role_in(membership.organization_id) is not MembershipRole.ADMIN:
        return _("Only the organization's admins can remove others.")
    if membership.role is MembershipRole.ADMIN and admins <= 1:
        return _("The last admin cannot leave. Make somebody else an admin first.")
    return None


def why_not_accept(invitation: Invitation, actor: User) -> str | None:
    """An invitation is for the address that it was sent to."""
    if invitation.email != actor.email:
        return _(
            "This invitation was sent to %(invited)s, and you are signed in as %(actor)s.",
            invited=invitation.email,
            actor=actor.email,
        )
    return None


def is_open(invitation: Invitation, now: datetime) -> bool:
    return invitation.accepted_at is None and now < invitation.expires_at


class Headcount(NamedTuple):
    """How many belong to an organization, and how many of them are its admins."""

    members: int
    admins: int


def why_not_close(user: User, people: Mapping[UUID, Headcount]) -> str | None:
    """Why the account cannot be closed now; `people` counts those of each of the person's organizations.

    Members need somebody who answers for them, and a host or a sponsor always does; a startup may be left by its last member.
    """
    if user.erased_at is not None:
        return _("This account is closed already.")
    for membership in user.memberships:
        organization = membership.organization
        count = people.get(organization.id, Headcount(1, 1))
        last = membership.role is MembershipRole.ADMIN and count.admins <= 1
        if last and (organization.kind is not OrganizationKind.STARTUP or count.members > 1):
            return _(
                "You are the last admin of %(organization)s. Make somebody else an admin first.",
                organization=organization.name.in_language(user.language),
            )
    return None
