"""A challenge's own words for its mails: saved in both languages, versioned, previewed, sent, and gone back from."""

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.audit.models import AuditEvent
from app.core.database import db
from app.mail.models import Mail, MailWording
from tests import factories
from tests.challenges.test_outbox import Scene

TEXTS = "/texts/applications/eligible"


@pytest.fixture
def scene(clock):
    clock.time = factories.NOW + timedelta(days=4)
    return Scene(1)


def typed(**values):
    words = {
        "subject_ko": "적격 안내 {{ receipt_number }}",
        "body_ko": "{{ name }}님, 축하합니다.\n\n[신청서 보기]({{ link }})",
        "seen_ko": "0",
    }
    words |= {
        "subject_en": "Eligible: {{ receipt_number }}",
        "body_en": "Dear {{ name }},\n\nwell done.",
        "seen_en": "0",
    }
    return words | values


def words() -> dict[str, tuple[str, int]]:
    db.session.rollback()
    return {w.language: (w.subject, w.number) for w in db.session.scalars(sa.select(MailWording))}


def test_the_page_begins_with_the_usual_words_and_explains_each_placeholder(scene, browse_as):
    page = browse_as(scene.organizer).get(scene.path + TEXTS).text
    assert "{{ receipt_number }}" in page
    assert "Dear {{ name }}," in page
    assert "the receipt number" in page
    assert "김하나(예시)" in page  # the preview with an invented example


def test_saving_what_stands_changes_nothing(scene, browse_as):
    browser = browse_as(scene.organizer)
    page = browser.get(scene.path + TEXTS).text
    fields = dict(re.findall(r'name="(subject_\w\w)"[^>]*value="([^"]*)"', page))
    bodies = dict(re.findall(r'<textarea[^>]*name="(body_\w\w)"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL))
    data = {k: html.unescape(v) for k, v in (fields | bodies).items()} | {"seen_ko": "0", "seen_en": "0"}
    assert len(data) == 6
    assert browser.post(scene.path + TEXTS, data=data).status_code == 303
    assert words() == {}


def test_a_mail_has_the_challenges_words_in_the_persons_language(scene, browse_as):
    browser = browse_as(scene.organizer)
    assert browser.post(scene.path + TEXTS, data=typed()).status_code == 303
    db.session.rollback()
    scene.people[0].language = "en"
    db.session.commit()
    scene.check()
    [mail] = scene.mails()
    assert mail.subject == f"Eligible: {scene.applications[0].receipt_number}"
    assert mail.text == "Dear 김하나,\n\nwell done.\n"


def test_another_challenge_keeps_the_usual_words(scene, browse_as):
    browse_as(scene.organizer).post(scene.path + TEXTS, data=typed())
    db.session.rollback()
    other = Scene(1)
    other.check()
    assert "well done" not in db.session.scalars(sa.select(Mail)).one().text


def test_a_correction_request_keeps_its_reason_even_in_own_words(scene, browse_as):
    """A text without it is refused, with the placeholder's name and meaning; what was typed stays."""
    path = scene.path + "/texts/applications/ineligible"
    answer = browse_as(scene.organizer).post(path, data=typed(body_en="We say no, and not why."))
    assert answer.status_code == 422
    assert "{{ reason }}" in answer.text
    assert "We say no, and not why." in answer.text
    assert words() == {}


def test_unknown_placeholders_are_refused_with_their_name(scene, browse_as):
    answer = browse_as(scene.organizer).post(scene.path + TEXTS, data=typed(body_ko="{{ config.SECRET_KEY }}"))
    assert answer.status_code == 422
    assert "There is no placeholder {{ config.SECRET_KEY }} in this mail." in answer.text
    assert words() == {}


def test_each_version_is_in_the_trail_and_two_tabs_do_not_overwrite_each_other(scene, browse_as):
    browser = browse_as(scene.organizer)
    browser.post(scene.path + TEXTS, data=typed())
    assert {number for _subject, number in words().values()} == {1}
    browser.post(scene.path + TEXTS, data=typed(subject_en="Second", seen_ko="1", seen_en="1"))
    assert words()["en"] == ("Second", 2)
    assert words()["ko"][1] == 1
    stale = browser.post(scene.path + TEXTS, data=typed(subject_en="From an old tab", seen_ko="1", seen_en="1"))
    assert stale.status_code == 409
    assert "From an old tab" in stale.text
    assert words()["en"] == ("Second", 2)
    events = db.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.action == "challenges.word_mail")
        .order_by(AuditEvent.happened_at, AuditEvent.id)
    ).all()
    assert [(e.details["language"], e.details["number"]) for e in events] == [("ko", 1), ("en", 1), ("en", 2)]
    assert events[2].details["subject"] == "Second"


def test_going_back_to_the_usual_words(scene, browse_as):
    browser = browse_as(scene.organizer)
    browser.post(scene.path + TEXTS, data=typed())
    for _ in range(2):
        assert browser.post(f"{scene.path}{TEXTS}/reset", data={"language": "en"}).status_code == 303
    assert set(words()) == {"ko"}
    assert browser.post(f"{scene.path}{TEXTS}/reset", data={"language": "fr"}).status_code == 404
    db.session.rollback()
    scene.people[0].language = "en"
    db.session.commit()
    scene.check()
    assert scene.mails()[0].subject.startswith("Eligibility confirmed")


def test_the_preview_is_of_what_was_typed_with_a_real_case_and_stores_nothing(scene, browse_as):
    application = scene.applications[0]
    data = typed(preview="yes", case=str(application.id), body_en="Hello {{ company }} of {{ receipt_number }}")
    page = browse_as(scene.organizer).post(scene.path + TEXTS, data=data)
    assert page.status_code == 200
    assert f"Hello {application.startup.name.en} of {application.receipt_number}" in page.text
    assert words() == {}


def test_a_seal_covers_the_cases_of_the_preview(browse_as):
    scene = Scene(1)
    scene.challenge.sealed = True
    db.session.commit()
    page = browse_as(scene.organizer).get(scene.path + TEXTS).text
    assert scene.applications[0].receipt_number not in page


def test_the_list_says_which_kinds_have_own_words_and_which_are_held(scene, browse_as):
    browser = browse_as(scene.organizer)
    browser.post(scene.path + TEXTS, data=typed())
    scene.hold()
    page = browser.get(f"{scene.path}/texts").text
    assert "own, Korean" in page
    assert "when you let it go" in page
    assert browser.get(f"{scene.path}/texts/applications/nothing").status_code == 404
