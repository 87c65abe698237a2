"""Views of judging."""

from typing import Any

from flask import Blueprint, abort

from app.web.access import access, anyone, signed_in

bp = Blueprint("judging", __name__)


@bp.route("/manage/<uuid:challenge_id>/judges", methods=["GET"])
@access(signed_in)
def list_judges(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/judges", methods=["POST"])
@access(signed_in)
def invite_judge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/judges/<uuid:judge_id>/invite-again", methods=["POST"])
@access(signed_in)
def invite_judge_again(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/judges/<uuid:judge_id>/remove", methods=["POST"])
@access(signed_in)
def remove_judge(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/judging/start", methods=["POST"])
@access(signed_in)
def start_judging(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/assignment", methods=["GET", "POST"])
@access(signed_in)
def assign_judges(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/progress", methods=["GET"])
@access(signed_in)
def show_progress(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/remind", methods=["POST"])
@access(signed_in)
def remind_judges(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/sheets/<uuid:sheet_id>", methods=["GET"])
@access(signed_in)
def show_sheet_to_organizer(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/sheets/<uuid:sheet_id>/reopen", methods=["POST"])
@access(signed_in)
def reopen_sheet(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/ranking", methods=["GET"])
@access(signed_in)
def show_ranking(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/bonuses", methods=["POST"])
@access(signed_in)
def add_bonus(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/bonuses/<uuid:bonus_id>/remove", methods=["POST"])
@access(signed_in)
def remove_bonus(**_values: Any) -> str:
    abort(501)


@bp.route("/manage/<uuid:challenge_id>/chair", methods=["POST"])
@access(signed_in)
def record_chair_decision(**_values: Any) -> str:
    abort(501)


@bp.route("/judging", methods=["GET"])
@access(signed_in)
def list_rounds(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/invitations/<token>", methods=["GET", "POST"])
@access(anyone)
def answer_invitation(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/<uuid:challenge_id>/conflicts", methods=["GET", "POST"])
@access(signed_in)
def declare_conflicts(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/<uuid:challenge_id>", methods=["GET"])
@access(signed_in)
def show_queue(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/sheets/<uuid:sheet_id>", methods=["GET", "POST"])
@access(signed_in)
def write_sheet(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/sheets/<uuid:sheet_id>/autosave", methods=["POST"])
@access(signed_in)
def autosave_sheet(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/sheets/<uuid:sheet_id>/sign", methods=["POST"])
@access(signed_in)
def sign_sheet(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/sheets/<uuid:sheet_id>/recuse", methods=["POST"])
@access(signed_in)
def recuse(**_values: Any) -> str:
    abort(501)


@bp.route("/judging/sheets/<uuid:sheet_id>/files/<uuid:document_id>", methods=["GET"])
@access(signed_in)
def download_entry_document(**_values: Any) -> str:
    abort(501)
