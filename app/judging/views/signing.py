"""Signing: the judge proves with the password that it is they, for one sheet or for all that are complete."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.accounts.passwords import is_password
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import PASSWORD, wait_sentence
from app.core.database import begin_writing, db
from app.core.errors import RuleBroken
from app.judging import queries, rules, services
from app.judging.blind import seen
from app.judging.forms import SignAllForm, sheet_form
from app.judging.forms.sheet import stored
from app.judging.models import ScoreSheet
from app.judging.views import bp
from app.judging.views.sheet import save_posted, sheet_or_404, sheet_page
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.requests import reads_first


def _why_not_confirmed(user: User, password: str) -> str | None:
    """Why the password does not show that it is they; tries are counted as they are where a password is changed."""
    if not password:
        return _("Enter your password to sign.")
    if wait := PASSWORD.hit(user.email):
        return wait_sentence(wait)
    if not is_password(password, user.password_hash):
        return _("This is not your password, so nothing was signed.")
    PASSWORD.forget(user.email)
    return None


@bp.post("/judging/sheets/<uuid:sheet_id>/sign")
@access(signed_in)
@reads_first
def sign_sheet(sheet_id: UUID) -> Any:
    """Save what is posted, then sign it. A second click finds it signed and goes on."""
    sheet = sheet_or_404(sheet_id)
    form = sheet_form(sheet)
    if sheet.signed_at and form.typed() == stored(sheet):
        return _go_on(sheet)
    unproved = _why_not_confirmed(signed_in_user(), form.password.data or "")
    begin_writing()
    sheet = sheet_or_404(sheet_id)
    if (answer := save_posted(sheet, form)) is not None:
        return answer
    db.session.commit()
    refused = unproved
    if refused is None:
        try:
            services.sign_sheet(sheet, confirmed_by="password", actor=signed_in_user(), now=now())
        except RuleBroken as refusal:
            db.session.rollback()
            refused = refusal.sentence
    if refused is not None:
        form = sheet_form(sheet := sheet_or_404(sheet_id), posted=False)
        # What is missing on the sheet comes before who signs it.
        missing = rules.why_not_sign(sheet, signed_in_user())
        form.add_error(None if missing else "password", missing or refused)
        return sheet_page(sheet, form), 422
    db.session.commit()
    return _go_on(sheet)


def _go_on(sheet: ScoreSheet) -> Response:
    """To the next entry that waits, with how many are left."""
    challenge_id = sheet.judge.challenge_id
    queue = [row for row in queries.list_queue(sheet.judge) if row.round_id == sheet.round_id]
    left = sum(not row.signed for row in queue)
    company = rules.local_text(seen.name_of(sheet).name)
    if (following := queries.next_open(queue, sheet.id)) is None:
        flash(_("Signed: %(company)s. That was the last one; all your sheets are signed.", company=company), "success")
        return redirect(url_for(".show_queue", challenge_id=challenge_id), code=303)  # type: ignore[return-value] # Flask's own response
    flash(
        ngettext(
            "Signed: %(company)s. %(num)d entry is left.",
            "Signed: %(company)s. %(num)d entries are left.",
            left,
            company=company,
        ),
        "success",
    )
    return redirect(url_for(".write_sheet", sheet_id=following.sheet_id), code=303)  # type: ignore[return-value] # Flask's own response


@bp.route("/judging/<uuid:challenge_id>/sign", methods=["GET", "POST"])
@access(signed_in)
@reads_first
def sign_complete_sheets(challenge_id: UUID) -> Any:
    """All drafts that lack nothing, to be looked through once more and signed with one password."""
    user = signed_in_user()
    judge = queries.get_judge_for(user, challenge_id) or abort(404)
    form = SignAllForm()
    if request.method == "GET":
        return _complete_page(challenge_id, form)
    refused = _why_not_confirmed(user, form.password.data or "")
    if refused is None and not form.chosen():
        refused = _("Choose the sheets that you sign.")
    if refused is not None:
        form.add_error("password", refused)
        return _complete_page(challenge_id, form), 422
    begin_writing()
    judge = queries.get_judge_for(user, challenge_id) or abort(404)
    try:
        count = services.sign_sheets(
            queries.list_drafts(judge), form.chosen(), confirmed_by="password", actor=user, now=now()
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(None, refusal.sentence)
        return _complete_page(challenge_id, form), 422
    db.session.commit()
    flash(ngettext("%(num)d sheet is signed.", "%(num)d sheets are signed.", count), "success")
    return redirect(url_for(".show_queue", challenge_id=challenge_id), code=303)


def _complete_page(challenge_id: UUID, form: SignAllForm) -> str:
    user = signed_in_user()
    judge = queries.get_judge_for(user, challenge_id) or abort(404)
    drafts = queries.list_drafts(judge)
    kept = form.chosen()
    return render_template(
        "judging/sign_complete_sheets.html",
        challenge=judge.challenge,
        form=form,
        complete=[sheet for sheet in drafts if rules.why_not_sign(sheet, user) is None],
        incomplete=[(sheet, rules.why_not_sign(sheet, user)) for sheet in drafts if rules.why_not_sign(sheet, user)],
        names=seen.names_of(drafts),
        chosen=kept if form.is_submitted() else None,
        not_yet=rules.why_not_while_judging(judge.challenge),
    )
