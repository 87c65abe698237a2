"""Results: before publication, as published, and one applicant's own."""

import json
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.awards import previews, queries, rules, services
from app.awards.appeals.queries import get_appeal_of, why_results_wait
from app.awards.departures import find_departures
from app.awards.forms import DecisionForm, PublishForm, decision_form
from app.awards.published import PublishedResults
from app.awards.queries import Board
from app.awards.services.tell_applicants import result_dates
from app.awards.services.write_decisions import DecisionsRefused
from app.awards.views import bp
from app.awards.views.decision import Answer, blocked_outcomes, conflict_of, managed_challenge, show_faults
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging.queries import comments_for_applicant
from app.web.access import access, anyone, signed_in
from app.web.clock import now


def asked_number() -> int | None:
    """The result set that the address asks for; None asks for the latest, and nonsense for none at all."""
    text = request.args.get("number")
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def asked_application() -> UUID | None:
    try:
        return UUID(request.args.get("application", ""))
    except ValueError:
        return None


def to_results(challenge: Challenge) -> Response:
    return redirect(url_for("awards.preview_results", challenge_id=challenge.id), code=303)  # type: ignore[return-value] # Flask's own response


@bp.get("/manage/<uuid:challenge_id>/results")
@access(signed_in)
def preview_results(challenge_id: UUID) -> str:
    """What everybody, and each applicant, will see; after publication, what was published and what came of it."""
    return render_results(managed_challenge(challenge_id), PublishForm(formdata=None))


def render_results(challenge: Challenge, form: PublishForm) -> str:
    actor = signed_in_user()
    published = rules.are_results_published(challenge)
    results = queries.get_published_results(challenge, asked_number()) if published else draft_results(challenge)
    if published and results is None:
        abort(404)
    applications = queries.list_checked_applications(challenge.id)
    chosen = next((a for a in applications if a.id == asked_application()), None)
    return render_template(
        "awards/preview_results.html",
        challenge=challenge,
        accent_organization=challenge.host,
        form=form,
        results=results,
        published=published,
        embargoed=rules.is_embargoed(challenge, now()),
        applications=applications,
        chosen=chosen,
        shown=previews.preview_for(challenge, chosen, results) if chosen and results else None,
        result_sets=queries.list_result_sets(challenge.id),
        flagged=queries.list_flagged_certificates(challenge.id),
        why_not_publish=rules.why_not_publish(challenge, actor) or why_results_wait(challenge, now()),
        why_not_correct=rules.why_not_correct(challenge, actor),
        **result_dates(challenge),
    )


def draft_results(challenge: Challenge) -> PublishedResults | None:
    """What would be published now; None while entries are undecided."""
    board = queries.get_board(challenge)
    content = services.preview_content(challenge, board, actor=signed_in_user(), now=now())
    return PublishedResults(content, "") if content else None


@bp.post("/manage/<uuid:challenge_id>/results/publish")
@access(signed_in)
def publish_results(challenge_id: UUID) -> Answer:
    challenge, form = managed_challenge(challenge_id), PublishForm()
    if not form.validate_on_submit():
        return render_results(challenge, form), 422
    typed = form.public_at.data
    public_at = typed.replace(tzinfo=ZoneInfo(challenge.timezone)) if typed else None
    try:
        services.publish_results(challenge, actor=signed_in_user(), now=now(), public_at=public_at)
    except RuleBroken as refusal:
        db.session.rollback()
        if refusal.field == "public_at":
            form.add_error(refusal.field, refusal.sentence)
            return render_results(challenge, form), 422
        flash(refusal.sentence, "error")
        return to_results(challenge)
    db.session.commit()
    flash(_("The results are published, and every applicant is told by mail."), "success")
    return to_results(challenge)


@bp.get("/manage/<uuid:challenge_id>/results/<int:number>.json")
@access(signed_in)
def download_result_set(challenge_id: UUID, number: int) -> Response:
    """A result set as it was frozen, for whoever checks the hash or computes the ranking again."""
    challenge = managed_challenge(challenge_id)
    found = queries.get_result_set(challenge.id, number) or abort(404)
    document = {"sha256": found.sha256, "content": found.content}
    return Response(
        json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{challenge.slug}-results-{number}.json"'},
    )


@bp.get("/manage/<uuid:challenge_id>/results/<int:number>/bundle.zip")
@access(signed_in)
def download_bundle(challenge_id: UUID, number: int) -> Response:
    """A result set with everything that a third party needs to compute it again."""
    challenge = managed_challenge(challenge_id)
    found = queries.get_result_set(challenge.id, number) or abort(404)
    try:
        data = services.make_bundle(found)
    except RuleBroken as refusal:
        flash(refusal.sentence, "error")
        return to_results(challenge)
    return Response(
        data,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{challenge.slug}-results-{number}.zip"'},
    )


@bp.route("/manage/<uuid:challenge_id>/results/correct", methods=["GET", "POST"])
@access(signed_in)
def correct_results(challenge_id: UUID) -> Answer:
    """Change what was published: a new result set with its reason; the earlier ones stay."""
    challenge = managed_challenge(challenge_id)
    if rules.why_not_correct(challenge, signed_in_user()):
        return to_results(challenge)
    board = queries.get_board(challenge)
    form = decision_form(board.standing)
    if request.method == "GET":
        form.fill(board.decisions, board.version)
        return render_correction(challenge, board, form)
    if not form.validate_on_submit():
        return render_correction(challenge, board, form), 422
    wanted = form.read(board.standing)
    changes = {i: decision for i, decision in wanted.items() if decision is not None}
    try:
        services.correct_results(
            challenge, changes, form.reason.data or "", version=form.read_version(), actor=signed_in_user(), now=now()
        )
    except StaleEdit:
        db.session.rollback()
        board = queries.get_board(challenge)
        form.version.data = str(board.version)
        return render_correction(challenge, board, form, conflict_of(board, wanted)), 409
    except RuleBroken as refusal:
        db.session.rollback()
        if isinstance(refusal, DecisionsRefused):
            show_faults(form, refusal)
        else:
            form.add_error(refusal.field, refusal.sentence)
        return render_correction(challenge, queries.get_board(challenge), form), 422
    db.session.commit()
    flash(_("The correction is published. Those whose decision changed are told by mail."), "success")
    return to_results(challenge)


def render_correction(
    challenge: Challenge, board: Board, form: DecisionForm, conflict: dict[str, dict[str, str]] | None = None
) -> str:
    wanted = (
        {i: decision for i, decision in form.read(board.standing).items() if decision is not None}
        if not form.errors
        else {}
    )
    return render_template(
        "awards/correct_results.html",
        challenge=challenge,
        accent_organization=challenge.host,
        board=board,
        form=form,
        conflict=conflict,
        blocked=blocked_outcomes(board, counting=False),
        departures=find_departures(board.standing, wanted or board.decisions),
    )


@bp.get("/challenges/<slug>/results")
@access(anyone)
def show_results(slug: str) -> str:
    """The winners as published; nothing at all before that."""
    challenge = queries.get_challenge_by_slug(slug) or abort(404)
    results = queries.get_public_results(challenge, now(), asked_number()) or abort(404)
    return render_template(
        "awards/show_results.html",
        challenge=challenge,
        accent_organization=challenge.host,
        results=results,
        result_sets=queries.list_public_sets(challenge.id, now()),
        **result_dates(challenge),
    )


@bp.get("/applications/<uuid:application_id>/result")
@access(signed_in)
def show_own_result(application_id: UUID) -> str:
    """One applicant's own result: no other's score, no judge's name, no standing; nothing before publication."""
    application = queries.get_own_application(signed_in_user(), application_id) or abort(404)
    challenge = application.challenge
    results = queries.get_published_results(challenge)
    if results is None or application.state not in (ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE):
        abort(404)
    return render_template(
        "awards/show_own_result.html",
        challenge=challenge,
        accent_organization=challenge.host,
        application=application,
        results=results,
        embargoed=rules.is_embargoed(challenge, now()),
        appeal=get_appeal_of(application_id),
        **own_facts(challenge, application, results),
    )


def own_facts(challenge: Challenge, application: Application, results: PublishedResults) -> dict[str, object]:
    """All that the applicant's own page shows, for the page itself and for its preview."""
    own = results.own(application.id)
    return {
        "own": own,
        "comments": comments_for_applicant(application) if own and challenge.release_comments else None,
        "ineligible_reason": "" if own else queries.get_ineligible_reason(application.id),
        **result_dates(challenge),
    }
