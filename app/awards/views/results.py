"""Results: before publication, published, and one applicant's own."""

from typing import Any

from flask import abort

from app.awards.views import bp
from app.web.access import access, anyone, signed_in


@bp.route("/manage/<uuid:challenge_id>/results", methods=["GET"])
@access(signed_in)
def preview_results(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/results/publish", methods=["POST"])
@access(signed_in)
def publish_results(**_values: Any) -> str:
    abort(501)


@bp.route("/applications/<uuid:application_id>/result", methods=["GET"])
@access(signed_in)
def show_own_result(**_values: Any) -> str:
    abort(501)


@bp.route("/challenges/<slug>/results", methods=["GET"])
@access(anyone)
def show_results(**_values: Any) -> str:
    abort(501)
