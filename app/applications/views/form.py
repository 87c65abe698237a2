"""The form: sections, saving, saving by itself."""

import secrets
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.forms import DraftForm, draft_form, draft_values, shown
from app.applications.models import Application
from app.applications.queries.own import saver_name
from app.applications.rules import SECTIONS, Section
from app.applications.views import bp
from app.applications.views.pages import deadline_of, form_state, own_or_404, page_values, section_labels
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import current_language

Answer = str | Response | tuple[str, int]


@bp.route("/applications/<uuid:application_id>/edit", methods=["GET", "POST"])
@bp.route("/applications/<uuid:application_id>/edit/<section>", methods=["GET", "POST"])
@access(signed_in)
def edit_application(application_id: UUID, section: str = Section.CONTACT.value) -> Answer:
    application = own_or_404(application_id)
    if section not in SECTIONS:
        abort(404)
    part = Section(section)
    if request.method == "GET":
        if rules.why_not_edit(application, signed_in_user(), now()):
            return _to("show_application", application)
        return show_section(application, part, missing=request.args.get("show") == "missing")
    if part is Section.DOCUMENTS:
        return _onward(application, part)
    if part is Section.CONSENTS:
        return _save_consents(application)
    return _save_draft(application, part)


def _to(endpoint: str, application: Application, **values: Any) -> Response:
    return redirect(url_for(f"applications.{endpoint}", application_id=application.id, **values), code=303)


def _onward(application: Application, part: Section) -> Answer:
    """After a save: stay where the person asked to, stay where something is missing, else go to the next section."""
    if request.form.get("draft"):
        return _to("edit_application", application, section=part.value)
    if form_state(application, part).of(part):
        return show_section(application, part, missing=True, code=422)
    place = SECTIONS.index(part) + 1
    if place == len(SECTIONS):
        return _to("check_application", application)
    return _to("edit_application", application, section=SECTIONS[place].value)


def _posted_version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _posted_tab() -> str | None:
    return request.form.get("tab", "")[:32] or None


def _save_draft(application: Application, part: Section) -> Answer:
    form = draft_form(application, part, posted=True)
    try:
        services.save_draft(
            application, form.draft(_posted_tab()), version=_posted_version(), actor=signed_in_user(), now=now()
        )
    except StaleEdit:
        return show_conflict(application, part, form)
    except RuleBroken as refused:
        db.session.rollback()
        form.add_error(refused.field, refused.sentence)
        return show_section(own_or_404(application.id), part, form=form, code=422)
    db.session.commit()
    return _onward(own_or_404(application.id), part)


def show_conflict(application: Application, part: Section, form: DraftForm) -> Answer:
    """Both versions, and the form with the person's own words, ready to be saved over the newer ones or dropped."""
    db.session.rollback()
    application = own_or_404(application.id)
    standing = draft_values(application)
    theirs = {f.label.text: shown(f, standing.get(f.name, "")) for f in form if f.name != "csrf_token"}
    conflict: dict[str, object] = {"mine": form.texts(), "theirs": theirs, "saved_by": saver_name(application)}
    return show_section(application, part, form=form, conflict=conflict, code=409)


def show_section(
    application: Application, part: Section, *, form: DraftForm | None = None, missing: bool = False,
    conflict: dict[str, object] | None = None, errors: dict[str, str] | None = None, code: int = 200,
) -> tuple[str, int]:  # fmt: skip
    """One section of the form. `missing` names what is not there yet; what is wrong is always named."""
    state = form_state(application, part)
    faults = state.of(part, missing=missing)
    if form is None and part in (Section.CONTACT, Section.PROPOSAL):
        form = draft_form(application, part, posted=False)
        for fault in faults:
            form.add_error(fault.field, fault.sentence)
    place = SECTIONS.index(part)
    findings = queries.findings_for(application.challenge, application.startup, own=application.id, handed_in=True)
    html = render_template(
        f"applications/edit_{part.value}.html",
        form=form,
        state=state,
        part=part,
        place=place + 1,
        title=section_labels()[part],
        faults=faults,
        errors={f.field: f.sentence for f in faults} | (errors or {}),
        conflict=conflict,
        tab=_posted_tab() or secrets.token_hex(8),
        until=deadline_of(application),
        why_not_submit=rules.why_not_submit(application, findings, signed_in_user(), now()),
        earliest_issue=rules.earliest_issue,
        consent_current=rules.is_consent_current,
        findings=findings,
        **page_values(application),
    )
    return html, code


def _save_consents(application: Application) -> Answer:
    """Each consent has its own field: "yes", "no", or nothing where it was left open."""
    decided = {given.consent_id for given in application.consents}
    decisions = {}
    for consent in application.challenge.consents:
        answer = request.form.get(f"consent-{consent.code}", "")
        if answer in ("yes", "no"):
            decisions[consent.code] = answer == "yes"
        elif consent.required and consent.id in decided:
            decisions[consent.code] = False  # the tick was taken away
    if decisions:
        try:
            services.set_consents(
                application, decisions, language=current_language(), actor=signed_in_user(), now=now()
            )
        except RuleBroken as refused:
            db.session.rollback()
            flash(refused.sentence, "error")
            return _to("show_application", application)
        db.session.commit()
    return _onward(own_or_404(application.id), Section.CONSENTS)


@bp.post("/applications/<uuid:application_id>/autosave")
@access(signed_in)
def autosave_application(application_id: UUID) -> Response:
    """Save what is typed and say when; where it cannot be saved, say why. Answers with the place of "Saved 16:58:12"."""
    application = own_or_404(application_id)
    section = request.form.get("section", "")
    if section not in (Section.CONTACT, Section.PROPOSAL):
        abort(400)
    form = draft_form(application, Section(section), posted=True)
    sentence = ""
    try:
        services.save_draft(
            application, form.draft(_posted_tab()), version=_posted_version(), actor=signed_in_user(), now=now()
        )
        db.session.commit()
    except StaleEdit:
        sentence = _("Not saved: somebody saved elsewhere in the meantime. Press “Save draft” to see both versions.")
    except RuleBroken as refused:
        sentence = _("Not saved: %(reason)s", reason=refused.sentence)
    if sentence:
        db.session.rollback()
        return make_response(render_template("applications/autosave.html", sentence=sentence), 422)
    application = own_or_404(application_id)
    state = form_state(application, section)
    return make_response(render_template("applications/autosave.html", application=application, state=state))
