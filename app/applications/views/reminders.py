"""The page behind the link in each reminder: to have no more of them, or to have them again."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.applications import queries, services
from app.applications.mails import read_reminder_token
from app.applications.models import Application
from app.applications.views import bp
from app.core.database import db
from app.web.access import access, anyone
from app.web.clock import now


def _application_or_404(token: str) -> tuple[Application, str]:
    known = read_reminder_token(token)
    application = queries.get_reminded_application(known[0]) if known else None
    if known is None or application is None:
        abort(404)
    return application, known[1]


@bp.get("/reminders/<token>")
@access(anyone)
def show_reminders(token: str) -> str:
    """Whoever has the mail may decide; a link that is only opened, by a program that looks ahead, changes nothing."""
    application, email = _application_or_404(token)
    return render_template(
        "applications/reminders.html", application=application, challenge=application.challenge, email=email, token=token,
        wanted=queries.wants_reminders(application, email),
    )  # fmt: skip


@bp.post("/reminders/<token>/stop")
@access(anyone)
def stop_reminders(token: str) -> Response:
    return _set(token, wanted=False, done=_("You get no further reminders of this application."))


@bp.post("/reminders/<token>/resume")
@access(anyone)
def resume_reminders(token: str) -> Response:
    return _set(token, wanted=True, done=_("You get reminders of this application again."))


def _set(token: str, *, wanted: bool, done: str) -> Response:
    application, email = _application_or_404(token)
    services.set_reminders(application, email, wanted=wanted, now=now())
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("applications.show_reminders", token=token), code=303)
