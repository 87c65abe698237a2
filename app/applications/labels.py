"""States in words: one for the applicant, one for the staff, and the tone of the chip."""

from flask_babel import gettext as _
from flask_babel import pgettext

from app.accounts.models import LegalForm
from app.applications.models import Application, CheckOutcome
from app.applications.states import ApplicationState
from app.challenges.eligibility import Rule


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
