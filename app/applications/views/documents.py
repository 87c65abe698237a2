"""Documents: sent one by one, and read only by those who may."""

from datetime import date
from typing import IO
from uuid import UUID

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import wait_sentence
from app.applications import rules, services
from app.applications.models import Application
from app.applications.queries.files import get_document_for
from app.applications.queries.uploads import get_upload_for
from app.applications.states import UploadState
from app.applications.views import bp
from app.applications.views.form import Answer, _to, show_section
from app.applications.views.pages import code_of_section, own_or_404
from app.applications.views.uploads import MOST_MB, UPLOADS
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Kind, Question
from app.core.database import begin_writing, db, snapshot
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import part_files, send_viewed, storage
from app.web.requests import reads_first, takes_up_to


def _question_or_404(application: Application, code: str) -> Question:
    """The question for a file that this application's theme is asked."""
    question = for_theme(application.challenge.form, application.theme.code).question(code)
    return question if question is not None and question.kind is Kind.FILE else abort(404)


def _posted_date(question: Question) -> date | None:
    """The date of issue, where this document has one. Raises RuleBroken for nonsense."""
    text = request.form.get("issued_on", "").strip()
    if question.max_age_days is None or not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(_("“%(text)s” is not a date. Write it as 2022-08-31.", text=text[:40])) from error


@bp.post("/applications/<uuid:application_id>/documents/<code>")
@access(signed_in)
@reads_first
@takes_up_to(MOST_MB + 1)
def upload_document(application_id: UUID, code: str) -> Answer:
    """Take one file, whole or as an upload that came in pieces before, or only the date of issue of the one that is there."""
    with snapshot():
        _question_or_404(own_or_404(application_id), code)
    file = request.files.get("file")
    try:
        if request.form.get("upload"):
            _finish_upload(application_id, code, _posted_upload())
        elif file is not None and file.filename:
            _take_whole(application_id, code, file.stream, file.filename)
        else:
            _date_document(application_id, code)
    except RuleBroken as refused:
        db.session.rollback()
        errors = {f"doc-{code}": refused.sentence}
        return show_section(
            own_or_404(application_id), code_of_section(own_or_404(application_id), code), errors=errors, status=422
        )
    return _back(own_or_404(application_id), code)


def _back(application: Application, code: str) -> Response:
    return _to("edit_application", application, section=code_of_section(application, code), _anchor=f"doc-{code}")


def _posted_upload() -> UUID:
    try:
        return UUID(request.form["upload"])
    except ValueError:
        abort(404)


def _ready(application_id: UUID, code: str) -> tuple[Application, Question, date | None]:
    """The application as it stands, open to be changed, and what was posted with the file. Raises RuleBroken."""
    application = own_or_404(application_id)
    question = _question_or_404(application, code)
    if reason := rules.why_not_edit(application, signed_in_user(), now()):
        raise RuleBroken(reason)
    return application, question, _posted_date(question)


def _take_whole(application_id: UUID, code: str, stream: IO[bytes], filename: str) -> None:
    with snapshot():  # the content is looked at and stored with no lock on the database
        _application, question, _date = _ready(application_id, code)
        if wait := UPLOADS.hit(signed_in_user().email):
            raise RuleBroken(wait_sentence(wait))
        stored = services.store_document(question, stream, filename, storage=storage())
    begin_writing()
    application, question, issued_on = _ready(application_id, code)
    services.attach_stored(application, question, stored, issued_on=issued_on, actor=signed_in_user(), now=now())
    db.session.commit()


def _finish_upload(application_id: UUID, code: str, upload_id: UUID) -> None:
    """Attach what came in pieces. Asked again after it was done, as after a lost answer, there is nothing left to do."""
    with snapshot():
        upload = get_upload_for(signed_in_user(), application_id, upload_id) or abort(404)
        if upload.state is UploadState.ATTACHED:
            return
        _application, question, _date = _ready(application_id, code)
        if upload.question != question.code:
            abort(404)
        stored = services.store_upload(upload, question, parts=part_files(), storage=storage())
    begin_writing()
    upload = get_upload_for(signed_in_user(), application_id, upload_id) or abort(404)
    if upload.state is UploadState.ATTACHED:  # by another request, while this one looked at the file
        return
    application, question, issued_on = _ready(application_id, code)
    services.finish_upload(
        upload, application, question, stored, issued_on=issued_on, actor=signed_in_user(), now=now()
    )
    db.session.commit()
    part_files().remove(upload_id)


def _date_document(application_id: UUID, code: str) -> None:
    begin_writing()
    application, question, issued_on = _ready(application_id, code)
    if issued_on is None:
        raise RuleBroken(_("Choose a file first."))
    services.date_document(application, question, issued_on=issued_on, actor=signed_in_user(), now=now())
    db.session.commit()


@bp.post("/applications/<uuid:application_id>/documents/<code>/remove")
@access(signed_in)
def remove_document(application_id: UUID, code: str) -> Response:
    application = own_or_404(application_id)
    question = _question_or_404(application, code)
    try:
        services.remove_document(application, question, actor=signed_in_user(), now=now())
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("show_application", application)
    return _back(application, code)


@bp.get("/applications/<uuid:application_id>/files/<uuid:document_id>")
@access(signed_in)
def download_document(application_id: UUID, document_id: UUID) -> Response:
    """A document of the draft for its own people; of what was submitted for the organizer and, where shared, the sponsor."""
    document = get_document_for(signed_in_user(), application_id, document_id, now()) or abort(404)
    return send_viewed(document.sha256, document.filename, document.media_type, size=document.size)
