"""When things happen in a sample: as published, or moved by whole weeks so that the stage is now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


class Stage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    JUDGING = "judging"
    DECIDED = "decided"
    PUBLISHED = "published"


@dataclass(frozen=True)
class _Span:
    """A stage in the published dates: a day of the week from `first` on becomes today; nothing after `until` has happened."""

    first: date
    until: str
    typical: str  # the present, where the dates stay as published


_SPANS = {
    Stage.OPEN: _Span(date(2022, 9, 14), "2022-09-23T16:00", "2022-09-20T14:12"),
    Stage.CLOSED: _Span(date(2022, 9, 27), "2022-09-28T23:59", "2022-09-28T18:00"),
    Stage.JUDGING: _Span(date(2022, 10, 6), "2022-10-12T23:59", "2022-10-11T15:00"),
    Stage.DECIDED: _Span(date(2022, 10, 18), "2022-10-27T23:59", "2022-10-20T10:00"),
    Stage.PUBLISHED: _Span(date(2022, 10, 29), "2022-12-31T23:59", "2022-10-31T09:00"),
}


class Timetable:
    """The dates of one sample. `now` is the present at its end; without one, the dates stay as published."""

    def __init__(self, stage: Stage, now: datetime | None) -> None:
        span = _SPANS[stage]
        self.weeks = 0 if now is None else (now.astimezone(SEOUL).date() - span.first).days // 7
        self.now = now or self.at(span.typical)
        self._until = min(self.now, self.at(span.until))

    @property
    def moved(self) -> timedelta:
        return timedelta(weeks=self.weeks)

    def at(self, published: str) -> datetime:
        """The moment that a published time in Seoul, such as 2022-09-05T10:00, is moved to."""
        local = datetime.fromisoformat(published) + self.moved
        return local.replace(tzinfo=SEOUL).astimezone(UTC)

    def day(self, published: str) -> date:
        return date.fromisoformat(published[:10]) + self.moved

    def has_come(self, moment: datetime) -> bool:
        """Whether what happened at `moment` belongs to the sample at its stage."""
        return moment <= self._until
