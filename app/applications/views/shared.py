"""A sponsor's pages: what applicants to its own themes let it read."""

from uuid import UUID

from flask import abort, render_template

from app.accounts.session import signed_in_user
from app.applications import queries, rules
from app.applications.content import read_submission
from app.applications.labels import legal_form_label
from app.applications.views import bp
from app.challenges.models import Challenge
from app.web.access import access, signed_in
from app.web.clock import now


def _sponsored_or_404(challenge_id: UUID) -> Challenge:
    return queries.get_sponsored_challenge_for(signed_in_user(), challenge_id) or abort(404)


@bp.get("/sponsor/<uuid:challenge_id>/applications")
@access(signed_in)
def list_shared(challenge_id: UUID) -> str:
    challenge = _sponsored_or_404(challenge_id)
    rows = queries.list_shared_for(signed_in_user(), challenge, now())
    return render_template(
        "applications/list_shared.html", challenge=challenge, rows=rows, is_closed=rules.is_closed(challenge, now())
    )


@bp.get("/sponsor/<uuid:challenge_id>/applications/<uuid:application_id>")
@access(signed_in)
def show_shared(challenge_id: UUID, application_id: UUID) -> str:
    challenge = _sponsored_or_404(challenge_id)
    found = queries.get_shared_application_for(signed_in_user(), challenge, application_id, now())
    if found is None:
        abort(404)
    application, submission = found
    sent = read_submission(submission, whole=False)
    return render_template(
        "applications/show_shared.html",
        challenge=challenge,
        application=application,
        sent=sent,
        legal_form=legal_form_label(sent.company["legal_form"]),
    )
