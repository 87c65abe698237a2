"""The secretary's page of a pitch day, its steps, the big screen, and the stream that keeps both up to date."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.challenges.models import Challenge, Round
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging.pitch import queries, rules, services
from app.judging.pitch.events import events
from app.judging.pitch.forms import PitchDayForm
from app.judging.views import bp
from app.judging.views.managed import asked_round, challenge_or_404, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now

USUAL_MINUTES = {"talk_minutes": 10, "question_minutes": 10, "change_minutes": 5}


@bp.get("/manage/<uuid:challenge_id>/pitch")
@access(signed_in)
def show_pitch_day(challenge_id: UUID) -> str:
    challenge = challenge_or_404(challenge_id)
    return _page(challenge, asked_round(challenge))


@bp.post("/manage/<uuid:challenge_id>/pitch")
@access(signed_in)
def plan_pitch_day(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    round_, form = asked_round(challenge), PitchDayForm()
    if not form.validate():
        return _page(challenge, round_, form), 422
    starts_at: datetime = form.starts_at.data.replace(tzinfo=ZoneInfo(challenge.timezone))  # type: ignore[union-attr] # required
    minutes = {
        "talk": form.talk_minutes.data, "question": form.question_minutes.data, "change": form.change_minutes.data,
    }  # fmt: skip
    try:
        services.plan_pitch_day(round_, starts_at=starts_at, minutes=minutes, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        challenge = organized_or_404(challenge_id)
        return _page(challenge, asked_round(challenge), form), 422
    db.session.commit()
    flash(_("The pitch day is planned. Score sheets open as each team begins."), "success")
    return redirect(_address(challenge_id), code=303)


def _address(challenge_id: UUID) -> str:
    return url_for("judging.show_pitch_day", challenge_id=challenge_id, round=request.args.get("round"))


def _take(challenge_id: UUID, act: Callable[[Round, User, datetime], object], said: str = "") -> Any:
    """One step of the day, then its page again; a step that cannot be taken says why there."""
    round_ = asked_round(organized_or_404(challenge_id))
    try:
        act(round_, signed_in_user(), now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        if said:
            flash(said, "success")
    return redirect(_address(challenge_id), code=303)


def _posted_slot() -> UUID:
    try:
        return UUID(request.form.get("slot", ""))
    except ValueError:
        abort(404)


@bp.post("/manage/<uuid:challenge_id>/pitch/order")
@access(signed_in)
def order_pitches(challenge_id: UUID) -> Any:
    by_lot = request.form.get("how") == "lot"
    return _take(
        challenge_id, lambda round_, actor, at: services.order_pitches(round_, by_lot=by_lot, actor=actor, now=at)
    )


@bp.post("/manage/<uuid:challenge_id>/pitch/move")
@access(signed_in)
def move_pitch(challenge_id: UUID) -> Any:
    slot, earlier = _posted_slot(), request.form.get("to") == "earlier"
    return _take(
        challenge_id,
        lambda round_, actor, at: services.move_pitch(round_, slot, earlier=earlier, actor=actor, now=at),
    )


@bp.post("/manage/<uuid:challenge_id>/pitch/begin")
@access(signed_in)
def begin_pitch(challenge_id: UUID) -> Any:
    slot = _posted_slot()
    return _take(challenge_id, lambda round_, actor, at: services.begin_pitch(round_, slot, actor=actor, now=at))


@bp.post("/manage/<uuid:challenge_id>/pitch/questions")
@access(signed_in)
def take_questions(challenge_id: UUID) -> Any:
    slot = _posted_slot()
    return _take(challenge_id, lambda round_, actor, at: services.take_questions(round_, slot, actor=actor, now=at))


@bp.post("/manage/<uuid:challenge_id>/pitch/end")
@access(signed_in)
def end_pitch(challenge_id: UUID) -> Any:
    slot = _posted_slot()
    return _take(challenge_id, lambda round_, actor, at: services.end_pitch(round_, slot, actor=actor, now=at))


@bp.post("/manage/<uuid:challenge_id>/pitch/back")
@access(signed_in)
def take_back_pitch(challenge_id: UUID) -> Any:
    slot = _posted_slot()
    return _take(challenge_id, lambda round_, actor, at: services.take_back_pitch(round_, slot, actor=actor, now=at))


@bp.post("/manage/<uuid:challenge_id>/pitch/drop")
@access(signed_in)
def drop_pitch_day(challenge_id: UUID) -> Any:
    return _take(
        challenge_id,
        lambda round_, actor, at: services.drop_pitch_day(round_, actor=actor, now=at),
        _("There is no pitch day any more. All sheets of the round are open."),
    )


@bp.post("/manage/<uuid:challenge_id>/pitch/chase")
@access(signed_in)
def chase_late_sheets(challenge_id: UUID) -> Any:
    def act(round_: Round, actor: User, at: datetime) -> None:
        count = services.chase_late_sheets(round_, actor=actor, now=at)
        told = ngettext("%(num)d judge is reminded by mail.", "%(num)d judges are reminded by mail.", count)
        flash(told if count else _("No sheet is late."), "success" if count else "plain")

    return _take(challenge_id, act)


@bp.get("/manage/<uuid:challenge_id>/pitch/screen")
@access(signed_in)
def show_pitch_screen(challenge_id: UUID) -> str:
    """For the big screen: the team, the time left, and who is next; nothing about scores."""
    challenge = challenge_or_404(challenge_id)
    round_ = asked_round(challenge)
    pitches = queries.get_pitches(round_) or abort(404)
    return render_template("judging/pitch/screen.html", challenge=challenge, round=round_, pitches=pitches)


@bp.get("/manage/<uuid:challenge_id>/pitch/events")
@access(signed_in)
def follow_pitch_day(challenge_id: UUID) -> Response:
    challenge = challenge_or_404(challenge_id)
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask's documented way
    stream = events(app, asked_round(challenge).id, seconds=app.config["STREAM_SECONDS"])
    return Response(
        stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


def _page(challenge: Challenge, round_: Round, form: PitchDayForm | None = None) -> str:
    pitches = queries.get_pitches(round_)
    if form is None:
        day = pitches.day if pitches else None
        starts = (day.starts_at if day else round_.starts_at).astimezone(ZoneInfo(challenge.timezone))
        minutes = {name: getattr(day, name) if day else usual for name, usual in USUAL_MINUTES.items()}
        form = PitchDayForm(formdata=None, data={"starts_at": starts.replace(tzinfo=None), **minutes})
    return render_template(
        "judging/pitch/show_pitch_day.html",
        challenge=challenge,
        round=round_,
        form=form,
        pitches=pitches,
        why_not=rules.why_not_run(round_, signed_in_user()),
    )
