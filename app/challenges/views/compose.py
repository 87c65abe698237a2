"""The form builder: one page, one form, and every button a POST of all that is typed. Scripts only make it quicker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.challenges import queries, rules
from app.challenges.form.checks import why_not_publish
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.forms.composing import ItemForm, SectionFields, question_fields, rows_changed
from app.challenges.forms.section import texts_of
from app.challenges.models import Challenge
from app.challenges.services.compose_form import item_sha256, what_keeps_back
from app.challenges.views.blueprint import bp
from app.challenges.views.compose_verbs import Builder, find_item, item_of, item_of_problem, number_of
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now


@dataclass(frozen=True)
class Conflict:
    """What I typed into an item that somebody else changed meanwhile, and what it says now."""

    mine: dict[str, str]
    theirs: dict[str, str]


def _fields_of(form: Form, found: Question | Section, challenge: Challenge, formdata: Any = None) -> ItemForm:
    if isinstance(found, Question):
        return question_fields(form, found, challenge.themes, formdata)
    return SectionFields(found, challenge.themes, formdata)


@bp.get("/manage/<uuid:challenge_id>/form")
@access(signed_in)
def compose_form(challenge_id: UUID) -> Response:
    """The outline of the working copy, and what the chosen item says."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    return _page(challenge, request.args.get("at", ""))


@bp.post("/manage/<uuid:challenge_id>/form")
@access(signed_in)
def change_form(challenge_id: UUID) -> Response:
    """Keep what is typed into the chosen item, then do what the button says."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    item, do = request.form.get("item", ""), request.form.get("do", "save")
    builder = Builder(challenge, signed_in_user(), now(), number_of(request.form.get("version", "")))
    form: ItemForm | None = None
    try:
        if "seen" in request.form:
            form = _typed(challenge, item, do)
            if not form.validate():
                return _page(challenge, item, form=form, status=422)
            found = find_item(queries.get_working_copy(challenge).form, item)
            assert found is not None
            builder.keep(found, form, request.form["seen"])
            db.session.commit()  # what is typed stays, whatever comes of the button
        at = builder.act(do, item) or item
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to(challenge_id, item)
    except StaleEdit:
        db.session.rollback()
        challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
        return _stale(challenge, item, form)
    if builder.said:
        flash(builder.said, "success")
    return _to(challenge_id, at)


def _typed(challenge: Challenge, item: str, do: str) -> ItemForm:
    """What is typed into the chosen item; raises RuleBroken where that is gone."""
    form = queries.get_working_copy(challenge).form
    found = find_item(form, item)
    if found is None:
        raise RuleBroken(_("What you had open is not in the form any more; somebody removed it."))
    if do.startswith("rows-") and isinstance(found, Question):
        return _fields_of(form, found, challenge, rows_changed(request.form, do.removeprefix("rows-"), found))
    return _fields_of(form, found, challenge, request.form)


def _to(challenge_id: UUID, item: str) -> Response:
    return redirect(url_for(".compose_form", challenge_id=challenge_id, at=item or None), code=303)


def _stale(challenge: Challenge, item: str, form: ItemForm | None) -> Response:
    """Two tabs: both versions of the item beside each other and mine in the fields, to be kept by saving again; or, where
    nothing of mine is at stake, the page as it is now.
    """
    whole = queries.get_working_copy(challenge).form
    found = find_item(whole, item)
    if form is not None and found is not None and item_sha256(found) != request.form.get("seen"):
        theirs, mine = texts_of(_fields_of(whole, found, challenge)), texts_of(form)
        if theirs != mine:
            return _page(challenge, item, form=form, status=409, conflict=Conflict(mine, theirs))
    flash(
        _("The form was changed in another window since you opened this page. Look at it once more, then do it again."),
        "error",
    )
    return _to(challenge.id, item)


def _page(
    challenge: Challenge,
    item: str,
    *,
    form: ItemForm | None = None,
    status: int = 200,
    conflict: Conflict | None = None,
) -> Response:
    copy = queries.get_working_copy(challenge)
    found = find_item(copy.form, item) or _first(copy.form)
    chosen = item_of(found) if found else ""
    if found is not None and (form is None or chosen != item):
        form = _fields_of(copy.form, found, challenge)
    problems = why_not_publish(copy.form, [theme.code for theme in challenge.themes])
    page = render_template(
        "challenges/form/builder.html",
        challenge=challenge,
        copy=copy,
        found=found,
        chosen=chosen,
        seen=item_sha256(found) if found else "",
        form=form,
        conflict=conflict,
        problems=[(item_of_problem(problem), problem) for problem in problems],
        kinds=list(Kind),
        why=rules.why_not_compose(challenge, signed_in_user()),
        why_not_in_force=rules.why_not_put_in_force(
            challenge,
            signed_in_user(),
            is_changed=copy.is_changed,
            is_behind=copy.is_behind,
            problems=what_keeps_back(challenge, copy.form),
        ),
    )
    return make_response(page, status)


def _first(form: Form) -> Question | Section | None:
    return next(form.questions(), None) or next(iter(form.sections), None)
