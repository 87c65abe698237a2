"""How far the judging is, by judge and by entry; reminding; reading a sheet, and opening it again."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.session import signed_in_user
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.forms import ReopenForm
from app.judging.views import bp
from app.judging.views.managed import asked_round, asked_theme, challenge_or_404, filters, organized_or_404
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.pagination import Page, asked_page

PER_PAGE = 250


@bp.get("/manage/<uuid:challenge_id>/progress")
@access(signed_in)
def show_progress(challenge_id: UUID) -> str:
    challenge = challenge_or_404(challenge_id)
    round_ = asked_round(challenge)
    user = signed_in_user()
    chosen = queries.EntryFilter(
        theme_id=asked_theme(challenge),
        search=request.args.get("q", "")[:100].strip(),
        unsigned="open" in request.args,
    )
    number = asked_page()
    entries, total = queries.list_entries(
        round_, chosen, offset=(number - 1) * PER_PAGE, limit=PER_PAGE, with_conflicts=False
    )
    panel = queries.list_panel(challenge_id, round_.id)
    return render_template(
        "judging/show_progress.html",
        challenge=challenge,
        round=round_,
        kept=filters(),
        panel=[row for row in panel if row.state.value == "accepted" or row.total],
        names={row.id: row.name for row in panel},
        entries=entries,
        page=Page(number, total, PER_PAGE),
        chosen=chosen,
        may_change=rules.why_not_organize(challenge, user) is None,
        why_not=rules.why_not_while_judging(challenge),
    )


@bp.post("/manage/<uuid:challenge_id>/remind")
@access(signed_in)
def remind_judges(challenge_id: UUID) -> Any:
    challenge = organized_or_404(challenge_id)
    round_ = asked_round(challenge)
    chosen = request.form.get("judge", "")
    try:
        ids = [UUID(chosen)] if chosen else None
    except ValueError:
        abort(404)
    try:
        count = services.remind_judges(round_, ids, actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
    else:
        db.session.commit()
        told = ngettext("%(num)d judge is reminded by mail.", "%(num)d judges are reminded by mail.", count)
        flash(
            told if count else _("Nobody has an open sheet, so nobody was reminded."), "success" if count else "plain"
        )
    return redirect(url_for(".show_progress", challenge_id=challenge_id), code=303)


@bp.get("/manage/<uuid:challenge_id>/sheets/<uuid:sheet_id>")
@access(signed_in)
def show_sheet_to_organizer(challenge_id: UUID, sheet_id: UUID) -> str:
    return _page(challenge_id, sheet_id, ReopenForm(formdata=None))


@bp.post("/manage/<uuid:challenge_id>/sheets/<uuid:sheet_id>/reopen")
@access(signed_in)
def reopen_sheet(challenge_id: UUID, sheet_id: UUID) -> Any:
    organized_or_404(challenge_id)
    sheet = queries.get_sheet_of(challenge_id, sheet_id) or abort(404)
    form = ReopenForm()
    name = sheet.judge.name
    try:
        services.reopen_sheet(sheet, form.reason.data or "", actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        return _page(challenge_id, sheet_id, form), 422
    db.session.commit()
    flash(_("The sheet is open again. %(name)s is told by mail.", name=name), "success")
    return redirect(url_for(".show_sheet_to_organizer", challenge_id=challenge_id, sheet_id=sheet_id), code=303)


def _page(challenge_id: UUID, sheet_id: UUID, form: ReopenForm) -> str:
    challenge = challenge_or_404(challenge_id)
    sheet = queries.get_sheet_of(challenge_id, sheet_id) or abort(404)
    return render_template(
        "judging/show_sheet.html",
        challenge=challenge,
        sheet=sheet,
        copies=queries.list_sheet_copies(sheet_id),
        form=form,
        rules_version=queries.rules_version_number(sheet) if sheet.signed_at else None,
        may_change=rules.why_not_organize(challenge, signed_in_user()) is None,
        why_reopen=rules.why_not_reopen(sheet, signed_in_user()),
    )
