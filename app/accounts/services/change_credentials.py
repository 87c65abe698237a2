"""Passwords forgotten and changed, addresses and names changed."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import rules
from app.accounts.models import AccountToken, TokenPurpose, User
from app.accounts.passwords import hash_password, is_password
from app.accounts.services.issue_tokens import end_tokens, issue_token
from app.accounts.services.sign_people_up import check_password, checked_email, confirm_by_mailed_link, find_user
from app.core.audit.trail import record
from app.core.database import db, new_id
from app.core.errors import RuleBroken
from app.core.jobs.queue import enqueue
from app.mail.services import queue_mail


def ask_password_reset(email: str, *, now: datetime) -> None:
    """Note that a link is wanted. A job looks whose address it is, so that the asking takes as long for every address."""
    enqueue("accounts.mail_password_reset", {"email": email.strip()[:320]}, key=f"accounts.reset:{new_id()}", now=now)


def mail_password_reset(email: str, *, now: datetime) -> None:
    """Mail the link where there is such an account. It works once, for an hour, and ends those before it."""
    user = find_user(rules.normal_email(email) or "")
    if user is None:
        return
    token = issue_token(user, TokenPurpose.RESET_PASSWORD, now=now, valid=rules.RESET_VALID)
    record("accounts.ask_password_reset", subject=user, actor=None, now=now)
    queue_mail(
        user.email, "accounts/reset_password", language=user.language, now=now, name=user.name, token=token,
        ends_at=now + rules.RESET_VALID,
    )  # fmt: skip


def reset_password(token: AccountToken, password: str, *, now: datetime) -> User:
    """Set a new password by the mailed link, which also proves the address. Ends every session. Raises RuleBroken."""
    user = token.user
    check_password(password, email=user.email, name=user.name)
    token.used_at = now
    confirm_by_mailed_link(user, now=now)
    _set_password(user, password, "accounts.reset_password", now=now)
    return user


def change_password(user: User, *, current: str, new: str, actor: User, now: datetime) -> None:
    """Set a new password and end every session (the caller goes on with the present one). Raises RuleBroken."""
    check_current(user, current)
    check_password(new, email=user.email, name=user.name)
    if is_password(new, user.password_hash):
        raise RuleBroken(_("This is the password that you have now."), field="password")
    _set_password(user, new, "accounts.change_password", now=now, actor=actor)


def _set_password(user: User, password: str, action: str, *, now: datetime, actor: User | None = None) -> None:
    user.password_hash = hash_password(password)
    user.session_epoch += 1
    end_tokens(user, TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL)
    record(action, subject=user, actor=actor or user, now=now)
    queue_mail(user.email, "accounts/password_changed", language=user.language, now=now, name=user.name, at=now)


def change_name(user: User, name: str, *, actor: User, now: datetime) -> None:
    if user.name == name.strip():
        return
    before, user.name = user.name, name.strip()
    record("accounts.change_name", subject=user, actor=actor, now=now, personal={"before": before, "after": user.name})


def ask_email_change(user: User, email: str, *, current: str, actor: User, now: datetime) -> None:
    """Mail a link to the new address and tell the old one. Raises RuleBroken.

    Where the new address has an account already, its owner is told instead, and the asking looks the same.
    """
    check_current(user, current)
    address = checked_email(email)
    if address == user.email:
        raise RuleBroken(_("This is the address that you have now."), field="email")
    token = issue_token(user, TokenPurpose.CHANGE_EMAIL, now=now, valid=rules.NEW_EMAIL_VALID, new_email=address)
    record(
        "accounts.ask_email_change",
        subject=user,
        actor=actor,
        now=now,
        personal={"before": user.email, "after": address},
    )
    owner = find_user(address)
    if owner is None:
        queue_mail(
            address, "accounts/confirm_new_email", language=user.language, now=now, name=user.name, token=token,
            ends_at=now + rules.NEW_EMAIL_VALID,
        )  # fmt: skip
    else:
        end_tokens(user, TokenPurpose.CHANGE_EMAIL)
        queue_mail(address, "accounts/address_wanted", language=owner.language, now=now, name=owner.name)
    queue_mail(
        user.email, "accounts/email_change_asked", language=user.language, now=now, name=user.name, new_email=address
    )


def change_email(token: AccountToken, *, now: datetime) -> User:
    """The link came back from the new address: it takes the old one's place, and the old one is told. Raises RuleBroken."""
    user, address = token.user, token.new_email or ""
    if find_user(address) is not None:
        raise RuleBroken(_("Another account has taken the address %(email)s in the meantime.", email=address))
    before = user.email
    try:
        with db.session.begin_nested():
            user.email = address
    except IntegrityError:
        raise RuleBroken(_("Another account has taken the address %(email)s in the meantime.", email=address)) from None
    token.used_at = now
    end_tokens(user)  # links that were mailed to the old address lead nowhere now
    record("accounts.change_email", subject=user, actor=user, now=now, personal={"before": before, "after": address})
    queue_mail(before, "accounts/email_changed", language=user.language, now=now, name=user.name, new_email=address)
    return user


def check_current(user: User, password: str) -> None:
    if not is_password(password, user.password_hash):
        raise RuleBroken(_("This is not your present password."), field="current")
