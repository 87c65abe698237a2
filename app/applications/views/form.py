"""The form: its pages, saving, saving by itself."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.profile.queries import get_profile
from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.content import company_content
from app.applications.forms import ContactForm, contact_values
from app.applications.labels import field_labels, field_words
from app.applications.models import Application
from app.applications.rules import CONTACT, Fault
from app.applications.services.follow_form import form_under
from app.applications.services.save_draft import DraftInput
from app.applications.views import bp
from app.applications.views.pages import CHECK, deadline_of, form_state, own_or_404, page_values, themed_form
from app.applications.views.section_page import BothTexts, SectionPage, fields_of, posted_answers, posted_decisions
from app.applications.writing.fields import ANSWER, draft_fields
from app.applications.writing.queries import toucher
from app.applications.writing.rules import why_not_use_profile
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Form, Kind, Section
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.merging import Merge, bases_after, fingerprints, read_bases, write_bases
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
        saved = _save(application, page)
    except RuleBroken as refused:
        db.session.rollback()
        return _show_refused(own_or_404(application_id), page, refused)
    db.session.commit()
    if saved.conflicts:
        return _show_conflict(own_or_404(application_id), page, saved)
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

    @property
    def bases(self) -> dict[str, str] | None:
        """The fingerprints of what the page was made from; None where it says no more than its version."""
        return read_bases(request.form["base"]) if "base" in request.form else None

    @property
    def typed(self) -> dict[str, Any]:
        """Everything on the page, by field."""
        if self.contact is not None:
            return dict(self.contact.texts())
        return {f"{ANSWER}{code}": answer for code, answer in self.answers.items()}

    def draft(self) -> DraftInput:
        if self.contact is not None:
            return self.contact.draft(self.tab, self.bases)
        return DraftInput(answers=self.answers, tab=self.tab, form_sha256=self.form_sha256, bases=self.bases)


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


def _save(application: Application, page: PostedPage) -> Merge:
    """Everything that the page holds, in one transaction; what both somebody else and the person changed comes back. Raises RuleBroken."""
    actor, moment = signed_in_user(), now()
    by: dict[str, Any] = {"version": page.version, "actor": actor, "now": moment}
    try:
        saved = services.save_draft(application, page.draft(), **by)
    except StaleEdit:  # whatever stands was not seen
        saved = services.save_draft(application, replace(page.draft(), bases={}), **by)
    decided = {given.question for given in application.consents}
    # Left open: a tick that was taken away is a refusal, one that was never set is no decision yet.
    decisions = {code: bool(given) for code, given in page.decisions.items() if given is not None or code in decided}
    if decisions:
        services.set_consents(application, decisions, language=current_language(), actor=actor, now=moment)
    return saved


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


def _show_conflict(application: Application, page: PostedPage, saved: Merge) -> Answer:
    """Both texts of what both changed, the person's own in its field, to be saved knowingly; all the rest is saved by now."""
    challenge, labels = application.challenge, field_labels(application.challenge)
    texts = [
        BothTexts(
            name, labels.get(name, name), mine=field_words(challenge, name, c.mine), theirs=field_words(challenge, name, c.theirs),
            who=toucher(application, name),
        )
        for name, c in saved.conflicts.items()
    ]  # fmt: skip
    mine = {name: c.mine for name, c in saved.conflicts.items()}
    contact = None
    if page.contact is not None:
        contact = ContactForm(formdata=None, data=contact_values(application) | mine)
    typed = {name.removeprefix(ANSWER): value for name, value in mine.items()}
    return show_section(application, page.code, contact=contact, typed=typed, conflict=texts, status=409)


def _show_refused(application: Application, page: PostedPage, refused: RuleBroken) -> Answer:
    if page.contact is not None:
        page.contact.add_error(refused.field, refused.sentence)
        return show_section(application, page.code, contact=page.contact, bases=page.bases, status=422)
    errors = {refused.field or "": refused.sentence}
    return show_section(application, page.code, typed=page.answers, errors=errors, bases=page.bases, status=422)


def show_section(
    application: Application, code: str, *, contact: ContactForm | None = None, typed: Mapping[str, Any] | None = None,
    missing: bool = False, conflict: Sequence[BothTexts] = (), errors: dict[str, str] | None = None,
    bases: Mapping[str, str] | None = None, status: int = 200,
) -> tuple[str, int]:  # fmt: skip
    """One page of the form. `missing` names what is not there yet; what is wrong is always named; `typed` stands over the draft.

    `bases` are those of the page that was sent, where what stands now is not what its texts were made from.
    """
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
        page = _section_page(application, section, dict(application.answers) | dict(typed or {}), faults, errors or {})
        template, own = "applications/edit_section.html", {"page": page, "title": local(section.title)}
    html = render_template(
        template,
        state=state,
        part=code,
        conflict=conflict,
        base=write_bases(fingerprints(fields_of(application, section)) if bases is None else bases),
        tab=request.form.get("tab", "")[:32] or secrets.token_hex(8),
        until=deadline_of(application),
        why_not_submit=rules.why_not_submit(application, findings, signed_in_user(), now()),
        earliest_issue=rules.earliest_issue,
        **own,
        **page_values(application),
    )
    return html, status


def _section_page(
    application: Application,
    section: Section,
    answers: Mapping[str, Any],
    faults: list[Fault],
    errors: Mapping[str, str],
) -> SectionPage:
    """The section with what the startup's profile has for it, where the person may use that."""
    company: dict[str, Any] | None = None
    kept: tuple[Any, ...] = ()
    if why_not_use_profile(application, signed_in_user()) is None:
        if any(question.prefill for question in section.questions):
            company = company_content(application.startup)
        if any(question.kind is Kind.FILE for question in section.questions):
            profile = get_profile(application.startup)
            kept = tuple(profile.documents) if profile is not None else ()
    return SectionPage(application, section, answers, faults, errors, company, kept, now())


@bp.post("/applications/<uuid:application_id>/autosave")
@access(signed_in)
def autosave_application(application_id: UUID) -> Response:
    """Save what is typed and say when; where it cannot be saved, say why. Answers with the place of "Saved 16:58:12"."""
    application = own_or_404(application_id)
    page = _posted_page(application, request.form.get("section", ""))
    try:
        saved = _save(application, page)
    except RuleBroken as refused:
        db.session.rollback()
        sentence = _("Not saved: %(reason)s", reason=refused.sentence)
        return make_response(render_template("applications/autosave.html", sentence=sentence), 422)
    db.session.commit()
    application = own_or_404(application_id)
    return make_response(
        render_template(
            "applications/autosave.html",
            application=application,
            part=page.code,
            sentence=_conflict_sentence(application, saved),
            unseen=_told(application, saved.unseen),
            base=write_bases(bases_after(page.bases or {}, draft_fields(application), page.typed)),
            state=form_state(application, page.code),
        ),
        422 if saved.conflicts else 200,
    )


def _conflict_sentence(application: Application, saved: Merge) -> str:
    told = _told(application, saved.conflicts)
    return " ".join(
        [_("Not saved: %(name)s changed “%(field)s”, too.", name=name, field=label) for label, name in told]
        + ([_("Press “Save draft” to see both versions; yours is kept in the versions as well.")] if told else [])
    )


def _told(application: Application, fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Each field by its label, with who changed it last."""
    labels = field_labels(application.challenge)
    return [(labels.get(name, name), toucher(application, name)) for name in fields]
