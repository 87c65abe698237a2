"""Whole forms that come into the builder or leave it: templates, other calls' forms, and JSON files."""

from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.form.codec import FormUnreadable, export_form, import_form, schema_text
from app.challenges.form.model import Form
from app.challenges.models import Challenge
from app.challenges.services.compose_form import Deed
from app.challenges.starts import Start, list_starts
from app.challenges.views.blueprint import bp
from app.challenges.views.compose_verbs import number_of
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, anyone, signed_in
from app.web.clock import now

MOST_BYTES = 2_000_000


@bp.get("/manage/<uuid:challenge_id>/form/begin")
@access(signed_in)
def choose_form(challenge_id: UUID) -> AnyResponse:
    """What the form can begin from."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    return _page(challenge, [])


@bp.post("/manage/<uuid:challenge_id>/form/begin")
@access(signed_in)
def replace_form(challenge_id: UUID) -> AnyResponse:
    """Take a template, another call's form or a file for the whole working copy; undo brings back what it was."""
    user = signed_in_user()
    challenge = queries.get_managed_challenge_for(user, challenge_id) or abort(404)
    version = number_of(request.form.get("version"))
    try:
        deed, form = _asked_for(challenge)
        themes = {theme.code for theme in challenge.themes}
        services.replace_form(challenge, deed, form, themes=themes, actor=user, now=now(), version=version)
    except FormUnreadable as unreadable:
        db.session.rollback()
        return _page(queries.get_managed_challenge_for(user, challenge_id) or abort(404), unreadable.problems)
    except RuleBroken as refused:
        db.session.rollback()
        return _page(queries.get_managed_challenge_for(user, challenge_id) or abort(404), [refused.sentence])
    except StaleEdit:
        db.session.rollback()
        sentence = _(
            "The form was changed in another window since you opened this page. Look at it once more, then do it again."
        )
        return _page(queries.get_managed_challenge_for(user, challenge_id) or abort(404), [sentence], status=409)
    db.session.commit()
    flash(_("The form is taken over into the working copy. Undo brings back what it was."), "success")
    return redirect(url_for(".compose_form", challenge_id=challenge_id), code=303)


def _asked_for(challenge: Challenge) -> tuple[Deed, Form]:
    """The form that was chosen, and what taking it is called. Raises RuleBroken, FormUnreadable."""
    if code := request.form.get("template"):
        start: Start = next((s for s in list_starts() if s.code == code), None) or abort(404)
        return Deed("template", start.code), start.form
    if copied := request.form.get("copy"):
        try:
            other = queries.get_form_to_copy(signed_in_user(), challenge, UUID(copied))
        except ValueError:
            other = None
        if other is None:
            raise RuleBroken(_("Choose one of the list."))
        return Deed("copy", "", other.title), queries.form_in_force(other)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise RuleBroken(_("Choose a file first."))
    return Deed("import"), import_form(file.stream.read(MOST_BYTES + 1))


def _page(challenge: Challenge, problems: list[str], *, status: int | None = None) -> AnyResponse:
    copy = queries.get_working_copy(challenge)
    page = render_template(
        "challenges/form/begin.html",
        challenge=challenge,
        copy=copy,
        problems=problems,
        starts=list_starts(),
        others=queries.list_forms_to_copy(signed_in_user(), challenge),
        why=rules.why_not_compose(challenge, signed_in_user()),
    )
    return make_response(page, status or (422 if problems else 200))


@bp.get("/manage/<uuid:challenge_id>/form/export")
@access(signed_in)
def export_working_copy(challenge_id: UUID) -> Response:
    """The working copy as a JSON file."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    text = export_form(queries.get_working_copy(challenge).form)
    return _json(text, f"{challenge.slug}-form.json")


@bp.get("/form.schema.json")
@access(anyone)
def show_form_schema() -> Response:
    """The JSON schema of forms, for those who write one elsewhere."""
    return _json(schema_text(), "form.schema.json")


def _json(text: str, name: str) -> Response:
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
