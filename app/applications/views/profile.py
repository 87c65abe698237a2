"""What the startup's profile gives to a draft: facts for its questions, kept documents for its files."""

from uuid import UUID

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts.profile.models import ProfileDocument
from app.accounts.profile.queries import get_document_of
from app.accounts.session import signed_in_user
from app.applications import rules, services
from app.applications.content import company_content
from app.applications.models import Application
from app.applications.views import bp
from app.applications.views.documents import _back, _question_or_404
from app.applications.views.form import Answer, _to, section_of, show_section
from app.applications.views.pages import code_of_section, own_or_404, themed_form
from app.applications.writing import services as together
from app.applications.writing.rules import why_not_use_profile
from app.core.database import begin_writing, db, snapshot
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import storage
from app.web.filters import current_language
from app.web.requests import reads_first


@bp.post("/applications/<uuid:application_id>/edit/<section>/profile")
@access(signed_in)
def take_over_profile(application_id: UUID, section: str) -> Response:
    """Answer the section's questions with what the profile says."""
    application = own_or_404(application_id)
    part = section_of(themed_form(application), section) or abort(404)
    try:
        count = together.take_over_profile(
            application, {question.code for question in part.questions}, company_content(application.startup),
            language=current_language(), actor=signed_in_user(), now=now(),
        )  # fmt: skip
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("edit_application", application, section=section)
    db.session.commit()
    flash(
        ngettext(
            "%(num)d answer is taken over from the profile.", "%(num)d answers are taken over from the profile.", count
        )
        if count
        else _("The answers say what the profile says already."),
        "success",
    )
    return _to("edit_application", application, section=section)


@bp.post("/applications/<uuid:application_id>/documents/<code>/kept")
@access(signed_in)
@reads_first
def hand_in_kept(application_id: UUID, code: str) -> Answer:
    """Hand in a document of the profile for a question: a copy by name, so that the profile may change afterwards."""
    try:
        with snapshot():  # the content is looked at with no lock on the database
            application, document = _kept(application_id)
            question = _question_or_404(application, code)
            if reason := rules.why_not_kept(question, document, application.challenge, now()):
                raise RuleBroken(reason, field=f"doc-{code}")  # noqa: TRY301 - told like the service's own refusals
            with storage().open(document.sha256) as file:
                stored = services.store_document(question, file, document.filename, storage=storage())
            issued_on = document.issued_on
        begin_writing()
        application = own_or_404(application_id)
        question = _question_or_404(application, code)
        services.attach_stored(
            application, question, stored, issued_on=issued_on if question.max_age_days is not None else None,
            actor=signed_in_user(), now=now(),
        )  # fmt: skip
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        application = own_or_404(application_id)
        return show_section(
            application, code_of_section(application, code), errors={f"doc-{code}": refused.sentence}, status=422
        )
    return _back(own_or_404(application_id), code)


def _kept(application_id: UUID) -> tuple[Application, ProfileDocument]:
    """The application and the posted document of its startup's profile. Raises RuleBroken for who may not use the profile."""
    application = own_or_404(application_id)
    if reason := rules.why_not_edit(application, signed_in_user(), now()) or why_not_use_profile(
        application, signed_in_user()
    ):
        raise RuleBroken(reason)
    try:
        document_id = UUID(request.form.get("document", ""))
    except ValueError:
        abort(404)
    return application, get_document_of(application.startup, document_id) or abort(404)
