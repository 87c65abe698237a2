import json
import re
from dataclasses import replace

import pytest

from app.challenges import services
from app.challenges.inputs import Change
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from tests import factories
from tests.challenges.drafts import BASICS, Draft
from tests.factories import NOW, make_challenge, seoul

EN = {"Accept-Language": "en"}


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.fixture
def calls():
    made = {
        "open": make_challenge(slug="open-call"),
        "coming": make_challenge(slug="coming-call", opens_at=seoul("2022-09-22T10:00")),
        "past": make_challenge(slug="past-call", state=ChallengeState.RESULTS_OUT),
        "draft": make_challenge(slug="draft-call", state=ChallengeState.DRAFT),
        "cancelled": make_challenge(slug="cancelled-call", state=ChallengeState.CANCELLED),
    }
    db.session.commit()
    return made


def test_the_list_shows_open_coming_and_past_calls_and_no_draft(client, calls):
    page = client.get("/", headers=EN)
    assert page.status_code == 200
    assert "1 challenge takes applications now" in text_of(page)
    for slug in ("open-call", "coming-call", "past-call"):
        assert f"/challenges/{slug}" in page.text
    assert "draft-call" not in page.text
    assert "cancelled-call" not in page.text  # cancelled as a draft


def test_a_state_in_the_address_shows_only_these(client, calls):
    page = client.get("/?state=past", headers=EN)
    assert "past-call" in page.text
    assert "open-call" not in page.text
    assert client.get("/?state=nonsense&page=x&host=y&sponsor=%00&q=%00", headers=EN).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=핀테크", True),
        ("q=fintech+CHALLENGE", True),
        ("q=신한금융", True),
        ("q=Seoul+Fintech+Lab", True),
        ("q=로봇", False),
        ("q=%25", False),
        ("q=_", False),
        ("theme=이상거래", True),
        ("theme=credit", True),
        ("theme=로봇", False),
    ],
)
def test_search_in_both_languages(client, calls, query, found):
    assert ("open-call" in client.get(f"/?{query}", headers=EN).text) is found


def test_filters_by_host_and_sponsor(client, calls):
    other = make_challenge(slug="other-call")
    db.session.commit()
    page = client.get(f"/?host={other.host_id}")
    assert "other-call" in page.text
    assert "open-call" not in page.text
    page = client.get(f"/?sponsor={calls['open'].themes[0].sponsor_id}")
    assert "open-call" in page.text
    assert "other-call" not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_known_number_of_statements(client, statements, count):
    for i in range(count):
        make_challenge(slug=f"open-{i}")
        make_challenge(slug=f"past-{i}", state=ChallengeState.CLOSED)
    db.session.commit()
    db.session.remove()
    statements.statements.clear()
    assert client.get("/").status_code == 200
    assert len(statements) == 9


def test_the_page_of_a_call_shows_its_rules(client):
    draft = Draft()
    draft.publish()
    db.session.commit()
    page = client.get("/challenges/fintech-2022", headers=EN)
    text = text_of(page)
    for words in (
        "2022 Fintech Challenge", "Shinhan Financial Group", "Seoul Fintech Lab", "KRW 45 million", "Fit to the theme",
        "without one highest and one lowest", "at least 70 points before bonus points", "Founded within 7 years",
        "Personal data", "Version 1, published on", "A tie is broken by: Fit to the theme → the chair",
    ):  # fmt: skip
        assert words in text, words
    assert "Applications open on Wed, 21 Sep 2022, 10:00" in text


def test_the_button_leads_to_the_application_while_the_call_is_open(client, clock):
    challenge = make_challenge(slug="open-call")
    db.session.commit()
    assert 'href="/challenges/open-call/apply"' in client.get("/challenges/open-call").text
    clock.time = challenge.closes_at
    assert 'href="/challenges/open-call/apply"' in client.get("/challenges/open-call").text
    clock.advance(seconds=1)
    page = client.get("/challenges/open-call", headers=EN)
    assert "/challenges/open-call/apply" not in page.text
    assert "Applications closed on Fri, 23 Sep 2022, 17:00" in text_of(page)


def test_drafts_are_nobodys(client, calls):
    assert client.get("/challenges/draft-call").status_code == 404
    assert client.get("/challenges/cancelled-call").status_code == 404
    assert client.get("/challenges/nothing").status_code == 404


def test_a_change_stands_with_its_reason(client):
    draft = Draft()
    draft.publish()
    changed = replace(BASICS, title=Bilingual("바뀐 제목", "A changed title"))
    services.set_basics(
        draft.challenge, changed, actor=draft.organizer, now=NOW, change=Change("제목의 오타", material=False)
    )
    db.session.commit()
    text = text_of(client.get("/challenges/fintech-2022", headers=EN))
    assert "Version 2" in text
    assert "제목의 오타" in text
    assert "correction of a typing error" in text


def test_a_cancelled_call_says_why(client):
    draft = Draft()
    draft.publish()
    services.cancel_challenge(draft.challenge, "예산이 철회되었습니다.", actor=draft.organizer, now=NOW)
    db.session.commit()
    page = client.get("/challenges/fintech-2022", headers=EN)
    assert "예산이 철회되었습니다." in page.text
    assert "/apply" not in page.text


def test_link_previews_and_structured_data_survive_hostile_texts(client):
    evil = Bilingual('</script><script>alert(1)</script>"', '</script><script>alert(1)</script>"')
    factories.make_challenge(slug="evil")
    challenge = make_challenge(slug="worse")
    challenge.title, challenge.summary, challenge.description = evil, evil, evil
    db.session.commit()
    page = client.get("/challenges/worse", headers=EN)
    assert "<script>alert" not in page.text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    assert json.loads(data[1])["name"] == evil.en
    assert 'rel="canonical" href="http://127.0.0.1:8000/challenges/worse"' in page.text
    assert "og:title" in page.text
