"""What visitors see: the list of calls, and the page of one."""

from uuid import UUID

from flask import abort, current_app, render_template, request, url_for

from app.accounts.session import user_or_none
from app.challenges import presentation, queries
from app.challenges.feeds.words import whole_address
from app.challenges.models import Challenge
from app.challenges.queries import PHASES, CallFilters
from app.challenges.queries.inquiries import list_answered
from app.challenges.views.blueprint import bp
from app.web.access import access, anyone
from app.web.clock import now
from app.web.filters import current_language
from app.web.pagination import Page, asked_page

PAST_PER_PAGE = 20
MOST_RUNNING = 100


def _asked_uuid(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def asked_filters() -> CallFilters:
    """The filters in the address; what makes no sense there does not narrow."""
    return CallFilters(
        text=request.args.get("q", "").strip()[:100],
        theme=request.args.get("theme", "").strip()[:100],
        host_id=_asked_uuid("host"),
        sponsor_id=_asked_uuid("sponsor"),
    )


@bp.get("/")
@access(anyone)
def list_challenges() -> str:
    """Open, coming and past calls; a state in the address shows only these."""
    filters, moment = asked_filters(), now()
    state = request.args.get("state", "")
    shown = (state,) if state in PHASES else PHASES
    counts = queries.count_calls(filters, moment)
    page = Page(asked_page(), counts["past"], PAST_PER_PAGE)
    running = [phase for phase in shown if phase != "past"]
    calls = queries.list_calls(filters, running, moment, limit=MOST_RUNNING) if running else []
    past = (
        queries.list_calls(filters, ["past"], moment, limit=PAST_PER_PAGE, offset=page.offset)
        if "past" in shown
        else []
    )
    hosts, sponsors = queries.list_filter_organizations()
    return render_template(
        "challenges/list_challenges.html",
        filters=filters,
        state=state if state in PHASES else "",
        counts=counts,
        opened=[c for c in calls if c.opens_at <= moment],
        coming=[c for c in calls if c.opens_at > moment],
        past=past,
        page=page,
        hosts=hosts,
        sponsors=sponsors,
        followed=followed("challenges.follow_calendar"),
    )


def followed(endpoint: str, **values: str) -> str:
    """The address of a calendar as programs ask for it that follow one: webcal instead of http."""
    return "webcal:" + whole_address(endpoint, lang=current_language(), **values).partition(":")[2]


@bp.get("/challenges/<slug>")
@access(anyone)
def show_challenge(slug: str) -> str:
    challenge = queries.get_public_challenge(slug) or abort(404)
    return render_call(challenge)


def render_call(challenge: Challenge, *, preview: bool = False) -> str:
    """The page of a call, which is also what its organizer previews and its sponsor reviews."""
    url = current_app.config["BASE_URL"] + url_for("challenges.show_challenge", slug=challenge.slug)
    asked_for = request.args.get("asked", "").strip()[:100]
    return render_template(
        "challenges/show_challenge.html",
        challenge=challenge,
        accent_organization=challenge.host,
        preview=preview,
        canonical_url=url,
        structured=presentation.structured_data(challenge, url),
        versions=[] if preview else queries.list_rules_versions(challenge),
        visitor=user_or_none() is None,
        answered=[] if preview else list_answered(challenge.id, text=asked_for),
        asked_for=asked_for,
        followed=followed("challenges.show_calendar", slug=challenge.slug),
    )
