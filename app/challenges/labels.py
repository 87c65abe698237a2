"""What states, steps and sections are called on pages and in mails."""

from flask_babel import gettext as _
from flask_babel import pgettext

from app.accounts.profile.facts import FACTS
from app.challenges.form.model import Comparison, Kind
from app.challenges.models import Aggregate, ChallengeRole, FormStep, Trim
from app.challenges.states import ChallengeState, GateRule, GoesOn, InquiryState, MilestoneKind, Scale, Section
from app.web.filters import local


def state_label(state: ChallengeState) -> str:
    return {
        ChallengeState.DRAFT: _("Draft"),
        ChallengeState.SPONSOR_REVIEW: _("In review by the sponsor"),
        ChallengeState.PUBLISHED: _("Published"),
        ChallengeState.CLOSED: _("Closed"),
        ChallengeState.JUDGING: pgettext("state", "Judging"),
        ChallengeState.DECIDED: _("Decided"),
        ChallengeState.RESULTS_OUT: _("Results out"),
        ChallengeState.ARCHIVED: _("Archived"),
        ChallengeState.CANCELLED: _("Cancelled"),
    }[state]


def milestone_label(kind: MilestoneKind) -> str:
    return {
        MilestoneKind.APPLICATIONS: pgettext("step", "Applications"),
        MilestoneKind.ELIGIBILITY_CHECK: _("Eligibility check"),
        MilestoneKind.DOCUMENT_REVIEW: _("Document review"),
        MilestoneKind.FINALISTS_TOLD: _("Finalists told"),
        MilestoneKind.PITCH: _("Pitch"),
        MilestoneKind.PUBLIC_REVIEW: _("Public review"),
        MilestoneKind.AWARD_CEREMONY: _("Award ceremony"),
        MilestoneKind.APPEALS: _("Appeals"),
        MilestoneKind.AGREEMENT: _("Agreement"),
    }[kind]


def section_label(section: Section) -> str:
    return {
        Section.BASICS: _("Basics"),
        Section.SCHEDULE: _("Schedule"),
        Section.THEMES: _("Themes"),
        Section.ELIGIBILITY: _("Eligibility"),
        Section.FORM: _("Application form"),
        Section.RUBRIC: _("Rubric and scoring"),
        Section.PRIZES: _("Prizes"),
        Section.TERMS: _("Terms and PoC"),
        Section.ATTACHMENTS: _("Attachments"),
    }[section]


def aggregate_label(aggregate: Aggregate) -> str:
    return {
        Aggregate.MEAN: _("Mean"),
        Aggregate.TRIMMED_MEAN: _("Trimmed mean (without the highest and the lowest)"),
        Aggregate.MEDIAN: _("Median"),
    }[aggregate]


def trim_label(trim: Trim) -> str:
    return {Trim.TOTALS: _("Each judge's total"), Trim.CRITERIA: _("Each criterion by itself")}[trim]


def scale_label(scale: Scale) -> str:
    return {
        Scale.POINTS: _("Points"),
        Scale.HUNDRED: _("0 to 100"),
        Scale.TEN: _("0 to 10"),
        Scale.FIVE: _("1 to 5"),
        Scale.GATE: _("Yes or no (a gate)"),
    }[scale]


def gate_rule_label(rule: GateRule) -> str:
    return {
        GateRule.MAJORITY: _("more than half of the judges say no"),
        GateRule.ANY: _("one judge says no"),
    }[rule]


def goes_on_label(rule: GoesOn) -> str:
    return {
        GoesOn.TOP: _("The best over all"),
        GoesOn.THEME: _("The best of each theme"),
        GoesOn.PASSED: _("All that pass"),
        GoesOn.HAND: _("The committee chooses, with reasons"),
    }[rule]


def staff_role_label(role: ChallengeRole) -> str:
    return {ChallengeRole.ORGANIZER: _("Organizer"), ChallengeRole.OBSERVER: _("Observer (reads, changes nothing)")}[
        role
    ]


def comparison_label(comparison: Comparison, kind: Kind) -> str:
    """How the answer to another question of this kind is compared."""
    if comparison is Comparison.AT_LEAST and kind is Kind.DATE:
        return _("is this day or later")
    if comparison is Comparison.AT_MOST and kind is Kind.DATE:
        return _("is this day or earlier")
    return {
        Comparison.IS: pgettext("condition", "is"),
        Comparison.IS_NOT: pgettext("condition", "is not"),
        Comparison.HAS: _("has among those taken"),
        Comparison.AT_LEAST: _("is at least"),
        Comparison.AT_MOST: _("is at most"),
        Comparison.IS_ANSWERED: _("is given at all"),
    }[comparison]


def fact_label(code: str) -> str:
    """What a fact of the startup's profile is called; its code where it is a newer one."""
    return FACTS[code].label() if code in FACTS else code


def start_label(code: str) -> str:
    """What a form to begin from is called; nothing for another code."""
    return {
        "proposal": _("Open innovation proposal"),
        "poc": _("PoC proposal"),
        "ideas": _("Idea contest"),
        "interest": _("Short expression of interest"),
    }.get(code, "")


def step_label(step: FormStep) -> str:
    """One change of a form's working copy, as undo and redo name it."""
    name = local(step.name) or start_label(step.code) or _("not worded yet")
    return {
        "add": lambda: _("added “%(name)s”", name=name),
        "change": lambda: _("changed “%(name)s”", name=name),
        "move": lambda: _("moved “%(name)s”", name=name),
        "duplicate": lambda: _("duplicated “%(name)s”", name=name),
        "remove": lambda: _("removed “%(name)s”", name=name),
        "template": lambda: _("took the template “%(name)s”", name=name),
        "copy": lambda: _("copied the form of “%(name)s”", name=name),
        "import": lambda: _("read in a file"),
        "discard": lambda: _("went back to the form in force"),
    }[step.verb]()


def inquiry_label(state: InquiryState) -> tuple[str, str]:
    """What became of a question, with the tone of its chip."""
    return {
        InquiryState.OPEN: (_("Waits for an answer"), "warn"),
        InquiryState.ANSWERED: (_("Answered"), "good"),
        InquiryState.MERGED: (_("Answered with another"), "good"),
        InquiryState.DECLINED: (_("Not answered in public"), ""),
    }[state]
