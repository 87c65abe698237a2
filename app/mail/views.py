"""The mailbox of a development server: what would have gone out, for one's own eyes."""

from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request

from app.mail import labels, queries
from app.web.access import access, anyone

bp = Blueprint("mail", __name__)
for _word in (labels.mail_label, labels.mail_state_label, labels.batch_state_label):
    bp.add_app_template_global(_word)


def _only_in_development() -> None:
    if not current_app.config["DEVELOPMENT"]:
        abort(404)


@bp.get("/dev/mailbox")
@access(anyone)
def show_mailbox() -> str:
    _only_in_development()
    address = request.args.get("to", "").strip()
    return render_template("mail/mailbox.html", mails=queries.list_recent_mails(to=address), address=address)


@bp.get("/dev/mailbox/<uuid:mail_id>")
@access(anyone)
def show_mail(mail_id: UUID) -> str:
    _only_in_development()
    mail = queries.get_mail(mail_id) or abort(404)
    return render_template("mail/mail.html", mail=mail)


@bp.get("/dev/mailbox/<uuid:mail_id>/html")
@access(anyone)
def show_mail_html(mail_id: UUID) -> Response:
    """The HTML alone, for a sandboxed frame."""
    _only_in_development()
    mail = queries.get_mail(mail_id) or abort(404)
    return Response(
        mail.html,
        content_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'self'",
            "X-Frame-Options": "SAMEORIGIN",
        },
    )
