"""What an organizer does next with a challenge, and by when: the one filled button of its overview."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.challenges import rules
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState

Told = Callable[["Challenge", datetime], "NextStep | None"]
_TOLD: dict[ChallengeState, Told] = {}


@dataclass(frozen=True)
class NextStep:
    """A sentence, perhaps with a date, and where one goes to do it (an endpoint under the challenge), if there is anything to do."""

    sentence: str
    at: datetime | None = None
    label: str = ""
    endpoint: str = ""
    post: bool = False


def tell_next_step(state: ChallengeState, told: Told) -> None:
    """Let a later feature look closer at `state`; where it returns None, what stands here holds."""
    _TOLD[state] = told


def next_step_seen(challenge: Challenge, now: datetime, *, lacking: bool = False) -> NextStep:
    """The next step of one challenge, as the features that come later see it; for lists there is `next_step_of`."""
    told = _TOLD.get(challenge.state)
    return (told(challenge, now) if told else None) or next_step_of(challenge, now, lacking=lacking)


def next_step_of(challenge: Challenge, now: datetime, *, lacking: bool = False) -> NextStep:
    """The next step; `lacking` says that the draft has sections to be filled."""
    if challenge.state in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW):
        return _while_drafting(challenge, lacking=lacking)
    if challenge.state is ChallengeState.PUBLISHED:
        return _while_published(challenge, now)
    return {
        ChallengeState.CLOSED: NextStep(
            _("Check the applications' eligibility, then start judging."),
            label=_("Check applications"),
            endpoint="applications.list_received",
        ),
        ChallengeState.JUDGING: NextStep(
            _("The judges score; see who needs a reminder."),
            label=_("See the progress"),
            endpoint="judging.show_progress",
        ),
        ChallengeState.DECIDED: NextStep(
            _("The decision is made; look at the results and publish them."),
            label=_("Look at the results"),
            endpoint="awards.preview_results",
        ),
        ChallengeState.RESULTS_OUT: NextStep(
            _("The results are out; issue the certificates."),
            label=_("Certificates"),
            endpoint="awards.list_certificates",
        ),
        ChallengeState.ARCHIVED: NextStep(_("This challenge is archived; nothing is left to do.")),
        ChallengeState.CANCELLED: NextStep(_("This challenge was cancelled.")),
    }[challenge.state]


def _while_drafting(challenge: Challenge, *, lacking: bool) -> NextStep:
    if challenge.state is ChallengeState.SPONSOR_REVIEW:
        if rules.reviews_outstanding(challenge):
            return NextStep(
                _("The sponsors read the draft. You will be told of each answer by mail."), challenge.opens_at
            )
        return NextStep(
            _("Every sponsor has approved. Publish the call."),
            challenge.opens_at, _("Publish"), "challenges.publish_challenge", post=True,
        )  # fmt: skip
    if lacking:
        return NextStep(
            _("Write the call until nothing is missing below."),
            challenge.opens_at,
            _("Write the call"),
            "challenges.edit_challenge",
        )
    return NextStep(
        _("The call is complete. Show it to the sponsors."),
        challenge.opens_at, _("Send to the sponsors"), "challenges.send_to_sponsors", post=True,
    )  # fmt: skip


def _while_published(challenge: Challenge, now: datetime) -> NextStep:
    if now < challenge.opens_at:
        return NextStep(_("The call is out. Applications open by themselves."), challenge.opens_at)
    if not rules.is_past_close(challenge, now):
        sentence = ngettext(
            "Applications are open; %(num)d is in. They close by themselves.",
            "Applications are open; %(num)d are in. They close by themselves.",
            challenge.submitted_count,
        )
        return NextStep(sentence, challenge.closes_at, _("See the applications"), "applications.list_received")
    return NextStep(
        _("The deadline is over. Close the call."),
        None,
        pgettext("call", "Close"),
        "challenges.close_challenge",
        post=True,
    )
