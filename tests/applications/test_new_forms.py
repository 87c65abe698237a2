"""A form put in force under applicants: what the organizer is told before, and what becomes of drafts and of what was submitted."""

import re

import pytest
import sqlalchemy as sa

from app.applications.states import ApplicationState
from app.challenges import queries
from app.challenges.content import call_content
from app.challenges.form import changes
from app.challenges.form.model import Kind
from app.challenges.models import RulesVersion
from app.core.bilingual import Bilingual
from app.core.database import db
from app.mail.models import Mail
from tests import factories
from tests.accounts.mailbox import run_jobs
from tests.applications.scenes import OPEN, make_scene
from tests.challenges.shown import shown_form


@pytest.fixture
def scene():
    made = make_scene()
    made.organizer.language = "en"
    first = db.session.scalars(sa.select(RulesVersion).where(RulesVersion.challenge_id == made.challenge.id)).one()
    first.content = call_content(made.challenge)  # the scene added its questions after the factory had frozen it
    made.application.form_sha256 = made.challenge.form_sha256
    db.session.commit()
    return made


@pytest.fixture
def browser(scene, browse_as):
    return browse_as(scene.organizer)


def builder(scene):
    return f"/manage/{scene.challenge.id}/form"


def press(browser, scene, do, item="", **typed):
    data = shown_form(browser.get(f"{builder(scene)}?at={item}"), "builder")
    for name, value in (typed | {"do": do}).items():
        data[name] = value
    return browser.post(builder(scene), data=data, follow_redirects=True)


def put(browser, scene, **given):
    page = browser.get(builder(scene) + "/in-force")
    names = ("version", "challenge_version")
    data = {name: re.search(rf'name="{name}" [^>]*value="(\d+)"', page.text)[1] for name in names}
    return browser.post(builder(scene) + "/in-force", data=data | given, follow_redirects=True)


def test_nothing_reaches_an_applicant_before_it_is_put_in_force(browser, scene, browse_as):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    applicant = browse_as(scene.person)
    home = f"/applications/{scene.application.id}/edit/proposal"
    assert "직원 수" not in applicant.get(home).text
    assert "The form is in force." in put(browser, scene, reason="더 알기 쉽게").text
    assert "직원 수" in applicant.get(home).text


def test_before_it_is_said_what_changes_for_whom(browser, scene, storage):
    other = factories.make_application(scene.challenge, state=ApplicationState.SUBMITTED)
    db.session.commit()
    assert other.submitted_at is not None
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    page = browser.get(builder(scene) + "/in-force").text
    assert "“Employees” now reads “Staff”." in page
    assert "1 draft is carried over" in page
    assert "1 submitted application keeps the version that it answered." in page


def test_once_the_call_is_out_it_takes_a_reason(browser, scene):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    page = put(browser, scene)
    assert page.status_code == 422
    assert "Give the reason; it is published with the change." in page.text
    db.session.expire_all()
    assert scene.challenge.form.question("employees").label.en == "Employees"


def test_owners_of_drafts_are_told_and_their_answers_go_over(app, clock, browser, scene):
    clock.time = OPEN
    scene.application.answers = {"summary": "현금흐름", "employees": "12"}
    db.session.commit()
    press(browser, scene, "remove:q.employees")
    press(browser, scene, "add:money", "q.summary")
    (added,) = (q for q in queries.get_working_copy(scene.challenge).form.questions() if q.kind is Kind.MONEY)
    press(browser, scene, "save", f"q.{added.code}", label_ko="매출액", label_en="Revenue")
    assert "told what changes" in put(browser, scene, reason="매출을 함께 봅니다.").text
    db.session.commit()
    run_jobs(app)
    db.session.expire_all()
    assert scene.application.answers == {"summary": "현금흐름"}
    assert [kept["question"]["code"] for kept in scene.application.kept] == ["employees"]
    mails = list(db.session.scalars(sa.select(Mail).where(Mail.to_address == scene.person.email)))
    assert any("매출을 함께 봅니다." in mail.text for mail in mails)
    numbers = sa.select(RulesVersion.number).where(RulesVersion.challenge_id == scene.challenge.id)
    assert max(db.session.scalars(numbers)) == 2


def test_a_call_that_is_out_gets_no_form_with_gaps(browser, scene):
    press(browser, scene, "add:number")
    page = browser.get(builder(scene)).text
    assert 'aria-describedby="why-in-force"' in page
    assert put(browser, scene, reason="더").status_code == 422
    db.session.expire_all()
    assert all(q.label.ko for q in scene.challenge.form.questions())


def test_a_page_that_shows_an_older_working_copy_puts_nothing_in_force(browser, scene):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    page = browser.get(builder(scene) + "/in-force").text
    names = ("version", "challenge_version")
    data = {name: re.search(rf'name="{name}" [^>]*value="(\d+)"', page)[1] for name in names} | {"reason": "더"}
    press(browser, scene, "save", "q.employees", label_ko="임직원", label_en="People")
    answer = browser.post(builder(scene) + "/in-force", data=data)
    assert answer.status_code == 409
    assert "The form or the call was changed since you opened this page." in answer.text
    db.session.expire_all()
    assert scene.challenge.form.question("employees").label.en == "Employees"


def test_a_copy_without_words_of_its_own_follows_the_form_in_force(browser, scene):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    put(browser, scene, reason="더 알기 쉽게")
    change_elsewhere(scene, "임직원")
    page = browser.get(builder(scene) + "?at=q.employees").text
    assert "임직원" in page
    assert "The form in force was changed elsewhere" not in page
    press(browser, scene, "save", "q.employees", label_en="People")
    db.session.expire_all()
    assert queries.get_working_copy(scene.challenge).form.question("employees").label == Bilingual("임직원", "People")


@pytest.mark.parametrize(("do", "label"), [("keep-mine", "Staff"), ("discard", "Employees elsewhere")])
def test_a_form_changed_elsewhere_meanwhile_is_not_written_over_unseen(browser, scene, do, label):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff")
    change_elsewhere(scene, "임직원", "Employees elsewhere")
    page = browser.get(builder(scene)).text
    assert "The form in force was changed elsewhere since this working copy began." in page
    assert put(browser, scene, reason="더").status_code == 422
    press(browser, scene, do)
    db.session.expire_all()
    copy = queries.get_working_copy(scene.challenge)
    assert copy.form.question("employees").label.en == label
    assert not copy.is_behind


def change_elsewhere(scene, korean, english="Employees"):
    scene.challenge.form = changes.change_question(scene.challenge.form, "employees", label=Bilingual(korean, english))
    db.session.commit()


def test_the_preview_asks_what_the_working_copy_asks_in_both_languages(browser, scene):
    press(browser, scene, "save", "q.employees", label_ko="직원 수", label_en="Staff", condition_question="summary")
    address = builder(scene) + "/preview"
    english = browser.get(address + "?language=en").text
    korean = browser.get(address + "?language=ko").text
    assert "Staff" in english
    assert "직원 수" in korean
    assert 'data-when="summary"' in english
    hidden = re.search(r'<div class="question" data-question="employees"[^>]*>', english)[0]
    assert "hidden" in hidden
    answered = browser.get(address + "?language=en&answer-summary=something").text
    assert "hidden" not in re.search(r'<div class="question" data-question="employees"[^>]*>', answered)[0]


def test_the_preview_leaves_out_what_is_not_asked_for_the_theme(browser, scene):
    first, second = (theme.code for theme in scene.challenge.themes)
    press(browser, scene, "save", "q.employees", themes=first)
    address = builder(scene) + "/preview?language=en&theme="
    assert "Employees" in browser.get(address + first).text
    assert "Employees" not in browser.get(address + second).text
    assert browser.get(address + "<nonsense>").status_code == 200
