"""States in words: one for the applicant, one for the staff, and the tone of the chip."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from app.accounts.models import LegalForm
from app.applications.desk.models import LikenessKind
from app.applications.models import Application, CheckOutcome
from app.applications.rules.completeness import contact_labels
from app.applications.states import ApplicationState
from app.applications.writing.states import Right
from app.challenges.eligibility import Rule
from app.challenges.form.answers import as_text, show
from app.challenges.models import Challenge
from app.web.filters import local


def applicant_label(application: Application) -> tuple[str, str]:
    """The state in the applicant's words, and its tone."""
    if application.state is ApplicationState.DRAFT and application.is_standing:
        return _("Reopened; the last submission stands"), "warn"
    return {
        ApplicationState.DRAFT: (_("Draft, not submitted"), "warn"),
        ApplicationState.SUBMITTED: (_("Submitted"), "good"),
        ApplicationState.WITHDRAWN: (_("Withdrawn"), ""),
        ApplicationState.CORRECTION: (_("Correction requested"), "warn"),
        ApplicationState.ELIGIBLE: (_("Eligible"), "good"),
        ApplicationState.INELIGIBLE: (_("Ineligible"), "bad"),
    }[application.state]


def staff_label(state: ApplicationState) -> tuple[str, str]:
    """The state in the organizer's words, and its tone. A draft here is a reopened application: others are not listed."""
    return {
        ApplicationState.DRAFT: (_("Reopened by the applicant"), ""),
        ApplicationState.SUBMITTED: (_("To be checked"), "open"),
        ApplicationState.WITHDRAWN: (_("Withdrawn"), ""),
        ApplicationState.CORRECTION: (_("Correction requested"), "warn"),
        ApplicationState.ELIGIBLE: (_("Eligible"), "good"),
        ApplicationState.INELIGIBLE: (_("Ineligible"), "bad"),
    }[state]


def outcome_label(outcome: CheckOutcome) -> str:
    return {
        CheckOutcome.ELIGIBLE: _("Eligible"),
        CheckOutcome.INELIGIBLE: _("Ineligible"),
        CheckOutcome.CORRECTION: _("Correction requested"),
    }[outcome]


def rule_label(rule: Rule) -> str:
    return {
        Rule.AGE: _("Company age and pre-founders"),
        Rule.NUMBER: _("Business registration number"),
        Rule.REGION: pgettext("eligibility", "Region"),
        Rule.EMPLOYEES: pgettext("eligibility", "Employees"),
        Rule.REVENUE: pgettext("eligibility", "Revenue"),
        Rule.SME: _("A small or medium-sized enterprise"),
        Rule.INDUSTRY: pgettext("eligibility", "Industry"),
        Rule.ENTRIES: _("Number of applications"),
        Rule.EXCLUSIONS: _("Exclusions"),
    }[rule]


def legal_form_label(form: str | None) -> str:
    if form is None:
        return "–"
    return {
        LegalForm.CORPORATION: _("Company (corporation)"),
        LegalForm.SOLE_TRADER: _("Sole trader"),
        LegalForm.PRE_FOUNDER: _("Pre-founder"),
        LegalForm.FOREIGN: _("Foreign company"),
    }[LegalForm(form)]


def right_labels() -> dict[Right, str]:
    return {
        Right.VIEW: _("read it"),
        Right.EDIT: _("read and write it"),
        Right.SUBMIT: _("read, write and submit it"),
    }


def field_labels(challenge: Challenge) -> dict[str, str]:
    """The draft's fields in words, in the order of the form."""
    return contact_labels() | {f"answer-{q.code}": local(q.label) for q in challenge.form.questions()}


def field_words(challenge: Challenge, name: str, value: Any) -> str:
    """A field's value as people read it."""
    question = challenge.form.question(name.removeprefix("answer-")) if name.startswith("answer-") else None
    return show(question, value) if question is not None else as_text(value)


def like_words(kind: str, percent: int) -> str:
    """In which way two applications are alike, and how much."""
    if kind == LikenessKind.NUMBER:
        return _("same registration number")
    if kind == LikenessKind.NAME:
        return _("names %(percent)s%% alike", percent=percent)
    return _("proposals %(percent)s%% alike", percent=percent)
