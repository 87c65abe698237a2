"""Sealed until the close: organizers, observers and sponsors find no trace of an applicant on any route before it."""

import io
import zipfile
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import current_app, url_for

from app.applications import queries, services
from app.applications.models import Document
from app.applications.queries import ReceivedFilter
from app.applications.queries.files import get_document_for
from app.applications.states import ApplicationState
from app.challenges.form.parts import consents_of, documents_of
from app.challenges.inputs import Change, Schedule
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.challenges.queries import TrailFilters, count_trail, list_trail, list_trail_choices
from app.challenges.rules import is_sealed
from app.challenges.services import cancel_challenge, set_schedule
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.access import Scene, make_scene
from tests.applications import scenes
from tests.applications.access_table import except_from_age
from tests.challenges.drafts import Draft
from tests.factories import NOW
from tests.test_access import ACCESS, begin_anew

TRACES = (
    "비밀상사", "Hushwater", "9999902022", "몰래대표", "숨은담당", "hush@example.org", "귀띔금지", "비밀계획서", "가려진사람",
)  # fmt: skip
READERS = ("organizer", "observer", "sponsor")
# What needs a state that no challenge is in before its close, such as a signed sheet or a certificate.
NOT_YET = {"judging", "awards"}


def sealed_scene() -> Scene:
    """A published, sealed call with one application whose every fact is a word that can be found again."""
    scene = make_scene(ChallengeState.PUBLISHED, ApplicationState.DRAFT)
    db.session.delete(scene.sheet)
    challenge, application, startup = scene.challenge, scene.application, scene.startup
    challenge.sealed = True
    startup.name, startup.business_number = Bilingual("비밀상사", "Hushwater Labs"), "9999902022"
    startup.representative = "몰래대표"
    application.contact_name, application.contact_email = "숨은담당", "hush@example.org"
    application.answers = {"summary": "귀띔금지 요약"}
    person = scene.people["startup"]
    person.name = "가려진사람"
    watcher = factories.make_user("박참관")
    db.session.add(ChallengeStaff(challenge_id=challenge.id, user_id=watcher.id, role=ChallengeRole.OBSERVER))
    scene.people["observer"] = watcher
    db.session.commit()
    hand_in(scene)
    return scene


def hand_in(scene: Scene) -> None:
    """As applicants do, so that trail, mails and files are as they would be."""
    sent = scenes.Scene(
        scene.challenge, scene.startup, scene.people["startup"], scene.people["organizer"], scene.application
    )
    storage = current_app.extensions["storage"]
    for requirement in documents_of(scene.challenge.form):
        issued = {"issued_on": NOW.date() - timedelta(days=3)} if requirement.max_age_days else {}
        scenes.attach(sent, storage, name="비밀계획서.pdf", code=requirement.code, **issued)
    consents = {consent.code: True for consent in consents_of(scene.challenge.form)}
    services.set_consents(scene.application, consents, language="ko", actor=sent.person, now=NOW)
    scenes.confirm(sent, NOW)
    scene.application.contact_phone = "02-123-4567"
    services.submit_application(scene.application, actor=sent.person, now=NOW)
    db.session.commit()


def words_of(response) -> str:
    """All that an answer says, within an archive as well."""
    data = response.get_data()
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())


def found_in(response, scene: Scene, url: str) -> list[str]:
    own = [str(scene.application.id), scene.application.receipt_number]
    text = words_of(response) + (response.location or "") + str(response.headers.get("Content-Disposition", ""))
    return [trace for trace in (*TRACES, *own) if trace in text and trace not in url]


def test_no_route_shows_a_trace_before_the_close(app, browse_as, clock):
    """Every route of the application, GET and POST, as each of the three: the addresses are those of the table of access."""
    clock.time = NOW + timedelta(minutes=5)
    scene, found, walked = None, [], 0
    for route in sorted(ACCESS):
        method, endpoint = route.split(" ")
        row, feature = ACCESS[route], endpoint.split(".")[0]
        if feature == "mail" or route == "POST accounts.sign_in":
            continue  # the mailbox of a developer's own machine, which is nowhere else; and signing in as the applicant
        for reader in READERS:
            if scene is None:
                begin_anew()
                scene = sealed_scene()
                scene.more["document"] = scene.application.documents[0]
                # Whom the organizer made an exception for, the organizer knows; it says nothing of who applied.
                except_from_age(scene, factories.make_organization())
                db.session.commit()
            try:
                values, data = row.values(scene), row.data(scene) if method == "POST" else None
            except (KeyError, AttributeError, IndexError):
                if feature in NOT_YET | {"accounts", "challenges"}:
                    break
                row.prepare(scene)  # such as a co-writer, or an upload that is on its way
                db.session.commit()
                values, data = row.values(scene), row.data(scene) if method == "POST" else None
            with app.test_request_context():
                url = url_for(endpoint, **values)
            browser = browse_as(scene.people[reader])
            response = browser.open(url, method=method, data=data)
            walked += 1
            found += [(route, reader, trace) for trace in found_in(response, scene, f"{url} {data}")]
            if response.status_code in (302, 303) and (response.location or "").startswith("/"):
                followed = browser.get(response.location)
                found += [(f"{route}, and on", reader, trace) for trace in found_in(followed, scene, response.location)]
            db.session.rollback()
            if method == "POST" and response.status_code < 400:
                scene = None
    assert found == []
    assert walked > 200


ASKING = (
    "?search=비밀상사", "?search=hush", "?search=귀띔", "?sort=company", "?state=submitted", "?state=draft", "?theme=T1", "?page=1",
)  # fmt: skip


@pytest.mark.parametrize("reader", READERS[:2])
def test_search_and_filters_find_nothing_and_only_counts_are_told(browse_as, clock, reader):
    scene = sealed_scene()
    browser = browse_as(scene.people[reader])
    pages = [browser.get(f"/manage/{scene.challenge.id}/applications{asking}") for asking in ASKING]
    assert {page.status_code for page in pages} == {200}
    for page, asking in zip(pages, ASKING, strict=True):
        assert found_in(page, scene, asking) == []
        assert "봉인" in words_of(page)
    # Whatever is asked for, the answer is the same: nobody can ask a question of what is behind the seal.
    mains = [words_of(page).partition("<main")[2] for page in pages]
    assert all(one == other for one, other in pairwise(mains))


def test_after_the_close_everything_is_there(browse_as, clock):
    scene = sealed_scene()
    clock.time = scene.challenge.closes_at + timedelta(seconds=1)
    browser = browse_as(scene.people["organizer"])
    at = f"/manage/{scene.challenge.id}"
    assert "비밀상사" in words_of(browser.get(f"{at}/applications"))
    page = words_of(browser.get(f"{at}/applications/{scene.application.id}"))
    assert "귀띔금지" in page
    assert "비밀계획서" in page
    assert "가려진사람" in words_of(browser.get(f"{at}/trail"))
    assert "비밀상사" in words_of(browser.post(f"{at}/applications/export.csv"))
    assert "비밀상사" in words_of(browser.post(f"{at}/applications/export.xlsx"))
    assert "비밀계획서" in words_of(browser.post(f"{at}/applications/documents.zip"))


@pytest.mark.parametrize(
    ("offset", "sealed"),
    [
        (timedelta(), True),
        (timedelta(microseconds=999_999), True),
        (timedelta(seconds=1), False),
        (-timedelta(days=1), True),
    ],
)
def test_the_seal_opens_with_the_second_after_the_close(app, offset, sealed):
    challenge = factories.make_challenge(state=ChallengeState.PUBLISHED)
    challenge.sealed = True
    assert is_sealed(challenge, challenge.closes_at + offset) is sealed
    challenge.sealed = False
    assert not is_sealed(challenge, challenge.closes_at + offset)


def test_queries_behind_the_seal_find_nothing(app, storage):
    scene = sealed_scene()
    challenge, organizer, application = scene.challenge, scene.people["organizer"], scene.application
    asked = ReceivedFilter(at=NOW)
    assert queries.list_received_for(challenge, asked, offset=0, limit=10) == ([], 0)
    assert queries.get_received_application_for(organizer, challenge, application.id, NOW) is None
    assert list(queries.stream_exported(challenge, asked)) == []
    assert queries.list_exported_files(challenge, asked) == ([], 0)
    assert queries.list_shared_for(scene.people["sponsor"], challenge, NOW) == []
    document = db.session.query(Document).first()
    assert get_document_for(organizer, application.id, document.id, NOW) is None
    assert get_document_for(scene.people["startup"], application.id, document.id, NOW) is not None
    assert queries.count_received(challenge.id)[0] == {ApplicationState.SUBMITTED: 1}


def test_the_trail_keeps_applicants_until_the_seal_opens(app):
    scene = sealed_scene()
    challenge = scene.challenge
    later = challenge.closes_at + timedelta(seconds=1)
    assert [e.event.action for e in list_trail(challenge.id, TrailFilters(), now=NOW, limit=9)] == []
    assert count_trail(challenge.id, TrailFilters(), now=NOW) == 0
    assert list_trail_choices(challenge.id, now=NOW) == ([], [])
    actions = [e.event.action for e in list_trail(challenge.id, TrailFilters(), now=later, limit=9)]
    assert actions == ["applications.submit_application"]


def test_cancelling_before_the_close_does_not_open_the_seal(app):
    scene = sealed_scene()
    cancel_challenge(scene.challenge, reason="사정이 바뀌었습니다.", actor=scene.people["organizer"], now=NOW)
    assert queries.list_received_for(scene.challenge, ReceivedFilter(at=NOW), offset=0, limit=10) == ([], 0)


def test_the_seal_is_set_before_publication_and_stays(app):
    draft = Draft()
    challenge = draft.challenge
    by = {"actor": draft.organizer, "now": NOW}
    given = Schedule(challenge.opens_at, challenge.closes_at, sealed=True)
    set_schedule(challenge, given, **by)
    assert challenge.sealed
    challenge.state, challenge.published_at = ChallengeState.PUBLISHED, NOW
    with pytest.raises(RuleBroken, match="바꿀 수 없습니다"):
        set_schedule(challenge, Schedule(challenge.opens_at, challenge.closes_at), **by)
    assert challenge.sealed


def test_nobody_opens_the_seal_by_moving_the_close_nearer(app):
    scene = sealed_scene()
    challenge, by = scene.challenge, {"actor": scene.people["organizer"], "now": NOW}
    nearer = Schedule(challenge.opens_at, NOW + timedelta(minutes=1), sealed=True)
    change = Change("일정을 당깁니다.")
    with pytest.raises(RuleBroken, match="늦출 수만"):
        set_schedule(challenge, nearer, change=change, **by)
    later = Schedule(challenge.opens_at, challenge.closes_at + timedelta(days=1), sealed=True)
    set_schedule(challenge, later, change=change, **by)
    assert is_sealed(challenge, later.closes_at)


def test_the_call_says_that_it_is_sealed(app, client):
    challenge = factories.make_challenge(state=ChallengeState.PUBLISHED)
    assert "봉인" not in words_of(client.get(f"/challenges/{challenge.slug}"))
    challenge.sealed = True
    db.session.commit()
    assert "봉인" in words_of(client.get(f"/challenges/{challenge.slug}"))
