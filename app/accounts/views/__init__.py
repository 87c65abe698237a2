"""The pages of accounts and organizations, all on one blueprint."""

from app.accounts import personal_data, trail_words
from app.accounts.views import (
    account,
    invitations,
    members,
    my_data,
    organizations,
    passwords,
    profile,
    profile_documents,
    sign_in,
    sign_up,
)
from app.accounts.views.blueprint import bp

__all__ = [
    "account",
    "bp",
    "invitations",
    "members",
    "my_data",
    "organizations",
    "passwords",
    "personal_data",
    "profile",
    "profile_documents",
    "sign_in",
    "sign_up",
    "trail_words",
]  # fmt: skip
