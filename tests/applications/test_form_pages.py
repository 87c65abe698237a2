"""The applicant's pages, as the applicant and as somebody with bad intentions."""

import hashlib
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import url_for

from app.accounts.models import MembershipRole
from app.applications import services
from app.applications.models import Application, Document, Submission
from app.applications.services import DraftInput
from app.applications.states import ApplicationState
from app.applications.views import documents
from app.core.database import db
from app.mail.models import Mail
from tests import factories
from tests.applications.scenes import OPEN, TOO_LATE, attach, fill, make_scene, make_submitted, write_receipts
from tests.files import PNG, office, pdf


@pytest.fixture
def at(app):
    def address(endpoint: str, **values) -> str:
        with app.test_request_context():
            return url_for(f"applications.{endpoint}", **values)

    return address


def html(response) -> str:
    return response.get_data(as_text=True)


def version_of(page: str) -> str:
    return re.search(r'name="version" id="version" value="(\d+)"', page)[1]


def reread(scene) -> Application:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Application, scene.application.id)


def test_a_startup_applies_from_the_call_to_the_receipt(browse_as, at, app):
    challenge = factories.make_challenge()
    startup = factories.make_organization()
    person = factories.make_user(member_of=startup)
    browser = browse_as(person)
    page = html(browser.get(at("start_application", slug=challenge.slug)))
    assert "2019. 3. 12." in page  # eligibility is explained at once
    answer = browser.post(
        at("start_application", slug=challenge.slug), data={"theme": challenge.themes[0].id, "startup": startup.id}
    )
    application = db.session.scalars(sa.select(Application)).one()
    where = {"application_id": application.id}
    assert answer.location == at("edit_application", **where, section="contact")
    contact = {
        "contact_name": "김하나",
        "contact_email": "hana@example.org",
        "contact_phone": "02-123-4567",
        "version": "1",
    }
    answer = browser.post(at("edit_application", **where, section="contact"), data=contact)
    assert answer.location == at("edit_application", **where, section="proposal")
    answer = browser.post(
        at("edit_application", **where, section="proposal"), data={"answer-summary": "요약", "version": "2"}
    )
    assert answer.location == at("edit_application", **where, section="documents")
    upload = at("upload_document", **where, code="proposal")
    answer = browser.post(upload, data={"file": (io.BytesIO(pdf("mine")), "../../제안서.pdf")})
    assert answer.status_code == 303
    assert answer.location.endswith("/edit/documents#doc-proposal")
    assert "제안서.pdf" in html(browser.get(answer.location))
    answer = browser.post(at("edit_application", **where, section="documents"))
    assert answer.location == at("edit_application", **where, section="consents")
    answer = browser.post(at("edit_application", **where, section="consents"), data={"consent-privacy": "yes"})
    assert answer.location == at("check_application", **where)
    page = html(browser.get(answer.location))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    for _ in range(2):  # a double click
        ticks = re.findall(r'name="confirmed" value="([0-9a-f]{16})"', page)
        answer = browser.post(at("submit_application", **where), data={"seen": seen, "asked": "1", "confirmed": ticks})
        assert answer.location == at("show_receipt", **where)
    submission = db.session.scalars(sa.select(Submission)).one()
    page = html(browser.get(answer.location))
    assert submission.sha256 in page
    assert f"{challenge.receipt_prefix}-001" in page
    write_receipts()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 2  # one person, one contact


def test_what_is_missing_is_named_and_what_was_typed_stays(browse_as, at):
    scene = make_scene()
    browser = browse_as(scene.person)
    where = at("edit_application", application_id=scene.application.id, section="proposal")
    data = {"answer-summary": "가" * 378, "answer-employees": "열둘", "version": "1"}
    answer = browser.post(where, data=data)
    page = html(answer)
    assert answer.status_code == 422
    assert "78자" in page
    assert "378 / 300자" in page
    assert "가" * 378 in page
    assert "열둘" in page
    assert reread(scene).answers["summary"] == "가" * 378  # saved all the same


def test_save_draft_stays_on_the_page(browse_as, at):
    scene = make_scene()
    where = at("edit_application", application_id=scene.application.id, section="proposal")
    answer = browse_as(scene.person).post(where, data={"answer-summary": "", "version": "1", "draft": "1"})
    assert (answer.status_code, answer.location) == (303, where)


def test_autosave_says_when_it_saved(browse_as, at, clock):
    scene = make_scene()
    clock.time = factories.seoul("2022-09-23T16:58:12")
    data = {"section": "proposal", "answer-summary": "글", "version": "1", "tab": "one"}
    answer = browse_as(scene.person).post(at("autosave_application", application_id=scene.application.id), data=data)
    assert answer.status_code == 200
    assert "16:58:12" in html(answer)
    assert version_of(html(answer)) == "2"
    assert reread(scene).answers == {"summary": "글"}


def test_autosave_after_the_close_says_so_and_stores_nothing(browse_as, at, clock):
    scene = make_scene()
    clock.time = TOO_LATE
    data = {"section": "proposal", "answer-summary": "글", "version": "1"}
    answer = browse_as(scene.person).post(at("autosave_application", application_id=scene.application.id), data=data)
    assert answer.status_code == 422
    assert "2022. 9. 23.(금) 17:00" in html(answer)
    assert 'class="saved' not in html(answer)
    assert reread(scene).answers == {}


def test_two_tabs_see_both_versions_and_lose_nothing(browse_as, at):
    scene = make_scene()
    browser = browse_as(scene.person)
    where = at("edit_application", application_id=scene.application.id, section="proposal")
    browser.post(where, data={"answer-summary": "첫 탭의 글", "version": "1", "tab": "a", "draft": "1"})
    stale = {"section": "proposal", "answer-summary": "둘째 탭의 글", "version": "1", "tab": "b", "draft": "1"}
    answer = browser.post(at("autosave_application", application_id=scene.application.id), data=stale)
    assert answer.status_code == 422
    answer = browser.post(where, data=stale)
    page = html(answer)
    assert answer.status_code == 409
    assert "첫 탭의 글" in page
    assert ">\n둘째 탭의 글</textarea>" in page
    assert 'data-take="mine"' in page
    assert "내가 쓴 내용" in page
    assert reread(scene).answers == {"summary": "첫 탭의 글"}
    answer = browser.post(where, data=stale | {"version": version_of(page)})
    assert answer.status_code == 303
    assert reread(scene).answers == {"summary": "둘째 탭의 글"}


def test_a_tab_is_never_stale_to_its_own_saves(browse_as, at):
    scene = make_scene()
    browser = browse_as(scene.person)
    data = {"section": "proposal", "version": "1", "tab": "a"}
    for text in ("글", "글을", "글을 쓴다"):
        answer = browser.post(
            at("autosave_application", application_id=scene.application.id), data=data | {"answer-summary": text}
        )
        assert answer.status_code == 200
    assert reread(scene).answers == {"summary": "글을 쓴다"}


def test_fields_that_do_not_exist_change_nothing(browse_as, at):
    scene = make_scene()
    where = at("edit_application", application_id=scene.application.id, section="proposal")
    data = {
        "answer-nothing": "x",
        "state": "eligible",
        "receipt_number": "X-1",
        "startup_id": "x",
        "version": "1",
        "draft": "1",
    }
    assert browse_as(scene.person).post(where, data=data).status_code == 303
    application = reread(scene)
    assert (application.answers, application.state, application.receipt_number) == ({}, ApplicationState.DRAFT, None)


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30, "１"])
def test_a_nonsense_version_is_an_old_one(browse_as, at, version):
    scene = make_scene()
    where = at("edit_application", application_id=scene.application.id, section="proposal")
    browser = browse_as(scene.person)
    browser.post(where, data={"answer-summary": "서 있는 글", "version": "1"})
    answer = browser.post(where, data={"answer-summary": "글", "version": version})
    assert answer.status_code == 409
    assert reread(scene).answers == {"summary": "서 있는 글"}


@pytest.mark.parametrize("section", ["nothing", "CONTACT", "theme"])
def test_a_section_that_is_none_is_not_found(browse_as, at, section):
    scene = make_scene()
    where = at("edit_application", application_id=scene.application.id, section=section)
    assert browse_as(scene.person).get(where).status_code == 404


def test_answers_are_shown_as_text(browse_as, at, storage):
    scene = make_scene()
    fill(scene, storage)
    evil = "<script>alert(1)</script>"
    services.save_draft(
        scene.application, DraftInput(answers={"summary": evil}), version=2, actor=scene.person, now=OPEN
    )
    db.session.commit()
    browser = browse_as(scene.person)
    for endpoint in ("edit_application", "check_application"):
        page = html(browser.get(at(endpoint, application_id=scene.application.id)))
        assert evil not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.pdf", "빈 파일"),
        (PNG, "a.pdf", "PNG"),
        (pdf("x"), "a.exe", ".exe"),
        (pdf("x") + office("docx"), "a.pdf", "두 가지"),
        (b"%PDF-1.4" + bytes(21 * 1024 * 1024), "big.pdf", "20.0MB"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_beside_its_row(browse_as, at, content, name, said):
    scene = make_scene()
    where = at("upload_document", application_id=scene.application.id, code="proposal")
    answer = browse_as(scene.person).post(where, data={"file": (io.BytesIO(content), name)})
    answer.request.environ["wsgi.input"].close()  # the test client spools what is large, and leaves it open
    page = html(answer)
    assert answer.status_code == 422
    assert said in page
    assert 'id="doc-proposal-error"' in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 0


def test_a_request_beyond_all_limits_gets_its_own_page(app, browse_as, at, monkeypatch):
    scene = make_scene()
    monkeypatch.setattr(app.view_functions["applications.upload_document"], "largest_body", 1000)
    where = at("upload_document", application_id=scene.application.id, code="proposal")
    answer = browse_as(scene.person).post(where, data={"file": (io.BytesIO(bytes(5000)), "a.pdf")})
    assert answer.status_code == 413
    assert "파일" in html(answer)


@pytest.mark.parametrize("date", ["yesterday", "2022-13-01", "9" * 300])
def test_a_date_that_is_none_is_refused(browse_as, at, date):
    scene = make_scene()
    where = at("upload_document", application_id=scene.application.id, code="registration")
    answer = browse_as(scene.person).post(where, data={"file": (io.BytesIO(pdf("r")), "r.pdf"), "issued_on": date})
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 0


def test_a_date_of_issue_may_come_after_the_file(browse_as, at):
    scene = make_scene()
    browser = browse_as(scene.person)
    where = at("upload_document", application_id=scene.application.id, code="registration")
    browser.post(where, data={"file": (io.BytesIO(pdf("r")), "r.pdf")})
    assert browser.post(where, data={"issued_on": "2022-08-01"}).status_code == 303
    assert str(db.session.scalars(sa.select(Document.issued_on)).one()) == "2022-08-01"


def test_documents_of_a_submitted_application_stay(browse_as, at, storage):
    scene = make_submitted(storage)
    where = {"application_id": scene.application.id, "code": "proposal"}
    browser = browse_as(scene.person)
    answer = browser.post(at("remove_document", **where))
    assert answer.location == at("show_application", application_id=scene.application.id)
    assert "다시 열어 주십시오" in html(browser.get(answer.location))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 2


def test_a_requirement_or_document_of_somebody_else_is_not_found(browse_as, at, storage):
    scene, other = make_submitted(storage), make_submitted(storage)
    browser = browse_as(scene.person)
    foreign = "somebody-else"
    theirs = other.application.documents[0].id
    mine = scene.application.id
    assert browser.post(at("upload_document", application_id=mine, code=foreign)).status_code == 404
    assert browser.get(at("download_document", application_id=mine, document_id=theirs)).status_code == 404
    assert (
        browser.get(at("download_document", application_id=other.application.id, document_id=theirs)).status_code == 404
    )
    assert browser.get(at("show_application", application_id=other.application.id)).status_code == 404


def test_a_download_is_a_sandboxed_attachment(browse_as, at, storage):
    scene = make_submitted(storage)
    document = next(d for d in scene.application.documents if d.filename == "제안서.pdf")
    where = at("download_document", application_id=scene.application.id, document_id=document.id)
    answer = browse_as(scene.person).get(where)
    assert answer.data == pdf("proposal")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_pdf_may_be_shown_within_our_own_pages_only(browse_as, at, storage):
    scene = make_submitted(storage)
    document = next(d for d in scene.application.documents if d.filename == "제안서.pdf")
    where = at("download_document", application_id=scene.application.id, document_id=document.id, view="1")
    headers = browse_as(scene.person).get(where).headers
    assert headers["Content-Disposition"] == "inline"
    assert headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_documents_page_offers_a_preview_of_what_a_browser_can_show(browse_as, at, storage):
    scene = make_scene()
    attach(scene, storage)
    db.session.commit()
    page = html(
        browse_as(scene.person).get(at("edit_application", application_id=scene.application.id, section="documents"))
    )
    assert page.count("doc-preview") == 1
    assert 'loading="lazy"' in page


def test_a_submit_of_what_was_not_read_shows_it_again(browse_as, at, storage):
    scene = make_scene()
    fill(scene, storage)
    answer = browse_as(scene.person).post(
        at("submit_application", application_id=scene.application.id), data={"seen": "0" * 64}
    )
    assert answer.status_code == 409
    assert "바뀌어" in html(answer)
    assert reread(scene).state is ApplicationState.DRAFT


def test_a_submit_a_minute_late_gets_the_time(browse_as, at, storage, clock):
    scene = make_scene()
    fill(scene, storage)
    clock.time = factories.seoul("2022-09-23T17:01")
    browser = browse_as(scene.person)
    answer = browser.post(at("submit_application", application_id=scene.application.id))
    assert "2022. 9. 23.(금) 17:00" in html(browser.get(answer.location))
    assert reread(scene).state is ApplicationState.DRAFT


def test_a_reopened_application_says_what_stands(browse_as, at, storage):
    scene = make_submitted(storage)
    browser = browse_as(scene.person)
    where = {"application_id": scene.application.id}
    assert browser.post(at("reopen_application", **where)).location == at(
        "edit_application", **where, section="contact"
    )
    assert "앞서 제출한 내용이 유효" in html(browser.get(at("edit_application", **where)))
    page = html(browser.get(at("show_application", **where)))
    assert "지금 유효한 제출본" in page
    assert "1차 제출" in page


def test_a_withdrawn_application_can_come_back(browse_as, at, storage):
    scene = make_submitted(storage)
    browser = browse_as(scene.person)
    where = {"application_id": scene.application.id}
    browser.post(at("withdraw_application", **where))
    page = html(browser.get(at("show_application", **where)))
    assert "철회" in page
    assert at("reopen_application", **where) in page


def test_unsent_changes_are_kept_for_copying(browse_as, at, storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    draft = DraftInput(answers={"summary": "보내지 않은 글"})
    services.save_draft(scene.application, draft, version=scene.application.version, actor=scene.person, now=OPEN)
    services.settle_due(now=TOO_LATE)
    page = html(browse_as(scene.person).get(at("show_application", application_id=scene.application.id)))
    assert "보내지 않은 글" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_own_applications_reads_as_much_for_three_as_for_one(browse_as, at, statements, count):
    startup = factories.make_organization()
    person = factories.make_user(member_of=startup)
    for _ in range(count):
        factories.make_application(factories.make_challenge(), startup=startup, state=ApplicationState.SUBMITTED)
    browser = browse_as(person)
    statements.statements.clear()
    page = html(browser.get(at("list_applications")))
    assert page.count("2022 서울 핀테크 챌린지") == count
    assert len(statements) == OWN_LIST


OWN_LIST = 2


def test_start_offers_registration_to_who_has_no_startup(browse_as, at):
    challenge = factories.make_challenge()
    page = html(browse_as(factories.make_user()).get(at("start_application", slug=challenge.slug)))
    assert "기업 등록" in page
    assert f"/organizations/new?kind=startup&next=/challenges/{challenge.slug}/apply" in page.replace("&amp;", "&")


def test_start_leads_admins_to_the_startups_data_and_back(browse_as, at):
    scene = make_scene()
    start = at("start_application", slug=scene.challenge.slug)
    page = html(browse_as(scene.person).get(start))
    assert f"/organizations/{scene.startup.id}/edit?next={start}" in page
    member = factories.make_user("이두레", member_of=scene.startup, role=MembershipRole.MEMBER)
    page = html(browse_as(member).get(start))
    assert "기업 정보 보기" in page
    assert "/edit?next=" not in page


def test_starting_twice_leads_to_the_one_application(browse_as, at):
    scene = make_scene()
    data = {"theme": scene.challenge.themes[0].id, "startup": scene.startup.id}
    answer = browse_as(scene.person).post(at("start_application", slug=scene.challenge.slug), data=data)
    assert answer.location == at("show_application", application_id=scene.application.id)


@pytest.mark.parametrize("data", [{}, {"theme": "x", "startup": "y"}, {"theme": "0" * 400}])
def test_a_start_without_a_choice_is_asked_again(browse_as, at, data):
    scene = make_scene()
    answer = browse_as(scene.person).post(at("start_application", slug=scene.challenge.slug), data=data)
    assert answer.status_code == 422
    assert "과제를 골라" in html(answer)


def test_nobody_fills_the_disk_with_one_document(browse_as, at, monkeypatch):
    scene, asked = make_scene(), []
    waits = [None, timedelta(minutes=5)]
    monkeypatch.setattr(
        documents, "UPLOADS", SimpleNamespace(hit=lambda account: asked.append(account) or waits.pop(0))
    )
    where = at("upload_document", application_id=scene.application.id, code="proposal")
    browser = browse_as(scene.person)
    answers = [browser.post(where, data={"file": (io.BytesIO(pdf(name)), "a.pdf")}) for name in ("first", "second")]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "시도 횟수가 너무 많습니다. 5분 뒤" in html(answers[1])
    assert asked == [scene.person.email] * 2
    db.session.rollback()
    assert db.session.scalars(sa.select(Document)).one().sha256 == hashlib.sha256(pdf("first")).hexdigest()
