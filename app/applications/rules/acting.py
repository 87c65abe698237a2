"""Who may do what with an application, and until when, to the second."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import Organization, OrganizationKind, User
from app.applications.models import Application, CheckOutcome, EligibilityCheck
from app.applications.rules.completeness import find_faults
from app.applications.states import ApplicationState
from app.applications.writing.rules import why_not_act, why_not_write
from app.challenges.eligibility import Finding, why_not
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of, is_sealed, may_observe, seal_sentence, why_not_apply
from app.challenges.states import ChallengeState
from app.web.filters import when

LONGEST_REASON = 1000
BEFORE_THE_DECISION = (ChallengeState.PUBLISHED, ChallengeState.CLOSED, ChallengeState.JUDGING)


def in_time(now: datetime, until: datetime) -> bool:
    """Whether `now` lies before the end of the second `until`: 17:00 includes 17:00:00.999."""
    return now.replace(microsecond=0) <= until


def is_closed(challenge: Challenge, now: datetime) -> bool:
    """Whether the time to apply is over for a call that was out."""
    if challenge.state in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW, ChallengeState.CANCELLED):
        return False
    return challenge.state is not ChallengeState.PUBLISHED or not in_time(now, challenge.closes_at)


def why_not_start(
    challenge: Challenge, startup: Organization, findings: Sequence[Finding], actor: User, now: datetime
) -> str | None:
    """Why no application can be begun; `findings` are the rules of eligibility (queries.findings_for)."""
    if startup.kind is not OrganizationKind.STARTUP:
        return _("Only a startup can apply.")
    if not actor.belongs_to(startup.id):
        return _("Only the startup's own people can apply for it.")
    return why_not_apply(challenge, now) or why_not(findings)


def why_not_edit(application: Application, actor: User, now: datetime) -> str | None:
    """Why nothing of the draft can be changed now by this person."""
    return why_not_write(application, actor) or why_not_open(application, now)


def why_not_open(application: Application, now: datetime) -> str | None:
    """Why nothing of the draft can be changed now, whoever asks."""
    state = application.state
    if state is ApplicationState.DRAFT:
        return why_not_apply(application.challenge, now)
    if state is ApplicationState.CORRECTION:
        return _why_not_correct(application, now)
    if reason := why_not_apply(application.challenge, now):
        return reason
    if state is ApplicationState.WITHDRAWN:
        return _("This application was withdrawn. Reopen it to change it.")
    return _("This application is submitted. Reopen it to change it.")


def _why_not_correct(application: Application, now: datetime) -> str | None:
    challenge, due_at = application.challenge, application.correction_due_at
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if challenge.state not in BEFORE_THE_DECISION:
        return _("The decision has been taken.")
    if due_at is None or not in_time(now, due_at):
        return _(
            "The time for the correction ended on %(when)s.", when=when(due_at, challenge.timezone) if due_at else "–"
        )
    return None


def why_not_submit(application: Application, findings: Sequence[Finding], actor: User, now: datetime) -> str | None:
    """Why the draft cannot be submitted now; pages grey the button with the same sentence.

    `findings` are the rules of eligibility (queries.findings_for). Reads the challenge's form and the application's own
    documents and consents (all loaded by get_application_for).
    """
    if reason := why_not_act(application, actor) or why_not_open(application, now):
        return reason
    if reason := why_not(findings):
        return reason
    faults = find_faults(application, today=now)
    if not faults:
        return None
    if len(faults) == 1:
        return faults[0].text
    return _(
        "%(count)d things are still missing or have to be corrected. The first: %(first)s",
        count=len(faults),
        first=faults[0].text,
    )


def why_not_reopen(application: Application, actor: User, now: datetime) -> str | None:
    if reason := why_not_act(application, actor):
        return reason
    if reason := why_not_apply(application.challenge, now):
        return reason
    if application.state is ApplicationState.DRAFT:
        return _("This application is a draft already.")
    if not application.state.can_become(ApplicationState.DRAFT):
        return _("This application is being checked and cannot be reopened.")
    return None


def why_not_withdraw(application: Application, actor: User, now: datetime) -> str | None:
    if reason := why_not_act(application, actor):
        return reason
    if application.state is ApplicationState.WITHDRAWN:
        return _("This application has been withdrawn already.")
    if reason := why_not_apply(application.challenge, now):
        return reason
    if not application.state.can_become(ApplicationState.WITHDRAWN):
        return _("This application is being checked and cannot be withdrawn here. Please write to the organizer.")
    return None


def why_not_export(challenge: Challenge, actor: User | None, now: datetime) -> str | None:
    """Why the list of received applications cannot be taken away as a file; whoever reads the page may take what it shows."""
    if not may_observe(actor, challenge):
        return _("Only those who organize or observe this challenge export its applications.")
    if is_sealed(challenge, now):
        return seal_sentence(challenge)
    return None


def why_not_check_any(challenge: Challenge, actor: User | None, now: datetime) -> str | None:
    """Why the organizer cannot check eligibility in this challenge now, whichever application it is."""
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer of this challenge checks eligibility.")
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if not is_closed(challenge, now):
        return _(
            "Eligibility is checked after applications close on %(when)s.",
            when=when(challenge.closes_at, challenge.timezone),
        )
    if challenge.state not in BEFORE_THE_DECISION:
        return _("The decision has been taken.")
    return None


def why_not_check(application: Application, actor: User | None, now: datetime) -> str | None:
    """Why the organizer cannot record an eligibility check now, whatever its outcome."""
    if reason := why_not_check_any(application.challenge, actor, now):
        return reason
    if not application.is_standing:
        return _("This application is not handed in.")
    return None


Refusal = tuple[str, str]  # the field to mend, and the sentence


def why_not_outcome(
    application: Application,
    outcome: CheckOutcome,
    earlier: list[EligibilityCheck],
    *,
    reason: str,
    due_at: datetime | None,
    now: datetime,
) -> Refusal | None:
    """Why this outcome cannot be recorded; `application` is settled for `now`, `earlier` are its checks so far."""
    return _why_not_become(application, outcome, earlier, now) or _why_not_words(
        application, outcome, reason, due_at, now
    )


def _why_not_become(
    application: Application, outcome: CheckOutcome, earlier: list[EligibilityCheck], now: datetime
) -> Refusal | None:
    target = ApplicationState(outcome.value)
    tz = application.challenge.timezone
    if outcome is CheckOutcome.CORRECTION and (asked := [c for c in earlier if c.outcome is CheckOutcome.CORRECTION]):
        return "outcome", _(
            "A correction was requested once already, on %(when)s; there is one only.",
            when=when(asked[0].checked_at, tz),
        )
    if application.state is target:
        return "outcome", _("This outcome stands already.")
    if not application.state.can_become(target):
        return "outcome", _("This outcome can no longer be recorded.")
    due = application.correction_due_at
    if outcome is CheckOutcome.INELIGIBLE and due is not None and in_time(now, due):
        return "outcome", _("The applicant has until %(when)s for the correction.", when=when(due, tz))
    return None


def _why_not_words(
    application: Application, outcome: CheckOutcome, reason: str, due_at: datetime | None, now: datetime
) -> Refusal | None:
    if outcome is not CheckOutcome.ELIGIBLE and not reason:
        return "reason", _("Give the reason; the applicant reads it.")
    if len(reason) > LONGEST_REASON:
        return "reason", _(
            "%(over)d characters too many: at most %(limit)d.", over=len(reason) - LONGEST_REASON, limit=LONGEST_REASON
        )
    if outcome is not CheckOutcome.CORRECTION:
        return None
    if due_at is None:
        return "due_at", _("Give the date and time until which the correction can be handed in.")
    if due_at <= now:
        return "due_at", _("This time has passed. It is now %(when)s.", when=when(now, application.challenge.timezone))
    return None
