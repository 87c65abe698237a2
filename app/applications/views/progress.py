"""Where an application stands, in the applicant's words: the line of its steps, and what comes next by when."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.applications.models import Application
from app.applications.rules import is_closed
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.web.filters import when_short

Step = tuple[str, str, str]
OVER = (ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED)


@dataclass(frozen=True)
class NextStep:
    """One sentence, and the moment that it turns on, where there is one."""

    sentence: str
    until: datetime | None = None


def progress_of(application: Application, now: datetime) -> list[Step]:
    """The steps with what is done, as the macro progress_line wants them."""
    challenge, state, tz = application.challenge, application.state, application.challenge.timezone
    if state is ApplicationState.WITHDRAWN:
        return [(_("Submitted"), "–", "done" if application.receipt_number else ""), (_("Withdrawn"), "", "current")]
    place = _place(application, now)
    submitted = (
        when_short(application.submitted_at, tz) if application.submitted_at else when_short(challenge.closes_at, tz)
    )
    check = {
        ApplicationState.CORRECTION: _("Correction requested"),
        ApplicationState.ELIGIBLE: _("Eligible"),
        ApplicationState.INELIGIBLE: _("Ineligible"),
    }.get(state, "")
    names = [
        (_("Draft"), when_short(application.created_at, tz)),
        (_("Submitted"), submitted),
        (_("Eligibility check"), check),
    ]
    if state is not ApplicationState.INELIGIBLE:
        names += [
            (_("Judging"), ""),
            (_("Results"), when_short(challenge.results_at, tz) if challenge.results_at else ""),
        ]
    return [
        (label, detail, "done" if i < place else "current" if i == place else "")
        for i, (label, detail) in enumerate(names)
    ]


def _place(application: Application, now: datetime) -> int:
    challenge, state = application.challenge, application.state
    if state is ApplicationState.DRAFT:
        return 1 if application.is_standing and is_closed(challenge, now) else 0
    if state is ApplicationState.SUBMITTED:
        return 2 if is_closed(challenge, now) else 1
    if state in (ApplicationState.CORRECTION, ApplicationState.INELIGIBLE):
        return 2
    return 5 if challenge.state in OVER else 4 if challenge.state is ChallengeState.DECIDED else 3


def next_step(application: Application, now: datetime) -> NextStep:
    """What the applicant has to do, or waits for."""
    challenge = application.challenge
    if challenge.state is ChallengeState.CANCELLED:
        return NextStep(_("This challenge was cancelled. You have to do nothing."))
    if is_closed(challenge, now):
        return _after_the_close(application, challenge)
    if application.state is ApplicationState.DRAFT and application.is_standing:
        return NextStep(
            _("Submit your changes. If you do not, your last submission stands at the close."), challenge.closes_at
        )
    if application.state is ApplicationState.DRAFT:
        return NextStep(_("Complete the form and submit it. A draft is not an application."), challenge.closes_at)
    if application.state is ApplicationState.WITHDRAWN:
        return NextStep(_("You may reopen it until the close."), challenge.closes_at)
    return NextStep(_("It is received. Until the close you may still change or withdraw it."), challenge.closes_at)


def _after_the_close(application: Application, challenge: Challenge) -> NextStep:
    if application.state is ApplicationState.CORRECTION:
        return NextStep(_("Correct what the organizer asks for and submit it again."), application.correction_due_at)
    if application.state is ApplicationState.DRAFT and not application.is_standing:
        return NextStep(_("It was not submitted before the close and is not taken into account."))
    if application.state is ApplicationState.ELIGIBLE and challenge.state in OVER:
        return NextStep(_("The results are out."))
    sentences = {
        ApplicationState.WITHDRAWN: _("It was withdrawn and is not taken into account."),
        ApplicationState.INELIGIBLE: _("It was found ineligible and is not judged. The reason stands below."),
        ApplicationState.ELIGIBLE: _("It is with the judges. You are told by mail when the results are out."),
    }
    checking = _("The organizer checks whether you are eligible. You are told by mail.")
    return NextStep(sentences.get(application.state, checking))
