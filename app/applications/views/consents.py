"""Taking back a consent: what follows is read first, then confirmed."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.applications import rules, services
from app.applications.views import bp
from app.applications.views.form import Answer, _to
from app.applications.views.pages import own_or_404, page_values
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now


@bp.route("/applications/<uuid:application_id>/consents/<code>/withdraw", methods=["GET", "POST"])
@access(signed_in)
def withdraw_consent(application_id: UUID, code: str) -> Answer:
    application = own_or_404(application_id)
    consent, given = rules.consent_of(application, code)
    if consent is None:
        abort(404)
    if request.method == "POST":
        try:
            services.withdraw_consent(application, code, actor=signed_in_user(), now=now())
            db.session.commit()
            flash(_("The consent is withdrawn."), "success")
        except RuleBroken as refused:
            db.session.rollback()
            flash(refused.sentence, "error")
        return _to("show_application", application)
    return render_template(
        "applications/withdraw_consent.html",
        consent=consent,
        given=given,
        follows=rules.what_follows(application, code),
        why=rules.why_not_withdraw_consent(application, code, signed_in_user(), now()),
        **page_values(application),
    )
