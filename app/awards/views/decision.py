"""The desk on which prizes are decided."""

from typing import Any

from flask import abort

from app.awards.views import bp
from app.web.access import access, signed_in


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
