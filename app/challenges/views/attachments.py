"""Files that a call offers: uploaded by its organizers, downloaded by anyone who may see the call."""

from typing import Any, cast
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse
from werkzeug.utils import send_file

from app.accounts.session import signed_in_user, user_or_none
from app.challenges import queries, services
from app.challenges.views.blueprint import bp
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone, signed_in
from app.web.clock import now


@bp.get("/challenges/<slug>/attachments/<uuid:attachment_id>")
@access(anyone)
def download_attachment(slug: str, attachment_id: UUID) -> Response:
    """The file, to be saved and never to be shown in our name."""
    attachment = queries.get_public_attachment(slug, attachment_id, user_or_none()) or abort(404)
    storage = current_app.extensions["storage"]
    if not storage.exists(attachment.sha256):
        abort(404)
    response = send_file(
        storage.open(attachment.sha256), request.environ, mimetype=attachment.media_type, as_attachment=True,
        download_name=attachment.filename, etag=attachment.sha256,
    )  # fmt: skip
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Length"] = str(attachment.size)
    return cast("Response", response)


def _answer(challenge_id: UUID, sentence: str, category: str) -> AnyResponse:
    flash(sentence, category)
    target = url_for("challenges.edit_challenge", challenge_id=challenge_id, section="attachments")
    return redirect(target, code=303)


@bp.post("/manage/<uuid:challenge_id>/attachments")
@access(signed_in)
def add_attachment(challenge_id: UUID) -> AnyResponse:
    user = signed_in_user()
    challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _answer(challenge_id, _("Choose a file first."), "error")
    stream: Any = file.stream
    try:
        storage = current_app.extensions["storage"]
        services.add_attachment(challenge, stream, file.filename, storage=storage, actor=user, now=now())
    except RuleBroken as refused:
        db.session.rollback()
        return _answer(challenge_id, refused.sentence, "error")
    db.session.commit()
    return _answer(challenge_id, _("The file is offered with the call."), "success")


@bp.post("/manage/<uuid:challenge_id>/attachments/<uuid:attachment_id>/remove")
@access(signed_in)
def remove_attachment(challenge_id: UUID, attachment_id: UUID) -> AnyResponse:
    user = signed_in_user()
    challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    attachment = next((a for a in challenge.attachments if a.id == attachment_id), None) or abort(404)
    try:
        services.remove_attachment(challenge, attachment, actor=user, now=now())
    except RuleBroken as refused:
        db.session.rollback()
        return _answer(challenge_id, refused.sentence, "error")
    db.session.commit()
    return _answer(challenge_id, _("The file is no longer offered."), "success")
