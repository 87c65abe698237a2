from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.sample.material import published
from app.sample.scores import spread, worked_entries
from app.sample.timetable import SEOUL, Stage, Timetable

moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
# What has happened last at each stage, and what has not.
HAPPENED = {
    Stage.OPEN: ("2022-09-13T17:32", "2022-09-23T17:00"), Stage.CLOSED: ("2022-09-26T15:30", "2022-09-30T09:00"),
    Stage.JUDGING: ("2022-10-05T19:00", "2022-10-14T19:30"), Stage.DECIDED: ("2022-10-17T10:00", "2022-10-28T10:00"),
    Stage.PUBLISHED: ("2022-10-28T10:20", "2023-01-01T00:00"),
}  # fmt: skip


@given(st.sampled_from(Stage), moments)
def test_a_stage_is_reached_and_not_passed_on_any_day(stage, now):
    timetable = Timetable(stage, now)
    happened, ahead = HAPPENED[stage]
    assert timetable.has_come(timetable.at(happened))
    assert not timetable.has_come(timetable.at(ahead))
    assert timetable.at(happened) <= now


@given(moments)
def test_an_open_call_closes_within_days_at_its_hour(now):
    closes_at = Timetable(Stage.OPEN, now).at("2022-09-23T17:00")
    assert timedelta(days=2) < closes_at - now < timedelta(days=10)
    assert (closes_at.astimezone(SEOUL).hour, closes_at.astimezone(SEOUL).isoweekday()) == (17, 5)


def test_dates_as_published_stay():
    assert Timetable(Stage.PUBLISHED, None).at("2022-10-28T10:00") == datetime(2022, 10, 28, 1, tzinfo=UTC)


@given(st.integers(0, 100), st.integers(0, 20))
def test_a_total_is_spread_to_the_last_point(total, first):
    rubric = published()["challenge"]["rubric"]
    scores = spread(total, rubric, first=first)
    assert sum(scores.values()) == total
    assert all(0 <= scores[c["code"]] <= c["points"] for c in rubric)


def test_there_are_seven_entries_of_five_judges():
    assert [len(entry["totals"]) for entry in worked_entries(published())] == [5] * 7
