"""The form that an organizer composes, as an applicant will see it: the very questions of the application's own pages."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import abort, render_template, request
from flask_babel import force_locale

from app.accounts.session import signed_in_user
from app.applications import rules
from app.applications.views import bp
from app.applications.views.section_page import Asked, posted_answers, posted_decisions
from app.challenges import queries
from app.challenges.form.asking import for_theme, shown_codes
from app.challenges.form.model import Form, Section
from app.core.bilingual import LANGUAGES
from app.web.access import access, signed_in
from app.web.filters import current_language

NOBODY = UUID(int=0)  # whose addresses the files' buttons have: they lead nowhere


@bp.get("/manage/<uuid:challenge_id>/form/preview")
@access(signed_in)
def preview_form(challenge_id: UUID) -> str:
    """The working copy for one theme, in either language; what is answered here decides what is asked, and is kept nowhere."""
    challenge = queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)
    theme = request.args.get("theme", "")
    codes = [one.code for one in challenge.themes]
    theme = theme if theme in codes else next(iter(codes), "")
    language = request.args.get("language", "")
    language = language if language in LANGUAGES else current_language()
    form = for_theme(queries.get_working_copy(challenge).form, theme)
    with force_locale(language):
        return render_template(
            "applications/preview_form.html",
            challenge=challenge,
            application=SimpleNamespace(id=NOBODY, saved_at=None),
            theme=theme,
            language=language,
            sections=_asked(form),
            earliest_issue=rules.earliest_issue,
        )


def _asked(form: Form) -> list[tuple[Section, list[Asked]]]:
    """The sections with their questions, filled with what the address says that was answered."""
    fields = request.args.to_dict(flat=False)
    answers: dict[str, Any] = {}
    decided: dict[str, str] = {}
    for section in form.sections:
        answers |= posted_answers(section, fields)
        given = posted_decisions(section, fields, form)
        decided |= {code: "yes" if yes else "no" for code, yes in given.items() if yes is not None}
    shown = shown_codes(form, answers | decided)
    return [
        (
            section,
            [
                Asked(
                    q,
                    rules.field_of(q),
                    answers.get(q.code, ""),
                    "",
                    q.code in shown,
                    q.condition is not None,
                    None,
                    None,
                )
                for q in section.questions
            ],
        )
        for section in form.sections
    ]
