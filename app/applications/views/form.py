"""The form: its pages, saving, saving by itself."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.forms import ContactForm, contact_texts, contact_values
from app.applications.models import Application
from app.applications.queries.own import saver_name
from app.applications.rules import CONTACT
from app.applications.services.follow_form import form_under
from app.applications.services.save_draft import DraftInput
from app.applications.views import bp
from app.applications.views.pages import CHECK, deadline_of, form_state, own_or_404, page_values, themed_form
from app.applications.views.section_page import SectionPage, posted_answers, posted_decisions, texts_of
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Form, Section
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import current_language, local

Answer = str | Response | tuple[str, int]


@bp.route("/applications/<uuid:application_id>/edit", methods=["GET", "POST"])
@bp.route("/applications/<uuid:application_id>/edit/<section>", methods=["GET", "POST"])
@access(signed_in)
def edit_application(application_id: UUID, section: str = CONTACT) -> Answer:
    application = own_or_404(application_id)
    if request.method == "GET":
        if section != CONTACT and section_of(themed_form(application), section) is None:
            abort(404)
        if rules.why_not_edit(application, signed_in_user(), now()):
            return _to("show_application", application)
        return show_section(application, section, missing=request.args.get("show") == "missing")
    page = _posted_page(application, section)
    try:
        _save(application, page)
    except StaleEdit:
        return _show_conflict(application, page)
    except RuleBroken as refused:
        db.session.rollback()
        return _show_refused(own_or_404(application_id), page, refused)
    db.session.commit()
    return _onward(own_or_404(application_id), page)


def section_of(form: Form, code: str) -> Section | None:
    return next((section for section in form.sections if section.code == code), None)


class PostedPage:
    """What one page of the form sent: under the form that it was made from, which may have been replaced meanwhile."""

    def __init__(self, code: str, form_sha256: str, section: Section | None, present: Form) -> None:
        self.code, self.form_sha256, self.section = code, form_sha256, section
        self.fields = request.form.to_dict(flat=False)
        self.answers = posted_answers(section, self.fields) if section is not None else {}
        self.decisions = posted_decisions(section, self.fields, present) if section is not None else {}
        self.contact = ContactForm() if section is None else None

    @property
    def version(self) -> int:
        text = request.form.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    @property
    def tab(self) -> str | None:
        return request.form.get("tab", "")[:32] or None

    def draft(self) -> DraftInput:
        if self.contact is not None:
            return self.contact.draft(self.tab)
        return DraftInput(answers=self.answers, tab=self.tab, form_sha256=self.form_sha256)


def _posted_page(application: Application, code: str) -> PostedPage:
    """The page that was posted. What was typed under an earlier form is read by that form, and lost by none."""
    present = application.challenge.form
    sha256 = request.form.get("form", "")[:64] or application.challenge.form_sha256
    if code == CONTACT:
        return PostedPage(code, sha256, None, present)
    form = present if sha256 == application.challenge.form_sha256 else form_under(application.challenge_id, sha256)
    if form is None:
        form, sha256 = present, application.challenge.form_sha256
    section = section_of(for_theme(form, application.theme.code), code)
    return PostedPage(code, sha256, section or abort(404), present)


def _save(application: Application, page: PostedPage) -> None:
    """Everything that the page holds, in one transaction. Raises RuleBroken, StaleEdit."""
    actor, moment = signed_in_user(), now()
    services.save_draft(application, page.draft(), version=page.version, actor=actor, now=moment)
    decided = {given.question for given in application.consents}
    # Left open: a tick that was taken away is a refusal, one that was never set is no decision yet.
    decisions = {code: bool(given) for code, given in page.decisions.items() if given is not None or code in decided}
    if decisions:
        services.set_consents(application, decisions, language=current_language(), actor=actor, now=moment)


def _to(endpoint: str, application: Application, **values: Any) -> Response:
    return redirect(url_for(f"applications.{endpoint}", application_id=application.id, **values), code=303)


def _onward(application: Application, page: PostedPage) -> Answer:
    """After a save: stay where the person asked to, stay where something is missing, else go to the next section."""
    if page.form_sha256 != application.challenge.form_sha256:
        flash(
            _(
                "The organizer changed the form after you opened the page. What you wrote is kept; please read what is asked now."
            ),
            "info",
        )
        stays = page.code == CONTACT or section_of(themed_form(application), page.code) is not None
        return _to("edit_application", application, section=page.code if stays else CONTACT)
    if request.form.get("draft"):
        return _to("edit_application", application, section=page.code)
    state = form_state(application, page.code)
    if state.of(page.code):
        return show_section(application, page.code, missing=True, status=422)
    following = state.after(page.code)
    if following == CHECK:
        return _to("check_application", application)
    return _to("edit_application", application, section=following)


def _show_conflict(application: Application, page: PostedPage) -> Answer:
    """Both versions, and the form with the person's own words, ready to be saved over the newer ones or dropped."""
    db.session.rollback()
    application = own_or_404(application.id)
    if page.contact is not None:
        standing = ContactForm(formdata=None, data=contact_values(application))
        mine, theirs = contact_texts(page.contact), contact_texts(standing)
    else:
        mine, theirs = texts_of(page.section, page.answers), texts_of(page.section, application.answers)
    conflict: dict[str, object] = {"mine": mine, "theirs": theirs, "saved_by": saver_name(application)}
    return show_section(application, page.code, contact=page.contact, typed=page.answers, conflict=conflict, status=409)


def _show_refused(application: Application, page: PostedPage, refused: RuleBroken) -> Answer:
    if page.contact is not None:
        page.contact.add_error(refused.field, refused.sentence)
        return show_section(application, page.code, contact=page.contact, status=422)
    errors = {refused.field or "": refused.sentence}
    return show_section(application, page.code, typed=page.answers, errors=errors, status=422)


def show_section(
    application: Application, code: str, *, contact: ContactForm | None = None, typed: Mapping[str, Any] | None = None,
    missing: bool = False, conflict: dict[str, object] | None = None, errors: dict[str, str] | None = None, status: int = 200,
) -> tuple[str, int]:  # fmt: skip
    """One page of the form. `missing` names what is not there yet; what is wrong is always named; `typed` stands over the draft."""
    state = form_state(application, code)
    faults = state.of(code, missing=missing)
    findings = queries.findings_for(application.challenge, application.startup, own=application.id, handed_in=True)
    section = section_of(themed_form(application), code)
    if section is None:
        form = contact or ContactForm(formdata=None, data=contact_values(application))
        if contact is None:
            for fault in faults:
                form.add_error(fault.field, fault.sentence)
        own: dict[str, Any] = {"form": form, "title": _("Contact"), "findings": findings}
        template = "applications/edit_contact.html"
    else:
        page = SectionPage(application, section, dict(application.answers) | dict(typed or {}), faults, errors or {})
        template, own = "applications/edit_section.html", {"page": page, "title": local(section.title)}
    html = render_template(
        template,
        state=state,
        part=code,
        conflict=conflict,
        tab=request.form.get("tab", "")[:32] or secrets.token_hex(8),
        until=deadline_of(application),
        why_not_submit=rules.why_not_submit(application, findings, signed_in_user(), now()),
        earliest_issue=rules.earliest_issue,
        **own,
        **page_values(application),
    )
    return html, status


@bp.post("/applications/<uuid:application_id>/autosave")
@access(signed_in)
def autosave_application(application_id: UUID) -> Response:
    """Save what is typed and say when; where it cannot be saved, say why. Answers with the place of "Saved 16:58:12"."""
    application = own_or_404(application_id)
    page = _posted_page(application, request.form.get("section", ""))
    sentence = ""
    try:
        _save(application, page)
        db.session.commit()
    except StaleEdit:
        sentence = _("Not saved: somebody saved elsewhere in the meantime. Press “Save draft” to see both versions.")
    except RuleBroken as refused:
        sentence = _("Not saved: %(reason)s", reason=refused.sentence)
    if sentence:
        db.session.rollback()
        return make_response(render_template("applications/autosave.html", sentence=sentence), 422)
    application = own_or_404(application_id)
    state = form_state(application, page.code)
    return make_response(render_template("applications/autosave.html", application=application, state=state))
