"""Texts and addresses as programs outside can take them."""

import re
from typing import Any

from flask import current_app, url_for

from app.challenges.models import Challenge

# What XML and iCalendar have no place for; a form lets some of it through.
LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with every line end as a newline, and without what cannot be printed."""
    return UNPRINTABLE.sub("", LINE_END.sub("\n", text))


def line(text: str) -> str:
    """The text on one line, as titles are."""
    return " ".join(printable(text).split())


def whole_address(endpoint: str, **values: Any) -> str:
    """An address as it stands outside of our pages."""
    return f"{current_app.config['BASE_URL']}{url_for(endpoint, **values)}"


def address_of(challenge: Challenge) -> str:
    return whole_address("challenges.show_challenge", slug=challenge.slug)
