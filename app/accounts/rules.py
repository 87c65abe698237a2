"""Who may do what with accounts and organizations."""

from app.accounts.models import OrganizationKind, User


def host_member(user: User | None) -> bool:
    """A centre's staff."""
    return user is not None and bool(user.organization_ids(OrganizationKind.HOST))


def sponsor_member(user: User | None) -> bool:
    return user is not None and bool(user.organization_ids(OrganizationKind.SPONSOR))


def startup_member(user: User | None) -> bool:
    return user is not None and bool(user.organization_ids(OrganizationKind.STARTUP))
