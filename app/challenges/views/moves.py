"""The moves of a challenge, each a POST that leads back to the overview."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.models import User
from app.accounts.session import signed_in_user
from app.challenges import queries, services
from app.challenges.models import Challenge
from app.challenges.views.blueprint import bp
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now


def _move(challenge_id: UUID, act: Callable[[Challenge, User], object], done: str) -> Response:
    """Do `act` for a challenge that the person works on, or say why not."""
    user = signed_in_user()
    challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    try:
        act(challenge, user)
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    except StaleEdit:
        db.session.rollback()
        flash(_("The call was changed since you opened this page. Look at it once more, then publish."), "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for("challenges.show_managed", challenge_id=challenge_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/send-to-sponsors")
@access(signed_in)
def send_to_sponsors(challenge_id: UUID) -> Response:
    return _move(
        challenge_id,
        lambda challenge, user: services.send_to_sponsors(challenge, actor=user, now=now()),
        _("The draft is with the sponsors; they have been asked by mail."),
    )


@bp.post("/manage/<uuid:challenge_id>/back-to-draft")
@access(signed_in)
def take_back_to_draft(challenge_id: UUID) -> Response:
    return _move(
        challenge_id,
        lambda challenge, user: services.take_back_to_draft(challenge, actor=user, now=now()),
        _("The call is a draft again."),
    )


@bp.post("/manage/<uuid:challenge_id>/publish")
@access(signed_in)
def publish_challenge(challenge_id: UUID) -> Response:
    seen = request.form.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    return _move(
        challenge_id,
        lambda challenge, user: services.publish_challenge(challenge, actor=user, now=now(), version=version),
        _("The call is published."),
    )


@bp.post("/manage/<uuid:challenge_id>/close")
@access(signed_in)
def close_challenge(challenge_id: UUID) -> Response:
    return _move(
        challenge_id,
        lambda challenge, user: services.close_challenge(challenge, actor=user, now=now()),
        _("Applications are closed."),
    )


@bp.post("/manage/<uuid:challenge_id>/cancel")
@access(signed_in)
def cancel_challenge(challenge_id: UUID) -> Response:
    reason = request.form.get("reason", "")
    return _move(
        challenge_id,
        lambda challenge, user: services.cancel_challenge(challenge, reason, actor=user, now=now()),
        _("The challenge is cancelled."),
    )


@bp.post("/manage/<uuid:challenge_id>/archive")
@access(signed_in)
def archive_challenge(challenge_id: UUID) -> Response:
    return _move(
        challenge_id,
        lambda challenge, user: services.archive_challenge(challenge, actor=user, now=now()),
        _("The challenge is archived."),
    )


@bp.post("/manage/<uuid:challenge_id>/mails/send-again")
@access(signed_in)
def send_mails_again(challenge_id: UUID) -> Response:
    return _move(
        challenge_id,
        lambda challenge, user: services.send_mails_again(challenge, actor=user, now=now()),
        _("The mails are on their way again."),
    )
