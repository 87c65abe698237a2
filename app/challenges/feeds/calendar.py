"""The dates of calls as iCalendar (RFC 5545), so that a deadline stands where people look every day.

A date keeps its UID for ever, and its SEQUENCE grows with the version of the rules, so that a calendar that follows moves it.
The opening and the close are moments in the call's zone; the other steps are whole days, as the call's page shows them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone

from app.challenges.feeds.words import address_of, line, printable
from app.challenges.labels import milestone_label
from app.challenges.queries import Announced
from app.challenges.states import ChallengeState, MilestoneKind
from app.web.filters import local, when

ALARMS = (timedelta(days=7), timedelta(days=1), timedelta(hours=3))  # before the close, as the reminders by mail
REFRESH = timedelta(hours=6)


def calendar_of(calls: Iterable[Announced], *, name: str, source: str) -> bytes:
    """The dates of `calls` in the language at hand; `source` is the address at which the calendar can be followed."""
    calls = list(calls)
    calendar = Calendar()
    calendar.add("prodid", "-//Madang//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", line(name))
    calendar.add("x-wr-calname", line(name))
    calendar.add("source", source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for zone, years in _zones(calls).items():
        calendar.add_component(_timezone(zone, *years))
    for call in calls:
        for event in _events(call):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zones(calls: list[Announced]) -> dict[str, tuple[int, int]]:
    """Each zone with the first and the last year in which it is used."""
    years: dict[str, tuple[int, int]] = {}
    for call in calls:
        challenge = call.challenge
        first, last = years.get(challenge.timezone, (9999, 0))
        years[challenge.timezone] = (min(first, challenge.opens_at.year), max(last, challenge.closes_at.year))
    return years


@lru_cache(maxsize=256)
def _timezone(zone: str, first: int, last: int) -> Timezone:
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, date(max(first - 1, 1970), 1, 1), date(min(last + 2, 2999), 1, 1))


def _events(call: Announced) -> list[Event]:
    challenge = call.challenge
    zone = ZoneInfo(challenge.timezone)
    title = local(challenge.title)
    opening = _event(call, "opening", _("Applications open: %(title)s", title=title))
    opening.add("dtstart", challenge.opens_at.astimezone(zone))
    closing = _event(call, "close", _("Applications close: %(title)s", title=title))
    closing.add("dtstart", challenge.closes_at.astimezone(zone))
    if challenge.state is not ChallengeState.CANCELLED:
        for before in ALARMS:
            closing.add_component(_alarm(before, title))
    events = [opening, closing]
    for step in challenge.milestones:
        if step.kind is MilestoneKind.APPLICATIONS:
            continue
        event = _event(call, step.kind.value, f"{milestone_label(step.kind)}: {title}")
        event.add("dtstart", _day(step.starts_at, zone))
        event.add("dtend", _day(step.ends_at, zone) + timedelta(days=1))  # the first day that is free again
        event.add("transp", "TRANSPARENT")
        events.append(event)
    return events


def _event(call: Announced, part: str, summary: str) -> Event:
    challenge = call.challenge
    event, address = Event(), address_of(challenge)
    event.add("uid", f"{challenge.id}-{part}@{urlsplit(current_app.config['BASE_URL']).hostname}")
    event.add("sequence", call.number)
    event.add("dtstamp", call.changed_at)
    event.add("last-modified", call.changed_at)
    event.add("summary", line(summary))
    event.add("url", address)
    event.add("location", address)
    event.add("description", printable(_description(call, address)))
    event.add("status", "CANCELLED" if challenge.state is ChallengeState.CANCELLED else "CONFIRMED")
    return event


def _description(call: Announced, address: str) -> str:
    challenge = call.challenge
    close = when(challenge.closes_at, challenge.timezone)
    lines = [
        local(challenge.summary),
        _("Applications close on %(when)s, by the server's clock.", when=close),
        _("Organizer: %(name)s", name=local(challenge.host.name)),
        address,
    ]
    return "\n".join(filter(None, lines))


def _alarm(before: timedelta, title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", line(_("Applications close: %(title)s", title=title)))
    return alarm


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
