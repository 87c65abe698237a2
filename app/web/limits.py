"""How often one account or one address may try."""

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def posted_email() -> str:
    """The account that a form names, however it is written, so that many addresses cannot try one account."""
    return "email:" + request.form.get("email", "").strip().casefold()
