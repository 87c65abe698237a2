"""What a sample's story is made of: what has come about so far, and events with their published times."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.applications.models import Application
from app.challenges.models import Challenge, Round
from app.core.storage import Storage
from app.judging.models import Judge, ScoreSheet
from app.sample.material import published, texts
from app.sample.services.make_people import People
from app.sample.timetable import Timetable


@dataclass
class Story:
    """One sample as it unfolds; lists are in the order of the published applicants and of the judges."""

    people: People
    timetable: Timetable
    storage: Storage
    slug: str
    edition: tuple[str, str]  # " 2차" and ", 2nd call", where several samples stand beside each other
    sample: dict[str, Any] = field(default_factory=published)
    texts: dict[str, Any] = field(default_factory=texts)
    called: Challenge | None = None
    applications: dict[int, Application] = field(default_factory=dict)
    judges: list[Judge] = field(default_factory=list)
    sheets: dict[tuple[int, int], ScoreSheet] = field(default_factory=dict)  # (judge, entry)

    @property
    def challenge(self) -> Challenge:
        assert self.called is not None
        return self.called

    @property
    def round(self) -> Round:
        return self.challenge.rounds[0]

    @property
    def rubric(self) -> list[dict[str, Any]]:
        rubric: list[dict[str, Any]] = self.sample["challenge"]["rubric"]
        return rubric


@dataclass(frozen=True)
class Event:
    """Something that somebody did at a published time."""

    at: str
    do: Callable[[datetime], object]


def play(story: Story, events: Iterable[Event]) -> None:
    """Let everything happen, in the order of time, that has come at the stage of the story."""
    timed = sorted(((story.timetable.at(event.at), i, event) for i, event in enumerate(events)), key=lambda t: t[:2])
    for moment, _i, event in timed:
        if story.timetable.has_come(moment):
            event.do(moment)
