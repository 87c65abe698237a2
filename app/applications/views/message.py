"""Writing to a group of applicants; what comes of it stands in the outbox, held."""

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from app.accounts.session import signed_in_user
from app.applications import queries, services
from app.applications.forms import MessageForm
from app.applications.labels import staff_label
from app.applications.mails.kinds import MESSAGE
from app.applications.services.write_message import Message, count_addressed, message_faults, why_not_write
from app.applications.states import ApplicationState
from app.applications.views import bp
from app.applications.views.received import managed_or_404
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.rendering import render_wording
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import local
from app.web.forms import choices

GROUPS = (
    ApplicationState.SUBMITTED, ApplicationState.CORRECTION, ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE,
)  # fmt: skip


@bp.route("/manage/<uuid:challenge_id>/mails/write", methods=["GET", "POST"])
@access(signed_in)
def write_message(challenge_id: UUID) -> Response:
    """The message and to whom; POST counts and shows a preview, or puts the mails into the outbox."""
    challenge, form, status, previews, count = managed_or_404(challenge_id), MessageForm(), 200, [], None
    _offer(form, challenge)
    if request.method == "POST":
        message = _typed(form, challenge)
        try:
            if "preview" not in request.form:
                batch = services.write_message(challenge, message, actor=signed_in_user(), now=now())
                db.session.commit()
                flash(
                    _("The message is being written for each applicant. It is held: read it, then let it go."),
                    "success",
                )
                return redirect(
                    url_for("challenges.show_batch", challenge_id=challenge_id, batch_id=batch.id), code=303
                )
        except RuleBroken as refused:
            db.session.rollback()
            challenge, status = managed_or_404(challenge_id), 422
            form.add_error(refused.field, refused.sentence)
        else:
            for field, sentence in message_faults(message):
                form.add_error(field, sentence)
            status = 422 if form.errors else 200
        if not form.errors and not why_not_write(challenge, signed_in_user(), now()):
            previews, count = _previews(challenge, message), count_addressed(challenge.id, message)
    page = render_template(
        "applications/write_message.html", challenge=challenge, form=form, previews=previews, count=count,
        placeholders=MESSAGE.placeholders, why=why_not_write(challenge, signed_in_user(), now()),
    )  # fmt: skip
    return make_response(page, status)


def _offer(form: MessageForm, challenge: Challenge) -> None:
    form.states.choices = choices([(state.value, staff_label(state)[0]) for state in GROUPS])
    form.theme.choices = choices([("", _("All themes")), *((t.code, local(t.title)) for t in challenge.themes)])


def _typed(form: MessageForm, challenge: Challenge) -> Message:
    states = tuple(state for state in GROUPS if state.value in (form.states.data or []))
    theme_id = next((t.id for t in challenge.themes if t.code == form.theme.data), None)
    subject = Bilingual(form.subject_ko.data or "", form.subject_en.data or "")
    body = Bilingual(form.body_ko.data or "", form.body_en.data or "")
    return Message(subject, body, states, theme_id)


def _previews(challenge: Challenge, message: Message) -> list[tuple[str, str, str]]:
    """What the latest applicant would read, in each language; an invented one where there is none."""
    cases = queries.list_cases(challenge, now(), limit=1)
    context = MESSAGE.example()
    if cases:
        context |= {"application": cases[0], "challenge": challenge}
    told = []
    for language in ("ko", "en"):
        words = message.subject.in_language(language), message.body.in_language(language)
        subject, text, _html = render_wording(MESSAGE, *words, language=language, context=context)
        told.append((language, subject, text))
    return told
