"""Putting a working copy in force: what changes for whom, and the reason where the call is out."""

from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.form.difference import difference
from app.challenges.forms.composing import ForceForm
from app.challenges.inputs import InputRefused
from app.challenges.models import Challenge
from app.challenges.services.compose_form import what_keeps_back
from app.challenges.views.blueprint import bp
from app.challenges.views.compose_verbs import item_of_problem, number_of
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now


@bp.get("/manage/<uuid:challenge_id>/form/in-force")
@access(signed_in)
def ask_in_force(challenge_id: UUID) -> Response:
    """What the working copy changes, before it does."""
    challenge = queries.get_whole_challenge_for(signed_in_user(), challenge_id) or abort(404)
    return _page(challenge, ForceForm(formdata=None))


@bp.post("/manage/<uuid:challenge_id>/form/in-force")
@access(signed_in)
def put_form_in_force(challenge_id: UUID) -> Response:
    user = signed_in_user()
    challenge = queries.get_whole_challenge_for(user, challenge_id) or abort(404)
    form, status = ForceForm(), 422
    if form.validate():
        try:
            services.put_in_force(
                challenge,
                actor=user,
                now=now(),
                version=number_of(form.version.data),
                challenge_version=number_of(form.challenge_version.data),
                change=form.change(),
            )
        except InputRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.field, problem.sentence)
        except RuleBroken as refused:
            form.add_error(refused.field, refused.sentence)
        except StaleEdit:
            status = 409
            form.add_error(
                None,
                _(
                    "The form or the call was changed since you opened this page. Look at it once more, then put it in force."
                ),
            )
        else:
            db.session.commit()
            flash(
                _("The form is in force. Those who have begun an application are told what changes.")
                if rules.is_public(challenge)
                else _("The form is in force: it goes out with the call."),
                "success",
            )
            return redirect(url_for(".compose_form", challenge_id=challenge_id), code=303)
    db.session.rollback()
    return _page(queries.get_whole_challenge_for(user, challenge_id) or abort(404), form, status=status)


def _page(challenge: Challenge, form: ForceForm, *, status: int = 200) -> Response:
    copy = queries.get_working_copy(challenge)
    problems = what_keeps_back(challenge, copy.form)
    form.version.data, form.challenge_version.data = str(copy.version), str(challenge.version)
    page = render_template(
        "challenges/form/put_in_force.html",
        challenge=challenge,
        copy=copy,
        form=form,
        changes=difference(copy.in_force, copy.form),
        problems=[(item_of_problem(problem), problem) for problem in problems],
        is_out=rules.is_public(challenge),
        why=rules.why_not_put_in_force(
            challenge, signed_in_user(), is_changed=copy.is_changed, is_behind=copy.is_behind, problems=problems
        ),
    )
    return make_response(page, status)
