"""The documents that a startup keeps in its profile."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.forms.profile import DocumentForm
from app.accounts.profile import queries, services
from app.accounts.profile.codes import DocumentKind
from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import bp, refused, wait_sentence
from app.accounts.views.profile import own_startup, to_profile
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import send_stored, storage
from app.web.limits import Throttle

PAGE = "accounts/profile/document.html"
DOCUMENTS = Throttle("profile-documents", per_account="60 per hour", per_address="600 per hour")


@bp.route("/organizations/<uuid:organization_id>/profile/documents/new", methods=["GET", "POST"])
@access(signed_in)
def add_profile_document(organization_id: UUID) -> ResponseReturnValue:
    user, organization, form = signed_in_user(), own_startup(organization_id), DocumentForm()
    values: dict[str, Any] = {"organization": organization, "document": None}
    if not form.is_submitted():
        return render_template(PAGE, form=form, **values)
    file = form.file.data
    if not getattr(file, "filename", ""):
        form.add_error("file", _("Choose a file first."))
    elif wait := DOCUMENTS.hit(user.email):
        form.add_error("file", wait_sentence(wait))
    if form.errors or not form.check():
        return refused(PAGE, form, **values)
    try:
        services.add_profile_document(
            organization, DocumentKind(form.kind.data), stream=file.stream, filename=file.filename, storage=storage(),
            issued_on=form.issued_on.data, expires_on=form.expires_on.data, actor=user, now=now(),
        )  # fmt: skip
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(PAGE, form, refusal, **values)
    db.session.commit()
    flash(_("The document is kept in the profile."), "success")
    return to_profile(organization, "documents")


@bp.route("/organizations/<uuid:organization_id>/profile/documents/<uuid:document_id>", methods=["GET", "POST"])
@access(signed_in)
def date_profile_document(organization_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Correct what a document is and its dates; another file is another document."""
    user, organization = signed_in_user(), own_startup(organization_id)
    document = queries.get_document_of(organization, document_id) or abort(404)
    form = DocumentForm.of(document)
    values: dict[str, Any] = {"organization": organization, "document": document}
    if not form.is_submitted():
        return render_template(PAGE, form=form, **values)
    if not form.check():
        return refused(PAGE, form, **values)
    try:
        services.date_profile_document(
            organization, document, DocumentKind(form.kind.data), issued_on=form.issued_on.data,
            expires_on=form.expires_on.data, actor=user, now=now(),
        )  # fmt: skip
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(PAGE, form, refusal, **values)
    db.session.commit()
    flash(_("The profile is saved."), "success")
    return to_profile(organization, "documents")


@bp.post("/organizations/<uuid:organization_id>/profile/documents/<uuid:document_id>/remove")
@access(signed_in)
def remove_profile_document(organization_id: UUID, document_id: UUID) -> ResponseReturnValue:
    organization = own_startup(organization_id)
    document = queries.get_document_of(organization, document_id) or abort(404)
    services.remove_profile_document(organization, document, actor=signed_in_user(), now=now())
    db.session.commit()
    flash(_("The document is no longer in the profile. What was sent before stays as it was."), "success")
    return to_profile(organization, "documents")


@bp.get("/organizations/<uuid:organization_id>/profile/documents/<uuid:document_id>/file")
@access(signed_in)
def download_profile_document(organization_id: UUID, document_id: UUID) -> Response:
    document = queries.get_document_of(own_startup(organization_id), document_id) or abort(404)
    return send_stored(document.sha256, document.filename, document.media_type, size=document.size)
