"""The organizer's and the sponsor's pages."""

import pytest
import sqlalchemy as sa
from flask import url_for

from app.applications import services
from app.applications.models import Application, EligibilityCheck
from app.applications.states import ApplicationState
from app.core.database import db
from tests import factories
from tests.applications.scenes import AFTER, OPEN, fill, make_scene, make_submitted, submit, write_receipts


@pytest.fixture
def at(app):
    def address(endpoint: str, **values) -> str:
        with app.test_request_context():
            return url_for(f"applications.{endpoint}", **values)

    return address


def html(response) -> str:
    return response.get_data(as_text=True)


def received(scene) -> dict:
    return {"challenge_id": scene.challenge.id, "application_id": scene.application.id}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_reads_as_much_for_three_as_for_one(browse_as, at, statements, count):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    for _ in range(count):
        factories.make_application(challenge, state=ApplicationState.SUBMITTED)
    factories.make_application(challenge, state=ApplicationState.DRAFT)
    browser = browse_as(organizer)
    statements.statements.clear()
    page = html(browser.get(at("list_received", challenge_id=challenge.id)))
    assert page.count("<tr data-row>") == count
    assert "작성 중 1건" in page
    assert len(statements) == RECEIVED_LIST


RECEIVED_LIST = 14


@pytest.mark.parametrize(
    "query", ["state=nonsense", "theme=../..", "page=-1", "page=999", "search=%25%27", "search=%00", "sort=x"]
)
def test_nonsense_in_the_address_is_no_fault(browse_as, at, storage, query):
    scene = make_submitted(storage)
    answer = browse_as(scene.organizer).get(at("list_received", challenge_id=scene.challenge.id) + "?" + query)
    assert answer.status_code == 200


def test_the_organizer_reads_the_submission_not_the_draft(browse_as, at, storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    draft = services.DraftInput(answers={"summary": "아직 보내지 않은 글"})
    services.save_draft(scene.application, draft, version=scene.application.version, actor=scene.person, now=OPEN)
    write_receipts()
    page = html(browse_as(scene.organizer).get(at("show_received", **received(scene))))
    assert "현금흐름 점수" in page
    assert "아직 보내지 않은 글" not in page
    assert "신청 접수" in page  # the mails
    assert "2019. 3. 12." in page  # the findings


def test_a_withdrawn_application_shows_no_content(browse_as, at, storage):
    scene = make_submitted(storage)
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    browser = browse_as(scene.organizer)
    assert scene.application.receipt_number in html(browser.get(at("list_received", challenge_id=scene.challenge.id)))
    page = html(browser.get(at("show_received", **received(scene))))
    assert "현금흐름 점수" not in page
    document = scene.application.documents[0].id
    download = at("download_document", application_id=scene.application.id, document_id=document)
    assert browser.get(download).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "검토 결과를 골라"),
        ({"outcome": "withdrawn"}, "검토 결과를 골라"),
        ({"outcome": "ineligible"}, "사유를 적어"),
        ({"outcome": "correction", "reason": "서류", "due_at": ""}, "기한의 날짜"),
        ({"outcome": "correction", "reason": "서류", "due_at": "soon"}, "날짜와 시각이 아닙니다"),
        ({"outcome": "correction", "reason": "서류", "due_at": "2022-09-01T10:00"}, "이미 지난 시각"),
    ],
)
def test_a_check_that_lacks_something_keeps_what_was_typed(browse_as, at, storage, clock, data, said):
    scene = make_submitted(storage)
    clock.time = AFTER
    seen = {"seen_submission": "1", "seen_checks": "0"}
    answer = browse_as(scene.organizer).post(at("check_eligibility", **received(scene)), data=data | seen)
    assert answer.status_code == 422
    assert said in html(answer)
    if data.get("reason"):
        assert data["reason"] in html(answer)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EligibilityCheck)) == 0


def test_two_organizers_do_not_overrule_each_other_unseen(browse_as, at, storage, clock):
    scene = make_submitted(storage)
    clock.time = AFTER
    browser = browse_as(scene.organizer)
    seen = {"seen_submission": "1", "seen_checks": "0"}
    assert (
        browser.post(at("check_eligibility", **received(scene)), data=seen | {"outcome": "eligible"}).status_code == 303
    )
    data = seen | {"outcome": "ineligible", "reason": "나의 까닭"}
    answer = browser.post(at("check_eligibility", **received(scene)), data=data)
    assert answer.status_code == 409
    assert "나의 까닭" in html(answer)
    db.session.rollback()
    assert db.session.get(Application, scene.application.id).state is ApplicationState.ELIGIBLE


def test_a_correction_date_is_read_in_the_zone_of_the_challenge(browse_as, at, storage, clock):
    scene = make_submitted(storage)
    clock.time = AFTER
    data = {
        "outcome": "correction",
        "reason": "서류",
        "due_at": "2022-09-28T17:00",
        "seen_submission": "1",
        "seen_checks": "0",
    }
    assert browse_as(scene.organizer).post(at("check_eligibility", **received(scene)), data=data).status_code == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(EligibilityCheck.due_at)).one() == factories.seoul("2022-09-28T17:00")


def test_the_sponsor_reads_what_is_shared_and_no_more(browse_as, at, storage, clock):
    scene = make_submitted(storage)
    reader = factories.make_user(member_of=scene.challenge.themes[0].sponsor)
    hidden = next(d for d in scene.application.documents if d.filename == "사업자등록증.pdf")
    shown = next(d for d in scene.application.documents if d.filename == "제안서.pdf")
    browser = browse_as(reader)
    assert browser.get(at("show_shared", **received(scene))).status_code == 404  # before the close
    clock.time = AFTER
    page = html(browser.get(at("show_shared", **received(scene))))
    assert "현금흐름 점수" in page
    assert "정부지원 이력" not in page
    assert "02-123-4567" not in page
    where = {"application_id": scene.application.id}
    assert browser.get(at("download_document", **where, document_id=shown.id)).status_code == 200
    assert browser.get(at("download_document", **where, document_id=hidden.id)).status_code == 404


def test_the_trail_keeps_drafts_to_their_writers(browse_as, storage):
    """Organizers know of drafts how many there are: neither whose, nor what became of one that was never handed in."""
    scene = make_scene()
    fill(scene, storage)
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    db.session.commit()
    browser, overview = browse_as(scene.organizer), f"/manage/{scene.challenge.id}"
    for page in (overview, f"{overview}/trail", f"{overview}/trail?action=applications.save_draft"):
        shown = html(browser.get(page))
        assert scene.person.name not in shown
        assert 'value="applications.' not in shown
    submit(scene)
    shown = html(browser.get(f"{overview}/trail"))
    assert scene.person.name in shown
    assert 'value="applications.submit_application"' in shown
    assert 'value="applications.save_draft"' not in shown
