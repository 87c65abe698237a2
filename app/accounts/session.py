"""Who is signed in."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask_login import LoginManager, current_user

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
        return user if user is not None and str(user.session_epoch) == epoch else None
