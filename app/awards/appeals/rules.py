"""Who may object to a decision, when, and how it is answered: each answer is the sentence to show, or None."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.applications.states import ApplicationState
from app.awards.appeals.models import Appeal, PublicReview
from app.awards.appeals.states import AppealState
from app.awards.outcome_rules import why_not_long
from app.awards.rules import are_results_published, why_not_organize
from app.challenges.models import Challenge, Milestone
from app.challenges.states import ChallengeState, MilestoneKind
from app.web.filters import when

TEXT_LIMIT, ANSWER_LIMIT = 2000, 2000
LONGEST_REVIEW = timedelta(days=60)
CHECKED = frozenset({ApplicationState.ELIGIBLE, ApplicationState.INELIGIBLE})


def appeals_of(challenge: Challenge) -> Milestone | None:
    """The window in which applicants may appeal; None where the call offers no appeals."""
    return next((step for step in challenge.milestones if step.kind is MilestoneKind.APPEALS), None)


def why_not_appeal(
    challenge: Challenge, state: ApplicationState, standing: Appeal | None, now: datetime
) -> str | None:  # fmt: skip
    """Why the applicant, whose appeal so far is `standing`, cannot appeal now."""
    window, zone = appeals_of(challenge), challenge.timezone
    if not are_results_published(challenge) or state not in CHECKED:
        return _("There is no result to appeal against.")
    if standing is not None:
        return _("You appealed on %(when)s. One appeal is taken.", when=when(standing.filed_at, zone))
    if window is None:
        return _("This call takes no appeals.")
    if now < window.starts_at:
        return _("Appeals are taken from %(when)s.", when=when(window.starts_at, zone))
    if now > window.ends_at:
        return _("Appeals were taken until %(when)s.", when=when(window.ends_at, zone))
    return None


def text_fault(text: str) -> str | None:
    if not text.strip():
        return _("Write what went wrong in the procedure, and where it shows.")
    return why_not_long(text, TEXT_LIMIT)


def why_not_raise(review: PublicReview | None, challenge: Challenge, now: datetime) -> str | None:
    """Why no concern about an entry is taken now."""
    if review is None or challenge.state is not ChallengeState.DECIDED:
        return _("There is no public review.")
    if now > review.ends_at:
        return _("The public review ended on %(when)s.", when=when(review.ends_at, challenge.timezone))
    return None


def why_not_answer(challenge: Challenge, appeal: Appeal, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if appeal.state is not AppealState.FILED:
        return _("This is answered already; an answer is final.")
    return None


def answer_fault(answer: str) -> str | None:
    if not answer.strip():
        return _("Give the reason; the one who objected reads it.")
    return why_not_long(answer, ANSWER_LIMIT)


def why_not_open_review(
    challenge: Challenge, review: PublicReview | None, selected: int, actor: User | None
) -> str | None:  # fmt: skip
    """Why those chosen cannot be shown to everybody now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state is not ChallengeState.DECIDED:
        return _("A public review comes between the confirmed decision and the results.")
    if review is not None:
        return _("The public review was opened already.")
    if not selected:
        return _("Nobody is selected, so there is nothing to review.")
    return None


def why_not_end_at(ends_at: datetime, now: datetime) -> str | None:
    if ends_at <= now:
        return _("That moment is over.")
    if ends_at > now + LONGEST_REVIEW:
        return _("A public review takes at most %(days)s days.", days=LONGEST_REVIEW.days)
    return None


def why_review_holds(review: PublicReview | None, open_concerns: int, zone: str, now: datetime) -> str | None:
    """Why results wait for the public review."""
    if review is not None and now <= review.ends_at:
        return _("The public review runs until %(when)s.", when=when(review.ends_at, zone))
    if open_concerns:
        return ngettext(
            "%(num)d concern of the public review has no answer yet.",
            "%(num)d concerns of the public review have no answer yet.",
            open_concerns,
        )
    return None
