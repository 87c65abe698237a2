"""The quiz on the public page: may we apply? Answered without an account; the answers are posted, shown and forgotten."""

from flask import abort, make_response, render_template, request
from werkzeug import Response

from app.challenges import queries, rules
from app.challenges.eligibility import criteria_of
from app.challenges.eligibility.quiz import answer
from app.challenges.forms.quiz import quiz_form
from app.challenges.views.blueprint import bp
from app.web.access import access, anyone
from app.web.clock import now


@bp.route("/challenges/<slug>/may-we-apply", methods=["GET", "POST"])
@access(anyone)
def take_quiz(slug: str) -> Response:
    """The questions; POST tells beneath each what its answer means, and on top what they come to."""
    challenge = queries.get_public_challenge(slug) or abort(404)
    criteria = criteria_of(challenge)
    form = quiz_form(criteria)
    posted = request.method == "POST"
    fine = posted and form.validate()
    page = render_template(
        "challenges/take_quiz.html",
        challenge=challenge,
        form=form,
        outcome=answer(criteria, form.given()) if fine else None,
        why=rules.why_not_apply(challenge, now()),
        accent_organization=challenge.host,
    )
    response = make_response(page, 422 if posted and not fine else 200)
    response.headers["Cache-Control"] = "no-store"  # what was answered stays in no cache either
    return response
