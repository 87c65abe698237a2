"""Making accounts, and confirming the address that they stand under."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import rules
from app.accounts.models import AccountToken, TokenPurpose, User
from app.accounts.passwords import hash_password, is_password
from app.accounts.services.issue_tokens import end_tokens, issue_token
from app.core.audit.trail import record
from app.core.bilingual import as_language
from app.core.database import db, new_id
from app.core.errors import RuleBroken
from app.core.jobs.queue import enqueue
from app.mail.services import queue_mail


def create_user(
    *, email: str, name: str, password: str, language: str, now: datetime, confirmed: bool = True, is_demo: bool = False
) -> User:
    """An account, made where the address is known to be the person's (or is confirmed later). Raises RuleBroken."""
    address = checked_email(email)
    check_password(password, email=address, name=name)
    if find_user(address) is not None:
        raise RuleBroken(_("There is an account with the address %(email)s already.", email=address), field="email")
    user = User(
        email=address,
        name=name.strip(),
        password_hash=hash_password(password),
        language=as_language(language),
        confirmed_at=now if confirmed else None,
        created_at=now,
        is_demo=is_demo,
    )
    db.session.add(user)
    record(
        "accounts.create_user", subject=user, actor=user, now=now,
        details={"confirmed": confirmed, "is_demo": is_demo}, personal={"email": address, "name": user.name},
    )  # fmt: skip
    return user


def sign_up(
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    now: datetime,
    browser_sha256: str | None = None,
    next_path: str = "",
) -> None:
    """Begin an account and mail its link, or mail the person who has one under this address already.

    The caller learns nothing about which of the two it was, and both take about as long. `browser_sha256` is of a
    secret of the browser at hand: whoever confirms from elsewhere is asked for the password, so that nobody confirms a stranger's
    sign-up under one's own address. Raises RuleBroken.
    """
    address = checked_email(email)
    check_password(password, email=address, name=name)
    password_hash = hash_password(password)
    user = find_user(address)
    if user is None:
        user = User(email=address, name=name.strip(), password_hash=password_hash, language=language, created_at=now)
        try:
            with db.session.begin_nested():
                db.session.add(user)
        except IntegrityError:  # the same form, sent twice at once
            user = db.session.scalars(sa.select(User).where(User.email == address)).one()
    if user.confirmed_at is not None:
        record("accounts.sign_up_again", subject=user, actor=None, now=now)
        queue_mail(address, "accounts/address_known", language=user.language, now=now, name=user.name)
        return
    # Whoever is first could sit on a stranger's address; until it is confirmed, the latest sign-up counts.
    user.name, user.password_hash, user.language = name.strip(), password_hash, as_language(language)
    record("accounts.sign_up", subject=user, actor=user, now=now, personal={"email": address, "name": user.name})
    _mail_confirmation(user, now=now, browser_sha256=browser_sha256, next_path=next_path)


def ask_confirmation_again(email: str, *, now: datetime) -> None:
    """Note that the link is wanted again. A job looks whose address it is, so that every asking takes as long."""
    enqueue("accounts.mail_confirmation", {"email": email.strip()[:320]}, key=f"accounts.confirm:{new_id()}", now=now)


def resend_confirmation(email: str, *, now: datetime) -> None:
    """Mail a new link where an account waits to be confirmed; silent where none does. The old link dies."""
    user = find_user(rules.normal_email(email) or "")
    if user is not None and user.confirmed_at is None:
        # The browser of the sign-up stays the one that is trusted, whoever asks for the link again.
        browser = db.session.scalar(
            sa.select(AccountToken.browser_sha256).where(
                AccountToken.user_id == user.id, AccountToken.purpose == TokenPurpose.CONFIRM_EMAIL
            )
        )
        record("accounts.resend_confirmation", subject=user, actor=user, now=now)
        _mail_confirmation(user, now=now, browser_sha256=browser)


def confirm_email(token: AccountToken, *, now: datetime, browser_sha256: str | None, password: str = "") -> User:
    """The address is the person's. Raises RuleBroken where neither the browser nor the password is that of the sign-up."""
    user = token.user
    same_browser = browser_sha256 is not None and browser_sha256 == token.browser_sha256
    if not same_browser and not is_password(password, user.password_hash):
        raise RuleBroken(_("This is not the password that was chosen at the sign-up."), field="password")
    token.used_at = now
    user.confirmed_at = user.confirmed_at or now
    end_tokens(user, TokenPurpose.CONFIRM_EMAIL)
    record("accounts.confirm_email", subject=user, actor=user, now=now)
    return user


def confirm_by_mailed_link(user: User, *, now: datetime) -> None:
    """A link that was mailed to the person came back: the address is theirs."""
    if user.confirmed_at is None:
        user.confirmed_at = now
        end_tokens(user, TokenPurpose.CONFIRM_EMAIL)
        record("accounts.confirm_email", subject=user, actor=user, now=now)


def account_by_mailed_link(*, email: str, name: str, password: str, language: str, now: datetime) -> User:
    """Make the account of somebody who came by a link that was mailed to `email`, confirmed at once. Raises RuleBroken.

    A sign-up that nobody confirmed may be a stranger's: it is begun anew with this name and password.
    """
    user = find_user(checked_email(email))
    if user is None:
        return create_user(email=email, name=name, password=password, language=language, now=now)
    if user.confirmed_at is not None:
        raise RuleBroken(_("There is an account with this address. Sign in to accept the invitation."))
    check_password(password, email=user.email, name=name)
    user.name, user.password_hash, user.language = name.strip(), hash_password(password), as_language(language)
    user.session_epoch += 1
    confirm_by_mailed_link(user, now=now)
    return user


def find_user(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email))


def checked_email(email: str) -> str:
    """The address as it is kept. Raises RuleBroken."""
    address = rules.normal_email(email)
    if address is None:
        raise RuleBroken(_("Enter an e-mail address, such as hana@example.org."), field="email")
    return address


def check_password(password: str, *, email: str, name: str) -> None:
    if reason := rules.why_not_password(password, email=email, name=name):
        raise RuleBroken(reason, field="password")


def _mail_confirmation(user: User, *, now: datetime, browser_sha256: str | None = None, next_path: str = "") -> None:
    token = issue_token(
        user,
        TokenPurpose.CONFIRM_EMAIL,
        now=now,
        valid=rules.CONFIRMATION_VALID,
        browser_sha256=browser_sha256,
    )
    queue_mail(
        user.email, "accounts/confirm_email", language=user.language, now=now, name=user.name, token=token,
        next_path=next_path, ends_at=now + rules.CONFIRMATION_VALID,
    )  # fmt: skip
