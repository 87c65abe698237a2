"""Views of accounts."""

from typing import Any

from flask import Blueprint, abort

from app.web.access import access, anyone, signed_in

bp = Blueprint("accounts", __name__)


@bp.route("/sign-up", methods=["GET", "POST"])
@access(anyone)
def sign_up(**_values: Any) -> str:
    abort(501)


@bp.route("/sign-up/resend", methods=["POST"])
@access(anyone)
def resend_confirmation(**_values: Any) -> str:
    abort(501)


@bp.route("/confirm-email/<token>", methods=["GET", "POST"])
@access(anyone)
def confirm_email(**_values: Any) -> str:
    abort(501)


@bp.route("/sign-in", methods=["GET", "POST"])
@access(anyone)
def sign_in(**_values: Any) -> str:
    abort(501)


@bp.route("/sign-out", methods=["POST"])
@access(anyone)
def sign_out(**_values: Any) -> str:
    abort(501)


@bp.route("/forgot-password", methods=["GET", "POST"])
@access(anyone)
def ask_password_reset(**_values: Any) -> str:
    abort(501)


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@access(anyone)
def reset_password(**_values: Any) -> str:
    abort(501)


@bp.route("/language", methods=["POST"])
@access(anyone)
def set_language(**_values: Any) -> str:
    abort(501)


@bp.route("/account", methods=["GET"])
@access(signed_in)
def show_account(**_values: Any) -> str:
    abort(501)


@bp.route("/account/name", methods=["POST"])
@access(signed_in)
def change_name(**_values: Any) -> str:
    abort(501)


@bp.route("/account/email", methods=["GET", "POST"])
@access(signed_in)
def change_email(**_values: Any) -> str:
    abort(501)


@bp.route("/change-email/<token>", methods=["GET", "POST"])
@access(anyone)
def confirm_new_email(**_values: Any) -> str:
    abort(501)


@bp.route("/account/password", methods=["GET", "POST"])
@access(signed_in)
def change_password(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations", methods=["GET"])
@access(signed_in)
def list_organizations(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/new", methods=["GET", "POST"])
@access(signed_in)
def create_organization(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>", methods=["GET"])
@access(signed_in)
def show_organization(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/edit", methods=["GET", "POST"])
@access(signed_in)
def edit_organization(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/invitations", methods=["POST"])
@access(signed_in)
def invite_member(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/invitations/<uuid:invitation_id>/cancel", methods=["POST"])
@access(signed_in)
def cancel_invitation(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/members/<uuid:user_id>/role", methods=["POST"])
@access(signed_in)
def change_member_role(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/members/<uuid:user_id>/remove", methods=["POST"])
@access(signed_in)
def remove_member(**_values: Any) -> str:
    abort(501)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@access(anyone)
def accept_membership(**_values: Any) -> str:
    abort(501)


@bp.route("/organizations/<uuid:organization_id>/accent.css", methods=["GET"])
@access(anyone)
def accent_css(**_values: Any) -> str:
    abort(501)
