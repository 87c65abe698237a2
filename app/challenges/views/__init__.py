"""Views of challenges."""

from typing import Any

from flask import abort

from app.challenges import chores
from app.challenges.views import public
from app.challenges.views.blueprint import bp
from app.web.access import access, anyone, signed_in

__all__ = ["bp", "chores", "public"]


@bp.route("/challenges/<slug>/attachments/<uuid:attachment_id>", methods=["GET"])
@access(anyone)
def download_attachment(**_values: Any) -> str:
    abort(501)


@bp.route("/manage", methods=["GET"])
@access(signed_in)
def list_managed(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/new", methods=["GET", "POST"])
@access(signed_in)
def create_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>", methods=["GET"])
@access(signed_in)
def show_managed(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/edit/<section>", methods=["GET", "POST"])
@access(signed_in)
def edit_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/markdown", methods=["POST"])
@access(signed_in)
def preview_markdown(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/preview", methods=["GET"])
@access(signed_in)
def preview_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/attachments", methods=["POST"])
@access(signed_in)
def add_attachment(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/attachments/<uuid:attachment_id>/remove", methods=["POST"])
@access(signed_in)
def remove_attachment(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/send-to-sponsors", methods=["POST"])
@access(signed_in)
def send_to_sponsors(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/back-to-draft", methods=["POST"])
@access(signed_in)
def take_back_to_draft(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/publish", methods=["POST"])
@access(signed_in)
def publish_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/close", methods=["POST"])
@access(signed_in)
def close_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/cancel", methods=["POST"])
@access(signed_in)
def cancel_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/archive", methods=["POST"])
@access(signed_in)
def archive_challenge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/staff", methods=["GET", "POST"])
@access(signed_in)
def list_staff(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/staff/<uuid:user_id>/remove", methods=["POST"])
@access(signed_in)
def remove_staff(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/trail", methods=["GET"])
@access(signed_in)
def show_trail(**_values: Any) -> str:
    abort(501)


@bp.route("/sponsor", methods=["GET"])
@access(signed_in)
def list_sponsored(**_values: Any) -> str:
    abort(501)


@bp.route("/sponsor/<uuid:challenge_id>", methods=["GET"])
@access(signed_in)
def show_sponsored(**_values: Any) -> str:
    abort(501)


@bp.route("/sponsor/<uuid:challenge_id>/review", methods=["POST"])
@access(signed_in)
def review_challenge(**_values: Any) -> str:
    abort(501)
