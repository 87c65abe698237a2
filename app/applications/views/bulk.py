"""Deciding on many applications at once: first what would become of each, then the decision, then perhaps its undo."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.forms import BulkForm
from app.applications.labels import outcome_label
from app.applications.models import CheckOutcome
from app.applications.services.decide_in_bulk import MOST_AT_ONCE, UNDO_FOR, Seen
from app.applications.views import bp
from app.applications.views.asked import address_of, as_uuid, asked_ids, asked_of
from app.applications.views.form import Answer
from app.applications.views.received import managed_or_404
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


@bp.post("/manage/<uuid:challenge_id>/applications/decide")
@access(signed_in)
def decide_in_bulk(challenge_id: UUID) -> Answer:
    """Without `confirmed`: who would be decided and who not, and why. With it: the decision, for all of them or for none."""
    challenge = managed_or_404(challenge_id)
    outcome = request.form.get("outcome", "")
    if outcome not in set(CheckOutcome):
        abort(400)
    if reason := rules.why_not_check_any(challenge, signed_in_user(), now()):
        raise RuleBroken(reason)
    form = BulkForm()
    if request.form.get("confirmed") != "1":
        chosen = asked_ids(challenge, asked_of(challenge), most=MOST_AT_ONCE)
        if not chosen:
            flash(_("Choose at least one application."), "error")
            return _to_list(challenge)
        return _preview(challenge, CheckOutcome(outcome), chosen, form), 200
    seen = _seen()
    try:
        bulk = services.decide_in_bulk(
            challenge, seen, CheckOutcome(outcome), reason=form.reason.data or "", due_at=_due_at(form, challenge, outcome),
            actor=signed_in_user(), now=now(),
        )  # fmt: skip
        count = len(seen)
        words = outcome_label(bulk.outcome)
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        challenge = managed_or_404(challenge_id)
        form.add_error(refused.field, refused.sentence)
        return _preview(challenge, CheckOutcome(outcome), list(seen), form), 422
    flash(
        ngettext("“%(outcome)s” is recorded for %(num)d application.", "“%(outcome)s” is recorded for %(num)d applications.", count, outcome=words),
        "success",
    )  # fmt: skip
    return _to_list(challenge)


def _preview(challenge: Challenge, outcome: CheckOutcome, chosen: list[UUID], form: BulkForm) -> str:
    previewed = services.preview_bulk(challenge, chosen, outcome, actor=signed_in_user(), now=now())
    return render_template(
        "applications/decide_in_bulk.html",
        challenge=challenge,
        outcome=outcome,
        words=outcome_label(outcome),
        taken=[p for p in previewed if p.why_not is None],
        refused=[p for p in previewed if p.why_not is not None],
        form=form,
        minutes=int(UNDO_FOR.total_seconds() // 60),
        address=address_of(asked_of(challenge), challenge),
    )


def _seen() -> dict[UUID, Seen]:
    """What the preview showed: "application:submission:checks" for each. What is no such thing is left out."""
    found: dict[UUID, Seen] = {}
    for text in request.form.getlist("seen")[:MOST_AT_ONCE]:
        application, _colon, rest = text.partition(":")
        submission, _colon, checks = rest.partition(":")
        application_id = as_uuid(application)
        numbers = (submission, checks)
        if application_id is not None and all(n.isascii() and n.isdigit() and len(n) < 7 for n in numbers):
            found[application_id] = (int(submission), int(checks))
    return found


def _due_at(form: BulkForm, challenge: Challenge, outcome: str) -> datetime | None:
    """The posted moment in the challenge's zone. Raises RuleBroken for what is no moment."""
    if outcome != CheckOutcome.CORRECTION:
        return None
    if form.due_at.data is None:
        if (form.due_at.raw_data or [""])[0]:
            raise RuleBroken(_("This is not a date with a time. Write it as 2022-09-30T17:00."), field="due_at")
        return None
    moment: datetime = form.due_at.data
    return moment.replace(tzinfo=ZoneInfo(challenge.timezone))


@bp.post("/manage/<uuid:challenge_id>/applications/decisions/<uuid:bulk_id>/undo")
@access(signed_in)
def undo_bulk(challenge_id: UUID, bulk_id: UUID) -> Answer:
    challenge = managed_or_404(challenge_id)
    bulk = queries.get_bulk_of(challenge.id, bulk_id) or abort(404)
    try:
        undone = services.undo_bulk(bulk, challenge, actor=signed_in_user(), now=now())
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to_list(managed_or_404(challenge_id))
    if undone.count:
        flash(
            ngettext("Undone for %(num)d application; its mail is taken back.", "Undone for %(num)d applications; their mails are taken back.", undone.count),
            "success",
        )  # fmt: skip
    for sentence in undone.refused[:10]:
        flash(sentence, "error")
    return _to_list(challenge)


def _to_list(challenge: Challenge) -> Answer:
    address: dict[str, Any] = {**address_of(asked_of(challenge), challenge)}
    return redirect(url_for("applications.list_received", challenge_id=challenge.id, **address), code=303)
