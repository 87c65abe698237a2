"""Conflicts of interest as the organizer settles them, and taking back what a judge declared by mistake."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.challenges.models import Challenge
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries as judging_queries
from app.judging.conflicts import queries, rules, services
from app.judging.conflicts.forms import RecordForm
from app.judging.models import Conflict, Judge
from app.judging.rules import local_text, why_not_organize
from app.judging.states import ConflictKind
from app.judging.views import bp
from app.judging.views.managed import challenge_or_404, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now

MOST_SHOWN = 200


@bp.get("/manage/<uuid:challenge_id>/conflicts")
@access(signed_in)
def list_conflicts(challenge_id: UUID) -> str:
    return _page(challenge_or_404(challenge_id), RecordForm(formdata=None))


@bp.post("/manage/<uuid:challenge_id>/conflicts")
@access(signed_in)
def record_conflict(challenge_id: UUID) -> Any:
    """A conflict that the organizer knows of and nothing suggested."""
    challenge = organized_or_404(challenge_id)
    form = RecordForm()
    judge = judging_queries.get_judge_of(challenge_id, key) if (key := _uuid(form.judge.data or "")) else None
    entry = queries.find_entry(challenge_id, form.number.data or "")
    if judge is None:
        form.add_error("judge", _("Choose a judge."))
    if entry is None:
        form.add_error("number", _("No application has this receipt number."))
    if judge is None or entry is None:
        return _page(challenge, form), 422
    try:
        services.record_conflict(
            judge, entry, form.chosen_kind(), form.reason.data or "", actor=signed_in_user(), now=now()
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(challenge_or_404(challenge_id), form), 422
    db.session.commit()
    flash(_("The conflict is recorded. The judge sees this application nowhere."), "success")
    return _back(challenge_id)


@bp.post("/manage/<uuid:challenge_id>/conflicts/suggested")
@access(signed_in)
def settle_suggestion(challenge_id: UUID) -> Any:
    """Confirm a suggestion, or dismiss it for a reason."""
    challenge = organized_or_404(challenge_id)
    judge_id, entry_id = (_uuid(request.form.get(name, "")) for name in ("judge", "entry"))
    likely = queries.get_suggested(challenge, judge_id, entry_id) if judge_id and entry_id else None
    judge = judging_queries.get_judge_of(challenge_id, judge_id) if judge_id else None
    entry = queries.get_entry(challenge_id, entry_id) if entry_id else None
    if likely is None or judge is None or entry is None:
        flash(_("This is not suggested any more; somebody may have settled it."), "plain")
        return _back(challenge_id)
    reason, user = request.form.get("reason", "").strip(), signed_in_user()
    try:
        if request.form.get("act") == "confirm":
            company = local_text(entry.startup.name)
            told = " ".join(rules.sentences_of(likely.grounds, judge=judge.name, company=company))
            recusal = request.form.get("kind") == ConflictKind.RECUSAL.value
            kind = ConflictKind.RECUSAL if recusal else ConflictKind.DISQUALIFICATION
            services.record_conflict(
                judge, entry, kind, reason or told[:500], grounds=likely.grounds, actor=user, now=now()
            )
        else:
            services.dismiss_suggestion(judge, entry, likely.grounds, reason, actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form = RecordForm(formdata=None)
        problem = {"judge": judge_id, "entry": entry_id, "reason": reason, "sentence": refusal.sentence}
        return _page(challenge_or_404(challenge_id), form, problem=problem), 422
    db.session.commit()
    flash(
        _("The conflict is recorded. The judge sees this application nowhere.")
        if request.form.get("act") == "confirm"
        else _("Dismissed; your reason is kept."),
        "success",
    )
    return _back(challenge_id)


@bp.post("/manage/<uuid:challenge_id>/conflicts/<uuid:conflict_id>/pin")
@access(signed_in)
def pin_conflict(challenge_id: UUID, conflict_id: UUID) -> Any:
    conflict, judge = _conflict_or_404(challenge_id, conflict_id)
    pinned = request.form.get("pinned") == "1"
    try:
        services.pin_conflict(conflict, judge, pinned=pinned, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("Pinned: the judge cannot take it back.") if pinned else _("The judge may take it back."), "success")
    return _back(challenge_id)


@bp.post("/manage/<uuid:challenge_id>/conflicts/<uuid:conflict_id>/lift")
@access(signed_in)
def lift_conflict(challenge_id: UUID, conflict_id: UUID) -> Any:
    conflict, judge = _conflict_or_404(challenge_id, conflict_id)
    try:
        services.lift_conflict(conflict, judge, request.form.get("reason", ""), actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("The conflict is lifted; the judge may be given this application."), "success")
    return _back(challenge_id)


@bp.post("/judging/<uuid:challenge_id>/conflicts/<uuid:conflict_id>/take-back")
@access(signed_in)
def take_back_conflict(challenge_id: UUID, conflict_id: UUID) -> Any:
    """The judge's own; another's is not there."""
    user = signed_in_user()
    found = queries.get_conflict_of(challenge_id, conflict_id)
    if found is None or found[1].user_id != user.id or found[0].declared_by_id != user.id:
        abort(404)
    try:
        services.take_back_conflict(found[0], found[1], request.form.get("reason", ""), actor=user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        flash(_("Taken back. The organizer may give you this application."), "success")
    return redirect(url_for(".declare_conflicts", challenge_id=challenge_id), code=303)


def _conflict_or_404(challenge_id: UUID, conflict_id: UUID) -> tuple[Conflict, Judge]:
    organized_or_404(challenge_id)
    return queries.get_conflict_of(challenge_id, conflict_id) or abort(404)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(challenge_id: UUID) -> Any:
    return redirect(url_for(".list_conflicts", challenge_id=challenge_id), code=303)


def _page(challenge: Challenge, form: RecordForm, *, problem: dict[str, Any] | None = None) -> str:
    user = signed_in_user()
    suggested = queries.list_suggested(challenge)
    form.offer(
        [
            (row.id, row.name)
            for row in judging_queries.list_panel(challenge.id, None)
            if row.state.value in ("accepted", "invited")
        ]
    )
    return render_template(
        "judging/conflicts/list_conflicts.html",
        challenge=challenge,
        form=form,
        problem=problem or {},
        suggested=[
            (row, rules.sentences_of(row.likely.grounds, judge=row.judge, company=local_text(row.company)))
            for row in suggested[:MOST_SHOWN]
        ],
        waiting=len(suggested),
        standing=queries.list_conflicts(challenge.id),
        dismissed=[
            (row, rules.sentences_of(dict(row.grounds), judge=row.judge, company=local_text(row.company)))
            for row in queries.list_dismissed(challenge.id)
        ],
        may_change=why_not_organize(challenge, user) is None,
        why_not=rules.why_not_settle(challenge, user),
    )
