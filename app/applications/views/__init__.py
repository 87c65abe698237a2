"""Views of applications."""

from typing import Any

from flask import Blueprint, abort

from app.web.access import access, signed_in

bp = Blueprint("applications", __name__)


@bp.route("/applications", methods=["GET"])
@access(signed_in)
def list_applications(**_values: Any) -> str:
    abort(501)


@bp.route("/challenges/<slug>/apply", methods=["GET", "POST"])
@access(signed_in)
def start_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>", methods=["GET"])
@access(signed_in)
def show_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/edit", methods=["GET", "POST"])
@access(signed_in)
def edit_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/autosave", methods=["POST"])
@access(signed_in)
def autosave_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/documents/<uuid:requirement_id>", methods=["POST"])
@access(signed_in)
def upload_document(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/documents/<uuid:requirement_id>/remove", methods=["POST"])
@access(signed_in)
def remove_document(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/files/<uuid:document_id>", methods=["GET"])
@access(signed_in)
def download_document(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/check", methods=["GET"])
@access(signed_in)
def check_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/submit", methods=["POST"])
@access(signed_in)
def submit_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/reopen", methods=["POST"])
@access(signed_in)
def reopen_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/withdraw", methods=["POST"])
@access(signed_in)
def withdraw_application(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/receipt", methods=["GET"])
@access(signed_in)
def show_receipt(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/applications", methods=["GET"])
@access(signed_in)
def list_received(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/applications/<uuid:application_id>", methods=["GET"])
@access(signed_in)
def show_received(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/applications/<uuid:application_id>/check", methods=["POST"])
@access(signed_in)
def check_eligibility(**_values: Any) -> str:
    abort(501)


@bp.route("/sponsor/<uuid:challenge_id>/applications", methods=["GET"])
@access(signed_in)
def list_shared(**_values: Any) -> str:
    abort(501)


@bp.route("/sponsor/<uuid:challenge_id>/applications/<uuid:application_id>", methods=["GET"])
@access(signed_in)
def show_shared(**_values: Any) -> str:
    abort(501)
