"""The committee's decision by the ranking, the published results, and the certificates' places in the register."""

from datetime import datetime

from app.awards import services
from app.sample.services.story import Event, Story

CERTIFICATES_AT = "2022-10-28T10:20"


def award_events(story: Story) -> list[Event]:
    def decide(now: datetime) -> None:
        services.set_decisions(
            story.challenge, services.propose_decisions(story.challenge), actor=story.people.organizer, now=now
        )

    def confirm(now: datetime) -> None:
        services.confirm_decision(story.challenge, actor=story.people.organizer, now=now)

    def publish(now: datetime) -> None:
        services.publish_results(story.challenge, actor=story.people.organizer, now=now)

    def issue(now: datetime) -> None:
        services.issue_certificates(story.challenge, actor=story.people.organizer, now=now)

    return [
        Event("2022-10-14T19:30", decide), Event("2022-10-17T10:00", confirm), Event("2022-10-28T10:00", publish),
        Event(CERTIFICATES_AT, issue),
    ]  # fmt: skip
