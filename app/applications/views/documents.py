"""Documents: sent one by one, and read only by those who may."""

from datetime import date
from uuid import UUID

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import wait_sentence
from app.applications import services
from app.applications.models import Application
from app.applications.queries.files import get_document_for
from app.applications.rules import Section
from app.applications.views import bp
from app.applications.views.form import Answer, _to, show_section
from app.applications.views.pages import own_or_404
from app.challenges.models import DocumentRequirement
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import send_stored, storage
from app.web.limits import Throttle

# What was replaced may stand in a submission, so it is kept: nobody fills the disk by replacing it over and over.
UPLOADS = Throttle("uploads", per_account="100 per hour", per_address="1000 per hour")


def _requirement_or_404(application: Application, requirement_id: UUID) -> DocumentRequirement:
    return next((r for r in application.challenge.documents if r.id == requirement_id), None) or abort(404)


def _posted_date(requirement: DocumentRequirement) -> date | None:
    """The date of issue, where this document has one. Raises RuleBroken for nonsense."""
    text = request.form.get("issued_on", "").strip()
    if requirement.max_age_days is None or not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(_("“%(text)s” is not a date. Write it as 2022-08-31.", text=text[:40])) from error


@bp.post("/applications/<uuid:application_id>/documents/<uuid:requirement_id>")
@access(signed_in)
def upload_document(application_id: UUID, requirement_id: UUID) -> Answer:
    """Take one file, or only the date of issue of the one that is there."""
    application = own_or_404(application_id)
    requirement = _requirement_or_404(application, requirement_id)
    file = request.files.get("file")
    actor = signed_in_user()
    try:
        issued_on = _posted_date(requirement)
        if file is not None and file.filename:
            if wait := UPLOADS.hit(actor.email):
                raise RuleBroken(wait_sentence(wait))  # noqa: TRY301 - as below
            services.attach_document(
                application, requirement, stream=file.stream, filename=file.filename, storage=storage(),
                issued_on=issued_on, actor=actor, now=now(),
            )  # fmt: skip
        elif issued_on is not None:
            services.date_document(application, requirement, issued_on=issued_on, actor=actor, now=now())
        else:
            raise RuleBroken(_("Choose a file first."))  # noqa: TRY301 - shown like the service's own refusals
    except RuleBroken as refused:
        db.session.rollback()
        errors = {f"doc-{requirement.code}": refused.sentence}
        return show_section(own_or_404(application_id), Section.DOCUMENTS, errors=errors, code=422)
    db.session.commit()
    return _to("edit_application", application, section=Section.DOCUMENTS.value, _anchor=f"doc-{requirement.code}")


@bp.post("/applications/<uuid:application_id>/documents/<uuid:requirement_id>/remove")
@access(signed_in)
def remove_document(application_id: UUID, requirement_id: UUID) -> Response:
    application = own_or_404(application_id)
    requirement = _requirement_or_404(application, requirement_id)
    try:
        services.remove_document(application, requirement, actor=signed_in_user(), now=now())
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("show_application", application)
    return _to("edit_application", application, section=Section.DOCUMENTS.value, _anchor=f"doc-{requirement.code}")


@bp.get("/applications/<uuid:application_id>/files/<uuid:document_id>")
@access(signed_in)
def download_document(application_id: UUID, document_id: UUID) -> Response:
    """A document of the draft for its own people; of what was submitted for the organizer and, where shared, the sponsor."""
    document = get_document_for(signed_in_user(), application_id, document_id, now()) or abort(404)
    return send_stored(document.sha256, document.filename, document.media_type, size=document.size)
