"""The calls that are announced as Atom (RFC 4287) and as JSON Feed 1.1, each call under an id that stays."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask_babel import gettext as _

from app.challenges.feeds.words import address_of, printable
from app.challenges.presentation import sponsors_of
from app.challenges.queries import Announced
from app.web.filters import current_language, local, markdown, utc_iso, when

ATOM = "http://www.w3.org/2005/Atom"


def _changed(calls: Sequence[Announced]) -> datetime:
    return max((call.changed_at for call in calls), default=datetime(1970, 1, 1, tzinfo=UTC))


def _title() -> str:
    return _("Madang: calls for startups")


def _html(call: Announced) -> str:
    """The call in short: its summary, the close, and what it is about."""
    challenge = call.challenge
    close = _(
        "Applications close on %(when)s, by the server's clock.", when=when(challenge.closes_at, challenge.timezone)
    )
    parts = (markdown(local(challenge.summary)), markdown(close), markdown(local(challenge.description)))
    return printable("".join(parts))


def _names(call: Announced) -> list[str]:
    return [printable(local(call.challenge.host.name))]


def _tags(call: Announced) -> list[str]:
    challenge = call.challenge
    names = [local(theme.title) for theme in challenge.themes] + [local(s.name) for s in sponsors_of(challenge)]
    return [printable(name) for name in names if name]


def atom_feed(calls: Sequence[Announced], *, feed_url: str, home_url: str) -> bytes:
    """The feed as XML in the language at hand."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": current_language()})
    _text(feed, "id", feed_url)
    _text(feed, "title", _title())
    _text(feed, "updated", utc_iso(_changed(calls)))
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=feed_url)
    SubElement(feed, "link", rel="alternate", type="text/html", href=home_url)
    _text(SubElement(feed, "author"), "name", _("Madang"))
    for call in calls:
        entry = SubElement(feed, "entry")
        _text(entry, "id", call.challenge.id.urn)
        _text(entry, "title", local(call.challenge.title))
        _text(entry, "updated", utc_iso(call.changed_at))
        _text(entry, "published", utc_iso(call.challenge.published_at or call.changed_at))
        SubElement(entry, "link", rel="alternate", type="text/html", href=address_of(call.challenge))
        for name in _names(call):
            _text(SubElement(entry, "author"), "name", name)
        for tag in _tags(call):
            SubElement(entry, "category", term=tag)
        _text(entry, "summary", local(call.challenge.summary))
        _text(entry, "content", _html(call), type="html")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = printable(text)


def json_feed(calls: Sequence[Announced], *, feed_url: str, home_url: str) -> bytes:
    """The feed as JSON in the language at hand; `_madang` adds the moments of opening and close."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": home_url,
        "feed_url": feed_url,
        "language": current_language(),
        "items": [_item(call) for call in calls],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(call: Announced) -> dict[str, Any]:
    challenge = call.challenge
    return {
        "id": challenge.id.urn,
        "url": address_of(challenge),
        "title": printable(local(challenge.title)),
        "summary": printable(local(challenge.summary)),
        "content_html": _html(call),
        "date_published": utc_iso(challenge.published_at or call.changed_at),
        "date_modified": utc_iso(call.changed_at),
        "authors": [{"name": name} for name in _names(call)],
        "tags": _tags(call),
        "language": current_language(),
        "_madang": {
            "opens_at": utc_iso(challenge.opens_at),
            "closes_at": utc_iso(challenge.closes_at),
        },
    }
