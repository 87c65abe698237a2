"""Who is signed in, and how a session begins, goes on and ends."""

import hashlib
import secrets
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.accounts.models import User
from app.core.database import db

if TYPE_CHECKING:
    from flask import Flask


def signed_in_user() -> User:
    """The person behind this request; only for views that let nobody else in."""
    return cast("User", current_user._get_current_object())  # noqa: SLF001 - Flask-Login's documented way


def user_or_none() -> User | None:
    """The person behind this request, or None for a visitor."""
    return signed_in_user() if current_user.is_authenticated else None


def begin_session(user: User) -> None:
    """A session of its own for the person: nothing of the visitor's is carried over, whoever may have planted it."""
    session.clear()
    login_user(user)


def go_on(user: User) -> None:
    """Keep the present session when all others have ended."""
    login_user(user)


def end_session() -> None:
    """Sign out; the pages stay in the language that the person read them in."""
    language = user.language if (user := user_or_none()) else None
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def browser_sha256(*, begin: bool = False) -> str | None:
    """The hash of a secret that this browser keeps from its sign-up to the confirmation, or None where it has none."""
    if begin and "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
    return hashlib.sha256(session["browser"].encode()).hexdigest() if "browser" in session else None


def init_sign_in(app: "Flask") -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the epoch in the id ends sessions; an address that changes (a train) does not

    @manager.user_loader
    def _load(session_id: str) -> User | None:
        user_id, _, epoch = session_id.partition(":")
        try:
            user = db.session.get(User, UUID(user_id))
        except ValueError:
            return None
        if user is None or str(user.session_epoch) != epoch:
            return None
        return None if user.is_demo and not app.config["DEVELOPMENT"] else user
