"""The applicant's pages beside the form: list, start, status, check, receipt."""

from collections.abc import Collection
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.models import Organization, OrganizationKind, User
from app.accounts.session import signed_in_user
from app.applications import queries, rules, services
from app.applications.content import company_content, fingerprint, read_submission
from app.applications.forms import StartForm
from app.applications.labels import applicant_label, legal_form_label
from app.applications.models import Application, GivenConsent
from app.applications.rules import CONTACT
from app.applications.rules.completeness import contact_labels
from app.applications.states import ApplicationState
from app.applications.views import bp
from app.applications.views.form import Answer, _to
from app.applications.views.pages import CHECK, deadline_of, form_state, own_or_404, page_values
from app.applications.views.progress import next_step, progress_of
from app.applications.writing.rules import why_not_use_profile
from app.challenges.form.answers import show
from app.challenges.form.carrying import Kept
from app.challenges.form.model import Kind, Question
from app.challenges.models import Challenge
from app.core.database import begin_writing, db
from app.core.errors import RuleBroken, StaleEdit
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.filters import local
from app.web.forms import choices
from app.web.requests import reads_first


@bp.get("/applications")
@access(signed_in)
def list_applications() -> str:
    user = signed_in_user()
    rows = [
        (own, applicant_label(own.application), next_step(own.application, now()))
        for own in queries.list_applications_for(user)
    ]
    has_startup = bool(user.organization_ids(OrganizationKind.STARTUP))
    return render_template("applications/list_applications.html", rows=rows, has_startup=has_startup)


@bp.route("/challenges/<slug>/apply", methods=["GET", "POST"])
@access(signed_in)
def start_application(slug: str) -> Answer:
    """Choose theme and startup; whether the startup may apply is said at once."""
    challenge = queries.get_open_challenge(slug) or abort(404)
    user = signed_in_user()
    startups = user.organizations(OrganizationKind.STARTUP)
    taken = queries.taken_themes(challenge, [s.id for s in startups])
    form = StartForm()
    form.theme.choices = choices((str(t.id), local(t.title)) for t in challenge.themes)
    form.startup.choices = choices((str(s.id), local(s.name)) for s in startups)
    if request.method == "POST":
        theme = next((t for t in challenge.themes if str(t.id) == form.theme.data), None)
        startup = next((s for s in startups if str(s.id) == form.startup.data), None)
        if theme is None:
            form.add_error("theme", _("Choose a theme."))
        if startup is None:
            form.add_error("startup", _("Choose the startup that applies."))
        if theme is not None and startup is not None:
            if existing := taken.get((theme.id, startup.id)):
                return redirect(url_for("applications.show_application", application_id=existing), code=303)
            try:
                application = services.start_application(theme, startup, actor=user, now=now())
            except RuleBroken as refused:
                db.session.rollback()
                form.add_error(refused.field, refused.sentence)
            else:
                db.session.commit()
                return _to("edit_application", application, section=CONTACT)
    elif len(startups) == 1:
        form.startup.data = str(startups[0].id)
    return _show_start(challenge, startups, form, taken, user)


def _show_start(
    challenge: Challenge, startups: list[Organization], form: StartForm, taken: dict[tuple[UUID, UUID], UUID], user: User
) -> Answer:  # fmt: skip
    findings = {s.id: queries.findings_for(challenge, s) for s in startups}
    refusals = {s.id: rules.why_not_start(challenge, s, findings[s.id], user, now()) for s in startups}
    why = next(iter(refusals.values())) if refusals and all(refusals.values()) else None
    if not startups:
        why = _("Register your startup first; then apply with it.")
    html = render_template(
        "applications/start_application.html", challenge=challenge, startups=startups, form=form, taken=taken,
        refusals=refusals, findings=findings, why=why, accent_organization=challenge.host,
    )  # fmt: skip
    return html, 422 if form.errors else 200


@bp.get("/applications/<uuid:application_id>")
@access(signed_in)
def show_application(application_id: UUID) -> str:
    application = own_or_404(application_id)
    user, moment = signed_in_user(), now()
    return render_template(
        "applications/show_application.html",
        label=applicant_label(application),
        steps=progress_of(application, moment),
        next_step=next_step(application, moment),
        submissions=queries.list_submissions(application),
        checks=queries.list_checks(application),
        why_not_edit=rules.why_not_edit(application, user, moment),
        why_not_open=rules.why_not_open(application, moment),
        why_not_reopen=rules.why_not_reopen(application, user, moment),
        why_not_withdraw=rules.why_not_withdraw(application, user, moment),
        unsent=_unsent(application),
        kept=_kept(application),
        consents=_consents(application),
        **page_values(application),
    )


def _consents(application: Application) -> list[tuple[Question, GivenConsent | None]]:
    """The call's consents with what was decided on each; none once the application is erased."""
    asked = [q for q in application.challenge.form.questions() if q.kind is Kind.CONSENT]
    return [] if application.erased_at else [(q, rules.consent_of(application, q.code)[1]) for q in asked]


def _unsent(application: Application) -> dict[str, str]:
    """What was typed after the last submission and not sent in time, by label."""
    kept = application.unsent or {}
    found = {label: kept[name] for name, label in contact_labels().items() if name in kept}
    for question in application.challenge.form.questions():
        if (answer := kept.get(f"answer-{question.code}")) is not None:
            found[local(question.label)] = show(question, answer)
    return found


def _kept(application: Application) -> list[tuple[str, str]]:
    """Answers that the form has no place for any more: the question's words, and the answer's."""
    items = [Kept.from_json(item) for item in application.kept]
    return [(local(item.question.label), show(item.question, item.answer)) for item in items]


@bp.get("/applications/<uuid:application_id>/check")
@access(signed_in)
def check_application(application_id: UUID) -> Answer:
    """Everything that would be sent, to be read once more; also for those who may only read."""
    application = own_or_404(application_id)
    if rules.why_not_open(application, now()):
        return _to("show_application", application)
    return _show_check(application)


def _show_check(
    application: Application, *, notice: str = "", ticked: Collection[str] | None = None, code: int = 200
) -> tuple[str, int]:
    """The page of answers; `ticked` are the confirmations as they were just posted."""
    findings = queries.findings_for(application.challenge, application.startup, own=application.id, handed_in=True)
    state = form_state(application, CHECK)
    may_use_profile = why_not_use_profile(application, signed_in_user()) is None
    html = render_template(
        "applications/check_application.html",
        state=state,
        until=deadline_of(application),
        consents={given.question: given for given in application.consents},
        documents={document.question: document for document in application.documents},
        shown=show,
        consent_current=rules.is_consent_current,
        findings=findings,
        confirmations=rules.confirmations_asked(application.challenge),
        ticked=application.confirmed if ticked is None else ticked,
        kept=_kept(application),
        legal_form=legal_form_label(application.startup.legal_form),
        company=company_content(application.startup) if may_use_profile else None,
        why_not_submit=rules.why_not_submit(application, findings, signed_in_user(), now()),
        seen=fingerprint(application),
        notice=notice,
        **page_values(application),
    )
    return html, code


@bp.post("/applications/<uuid:application_id>/submit")
@access(signed_in)
@reads_first
def submit_application(application_id: UUID) -> Answer:
    """What takes time is done before the lock to write is asked for; a second click does not ask for it at all."""
    application = own_or_404(application_id)
    receipt = url_for("applications.show_receipt", application_id=application_id)
    if application.state is ApplicationState.SUBMITTED:
        return redirect(receipt, code=303)
    actor = signed_in_user()
    ready = services.get_ready(application, actor=actor, now=now())
    begin_writing(keep=True)
    ticked = [key[:16] for key in request.form.getlist("confirmed")][:200] if "asked" in request.form else None
    try:
        services.submit_application(
            application,
            actor=actor,
            now=now(),
            seen=request.form.get("seen", "")[:64] or None,
            confirmed=ticked,
            ready=ready,
        )
    except StaleEdit:
        db.session.rollback()
        notice = _(
            "The application was changed after you opened this page, so it was not submitted. Read it once more, then submit."
        )
        return _show_check(own_or_404(application_id), notice=notice, ticked=ticked, code=409)
    except RuleBroken as refused:
        db.session.rollback()
        application = own_or_404(application_id)
        if rules.why_not_edit(application, signed_in_user(), now()):
            flash(refused.sentence, "error")
            return _to("show_application", application)
        return _show_check(application, notice=refused.sentence, ticked=ticked, code=422)
    db.session.commit()
    return redirect(receipt, code=303)


@bp.post("/applications/<uuid:application_id>/reopen")
@access(signed_in)
def reopen_application(application_id: UUID) -> Response:
    application = own_or_404(application_id)
    try:
        services.reopen_application(application, actor=signed_in_user(), now=now())
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
        return _to("show_application", application)
    return _to("edit_application", application, section=CONTACT)


@bp.post("/applications/<uuid:application_id>/withdraw")
@access(signed_in)
def withdraw_application(application_id: UUID) -> Response:
    application = own_or_404(application_id)
    try:
        services.withdraw_application(application, actor=signed_in_user(), now=now())
        db.session.commit()
        flash(_("The application is withdrawn."), "success")
    except RuleBroken as refused:
        db.session.rollback()
        flash(refused.sentence, "error")
    return _to("show_application", application)


@bp.get("/applications/<uuid:application_id>/receipt")
@access(signed_in)
def show_receipt(application_id: UUID) -> str:
    """The receipt of the submission that stands, or of the earlier one that the address names."""
    application = queries.get_application_for(signed_in_user(), application_id, whole=False) or abort(404)
    submissions = queries.list_submissions(application)
    wanted = request.args.get("number", "")
    submission = next((s for s in submissions if str(s.number) == wanted), submissions[0] if submissions else None)
    if submission is None or (wanted and str(submission.number) != wanted):
        abort(404)
    return render_template(
        "applications/show_receipt.html",
        submission=submission,
        sent=read_submission(submission, whole=True),
        is_last=submission is submissions[0] and application.is_standing,
        **page_values(application),
    )
