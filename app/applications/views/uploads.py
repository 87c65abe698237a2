"""Files in pieces, by the tus protocol: begun, asked about, continued, given up. They become documents in views.documents."""

from functools import wraps
from typing import Any
from uuid import UUID

from flask import abort, request, url_for
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response

from app.accounts.session import signed_in_user
from app.accounts.views.blueprint import wait_sentence
from app.applications import rules, services
from app.applications.models import Upload
from app.applications.queries.uploads import get_upload_for
from app.applications.states import UploadState
from app.applications.views import bp
from app.applications.views.pages import own_or_404
from app.challenges.form.asking import for_theme
from app.challenges.form.model import Kind
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.incoming import PartGone
from app.core.storage import DiskFull
from app.web import tus
from app.web.access import View, access, signed_in
from app.web.clock import now
from app.web.files import part_files, storage
from app.web.limits import Throttle
from app.web.requests import reads_first, takes_up_to

# What was replaced may stand in a submission, so it is kept: nobody fills the disk by replacing it over and over.
UPLOADS = Throttle("uploads", per_account="100 per hour", per_address="1000 per hour")
MOST_MB = 200  # the most that a call can allow for one document


def speaks_tus(view: View) -> View:
    """Answer refusals in the protocol's own way."""

    @wraps(view)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            with tus.speaking():
                return view(*args, **kwargs)
        except tus.Refused as refused:
            db.session.rollback()
            return tus.told(refused)

    return spoken  # type: ignore[return-value] # wraps keeps the signature


def _own_upload_or_404(application_id: UUID, upload_id: UUID) -> Upload:
    return get_upload_for(signed_in_user(), application_id, upload_id) or abort(404)


@bp.route("/applications/<uuid:application_id>/uploads", methods=["POST", "OPTIONS"])
@access(signed_in)
@speaks_tus
def create_upload(application_id: UUID) -> Response:
    """A place for a file of the announced length. It is counted here, once, however many pieces it comes in."""
    application = own_or_404(application_id)
    if request.method == "OPTIONS":
        return tus.capabilities(MOST_MB * 1024 * 1024)
    tus.check_version()
    length, metadata = tus.asked_length(), tus.asked_metadata()
    code = metadata.get("question", "")
    question = for_theme(application.challenge.form, application.theme.code).question(code)
    if question is None or question.kind is not Kind.FILE:
        abort(404)
    actor = signed_in_user()
    if reason := rules.why_not_edit(application, actor, now()):
        raise RuleBroken(reason)
    if reason := rules.why_not_announced(question, length, metadata.get("filename", "")):
        raise tus.Refused(413 if rules.why_not_size(question, length) else 415, reason)
    if wait := UPLOADS.hit(actor.email):
        raise tus.Refused(429, wait_sentence(wait))
    upload = services.begin_upload(
        application, question, length=length, filename=metadata.get("filename", ""), parts=part_files(), storage=storage(),
        actor=actor, now=now(),
    )  # fmt: skip
    db.session.commit()
    place = url_for("applications.continue_upload", application_id=application.id, upload_id=upload.id)
    return tus.answer(201, {"Location": place, "Upload-Offset": "0", **tus.expires(upload.expires_at)})


@bp.route("/applications/<uuid:application_id>/uploads/<uuid:upload_id>", methods=["HEAD", "PATCH"])
@access(signed_in)
@reads_first
@takes_up_to(None)  # the rest of the upload, which has its length
@speaks_tus
def continue_upload(application_id: UUID, upload_id: UUID) -> Response:
    """Say how much has arrived, or take the next piece. Whoever may not edit any more may not send any more."""
    upload = _own_upload_or_404(application_id, upload_id)
    tus.check_version()
    headers = tus.expires(upload.expires_at)
    if upload.state is UploadState.RECEIVING and upload.expires_at <= now():
        raise PartGone
    length, attached = upload.length, upload.state is UploadState.ATTACHED
    reason = rules.why_not_edit(upload.application, signed_in_user(), now())
    db.session.rollback()  # no connection to the database is kept while the network is waited for
    if request.method == "HEAD":
        arrived = length if attached else part_files().size(upload_id)
        if arrived is None:
            raise PartGone
        return tus.answer(200, {"Upload-Offset": str(arrived), "Upload-Length": str(length), **headers})
    if reason:
        raise RuleBroken(reason)
    if attached:
        raise PartGone
    return tus.answer(204, {"Upload-Offset": str(_take_piece(upload_id, length)), **headers})


def _take_piece(upload_id: UUID, length: int) -> int:
    """Write the piece where it belongs; returns how much has arrived in all."""
    offset, checksum = tus.asked_offset(), tus.asked_checksum()
    with part_files().hold(upload_id) as part, tus.body() as stream:
        if offset != part.size:
            raise tus.Refused(409, f"Upload-Offset is {part.size}.")
        if (request.content_length or 0) > length - offset:
            raise tus.Refused(413, f"Upload-Length is {length}.")
        if not storage().has_room(length - offset):
            raise DiskFull  # room was there when the upload was announced; others have filled it since
        try:
            return part.append(stream, most=length - offset, checksum=checksum)
        except (ClientDisconnected, ConnectionError, TimeoutError):
            raise tus.Refused(408, "The piece broke off.") from None


@bp.delete("/applications/<uuid:application_id>/uploads/<uuid:upload_id>")
@access(signed_in)
@speaks_tus
def drop_upload(application_id: UUID, upload_id: UUID) -> Response:
    """Give an upload up, with what has arrived of it."""
    upload = _own_upload_or_404(application_id, upload_id)
    tus.check_version()
    actor = signed_in_user()
    if upload.by_id != actor.id and (reason := rules.why_not_edit(upload.application, actor, now())):
        raise RuleBroken(reason)
    if upload.state is UploadState.RECEIVING:
        services.drop_upload(upload, parts=part_files())
        db.session.commit()
    return tus.answer(204)
