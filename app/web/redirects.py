"""Where a form asks to be sent afterwards: only pages of our own."""

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def safe_path(text: str | None) -> str | None:
    r"""`text` where it is a local path that can be opened by GET, else None.

    Browsers read `//host`, `/\\host` and paths with control characters as other sites.
    """
    if not text or len(text) > 1000 or not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(ord(c) < 32 or ord(c) == 127 for c in text):
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme or parts.netloc:
            return None
        current_app.url_map.bind("").match(parts.path, method="GET")
    except RequestRedirect:
        return text
    except (HTTPException, ValueError):
        return None
    return text
