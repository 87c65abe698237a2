"""The editor of a call: one section at a time."""

from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.challenges import queries, rules, services
from app.challenges.checklist import missing_for_publication
from app.challenges.forms import SECTION_FORMS, SectionForm
from app.challenges.forms.section import change_rows, texts_of
from app.challenges.inputs import InputRefused, Problem
from app.challenges.models import Challenge
from app.challenges.states import Section
from app.challenges.views.blueprint import bp
from app.challenges.views.public import render_call
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import markdown

SERVICES: dict[Section, Any] = {
    Section.BASICS: services.set_basics,
    Section.SCHEDULE: services.set_schedule,
    Section.THEMES: services.set_themes,
    Section.ELIGIBILITY: services.set_eligibility,
    Section.RUBRIC: services.set_rubric,
    Section.PRIZES: services.set_prizes,
    Section.TERMS: services.set_terms,
}
ORDER = list(Section)
LONGEST_PREVIEW = 20_000


def _asked(challenge_id: UUID, section: str) -> tuple[Challenge, Section]:
    challenge = queries.get_whole_challenge_for(signed_in_user(), challenge_id) or abort(404)
    if section not in [s.value for s in ORDER]:
        abort(404)
    return challenge, Section(section)


@bp.route("/manage/<uuid:challenge_id>/edit/<section>", methods=["GET", "POST"])
@access(signed_in)
def edit_challenge(challenge_id: UUID, section: str) -> Response:
    """A section as it stands; POST saves it, or only adds, removes and moves its rows."""
    challenge, part = _asked(challenge_id, section)
    if part is Section.FORM:  # composed on a page of its own
        return redirect(url_for(".compose_form", challenge_id=challenge_id), code=303)
    if part is Section.ATTACHMENTS:
        if request.method == "POST":
            abort(405)
        return _page(challenge, part, None)
    kind = SECTION_FORMS[part]
    if request.method == "GET":
        return _page(challenge, part, _standing(challenge, part))
    do = request.form.get("do", "")
    if kind.row is not None and do.partition("-")[0] in ("add", "remove", "up", "down"):
        form = kind(challenge, formdata=change_rows(request.form, do, kind.row.NEW))
        return _page(challenge, part, form, focus=do)
    return _save(challenge, part, kind(challenge), go_on=do == "continue")


def _standing(challenge: Challenge, part: Section) -> SectionForm:
    kind = SECTION_FORMS[part]
    return kind(
        challenge, formdata=None, data={"version": str(challenge.version), "material": "yes", **kind.data_of(challenge)}
    )


def _save(challenge: Challenge, part: Section, form: SectionForm, *, go_on: bool) -> Response:
    challenge_id = challenge.id
    if not form.validate():
        form.add_problems([])
        return _page(challenge, part, form, status=422)
    try:
        SERVICES[part](
            challenge,
            form.given(),
            actor=signed_in_user(),
            now=now(),
            version=form.seen_version(),
            change=form.change(),
        )
    except InputRefused as refused:
        form.add_problems(refused.problems)
    except RuleBroken as refused:
        form.add_problems([Problem(refused.field or "", refused.sentence)])
    except StaleEdit:
        db.session.rollback()
        return _conflict(challenge_id, part, form)
    else:
        db.session.commit()
        flash(_("Saved."), "success")
        following = ORDER[min(ORDER.index(part) + 1, len(ORDER) - 1)] if go_on else part
        return redirect(url_for(".edit_challenge", challenge_id=challenge_id, section=following.value), code=303)
    db.session.rollback()
    challenge, part = _asked(challenge_id, part.value)
    return _page(challenge, part, form, status=422)


def _conflict(challenge_id: UUID, part: Section, form: SectionForm) -> Response:
    """A stale tab: both versions beside each other, and my words in the form under the newer version."""
    challenge, part = _asked(challenge_id, part.value)
    theirs = _standing(challenge, part)
    form.challenge = challenge
    form.version.data, form.version.raw_data = str(challenge.version), [str(challenge.version)]
    return _page(challenge, part, form, status=409, conflict=(texts_of(form), texts_of(theirs)))


def _page(
    challenge: Challenge,
    part: Section,
    form: SectionForm | None,
    *,
    status: int = 200,
    focus: str = "",
    conflict: Any = None,
) -> Response:
    user, moment = signed_in_user(), now()
    missing = missing_for_publication(challenge, moment)
    place = ORDER.index(part)
    return make_response(
        render_template(
            f"challenges/edit/{part.value}.html",
            challenge=challenge,
            section=part,
            sections=ORDER,
            next_section=ORDER[place + 1] if place + 1 < len(ORDER) else None,
            form=form,
            focus=focus,
            conflict=conflict,
            why=rules.why_not_edit(challenge, part, user),
            is_out=rules.is_public(challenge),
            missing=[m for m in missing if m.section is part],
            sections_left={m.section for m in missing},
        ),
        status,
    )


@bp.post("/manage/<uuid:challenge_id>/markdown")
@access(signed_in)
def preview_markdown(challenge_id: UUID) -> str:
    """The text in the field that `field` names, as it will look."""
    if queries.get_managed_challenge_for(signed_in_user(), challenge_id) is None:
        abort(404)
    text = request.form.get(request.form.get("field", ""), "")[:LONGEST_PREVIEW]
    return render_template("challenges/edit/_preview.html", html=markdown(text))


@bp.get("/manage/<uuid:challenge_id>/preview")
@access(signed_in)
def preview_challenge(challenge_id: UUID) -> str:
    """The call as visitors will see it."""
    challenge = queries.get_whole_challenge_for(signed_in_user(), challenge_id) or abort(404)
    return render_call(challenge, preview=True)
