"""Pages of the public review, of an applicant's appeal, and of the answers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.models import User
from app.accounts.session import signed_in_user, user_or_none
from app.awards import queries as award_queries
from app.awards.appeals import queries, rules, services
from app.awards.appeals.forms import AnswerForm, AppealForm, ReviewForm, answer_form, concern_form
from app.awards.appeals.models import Appeal
from app.awards.appeals.states import AppealState
from app.awards.views import bp
from app.awards.views.decision import managed_challenge
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.access import access, anyone, signed_in
from app.web.clock import now
from app.web.limits import Throttle

CONCERNS = Throttle("concerns", per_account="10 per hour", per_address="60 per hour")


@bp.route("/applications/<uuid:application_id>/appeal", methods=["GET", "POST"])
@access(signed_in)
def file_appeal(application_id: UUID) -> Response:
    """The applicant's one appeal, with its answer."""
    application = award_queries.get_own_application(signed_in_user(), application_id) or abort(404)
    challenge, form, status = application.challenge, AppealForm(), 200
    if award_queries.get_published_results(challenge) is None or application.state not in rules.CHECKED:
        abort(404)
    if form.validate_on_submit():
        try:
            services.file_appeal(application, form.text.data or "", actor=signed_in_user(), now=now())
        except RuleBroken as refused:
            db.session.rollback()
            form.add_error(refused.field, refused.sentence)
            status = 422
        else:
            db.session.commit()
            flash(_("Your appeal is with the organizer. You are told by mail once it is answered."), "success")
            return redirect(url_for(".file_appeal", application_id=application_id), code=303)
    appeal = queries.get_appeal_of(application_id)
    page = render_template(
        "awards/appeals/file_appeal.html", challenge=challenge, accent_organization=challenge.host, application=application,
        form=form, appeal=appeal, window=rules.appeals_of(challenge),
        why_not=rules.why_not_appeal(challenge, application.state, appeal, now()),
    )  # fmt: skip
    return make_response(page, status)


@bp.route("/challenges/<slug>/public-review", methods=["GET", "POST"])
@access(anyone)
def show_public_review(slug: str) -> Response:
    """Those chosen, before the results; whoever signs in may say what should be looked into."""
    challenge = award_queries.get_challenge_by_slug(slug) or abort(404)
    review = queries.get_review(challenge.id)
    if review is None or challenge.state is not ChallengeState.DECIDED:
        abort(404)
    user, form, status = user_or_none(), concern_form(review), 200
    if user is not None and form.validate_on_submit():
        try:
            _throttle(user)
            services.raise_concern(challenge, _entry(form.entry.data), form.text.data or "", actor=user, now=now())
        except RuleBroken as refused:
            db.session.rollback()
            form.add_error(refused.field, refused.sentence)
            status = 422
        else:
            db.session.commit()
            flash(_("The organizer has your concern and answers it by mail. Nobody else reads it."), "success")
            return redirect(url_for(".show_public_review", slug=slug), code=303)
    page = render_template(
        "awards/appeals/show_public_review.html", challenge=challenge, accent_organization=challenge.host, review=review,
        form=form, user=user, own=queries.list_own_concerns(challenge.id, user) if user else [],
        why_not=rules.why_not_raise(review, challenge, now()),
    )  # fmt: skip
    return make_response(page, status)


def _throttle(user: User) -> None:
    if CONCERNS.hit(str(user.id)) is not None:
        raise RuleBroken(_("You have written much within a short time. Your text stays here; send it a little later."))


def _entry(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise RuleBroken(_("Choose an entry from the list."), field="entry") from None


@bp.get("/manage/<uuid:challenge_id>/appeals")
@access(signed_in)
def list_appeals(challenge_id: UUID) -> Response:
    """All that was said against the decision, what waits for an answer first."""
    return _render_appeals(managed_challenge(challenge_id))


def _render_appeals(
    challenge: Challenge, *, refused: AnswerForm | None = None, appeal: Appeal | None = None, opening: ReviewForm | None = None
) -> Response:  # fmt: skip
    listed = queries.list_appeals(challenge.id)
    forms = {one.id: answer_form(one) for one in listed if one.state is AppealState.FILED}
    if refused is not None and appeal is not None:
        forms[appeal.id] = refused
    review = queries.get_review(challenge.id)
    selected = award_queries.count_decided(challenge.id).selected
    page = render_template(
        "awards/appeals/list_appeals.html", challenge=challenge, accent_organization=challenge.host, appeals=listed,
        forms=forms, review=review, opening=opening or ReviewForm(formdata=None), window=rules.appeals_of(challenge),
        why_not_open=rules.why_not_open_review(challenge, review, selected, signed_in_user()),
    )  # fmt: skip
    return make_response(page, 422 if refused or opening else 200)


@bp.post("/manage/<uuid:challenge_id>/public-review")
@access(signed_in)
def open_public_review(challenge_id: UUID) -> Response:
    challenge, form = managed_challenge(challenge_id), ReviewForm()
    typed = form.ends_at.data if form.validate_on_submit() else None
    try:
        if typed is None and not form.errors:
            raise RuleBroken(_("Enter until when."), field="ends_at")  # noqa: TRY301 - shown like any refusal
        if typed is not None:
            ends_at = typed.replace(tzinfo=ZoneInfo(challenge.timezone))
            services.open_public_review(challenge, ends_at, actor=signed_in_user(), now=now())
    except RuleBroken as refused:
        db.session.rollback()
        form.add_error(refused.field, refused.sentence)
    if form.errors:
        return _render_appeals(challenge, opening=form)
    db.session.commit()
    flash(_("Those chosen are public now, without scores and prizes."), "success")
    return redirect(url_for(".list_appeals", challenge_id=challenge_id), code=303)


@bp.post("/manage/<uuid:challenge_id>/appeals/<uuid:appeal_id>")
@access(signed_in)
def answer_appeal(challenge_id: UUID, appeal_id: UUID) -> Response:
    challenge = managed_challenge(challenge_id)
    appeal = queries.get_appeal(challenge.id, appeal_id) or abort(404)
    form = answer_form(appeal)
    if form.validate_on_submit():
        verdict, answer = form[f"verdict-{appeal.id}"].data, form[f"answer-{appeal.id}"].data or ""
        try:
            services.answer_appeal(
                challenge, appeal, answer, upheld=verdict == "upheld", actor=signed_in_user(), now=now()
            )
        except RuleBroken as refused:
            db.session.rollback()
            form.add_error(refused.field, refused.sentence)
            if refused.field is None:
                flash(refused.sentence, "error")
        else:
            db.session.commit()
            flash(_("The answer is on its way by mail."), "success")
            return redirect(url_for(".list_appeals", challenge_id=challenge_id), code=303)
    return _render_appeals(challenge, refused=form, appeal=appeal)
