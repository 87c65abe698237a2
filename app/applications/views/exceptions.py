"""The organizer's exceptions from the rules of eligibility."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.models import Organization
from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.forms import ExceptionForm
from app.applications.labels import rule_label
from app.applications.views import bp
from app.applications.views.form import Answer
from app.applications.views.received import managed_or_404
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.forms import choices


@bp.route("/manage/<uuid:challenge_id>/exceptions", methods=["GET", "POST"])
@access(signed_in)
def list_exceptions(challenge_id: UUID) -> Answer:
    """Who may apply although a rule says no, and why; POST makes another exception."""
    challenge = managed_or_404(challenge_id)
    in_force = rules.rules_in_force(challenge)
    form = ExceptionForm(data={"startup": request.args.get("startup", "").replace("\x00", "")[:120]})
    form.rules.choices = choices((rule.value, rule_label(rule)) for rule in in_force)
    if request.method == "POST":
        try:
            services.override_eligibility(
                challenge, _named(form.startup.data or ""), form.rules.data or (), reason=form.reason.data or "",
                actor=signed_in_user(), now=now(),
            )  # fmt: skip
        except RuleBroken as refused:
            db.session.rollback()
            form.add_error(refused.field, refused.sentence)
            challenge = managed_or_404(challenge_id)
        else:
            db.session.commit()
            flash(_("The exception is made; the startup can apply."), "success")
            return redirect(url_for(".list_exceptions", challenge_id=challenge_id), code=303)
    html = render_template(
        "applications/list_exceptions.html",
        challenge=challenge,
        overrides=queries.list_overrides(challenge),
        form=form,
        in_force=in_force,
        rule_label=rule_label,
        why=rules.why_not_override(challenge, signed_in_user()),
    )
    return html, 422 if form.errors else 200


def _named(text: str) -> Organization | None:
    """The one startup of this registration number or name. Raises RuleBroken where there are two."""
    found = queries.find_startups(text) if text else []
    if len(found) > 1:
        raise RuleBroken(
            _("Several startups are registered under this. Enter the registration number."), field="startup"
        )
    return found[0] if found else None


@bp.post("/manage/<uuid:challenge_id>/exceptions/<uuid:override_id>/take-back")
@access(signed_in)
def take_back_override(challenge_id: UUID, override_id: UUID) -> Response:
    challenge = managed_or_404(challenge_id)
    override = queries.get_override(challenge, override_id) or abort(404)
    try:
        services.take_back_override(override, challenge, actor=signed_in_user(), now=now())
        db.session.commit()
        flash(_("The exception is taken back."), "success")
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    return redirect(url_for(".list_exceptions", challenge_id=challenge_id), code=303)
