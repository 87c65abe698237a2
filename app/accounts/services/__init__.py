"""What changes accounts and organizations."""

from app.accounts.services.change_credentials import (
    ask_email_change,
    ask_password_reset,
    change_email,
    change_name,
    change_password,
    mail_password_reset,
    reset_password,
)
from app.accounts.services.close_account import close_account
from app.accounts.services.invite_members import (
    accept_membership,
    cancel_invitation,
    invite_member,
    join_as_new,
    write_invitation,
)
from app.accounts.services.issue_tokens import find_token, issue_token, token_sha256
from app.accounts.services.keep_members import add_member, change_member_role, remove_member
from app.accounts.services.keep_organizations import (
    Facts,
    create_organization,
    edit_organization,
    found_organization,
    make_organization,
)
from app.accounts.services.sign_people_in import set_language, sign_in
from app.accounts.services.sign_people_up import (
    account_by_mailed_link,
    ask_confirmation_again,
    confirm_email,
    create_user,
    resend_confirmation,
    sign_up,
)

__all__ = [
    "Facts",
    "accept_membership",
    "account_by_mailed_link",
    "add_member",
    "ask_confirmation_again",
    "ask_email_change",
    "ask_password_reset",
    "cancel_invitation",
    "change_email",
    "change_member_role",
    "change_name",
    "change_password",
    "close_account",
    "confirm_email",
    "create_organization",
    "create_user",
    "edit_organization",
    "find_token",
    "found_organization",
    "invite_member",
    "issue_token",
    "join_as_new",
    "mail_password_reset",
    "make_organization",
    "remove_member",
    "resend_confirmation",
    "reset_password",
    "set_language",
    "sign_in",
    "sign_up",
    "token_sha256",
    "write_invitation",
]
