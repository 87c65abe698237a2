"""How an invitation's link is recognized."""

import hashlib


def token_sha256(token: str) -> str:
    """Under which an invitation's token is kept; the token itself only stands in the mail."""
    return hashlib.sha256(token.encode()).hexdigest()
