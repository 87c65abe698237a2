"""Certificates: their register, making them, and whether one is genuine."""

from typing import Any

from flask import abort

from app.awards.views import bp
from app.web.access import access, anyone, signed_in


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


@bp.route("/verify", methods=["GET", "POST"])
@access(anyone)
def verify_certificate(**_values: Any) -> str:
    abort(501)


@bp.route("/v/<code>", methods=["GET"])
@access(anyone)
def show_certificate(**_values: Any) -> str:
    abort(501)
