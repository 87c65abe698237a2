"""Calendars and feeds are read back by parsers, as the programs that follow them do."""

import json
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.challenges.models import RulesVersion
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from tests.factories import NOW, make_challenge, seoul

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8000"


def calendar(client, path) -> Calendar:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert b"\r\n" in response.data
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    return Calendar.from_ical(response.data)


def parsed(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - our own


def events(calendar) -> dict[str, object]:
    return {str(e["UID"]).partition("@")[0].rpartition("-")[2]: e for e in calendar.walk("VEVENT")}


def test_a_call_has_its_dates_in_a_calendar(client):
    challenge = make_challenge(slug="call")
    db.session.commit()
    read = calendar(client, "/challenges/call/calendar.ics?lang=en")
    found = events(read)
    assert set(found) == {"opening", "close", "pitch"}
    close = found["close"]
    assert str(close["UID"]) == f"{challenge.id}-close@127.0.0.1"
    assert close["SUMMARY"] == "Applications close: 2022 Seoul Fintech Challenge (sample)"
    assert close.decoded("DTSTART") == seoul("2022-09-23T17:00")
    assert close["DTSTART"].params["TZID"] == "Asia/Seoul"
    assert close["SEQUENCE"] == 1
    assert [alarm.decoded("TRIGGER") for alarm in close.walk("VALARM")] == [
        -timedelta(days=7), -timedelta(days=1), -timedelta(hours=3),
    ]  # fmt: skip
    assert f"{BASE}/challenges/call" in close["DESCRIPTION"]
    assert (found["pitch"].decoded("DTSTART"), found["pitch"].decoded("DTEND")) == (
        date(2022, 10, 14),
        date(2022, 10, 15),
    )
    zones = read.walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Asia/Seoul"]
    assert zones[0].to_tz().utcoffset(NOW.replace(tzinfo=None)) == timedelta(hours=9)


def test_a_calendar_is_in_the_language_that_its_address_asks_for(client):
    make_challenge(slug="call")
    db.session.commit()
    for path in ("/challenges/call/calendar.ics", "/challenges/call/calendar.ics?lang=xx"):
        korean = client.get(path, headers={"Accept-Language": "en"})
        assert korean.headers["Content-Language"] == "ko"
        assert (
            "접수 마감: 2022 서울 핀테크 챌린지(예시)" in Calendar.from_ical(korean.data).walk("VEVENT")[1]["SUMMARY"]
        )


def test_a_new_version_moves_the_date_under_the_same_uid(client):
    challenge = make_challenge(slug="call")
    db.session.commit()
    before = events(calendar(client, "/challenges/call/calendar.ics"))["close"]
    tag = client.get("/challenges/call/calendar.ics").headers["ETag"]
    assert client.get("/challenges/call/calendar.ics", headers={"If-None-Match": tag}).status_code == 304
    db.session.rollback()
    challenge.closes_at = seoul("2022-09-27T17:00")
    db.session.add(
        RulesVersion(challenge_id=challenge.id, number=2, content={}, sha256="1" * 64, reason="r", published_at=NOW)
    )
    db.session.commit()
    again = client.get("/challenges/call/calendar.ics", headers={"If-None-Match": tag})
    assert again.status_code == 200
    after = events(Calendar.from_ical(again.data))["close"]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)
    assert after.decoded("DTSTART") == seoul("2022-09-27T17:00")
    assert after.decoded("DTSTAMP") == NOW


def test_a_cancelled_call_takes_its_dates_away(client):
    challenge = make_challenge(slug="call")
    challenge.state, challenge.cancelled_at = ChallengeState.CANCELLED, NOW
    db.session.commit()
    found = events(calendar(client, "/challenges/call/calendar.ics"))
    assert {e["STATUS"] for e in found.values()} == {"CANCELLED"}
    assert found["close"]["SEQUENCE"] == 2
    assert found["close"].walk("VALARM") == []


def test_a_zone_with_summer_time_is_told_with_it(client):
    make_challenge(slug="call", timezone="America/Los_Angeles")
    db.session.commit()
    read = calendar(client, "/challenges/call/calendar.ics")
    assert events(read)["close"].decoded("DTSTART") == seoul("2022-09-23T17:00")
    zone = read.walk("VTIMEZONE")[0].to_tz()
    for moment in (seoul("2022-09-23T17:00"), seoul("2022-12-23T17:00")):
        there = moment.astimezone(ZoneInfo("America/Los_Angeles"))
        assert zone.utcoffset(there.replace(tzinfo=None)) == there.utcoffset()


@pytest.mark.parametrize("state", [ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW])
def test_a_draft_is_in_no_calendar_and_no_feed(client, state):
    make_challenge(slug="call", state=state)
    db.session.commit()
    assert client.get("/challenges/call/calendar.ics").status_code == 404
    assert calendar(client, "/calendar.ics").walk("VEVENT") == []
    assert client.get("/feed.json").json["items"] == []
    assert len(parsed(client.get("/feed.atom").data).findall(f"{ATOM}entry")) == 0


def test_the_calendar_of_all_holds_open_and_announced_calls_only(client):
    for slug, values in {
        "open": {},
        "coming": {"opens_at": seoul("2022-09-22T10:00")},
        "over": {"closes_at": seoul("2022-09-19T10:00")},
        "results": {"state": ChallengeState.RESULTS_OUT},
    }.items():
        make_challenge(slug=slug, **values)
    db.session.commit()
    assert {str(e["URL"]) for e in calendar(client, "/calendar.ics").walk("VEVENT")} == {
        f"{BASE}/challenges/open",
        f"{BASE}/challenges/coming",
    }


def test_atom_is_whole(client):
    challenge = make_challenge(slug="call")
    db.session.commit()
    response = client.get("/feed.atom?lang=en")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    feed = parsed(response.data)
    assert feed.tag == f"{ATOM}feed"
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{BASE}/feed.atom?lang=en", "alternate": f"{BASE}/"}
    assert feed.findtext(f"{ATOM}id") == links["self"]
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{challenge.id}"
    assert entry.findtext(f"{ATOM}title") == "2022 Seoul Fintech Challenge (sample)"
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2022-09-05T01:00:00Z"
    assert "<strong>About</strong>" in entry.findtext(f"{ATOM}content")
    assert "Fri, 23 Sep 2022, 17:00" in entry.findtext(f"{ATOM}content")
    assert client.get("/feed.atom?lang=en", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert "max-age=300" in response.headers["Cache-Control"]


def test_an_empty_feed_is_whole_too(client):
    feed = parsed(client.get("/feed.atom").data)
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert client.get("/feed.json").json["items"] == []


def test_the_json_feed_is_whole(client):
    challenge = make_challenge(slug="call")
    db.session.commit()
    response = client.get("/feed.json?lang=ko")
    assert response.content_type == "application/feed+json; charset=utf-8"
    feed = json.loads(response.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["language"], feed["feed_url"]) == ("ko", f"{BASE}/feed.json?lang=ko")
    [item] = feed["items"]
    assert item["id"] == f"urn:uuid:{challenge.id}"
    assert item["url"] == f"{BASE}/challenges/call"
    assert item["authors"] == [{"name": "서울핀테크랩"}]
    assert item["_madang"] == {"opens_at": "2022-09-05T01:00:00Z", "closes_at": "2022-09-23T08:00:00Z"}
    assert item["date_modified"] == "2022-09-05T01:00:00Z"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1, max_size=100))
def test_any_title_leaves_calendar_and_feeds_readable(client, title):
    challenge = make_challenge()
    challenge.title = challenge.summary = challenge.description = Bilingual(title, title)
    db.session.commit()
    slug = challenge.slug
    assert len(Calendar.from_ical(client.get(f"/challenges/{slug}/calendar.ics").data).walk("VEVENT")) == 3
    parsed(client.get("/feed.atom").data)
    assert any(item["url"].endswith(slug) for item in json.loads(client.get("/feed.json").data)["items"])


def test_markup_in_a_description_runs_nowhere(client):
    challenge = make_challenge()
    challenge.description = Bilingual("<script>alert(1)</script> [x](javascript:alert(1))", "")
    db.session.commit()
    html = json.loads(client.get("/feed.json").data)["items"][0]["content_html"]
    assert "<script" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize("path", ["/calendar.ics", "/feed.atom", "/feed.json"])
@pytest.mark.parametrize("count", [1, 3])
def test_feeds_take_five_statements_however_many_calls_there_are(client, statements, path, count):
    for _ in range(count):
        make_challenge()
    db.session.commit()
    client.get(path)
    statements.statements.clear()
    assert client.get(path).status_code == 200
    assert len(statements) == 4


def test_pages_name_their_feeds(client):
    make_challenge(slug="call")
    db.session.commit()
    page = client.get("/", headers={"Accept-Language": "en"}).text
    for kind, path in (
        ("application/atom+xml", "/feed.atom?lang=en"),
        ("application/feed+json", "/feed.json?lang=en"),
        ("text/calendar", "/calendar.ics?lang=en"),
    ):
        assert f'<link rel="alternate" type="{kind}"' in page
        assert f'href="{path}"' in page
    assert 'href="webcal://127.0.0.1:8000/calendar.ics?lang=en"' in page
    call = client.get("/challenges/call", headers={"Accept-Language": "en"}).text
    assert '<link rel="alternate" type="text/calendar"' in call
    assert 'href="webcal://127.0.0.1:8000/challenges/call/calendar.ics?lang=en"' in call
