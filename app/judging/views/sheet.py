"""The score sheet beside the application: writing, saving by itself, signing, stepping back, and reading the documents."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging import queries, rules, services
from app.judging.blind import seen
from app.judging.forms import RecuseForm, SheetForm, sheet_form
from app.judging.forms.sheet import stored
from app.judging.models import ScoreSheet
from app.judging.views import bp
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import PREVIEWED, send_viewed


def sheet_or_404(sheet_id: UUID) -> ScoreSheet:
    return queries.get_sheet_for(signed_in_user(), sheet_id) or abort(404)


@bp.route("/judging/sheets/<uuid:sheet_id>", methods=["GET", "POST"])
@access(signed_in)
def write_sheet(sheet_id: UUID) -> Any:
    sheet = sheet_or_404(sheet_id)
    form = sheet_form(sheet)
    if request.method == "GET":
        return sheet_page(sheet, form)
    if (answer := save_posted(sheet, form)) is not None:
        return answer
    db.session.commit()
    flash(_("Your sheet is saved as a draft."), "success")
    return redirect(url_for(".write_sheet", sheet_id=sheet_id), code=303)


def _store(sheet: ScoreSheet, form: SheetForm, scores: dict[str, Decimal | None]) -> None:
    """Put what is posted on the sheet, not yet committed. Raises StaleEdit and RuleBroken as the service does."""
    services.save_sheet(
        sheet,
        scores=scores,
        comments=form.comments(),
        comment=form.comment.data or "",
        note=form.note.data or "",
        revisit=form.revisit.data,
        version=form.version.data,
        page=form.page.data or "",
        actor=signed_in_user(),
        now=now(),
    )


def save_posted(sheet: ScoreSheet, form: SheetForm) -> Any:
    """Store what is posted, not yet committed; the page to show instead where that cannot be."""
    form.validate()
    scores = form.scores()
    if form.errors:
        return sheet_page(sheet, form), 422
    try:
        _store(sheet, form, scores)
    except StaleEdit:
        db.session.rollback()
        return _both_versions(sheet.id, form), 409
    except RuleBroken as refusal:
        db.session.rollback()
        if refusal.field is None:
            return _both_versions(sheet.id, form, refusal.sentence), 409
        form.add_error(refusal.field, refusal.sentence)
        return sheet_page(sheet_or_404(sheet.id), form), 422
    return None


def _both_versions(sheet_id: UUID, form: SheetForm, refusal: str = "") -> str:
    sheet = sheet_or_404(sheet_id)
    return render_template(
        "judging/sheet_conflict.html",
        sheet=sheet,
        entry=seen.name_of(sheet),
        form=form,
        refusal=refusal,
        mine=form.typed(),
        theirs=stored(sheet),
    )


@bp.post("/judging/sheets/<uuid:sheet_id>/autosave")
@access(signed_in)
def autosave_sheet(sheet_id: UUID) -> Any:
    """The answer is the place that says when it was saved, and what hangs on it: the version, and whether one can sign."""
    sheet = sheet_or_404(sheet_id)
    form = sheet_form(sheet)
    form.validate()
    scores = form.scores()
    if form.errors:
        return _not_saved(sheet_id, next(str(error) for errors in form.errors.values() for error in errors))
    try:
        _store(sheet, form, scores)
    except StaleEdit:
        return _not_saved(sheet_id, stale=True)
    except RuleBroken as refusal:
        return _not_saved(sheet_id, refusal.sentence)
    # Written before the commit, after which all would have to be read again; it goes out after it.
    page = render_template(
        "judging/autosaved.html", sheet=sheet, why_sign=rules.why_not_sign(sheet, signed_in_user()), form=form
    )
    db.session.commit()
    return page


def _not_saved(sheet_id: UUID, problem: str = "", *, stale: bool = False) -> tuple[str, int]:
    db.session.rollback()
    return render_template("judging/autosaved.html", sheet=sheet_or_404(sheet_id), problem=problem, stale=stale), 422


@bp.post("/judging/sheets/<uuid:sheet_id>/recuse")
@access(signed_in)
def recuse(sheet_id: UUID) -> Any:
    sheet = sheet_or_404(sheet_id)
    challenge_id, company = sheet.judge.challenge_id, rules.local_text(seen.name_of(sheet).name)
    form = RecuseForm()
    try:
        services.recuse(sheet, form.reason.data or "", actor=signed_in_user(), now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        form.add_error(refusal.field, refusal.sentence)
        sheet = sheet_or_404(sheet_id)
        return sheet_page(sheet, sheet_form(sheet, posted=False), recuse_form=form), 422
    db.session.commit()
    flash(_("You stepped back from %(company)s. It is off your desk.", company=company), "success")
    return redirect(url_for(".show_queue", challenge_id=challenge_id), code=303)


@bp.get("/judging/sheets/<uuid:sheet_id>/files/<uuid:document_id>")
@access(signed_in)
def download_entry_document(sheet_id: UUID, document_id: UUID) -> Response:
    sheet = sheet_or_404(sheet_id)
    submitted = seen.content_of(sheet)
    document = (submitted.document(document_id) if submitted else None) or abort(404)
    if seen.is_held(document):
        abort(404)
    return send_viewed(document.sha256, document.filename, document.media_type, size=document.size)


def sheet_page(sheet: ScoreSheet, form: SheetForm, recuse_form: RecuseForm | None = None) -> str:
    user = signed_in_user()
    queue = [row for row in queries.list_queue(sheet.judge) if row.round_id == sheet.round_id]
    submitted = seen.content_of(sheet)
    asked = request.args.get("v", "")
    return render_template(
        "judging/write_sheet.html",
        sheet=sheet,
        entry=seen.name_of(sheet),
        form=form,
        recuse_form=recuse_form or RecuseForm(formdata=None),
        challenge=sheet.judge.challenge,
        queue=queue,
        submitted=submitted,
        shown=next((one for one in submitted.documents if str(one.id) == asked), None) if submitted else None,
        previewed=PREVIEWED,
        following=queries.next_open(queue, sheet.id),
        why_save=rules.why_not_save(sheet, user),
        why_sign=rules.why_not_sign(sheet, user),
        why_recuse=rules.why_not_recuse(sheet, user),
        rules_version=queries.rules_version_number(sheet),
    )
