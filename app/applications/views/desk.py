"""The desk's small acts on one application or on several: assign, tag, note, keep a view, compare two."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.content import read_submission
from app.applications.desk.models import TagTone
from app.applications.services.decide_in_bulk import MOST_AT_ONCE
from app.applications.views import bp
from app.applications.views.asked import address_of, as_uuid, asked_ids, asked_of, canonical
from app.applications.views.received import managed_or_404, received_or_404
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


def _back(challenge: Challenge) -> Response:
    """To the list, or to the application whose page this was asked from, under the same filters."""
    address = address_of(asked_of(challenge), challenge)
    here: dict[str, Any] = {"challenge_id": challenge.id, **address}
    if (one := as_uuid(request.form.get("on", ""))) is not None:
        return redirect(url_for("applications.show_received", application_id=one, **here), code=303)
    page = request.args.get("page", "")
    if page.isascii() and page.isdigit() and len(page) < 7:
        here["page"] = page
    return redirect(url_for("applications.list_received", **here), code=303)


@bp.post("/manage/<uuid:challenge_id>/applications/mark")
@access(signed_in)
def mark_applications(challenge_id: UUID) -> Response:
    """Give the chosen ones to somebody, or put a tag on them or take it off; `do` says which."""
    challenge = managed_or_404(challenge_id)
    do = request.form.get("do", "")
    if do not in ("assign", "tag", "untag"):
        abort(400)
    try:
        if reason := rules.why_not_screen(challenge, signed_in_user(), now()):
            raise RuleBroken(reason)  # noqa: TRY301 - shown like the service's own refusals
        chosen = asked_ids(challenge, asked_of(challenge), most=MOST_AT_ONCE)
        if not chosen:
            raise RuleBroken(_("Choose at least one application."))  # noqa: TRY301 - as above
        flash(_mark(challenge, do, chosen), "success")
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    return _back(managed_or_404(challenge_id))


def _mark(challenge: Challenge, do: str, chosen: list[UUID]) -> str:
    by: dict[str, Any] = {"actor": signed_in_user(), "now": now()}
    if do == "assign":
        wanted = request.form.get("assignee", "")
        person = next((p for p in queries.list_screeners(challenge) if str(p.id) == wanted), None)
        if person is None and wanted != queries.NOBODY:
            raise RuleBroken(_("Choose one of the staff, or nobody."))
        count = services.assign_cases(challenge, chosen, person, **by)
        return ngettext("%(num)d application changed hands.", "%(num)d applications changed hands.", count)
    name = request.form.get("tag", "")
    if do == "tag":
        tone = request.form.get("tone", "")
        known = TagTone(tone) if tone in set(TagTone) else TagTone.PLAIN
        count = services.tag_applications(challenge, chosen, name, tone=known, **by)
        return ngettext("%(num)d application was tagged.", "%(num)d applications were tagged.", count)
    count = services.untag_applications(challenge, chosen, name, **by)
    return ngettext("%(num)d application lost the tag.", "%(num)d applications lost the tag.", count)


@bp.post("/manage/<uuid:challenge_id>/applications/assign-evenly")
@access(signed_in)
def assign_evenly(challenge_id: UUID) -> Response:
    challenge = managed_or_404(challenge_id)
    wanted = set(request.form.getlist("screener"))
    screeners = [person for person in queries.list_screeners(challenge) if str(person.id) in wanted]
    try:
        count = services.assign_evenly(challenge, screeners, actor=signed_in_user(), now=now())
        db.session.commit()
        flash(ngettext("%(num)d application was given out.", "%(num)d applications were given out.", count), "success")
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    return _back(managed_or_404(challenge_id))


@bp.post("/manage/<uuid:challenge_id>/applications/views")
@access(signed_in)
def save_view(challenge_id: UUID) -> Response:
    """Keep the filters of the address under a name."""
    challenge = managed_or_404(challenge_id)
    query = canonical(address_of(asked_of(challenge), challenge))
    try:
        services.save_view(
            challenge, request.form.get("view", ""), query, shared=request.form.get("shared") == "1",
            actor=signed_in_user(), now=now(),
        )  # fmt: skip
        db.session.commit()
        flash(_("The view is saved."), "success")
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    return _back(managed_or_404(challenge_id))


@bp.post("/manage/<uuid:challenge_id>/applications/views/<uuid:view_id>/remove")
@access(signed_in)
def remove_view(challenge_id: UUID, view_id: UUID) -> Response:
    challenge = managed_or_404(challenge_id)
    view = queries.get_view_for(signed_in_user(), challenge.id, view_id) or abort(404)
    services.remove_view(view, actor=signed_in_user(), now=now())
    db.session.commit()
    flash(_("The view is removed."), "success")
    return _back(challenge)


@bp.post("/manage/<uuid:challenge_id>/applications/<uuid:application_id>/notes")
@access(signed_in)
def write_note(challenge_id: UUID, application_id: UUID) -> Response:
    challenge = managed_or_404(challenge_id)
    application = received_or_404(challenge, application_id)
    services.write_note(application, request.form.get("note", ""), actor=signed_in_user(), now=now())
    db.session.commit()
    return _to_notes(challenge, application_id)


@bp.post("/manage/<uuid:challenge_id>/applications/<uuid:application_id>/notes/<uuid:note_id>")
@access(signed_in)
def edit_note(challenge_id: UUID, application_id: UUID, note_id: UUID) -> Response:
    challenge = managed_or_404(challenge_id)
    application = received_or_404(challenge, application_id)
    note = queries.get_note_of(application, note_id) or abort(404)
    services.edit_note(note, application, request.form.get("note", ""), actor=signed_in_user(), now=now())
    db.session.commit()
    return _to_notes(challenge, application_id)


def _to_notes(challenge: Challenge, application_id: UUID) -> Response:
    address: dict[str, Any] = {**address_of(asked_of(challenge), challenge)}
    target = url_for(
        "applications.show_received",
        challenge_id=challenge.id,
        application_id=application_id,
        _anchor="notes",
        **address,
    )
    return redirect(target, code=303)


@bp.get("/manage/<uuid:challenge_id>/applications/<uuid:application_id>/like/<uuid:other_id>")
@access(signed_in)
def show_like(challenge_id: UUID, application_id: UUID, other_id: UUID) -> str:
    """Two applications that are alike, question by question beside each other."""
    challenge = managed_or_404(challenge_id)
    one = received_or_404(challenge, application_id)
    like = queries.get_like_for(challenge, one, other_id, now()) if one.is_standing else None
    if like is None:
        abort(404)
    other = received_or_404(challenge, other_id)
    sent = [read_submission(queries.list_submissions(a)[0], whole=True) for a in (one, other)]
    labels = {
        answer.question.code: answer.question.label for submitted in reversed(sent) for answer in submitted.answers
    }
    answers = [{answer.question.code: answer.text for answer in submitted.answers} for submitted in sent]
    return render_template(
        "applications/show_like.html",
        challenge=challenge,
        pair=(one, other),
        sent=sent,
        ways=like.ways,
        rows=[(label, *(answer.get(code, "") for answer in answers)) for code, label in labels.items()],
        address=address_of(asked_of(challenge), challenge),
    )
