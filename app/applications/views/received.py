"""The organizer's pages: what was received, one of them, the eligibility check."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.content import read_submission
from app.applications.desk.models import TagTone
from app.applications.forms import CheckForm
from app.applications.labels import legal_form_label, outcome_label, staff_label
from app.applications.models import Application, CheckOutcome
from app.applications.states import ApplicationState
from app.applications.views import bp
from app.applications.views.asked import address_of, asked_of, canonical
from app.applications.views.form import Answer
from app.challenges.models import Challenge
from app.challenges.rules import is_sealed
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import number
from app.web.forms import choices
from app.web.pagination import Page, asked_page

PER_PAGE = 50


def managed_or_404(challenge_id: UUID) -> Challenge:
    return queries.get_managed_challenge_for(signed_in_user(), challenge_id) or abort(404)


def received_or_404(challenge: Challenge, application_id: UUID) -> Application:
    return queries.get_received_application_for(signed_in_user(), challenge, application_id, now()) or abort(404)


@bp.get("/manage/<uuid:challenge_id>/applications")
@access(signed_in)
def list_received(challenge_id: UUID) -> str:
    challenge = managed_or_404(challenge_id)
    counts, drafts = queries.count_received(challenge.id)
    if is_sealed(challenge, now()):
        return _list_sealed(challenge, counts, drafts)
    user, asked, page = signed_in_user(), asked_of(challenge), Page(asked_page(), 0, PER_PAGE)
    rows, total = queries.list_received_for(challenge, asked, offset=page.offset, limit=page.per_page)
    address = address_of(asked, challenge)
    bulk = queries.latest_bulk(challenge.id, now())
    return render_template(
        "applications/list_received.html",
        challenge=challenge,
        rows=[(row, staff_label(row.state)) for row in rows],
        row_tags=queries.tags_of([row.id for row in rows]),
        tags=queries.list_tags(challenge.id),
        tones=TagTone,
        screeners=queries.list_screeners(challenge),
        views=queries.list_views_for(user, challenge.id),
        drafts=drafts,
        asked=asked,
        address=address,
        canonical=canonical(address),
        states=[(s, staff_label(s)[0], counts[s]) for s in ApplicationState if counts.get(s)],
        handed_in=sum(counts.values()),
        page=Page(page.number, total, PER_PAGE),
        is_closed=rules.is_closed(challenge, now()),
        why_not_screen=rules.why_not_screen(challenge, user, now()),
        why_not_decide=rules.why_not_check_any(challenge, user, now()),
        bulk=bulk,
        bulk_words=outcome_label(bulk.outcome) if bulk else "",
    )


def _list_sealed(challenge: Challenge, counts: dict[ApplicationState, int], drafts: int) -> str:
    """Before the close of a sealed call: counts, whatever else is asked for."""
    figures = [(_("Drafts"), number(drafts))]
    figures += [(staff_label(s)[0], number(counts[s])) for s in ApplicationState if counts.get(s)]
    return render_template("applications/list_sealed.html", challenge=challenge, figures=figures)


@bp.get("/manage/<uuid:challenge_id>/applications/<uuid:application_id>")
@access(signed_in)
def show_received(challenge_id: UUID, application_id: UUID) -> Answer:
    challenge = managed_or_404(challenge_id)
    return _show(challenge, received_or_404(challenge, application_id))


def _show(
    challenge: Challenge, application: Application, form: CheckForm | None = None, *, code: int = 200
) -> tuple[str, int]:
    submissions = queries.list_submissions(application) if application.is_standing else []
    checks = queries.list_checks(application)
    form = form or CheckForm(formdata=None)
    form.outcome.choices = choices(
        [
            (CheckOutcome.ELIGIBLE.value, _("Eligible")),
            (CheckOutcome.INELIGIBLE.value, _("Ineligible")),
            (CheckOutcome.CORRECTION.value, _("Ask for a correction")),
        ]
    )
    form.seen_submission.data = submissions[0].number if submissions else 0
    form.seen_checks.data = len(checks)
    sent = read_submission(submissions[0], whole=True) if submissions else None
    asked, user = asked_of(challenge), signed_in_user()
    address = address_of(asked, challenge)
    html = render_template(
        "applications/show_received.html",
        challenge=challenge,
        application=application,
        label=staff_label(application.state),
        submissions=submissions,
        sent=sent,
        legal_form=legal_form_label(sent.company["legal_form"] if sent else None),
        findings=queries.findings_for(
            challenge, application.startup, own=application.id, handed_in=True, company=sent.company if sent else None
        ),
        checks=checks,
        form=form,
        why_not_check=rules.why_not_check(application, user, now()),
        why_not_screen=rules.why_not_screen(challenge, user, now()),
        place=queries.place_in_list(challenge, asked, application.id),
        address=address,
        tags=queries.list_tags(challenge.id),
        own_tags=queries.tags_of([application.id]).get(application.id, []),
        tones=TagTone,
        screeners=queries.list_screeners(challenge),
        case=queries.get_case(application.id),
        notes=queries.list_notes(application.id),
        like=queries.list_like(challenge, application, now()) if sent else [],
    )
    return html, code


@bp.post("/manage/<uuid:challenge_id>/applications/<uuid:application_id>/check")
@access(signed_in)
def check_eligibility(challenge_id: UUID, application_id: UUID) -> Answer:
    challenge = managed_or_404(challenge_id)
    application = received_or_404(challenge, application_id)
    form = CheckForm()
    outcome = form.outcome.data
    try:
        if outcome not in set(CheckOutcome):
            raise RuleBroken(_("Choose an outcome."), field="outcome")  # noqa: TRY301 - shown like the service's own refusals
        services.check_eligibility(
            application, CheckOutcome(outcome), reason=form.reason.data or "", due_at=_due_at(form, challenge),
            seen=(form.seen_submission.data or 0, form.seen_checks.data or 0), actor=signed_in_user(), now=now(),
        )  # fmt: skip
    except StaleEdit:
        db.session.rollback()
        form.add_error(None, _("This application changed while you were deciding: see what stands now, then decide."))
        return _show(challenge, received_or_404(challenge, application_id), form, code=409)
    except RuleBroken as refused:
        db.session.rollback()
        form.add_error(refused.field, refused.sentence)
        return _show(challenge, received_or_404(challenge, application_id), form, code=422)
    db.session.commit()
    flash(_("The outcome is recorded, and the applicant is told by mail."), "success")
    return redirect(
        url_for("applications.show_received", challenge_id=challenge_id, application_id=application_id), code=303
    )


def _due_at(form: CheckForm, challenge: Challenge) -> datetime | None:
    """The posted moment in the challenge's zone. Raises RuleBroken for what is no moment."""
    if form.outcome.data != CheckOutcome.CORRECTION:
        return None
    if form.due_at.data is None:
        if (form.due_at.raw_data or [""])[0]:
            raise RuleBroken(_("This is not a date with a time. Write it as 2022-09-30T17:00."), field="due_at")
        return None
    moment: datetime = form.due_at.data
    return moment.replace(tzinfo=ZoneInfo(challenge.timezone))
