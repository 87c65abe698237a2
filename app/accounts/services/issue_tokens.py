"""Links sent by mail: usable once, for a while; only their hash is kept, and a new one ends those before it."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts.models import AccountToken, TokenPurpose, User
from app.core.database import db


def token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(
    user: User,
    purpose: TokenPurpose,
    *,
    now: datetime,
    valid: timedelta,
    new_email: str | None = None,
    browser_sha256: str | None = None,
) -> str:
    """A fresh link's token; earlier ones of the same purpose die."""
    end_tokens(user, purpose)
    token = secrets.token_urlsafe(32)
    db.session.add(
        AccountToken(
            user=user,
            purpose=purpose,
            token_sha256=token_sha256(token),
            new_email=new_email,
            browser_sha256=browser_sha256,
            expires_at=now + valid,
        )
    )
    return token


def find_token(token: str, purpose: TokenPurpose, *, now: datetime, lock: bool = False) -> AccountToken | None:
    """The token where it still works. With `lock`, a double click waits here and then finds it used."""
    query = sa.select(AccountToken).where(
        AccountToken.token_sha256 == token_sha256(token),
        AccountToken.purpose == purpose,
        AccountToken.used_at.is_(None),
        AccountToken.expires_at > now,
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def end_tokens(user: User, *purposes: TokenPurpose) -> None:
    """End the links that are out, of these purposes or of all."""
    db.session.flush()
    db.session.execute(
        sa.delete(AccountToken).where(
            AccountToken.user_id == user.id,
            AccountToken.used_at.is_(None),
            AccountToken.purpose.in_(purposes or tuple(TokenPurpose)),
        )
    )
