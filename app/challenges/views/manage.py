"""The organizer's pages: the list, a new challenge, the overview, the trail."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from app.accounts.rules import host_member
from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.checklist import missing_for_publication
from app.challenges.forms import CreateForm
from app.challenges.inputs import InputRefused
from app.challenges.next_step import next_step_of, next_step_seen
from app.challenges.queries import TrailFilters
from app.challenges.states import ChallengeState
from app.challenges.trail_words import detail_words
from app.challenges.views.blueprint import bp
from app.core.audit.words import action_words
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.queries import list_failed_jobs
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.pagination import Page, asked_page

TRAIL_PER_PAGE = 50
TRAIL_EXCERPT = 6


@bp.get("/manage")
@access(signed_in)
def list_managed() -> str:
    """The workspace: the challenges of one's hosts, and those where one has a role of one's own."""
    user = signed_in_user()
    if not host_member(user) and not queries.manages_somewhere(user):
        abort(404)
    asked = request.args.get("state", "")
    state = ChallengeState(asked) if asked in [s.value for s in ChallengeState] else None
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "challenges/list_managed.html",
        challenges=queries.list_managed_for(user, state=state, text=text),
        states=list(ChallengeState),
        state=state,
        text=text,
        may_create=host_member(user),
        next_step_of=next_step_of,
    )


@bp.route("/manage/new", methods=["GET", "POST"])
@access(signed_in)
def create_challenge() -> Response | str:
    user = signed_in_user()
    hosts = queries.list_hosts_of(user)
    if not hosts:
        abort(404)
    form = CreateForm(hosts)
    if request.method == "GET":
        return render_template("challenges/create_challenge.html", form=form)
    if form.validate():
        host = next(h for h in hosts if str(h.id) == form.host_id.data)
        try:
            challenge = services.create_challenge(host, form.given(), actor=user, now=now())
        except InputRefused as refused:
            form.add_problems(refused.problems)
        except RuleBroken as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            db.session.commit()
            return redirect(url_for(".edit_challenge", challenge_id=challenge.id, section="basics"), code=303)
        db.session.rollback()
    return make_response(render_template("challenges/create_challenge.html", form=form), 422)


@bp.get("/manage/<uuid:challenge_id>")
@access(signed_in)
def show_managed(challenge_id: UUID) -> str:
    """Where the challenge stands, what is next and by when."""
    user, moment = signed_in_user(), now()
    challenge = queries.get_whole_challenge_for(user, challenge_id) or abort(404)
    drafting = challenge.state in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW)
    missing = missing_for_publication(challenge, moment) if drafting else []
    content = [m for m in missing if m.section is not None]
    return render_template(
        "challenges/show_managed.html",
        challenge=challenge,
        drafting=drafting,
        missing=missing,
        step=next_step_seen(challenge, moment, lacking=bool(content)),
        reviews=rules.current_reviews(challenge),
        may_change=rules.is_organizer_of(user, challenge),
        why_not_send=rules.why_not_send_to_sponsors(challenge, user)
        or (rules.why_not_publish(challenge, user, content) if content else None),
        why_not_publish=rules.why_not_publish(challenge, user, missing),
        why_not_cancel=rules.why_not_cancel(challenge, user),
        why_not_archive=rules.why_not_archive(challenge, user),
        short_notice=rules.short_notice(challenge, moment) if drafting else None,
        past_close=rules.is_past_close(challenge, moment),
        failed_mails=len(list_failed_jobs(challenge.id)),
        trail=queries.list_trail(challenge.id, TrailFilters(), now=moment, limit=TRAIL_EXCERPT),
        action_words=action_words,
        detail_words=detail_words,
    )


def _asked_day(name: str, zone: ZoneInfo, *, after: bool = False) -> datetime | None:
    try:
        day = datetime.strptime(request.args.get(name, ""), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    # The first and the last day of all have no moment in other zones.
    return datetime.combine(day + timedelta(days=1 if after else 0), time(), zone) if 1900 < day.year < 9999 else None


@bp.get("/manage/<uuid:challenge_id>/trail")
@access(signed_in)
def show_trail(challenge_id: UUID) -> str:
    """Who did what and when, filtered by the address."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    zone, moment = ZoneInfo(challenge.timezone), now()
    actions, people = queries.list_trail_choices(challenge.id, now=moment)
    actor = request.args.get("actor", "")
    filters = TrailFilters(
        action=request.args.get("action", "") if request.args.get("action", "") in actions else "",
        actor_id=next((i for i, _name in people if str(i) == actor), None),
        since=_asked_day("since", zone),
        until=_asked_day("until", zone, after=True),
    )
    page = Page(asked_page(), queries.count_trail(challenge.id, filters, now=moment), TRAIL_PER_PAGE)
    return render_template(
        "challenges/show_trail.html",
        challenge=challenge,
        filters=filters,
        since=request.args.get("since", "") if filters.since else "",
        until=request.args.get("until", "") if filters.until else "",
        actions=actions,
        people=people,
        page=page,
        entries=queries.list_trail(challenge.id, filters, now=moment, limit=page.per_page, offset=page.offset),
        action_words=action_words,
        detail_words=detail_words,
    )
