import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.challenges import chores, services
from app.challenges.models import Attachment, Challenge, ChallengeRole, SponsorVerdict
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.mail.models import Mail
from app.web import panels
from app.web.clock import LONGEST_WAIT
from app.web.commands import CHORES
from tests.challenges.drafts import SCHEDULE, Draft, make_form
from tests.challenges.shown import shown_form
from tests.factories import NOW, make_challenge, make_user

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"xref\n0 3\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


@pytest.fixture
def draft():
    made = Draft()
    made.organizer.language = made.reviewer.language = "en"
    db.session.commit()
    return made


@pytest.fixture
def browser(draft, browse_as):
    return browse_as(draft.organizer)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def overview(draft):
    return f"/manage/{draft.challenge.id}"


def state_of(draft):
    db.session.expire_all()
    return draft.challenge.state


def test_the_overview_leads_from_draft_to_publication(draft, browser, browse_as):
    page = browser.get(overview(draft))
    assert "The call is complete. Show it to the sponsors." in text_of(page)
    assert browser.post(f"{overview(draft)}/send-to-sponsors").status_code == 303
    assert state_of(draft) is ChallengeState.SPONSOR_REVIEW
    page = browser.get(overview(draft))
    assert "Waiting for an answer" in text_of(page)
    sponsor = browse_as(draft.reviewer)
    shown = sponsor.get(f"/sponsor/{draft.challenge.id}")
    assert "2022 Fintech Challenge" in shown.text
    assert "Your answer is awaited" in text_of(sponsor.get("/sponsor"))
    answer = sponsor.post(
        f"/sponsor/{draft.challenge.id}/review",
        data={"verdict": "approved", "version": str(draft.challenge.version), "note": ""},
    )
    assert answer.status_code == 303
    assert "Every sponsor has approved. Publish the call." in text_of(browser.get(overview(draft)))
    assert browser.post(f"{overview(draft)}/publish", data={"version": str(draft.challenge.version)}).status_code == 303
    assert state_of(draft) is ChallengeState.PUBLISHED
    told = db.session.scalars(sa.select(Mail.template).order_by(Mail.id)).all()
    assert told == ["challenges/review_asked", "challenges/review_answered"]


def test_the_checklist_links_to_what_is_missing(draft, browser):
    services.set_form(draft.challenge, make_form(consents=[]), actor=draft.organizer, now=NOW)
    db.session.commit()
    page = browser.get(overview(draft))
    assert "A required consent to the use of personal data is needed." in text_of(page)
    assert f'href="{overview(draft)}/edit/form"' in page.text
    browser.post(f"{overview(draft)}/publish")
    assert state_of(draft) is ChallengeState.DRAFT


def test_a_draft_changed_meanwhile_is_not_published_unseen(draft, browser):
    browser.post(f"{overview(draft)}/publish", data={"version": str(draft.challenge.version - 1)})
    assert state_of(draft) is ChallengeState.DRAFT
    assert "was changed since you opened this page" in text_of(browser.get(overview(draft)))


def test_a_second_click_says_so_and_changes_nothing(draft, browser):
    for _click in range(2):
        browser.post(f"{overview(draft)}/publish")
    assert "This call has been published already." in text_of(browser.get(overview(draft)))
    assert (
        len(db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "challenges.publish_challenge")).all())
        == 1
    )


def test_a_sponsor_asks_for_changes_with_a_note(draft, browse_as):
    services.send_to_sponsors(draft.challenge, actor=draft.organizer, now=NOW)
    db.session.commit()
    sponsor, url = browse_as(draft.reviewer), f"/sponsor/{draft.challenge.id}/review"
    data = {"verdict": "changes", "version": str(draft.challenge.version)}
    page = sponsor.post(url, data=data)
    assert page.status_code == 422
    assert 'href="#note"' in page.text
    assert sponsor.post(url, data={"verdict": "nonsense"}).status_code == 422
    assert sponsor.post(url, data=data | {"note": "x" * 2001}).status_code == 422
    stale = sponsor.post(url, data=data | {"note": "예산", "version": "1"})
    assert stale.status_code == 409
    assert "예산" in stale.text
    assert sponsor.post(url, data=data | {"note": "예산을 밝혀 주세요."}).status_code == 303
    db.session.expire_all()
    assert draft.challenge.reviews[0].verdict is SponsorVerdict.CHANGES
    mail = db.session.scalar(sa.select(Mail).where(Mail.template == "challenges/review_answered"))
    assert "예산을 밝혀 주세요." in mail.text


def test_a_draft_that_was_not_sent_is_not_the_sponsors(draft, browse_as):
    sponsor = browse_as(draft.reviewer)
    assert sponsor.get(f"/sponsor/{draft.challenge.id}").status_code == 404
    assert "2022 Fintech" not in sponsor.get("/sponsor").text


def test_closing_is_offered_after_the_deadline(draft, browser, clock):
    draft.publish()
    db.session.commit()
    browser.post(f"{overview(draft)}/close")
    assert state_of(draft) is ChallengeState.PUBLISHED
    clock.time = SCHEDULE.closes_at + timedelta(seconds=1)
    assert "The deadline is over. Close the call." in text_of(browser.get(overview(draft)))
    browser.post(f"{overview(draft)}/close")
    assert state_of(draft) is ChallengeState.CLOSED


def test_the_worker_closes_what_is_due_once(draft, clock):
    assert chores.close_due_challenges in CHORES
    draft.publish()
    make_challenge(slug="later", closes_at=SCHEDULE.closes_at + timedelta(days=9))
    db.session.commit()
    clock.time = SCHEDULE.closes_at + LONGEST_WAIT + timedelta(microseconds=900_000)
    chores.close_due_challenges()
    assert state_of(draft) is ChallengeState.PUBLISHED  # who came in time may stand in line
    clock.time = SCHEDULE.closes_at + LONGEST_WAIT + timedelta(seconds=1)
    for _round in range(2):
        chores.close_due_challenges()
    assert state_of(draft) is ChallengeState.CLOSED
    closed = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "challenges.close_challenge")).all()
    assert [event.actor_id for event in closed] == [None]


def test_cancelling_asks_for_the_reason(draft, browser):
    browser.post(f"{overview(draft)}/cancel", data={"reason": " "})
    assert state_of(draft) is ChallengeState.DRAFT
    browser.post(f"{overview(draft)}/cancel", data={"reason": "예산 철회"})
    assert state_of(draft) is ChallengeState.CANCELLED
    assert "예산 철회" in browser.get(overview(draft)).text


def test_staff_are_added_and_taken_away(draft, browser, browse_as):
    person = make_user("최도움", language="en")
    db.session.commit()
    url = f"{overview(draft)}/staff"
    assert browser.post(url, data={"email": "nobody@example.org", "role": "observer"}).status_code == 422
    assert browser.post(url, data={"email": person.email, "role": "king"}).status_code == 422
    assert browse_as(person).get(overview(draft)).status_code == 404
    assert browser.post(url, data={"email": person.email, "role": "observer"}).status_code == 303
    theirs = browse_as(person)
    assert theirs.get(overview(draft)).status_code == 200
    assert "2022 Fintech Challenge" in theirs.get("/manage").text
    assert "Send to the sponsors" not in text_of(theirs.get(overview(draft)))
    assert browser.post(f"{url}/{person.id}/remove").status_code == 303
    assert theirs.get(overview(draft)).status_code == 404
    assert browser.post(f"{url}/{draft.reviewer.id}/remove").status_code == 404


def test_the_trail_is_filtered_by_who_what_and_when(draft, browser):
    draft.publish()
    db.session.commit()
    url = f"{overview(draft)}/trail"
    page = browser.get(url)
    assert "Published the call" in text_of(page)
    assert "박운영" in page.text
    one = text_of(browser.get(f"{url}?action=challenges.publish_challenge"))
    assert "1 event" in one
    assert "No event matches." in text_of(browser.get(f"{url}?until=2022-09-19"))
    assert browser.get(f"{url}?since=0001-01-01").status_code == 200
    assert browser.get(f"{url}?since=nonsense&until=9999-12-31&actor=x&action=y&page=0").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_known_number_of_statements(draft, browser, browse_as, statements, count):
    for i in range(count):
        make_challenge(host=draft.host, sponsor=draft.sponsor, slug=f"more-{i}")
        waiting = make_challenge(host=draft.host, sponsor=draft.sponsor, slug=f"draft-{i}", state=ChallengeState.DRAFT)
        services.send_to_sponsors(waiting, actor=draft.organizer, now=NOW)
    db.session.commit()
    for path, who, known in (("/manage", browser, 6), ("/sponsor", browse_as(draft.reviewer), 6)):
        db.session.commit()
        db.session.expunge_all()
        statements.statements.clear()
        assert who.get(path).status_code == 200
        assert len(statements) == known, (path, len(statements))


def upload(browser, draft, content, name):
    return browser.post(
        f"{overview(draft)}/attachments",
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def test_an_attachment_is_downloaded_and_never_shown(draft, browser, client):
    page = upload(browser, draft, PDF, "../../공고 <문>.pdf")
    assert "The file is offered with the call." in text_of(page)
    file = db.session.scalar(sa.select(Attachment))
    assert "/" not in file.filename
    url = f"/challenges/fintech-2022/attachments/{file.id}"
    assert client.get(url).status_code == 404
    mine = browser.get(url)
    assert mine.data == PDF
    draft.publish()
    db.session.commit()
    answer = client.get(url)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/challenges/other/attachments/{file.id}").status_code == 404
    mine.close()
    answer.close()
    browser.post(f"{overview(draft)}/attachments/{file.id}/remove")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.pdf", "is empty"),
        (b"MZ\x90\x00" * 40, "program.pdf", "none of the kinds"),
        (PDF, "call.png", "is a PDF file by its content"),
        (PDF, "call", "is a PDF file by its content"),
        (b"<html><script>alert(1)</script>", "page.html", "none of the kinds"),
    ],
)
def test_a_file_that_is_not_taken_says_why(draft, browser, content, name, sentence):
    assert sentence in text_of(upload(browser, draft, content, name))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0


def test_another_challenges_attachment_is_not_removed(draft, browser):
    other = make_challenge(slug="other")
    file = Attachment(challenge_id=other.id, filename="a.pdf", media_type="application/pdf", sha256="c" * 64, size=1)
    db.session.add(file)
    db.session.commit()
    assert browser.post(f"{overview(draft)}/attachments/{file.id}/remove").status_code == 404


def test_the_preview_is_the_page_without_its_way_in(draft, browser):
    page = browser.get(f"{overview(draft)}/preview")
    assert "A preview" in text_of(page)
    assert "/apply" not in page.text
    assert 'content="noindex"' in page.text


def test_a_panel_of_a_later_feature_stands_on_the_page(draft, browser, monkeypatch):
    monkeypatch.setitem(panels._PANELS, "challenge.managed", [lambda challenge: f"<p>panel {challenge.slug}</p>"])
    assert "<p>panel fintech-2022</p>" in browser.get(overview(draft)).text


def test_an_organizer_of_one_challenge_alone_changes_it(draft, browse_as):
    person = make_user("최도움", language="en")
    services.add_staff(draft.challenge, person.email, ChallengeRole.ORGANIZER, actor=draft.organizer, now=NOW)
    other = make_challenge(host=draft.host, slug="other")
    db.session.commit()
    theirs = browse_as(person)
    page = theirs.get(f"{overview(draft)}/edit/basics")
    data = shown_form(page)
    data["title_en"] = "By the staff"
    assert theirs.post(f"{overview(draft)}/edit/basics", data=data).status_code == 303
    db.session.expire_all()
    assert db.session.get(Challenge, draft.challenge.id).title.en == "By the staff"
    assert theirs.get(f"/manage/{other.id}").status_code == 404
