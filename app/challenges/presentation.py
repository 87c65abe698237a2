"""What the pages of a call show that is put together from several of its parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from app.accounts.models import Organization
from app.challenges import rules
from app.challenges.labels import milestone_label
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState, MilestoneKind
from app.web.filters import current_language, utc_iso

StepOfLine = tuple[str, datetime, datetime]


def sponsors_of(challenge: Challenge) -> list[Organization]:
    """The sponsors in the order of their themes, each once."""
    return list({theme.sponsor_id: theme.sponsor for theme in challenge.themes}.values())


def steps_of(challenge: Challenge) -> list[StepOfLine]:
    """The time line from the applications on, as (label, start, end)."""
    first = (milestone_label(MilestoneKind.APPLICATIONS), challenge.opens_at, challenge.closes_at)
    rest = [
        (milestone_label(m.kind), m.starts_at, m.ends_at)
        for m in challenge.milestones
        if m.kind is not MilestoneKind.APPLICATIONS
    ]
    return [first, *rest]


@dataclass(frozen=True)
class Money:
    """What is to be won, in won and in places."""

    total: int
    highest: int
    highest_title: str
    winners: int
    winners_each: int | None  # the same number for each theme, None where they differ


def money_of(challenge: Challenge) -> Money:
    prizes = list(challenge.prizes)
    best = max(prizes, key=lambda prize: prize.amount_krw, default=None)
    winners = [theme.winners for theme in challenge.themes]
    return Money(
        total=sum(prize.count * prize.amount_krw for prize in prizes),
        highest=best.amount_krw if best else 0,
        highest_title=best.title.in_language(current_language()) if best else "",
        winners=sum(winners),
        winners_each=winners[0] if len(winners) > 1 and len(set(winners)) == 1 else None,
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text that is one item to a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


OVER = (ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED)  # though results may be public only later


def phase_word(challenge: Challenge, now: datetime) -> tuple[str, str]:
    """What a visitor is told about where the call stands, with the tone of its chip."""
    if challenge.state is ChallengeState.CANCELLED:
        return _("Cancelled"), "bad"
    if challenge.state in OVER and (challenge.results_at is None or challenge.results_at <= now):
        return _("Results out"), "good"
    if challenge.state is ChallengeState.PUBLISHED and now < challenge.opens_at:
        return _("Opens soon"), ""
    if rules.takes_applications(challenge, now):
        return pgettext("call", "Open"), "open"
    return _("Under evaluation"), "warn"


def structured_data(challenge: Challenge, url: str) -> dict[str, Any]:
    """The call in the words of schema.org, for search engines."""
    language = current_language()

    def organization(one: Organization) -> dict[str, str]:
        return {"@type": "Organization", "name": one.name.in_language(language)}

    cancelled = challenge.state is ChallengeState.CANCELLED
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": challenge.title.in_language(language),
        "description": challenge.summary.in_language(language),
        "startDate": utc_iso(challenge.opens_at),
        "endDate": utc_iso(challenge.closes_at),
        "eventStatus": "https://schema.org/EventCancelled" if cancelled else "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": organization(challenge.host),
        "sponsor": [organization(sponsor) for sponsor in sponsors_of(challenge)],
        "inLanguage": language,
        "url": url,
    }


def joined(names: Iterable[str]) -> str:
    return ", ".join(names)
