"""Calendars and feeds for programs outside, in the language that the address asks for, Korean where it asks for none."""

from collections.abc import Callable
from hashlib import sha256

from flask import Response, abort, request
from flask_babel import force_locale
from flask_babel import gettext as _

from app.challenges import queries
from app.challenges.feeds.calendar import calendar_of
from app.challenges.feeds.syndication import atom_feed, json_feed
from app.challenges.feeds.words import whole_address
from app.challenges.views.blueprint import bp
from app.core.bilingual import Language, as_language
from app.web.access import access, anyone
from app.web.clock import now
from app.web.filters import local

KEPT_FOR = 300  # seconds in which nobody has to ask again


def _asked_language() -> Language:
    return as_language(request.args.get("lang"))


def _answer(body: bytes, media_type: str, *, language: Language) -> Response:
    """The same bytes have the same ETag, so that whoever follows is mostly told that nothing is new."""
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response.headers["Access-Control-Allow-Origin"] = "*"  # public, and the same for everybody
    response.set_etag(sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


@bp.get("/challenges/<slug>/calendar.ics")
@access(anyone)
def show_calendar(slug: str) -> Response:
    """The dates of one call, for import or to be followed."""
    call = queries.get_announced_call(slug) or abort(404)
    language = _asked_language()
    with force_locale(language):
        source = whole_address("challenges.show_calendar", slug=slug, lang=language)
        body = calendar_of([call], name=local(call.challenge.title), source=source)
    return _answer(body, "text/calendar", language=language)


@bp.get("/calendar.ics")
@access(anyone)
def follow_calendar() -> Response:
    """The dates of all calls that are open or announced."""
    language = _asked_language()
    with force_locale(language):
        source = whole_address("challenges.follow_calendar", lang=language)
        body = calendar_of(queries.list_announced_calls(now()), name=_("Madang: calls for startups"), source=source)
    return _answer(body, "text/calendar", language=language)


def _feed(write: Callable[..., bytes], endpoint: str, media_type: str) -> Response:
    language = _asked_language()
    with force_locale(language):
        calls = queries.list_announced_calls(now())
        addresses = {
            "feed_url": whole_address(endpoint, lang=language),
            "home_url": whole_address("challenges.list_challenges"),
        }
        body = write(calls, **addresses)
    return _answer(body, media_type, language=language)


@bp.get("/feed.atom")
@access(anyone)
def follow_atom() -> Response:
    return _feed(atom_feed, "challenges.follow_atom", "application/atom+xml")


@bp.get("/feed.json")
@access(anyone)
def follow_json() -> Response:
    return _feed(json_feed, "challenges.follow_json", "application/feed+json")
