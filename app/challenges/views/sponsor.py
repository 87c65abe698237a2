"""The sponsor's pages: the challenges on its themes, and its review of a draft."""

from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.models import User
from app.accounts.rules import sponsor_member
from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.forms import ReviewForm
from app.challenges.inputs import InputRefused
from app.challenges.models import Challenge, SponsorVerdict
from app.challenges.views.blueprint import bp
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/sponsor")
@access(signed_in)
def list_sponsored() -> str:
    user = signed_in_user()
    if not sponsor_member(user):
        abort(404)
    challenges = queries.list_sponsored_for(user)
    waiting = {c.id for c in challenges if _waits_for(c, user)}
    return render_template("challenges/list_sponsored.html", challenges=challenges, waiting=waiting)


def _waits_for(challenge: Challenge, user: User) -> bool:
    """Whether a company of the person has not answered yet."""
    return rules.why_not_review(challenge, user) is None and any(
        review.verdict is None and user.belongs_to(review.sponsor_id) for review in rules.current_reviews(challenge)
    )


@bp.get("/sponsor/<uuid:challenge_id>")
@access(signed_in)
def show_sponsored(challenge_id: UUID) -> Response:
    challenge = queries.get_sponsored_challenge_for(signed_in_user(), challenge_id) or abort(404)
    form = ReviewForm(formdata=None, data={"version": str(challenge.version)})
    return _page(challenge, form)


def _page(challenge: Challenge, form: ReviewForm, *, status: int = 200, stale: bool = False) -> Response:
    user = signed_in_user()
    own = [r for r in challenge.reviews if user.belongs_to(r.sponsor_id)]
    page = render_template(
        "challenges/show_sponsored.html",
        challenge=challenge,
        form=form,
        stale=stale,
        own=own,
        why=rules.why_not_review(challenge, user),
        is_out=rules.is_public(challenge),
        themes=[theme for theme in challenge.themes if user.belongs_to(theme.sponsor_id)],
    )
    return make_response(page, status)


@bp.post("/sponsor/<uuid:challenge_id>/review")
@access(signed_in)
def review_challenge(challenge_id: UUID) -> Response:
    user = signed_in_user()
    challenge = queries.get_sponsored_challenge_for(user, challenge_id) or abort(404)
    form, stale = ReviewForm(), False
    if form.validate():
        verdict, note = SponsorVerdict(form.verdict.data), form.note.data or ""
        try:
            services.review_challenge(challenge, verdict, note, actor=user, now=now(), version=form.seen_version())
        except InputRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.field, problem.sentence)
        except RuleBroken as refused:
            form.add_error(refused.field, refused.sentence)
        except StaleEdit:
            stale = True
            form.add_error(
                None, _("The organizer changed the draft while you were reading. Read it once more, then answer.")
            )
        else:
            db.session.commit()
            flash(_("Your answer is recorded; the organizer was told by mail."), "success")
            return redirect(url_for(".show_sponsored", challenge_id=challenge_id), code=303)
        db.session.rollback()
        challenge = queries.get_sponsored_challenge_for(user, challenge_id) or abort(404)
        form.version.data, form.version.raw_data = str(challenge.version), [str(challenge.version)]
    return _page(challenge, form, status=409 if stale else 422, stale=stale)
