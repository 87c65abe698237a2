"""Views of awards."""

from typing import Any

from flask import Blueprint, abort

from app.web.access import access, anyone, signed_in

bp = Blueprint("awards", __name__)


@bp.route("/manage/<uuid:challenge_id>/decision", methods=["GET", "POST"])
@access(signed_in)
def decide(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/decision/confirm", methods=["POST"])
@access(signed_in)
def confirm_decision(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/decision/reopen", methods=["POST"])
@access(signed_in)
def reopen_judging(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/results", methods=["GET"])
@access(signed_in)
def preview_results(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/results/publish", methods=["POST"])
@access(signed_in)
def publish_results(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/certificates", methods=["GET"])
@access(signed_in)
def list_certificates(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/certificates", methods=["POST"])
@access(signed_in)
def issue_certificates(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/certificates/preview", methods=["GET"])
@access(signed_in)
def preview_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/certificates/<uuid:certificate_id>/revoke", methods=["POST"])
@access(signed_in)
def revoke_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/certificates/<uuid:certificate_id>/reissue", methods=["POST"])
@access(signed_in)
def reissue_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/certificates/<uuid:certificate_id>.pdf", methods=["GET"])
@access(signed_in)
def download_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/result", methods=["GET"])
@access(signed_in)
def show_own_result(**_values: Any) -> str:
    abort(501)


@bp.route("/challenges/<slug>/results", methods=["GET"])
@access(anyone)
def show_results(**_values: Any) -> str:
    abort(501)


@bp.route("/verify", methods=["GET", "POST"])
@access(anyone)
def verify_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/v/<code>", methods=["GET"])
@access(anyone)
def show_certificate(**_values: Any) -> str:
    abort(501)
