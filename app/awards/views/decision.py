"""The desk on which the committee decides."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.awards import labels, outcome_rules, queries, rules, services
from app.awards.departures import find_departures
from app.awards.forms import DecisionForm, ReasonForm, decision_form
from app.awards.queries import Board
from app.awards.services.write_decisions import DecisionsRefused
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.awards.views import bp
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import local

Answer = Response | tuple[str, int] | str


def managed_challenge(challenge_id: UUID) -> Challenge:
    return queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)


def to_desk(challenge: Challenge) -> Response:
    return redirect(url_for("awards.decide", challenge_id=challenge.id), code=303)  # type: ignore[return-value] # Flask's own response


@bp.route("/manage/<uuid:challenge_id>/decision", methods=["GET", "POST"])
@access(signed_in)
def decide(challenge_id: UUID) -> Answer:
    challenge = managed_challenge(challenge_id)
    if request.method == "POST":
        return propose(challenge) if request.form.get("do") == "propose" else save(challenge)
    board = queries.get_board(challenge)
    form = decision_form(board.standing)
    form.fill(board.decisions, board.version)
    return render_desk(challenge, board, form)


def propose(challenge: Challenge) -> Answer:
    """Save what the ranking decides by itself, as the draft to start from."""
    version = request.form.get("version", -1, type=int)  # without one, the page was never loaded
    try:
        board = queries.get_board(challenge)
        fresh = dict.fromkeys(board.standing.by_application) | services.propose_decisions(challenge)
        services.set_decisions(challenge, fresh, version=version, actor=signed_in_user(), now=now())
    except StaleEdit:
        db.session.rollback()
        flash(
            _("Somebody saved decisions since you loaded this page. Look at them first; nothing was replaced."),
            "warning",
        )
        return to_desk(challenge)
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return to_desk(challenge)
    db.session.commit()
    flash(_("The draft follows the ranking now. Check it before you confirm."), "success")
    return to_desk(challenge)


def save(challenge: Challenge, *, confirming: bool = False) -> Answer:
    """Keep the draft as it was sent, and confirm it where that is what was pressed; what is refused is shown again."""
    board = queries.get_board(challenge)
    form = decision_form(board.standing)
    if not form.validate_on_submit():
        return render_desk(challenge, board, form), 422
    wanted = form.read(board.standing)
    try:
        services.set_decisions(challenge, wanted, version=form.read_version(), actor=signed_in_user(), now=now())
        if confirming:
            services.confirm_decision(challenge, actor=signed_in_user(), now=now())
    except StaleEdit:
        db.session.rollback()
        return render_conflict(challenge, form, wanted)
    except DecisionsRefused as refusal:
        db.session.rollback()
        show_faults(form, refusal)
        return render_desk(challenge, queries.get_board(challenge), form), 422
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return render_desk(challenge, queries.get_board(challenge), form), 422
    db.session.commit()
    flash(
        _("The decision is confirmed. Nobody has been told yet.") if confirming else _("The draft is saved."), "success"
    )
    return to_desk(challenge)


def show_faults(form: DecisionForm, refusal: DecisionsRefused) -> None:
    for application_id, sentence in refusal.faults.items():
        form.add_error(f"outcome-{application_id}", sentence)


def render_conflict(challenge: Challenge, form: DecisionForm, wanted: Mapping[UUID, DecisionInput | None]) -> Answer:
    """A stale tab: both versions of what differs, and what was typed in the form still, to be saved knowingly."""
    board = queries.get_board(challenge)
    form.version.data = str(board.version)
    return render_desk(challenge, board, form, conflict=conflict_of(board, wanted)), 409


def conflict_of(board: Board, wanted: Mapping[UUID, DecisionInput | None]) -> dict[str, dict[str, str]]:
    """Both versions in words, by entry."""
    names = {
        i: f"{local(entry.startup)} ({entry.number})" for i, (_theme, entry) in board.standing.by_application.items()
    }
    return {
        "mine": {name: labels.decision_words(board.standing, wanted.get(i)) for i, name in names.items()},
        "theirs": {name: labels.decision_words(board.standing, board.decisions.get(i)) for i, name in names.items()},
    }


def render_desk(
    challenge: Challenge,
    board: Board,
    form: DecisionForm,
    *,
    conflict: dict[str, dict[str, str]] | None = None,
    reopening: ReasonForm | None = None,
) -> str:
    actor = signed_in_user()
    return render_template(
        "awards/decide.html",
        challenge=challenge,
        accent_organization=challenge.host,
        board=board,
        form=form,
        conflict=conflict,
        reopening=reopening or ReasonForm(formdata=None),
        why_not_decide=rules.why_not_decide(challenge, actor),
        **desk_facts(challenge, board, actor),
    )


def desk_facts(challenge: Challenge, board: Board, actor: User) -> dict[str, object]:
    """What the rows and the notes beside them say."""
    departures = find_departures(board.standing, board.decisions)
    given = [decision.prize_id for decision in board.decisions.values()]
    return {
        "departures": departures,
        "hindrances": rules.find_hindrances(board.standing, board.decisions),
        "why_not_confirm": rules.why_not_confirm(challenge, board.standing, board.decisions, actor),
        "why_not_reopen": rules.why_not_reopen_judging(challenge, actor),
        "blocked": blocked_outcomes(board),
        "prizes_given": {prize.prize_id: given.count(prize.prize_id) for prize in board.standing.prizes},
    }


def blocked_outcomes(board: Board, *, counting: bool = True) -> dict[UUID, dict[str, str]]:
    """Application id -> outcome -> why the rule forbids it, where `counting` as things are saved now."""
    found: dict[UUID, dict[str, str]] = {}
    for theme in board.standing.themes:
        selected = {
            entry.application_id
            for entry in theme.entries
            if (decision := board.decisions.get(entry.application_id)) and decision.outcome is Outcome.SELECTED
        }
        for entry in theme.entries:
            reasons = {
                outcome.value: reason
                for outcome in Outcome
                if (reason := outcome_rules.why_not_outcome(board.standing, theme, entry, outcome))
            }
            full = outcome_rules.why_not_one_more(theme, len(selected))
            if counting and full and entry.application_id not in selected:
                reasons.setdefault("selected", full)
            found[entry.application_id] = reasons
    return found


@bp.route("/manage/<uuid:challenge_id>/decision/confirm", methods=["POST"])
@access(signed_in)
def confirm_decision(challenge_id: UUID) -> Answer:
    """Save what the page holds, then confirm it: nothing that stands on the page is lost on the way."""
    challenge = managed_challenge(challenge_id)
    if "version" in request.form:
        return save(challenge, confirming=True)
    try:
        services.confirm_decision(challenge, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return to_desk(challenge)
    db.session.commit()
    flash(_("The decision is confirmed. Nobody has been told yet."), "success")
    return to_desk(challenge)


@bp.route("/manage/<uuid:challenge_id>/decision/reopen", methods=["POST"])
@access(signed_in)
def reopen_judging(challenge_id: UUID) -> Answer:
    challenge = managed_challenge(challenge_id)
    form = ReasonForm()
    try:
        services.reopen_judging(challenge, form.reason.data or "", actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        if refusal.field is None:
            flash(refusal.sentence, "error")
            return to_desk(challenge)
        form.add_error(refusal.field, refusal.sentence)
        board = queries.get_board(challenge)
        shown = decision_form(board.standing)
        shown.fill(board.decisions, board.version)
        return render_desk(challenge, board, shown, reopening=form), 422
    db.session.commit()
    flash(_("The judging is open again; the decisions are a draft."), "success")
    return to_desk(challenge)
