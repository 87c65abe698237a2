"""Telling whether somebody is who they say."""

from datetime import datetime

from app.accounts import rules
from app.accounts.models import User
from app.accounts.passwords import hash_password, is_outdated, is_password
from app.accounts.services.sign_people_up import find_user
from app.core.audit.trail import record
from app.core.bilingual import as_language


def sign_in(email: str, password: str, *, now: datetime, with_samples: bool = False) -> User | None:
    """The person with this address and password; None where there is none, or the address is not confirmed.

    Nor the people of the samples, unless `with_samples`: their password is known to everybody. All refusals are one, and take
    equally long.
    """
    address = rules.normal_email(email)
    user = find_user(address) if address else None
    right = is_password(password, user.password_hash if user is not None else None)
    if user is None or not right or user.confirmed_at is None or (user.is_demo and not with_samples):
        return None
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    record("accounts.sign_in", subject=user, actor=user, now=now)
    return user


def set_language(user: User, language: str, *, actor: User, now: datetime) -> None:
    """The language of the person's pages and mails."""
    chosen = as_language(language)
    if user.language == chosen:
        return
    before, user.language = user.language, chosen
    record("accounts.set_language", subject=user, actor=actor, now=now, details={"before": before, "after": chosen})
