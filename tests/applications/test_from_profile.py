"""What the startup's profile gives to a draft, and that it stays apart from it."""

import io
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.profile import services as profiles
from app.accounts.profile.codes import DocumentKind
from app.accounts.profile.facts import FACTS
from app.accounts.profile.models import ProfileDocument
from app.applications import rules, services
from app.applications.content import company_content
from app.applications.models import Application, Document
from app.applications.writing import queries
from app.applications.writing import services as together
from app.applications.writing.states import Right
from app.challenges.form import checks
from app.challenges.form.model import Column, Form, Kind, Option, Question, Section
from app.challenges.form.prefill import fact_answer, prefilled
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.applications.scenes import OPEN, make_scene
from tests.files import PDF, PNG

BOTH = Bilingual("물음", "Question")


def asked(code, kind, prefill, **values):
    return Question(code=code, kind=kind, label=BOTH, required=False, prefill=prefill, **values)


QUESTIONS = (
    asked("people", Kind.NUMBER, "employees"),
    asked("line", Kind.SHORT_TEXT, "one_line"),
    asked("where", Kind.CHOICE, "region", options=(Option("26", Bilingual("부산", "Busan")), Option("x", Bilingual("서울", "Seoul")))),
    asked("field", Kind.SHORT_TEXT, "industry"),
    asked("since", Kind.DATE, "founded_on"),
    asked("money", Kind.MONEY, "revenue"),
    asked("team", Kind.TABLE, "team", columns=(Column("name", BOTH), Column("c2", BOTH), Column("c3", BOTH))),
    asked("own", Kind.SHORT_TEXT, ""),
)  # fmt: skip


@pytest.fixture
def scene():
    scene = make_scene()
    facts = {"region": "11", "industry": "K", "employees": "12", "one_line_ko": "한 줄", "revenue_2021": "300000000"}
    profiles.edit_profile(scene.startup, facts, bases={}, actor=scene.person, now=OPEN)
    profiles.add_team_member(scene.startup, name="이기술", role="CTO", career="", actor=scene.person, now=OPEN)
    challenge = scene.challenge
    form = challenge.form
    challenge.form = Form((*form.sections, Section(code="company", title=BOTH, questions=QUESTIONS)))
    db.session.flush()
    db.session.commit()
    return scene


def test_each_fact_fits_the_kinds_that_the_builder_offers():
    assert set(checks.FACTS) == set(FACTS)
    assert Kind.MONEY in checks.FACTS["revenue"]
    assert Kind.CHOICE in checks.FACTS["region"]
    assert all(checks.FACTS.values())


def test_a_new_draft_begins_with_what_the_profile_says(scene):
    second = services.start_application(scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN)
    assert second.answers == {
        "people": "12", "line": "한 줄", "where": "x", "field": "금융 및 보험업", "since": "2019-03-12", "money": "300000000",
        "team": [{"name": "이기술"}],
    }  # fmt: skip
    profiles.edit_profile(scene.startup, {"employees": "99"}, bases={}, actor=scene.person, now=OPEN)
    assert second.answers["people"] == "12"


def test_what_is_unsaid_or_does_not_fit_is_left_open(scene):
    company = company_content(scene.startup)
    assert fact_answer(asked("q", Kind.SHORT_TEXT, "description"), company, "ko") == ""
    assert fact_answer(asked("q", Kind.SHORT_TEXT, "of another day"), company, "ko") == ""
    assert fact_answer(asked("q", Kind.NUMBER, "team"), company, "ko") == ""
    only = (Option("27", Bilingual("대구", "Daegu")),)
    assert fact_answer(asked("q", Kind.CHOICE, "region", options=only), company, "ko") == ""
    assert fact_answer(asked("q", Kind.LONG_TEXT, "team"), company, "ko") == "이기술 · CTO"
    by_place = asked("q", Kind.TABLE, "team", columns=(Column("a", BOTH), Column("b", BOTH)))
    assert fact_answer(by_place, company, "ko") == [{"a": "이기술", "b": "CTO"}]
    assert not fact_answer(replace(by_place, rows_most=0), company, "ko")
    assert prefilled(Form(), company, "ko") == {}


def test_a_section_takes_over_what_the_profile_says_and_the_history_keeps_the_rest(scene, browse_as):
    browser, where = browse_as(scene.person), f"/applications/{scene.application.id}/edit/company"
    page = browser.get(where).text
    assert page.count("프로필 내용:") == 7
    assert "프로필과 다릅니다" not in page
    browser.post(where, data={"answer-people": "3", "answer-own": "그대로", "version": "1", "draft": "1"})
    assert "프로필과 다릅니다. 프로필 내용: 12" in browser.get(where).text
    assert browser.post(f"{where}/profile").status_code == 303
    db.session.rollback()
    db.session.expire_all()
    application = db.session.get(Application, scene.application.id)
    assert application.answers["people"] == "12"
    assert application.answers["own"] == "그대로"
    assert queries.list_versions(application)[0].changes["answer-people"]["after"] == "12"
    page = browser.get(where).text
    assert page.count("프로필의 “") == 7
    assert "프로필과 다릅니다" not in page
    assert browser.post(f"/applications/{scene.application.id}/edit/nothing/profile").status_code == 404


def test_a_guest_neither_sees_nor_uses_the_profile(scene, browse_as):
    guest = factories.make_user("손님", email="guest@example.org")
    invitation = together.invite_co_writer(scene.application, guest.email, Right.EDIT, actor=scene.person, now=OPEN)
    together.accept_co_writing(invitation, actor=guest, now=OPEN)
    profiles.add_profile_document(
        scene.startup, DocumentKind.REGISTRATION, stream=io.BytesIO(PDF), filename="비밀.pdf",
        storage=factories.current_app.extensions["storage"], actor=scene.person, now=OPEN,
    )  # fmt: skip
    db.session.commit()
    browser, where = browse_as(guest), f"/applications/{scene.application.id}/edit"
    assert "프로필 내용" not in browser.get(f"{where}/company").text
    assert "비밀.pdf" not in browser.get(f"{where}/documents").text
    seen, own = (b.get(f"/applications/{scene.application.id}/check").text for b in (browser, browse_as(scene.person)))
    for live in ("한 줄", "이기술", f"/organizations/{scene.startup.id}"):
        assert (live in seen, live in own) == (False, True), live
    assert "비밀.pdf" in browse_as(scene.person).get(f"{where}/documents").text
    browser.post(f"{where}/company/profile")
    document = db.session.scalars(sa.select(ProfileDocument)).one()
    answer = browser.post(
        f"/applications/{scene.application.id}/documents/proposal/kept", data={"document": document.id}
    )
    assert answer.status_code == 422
    db.session.rollback()
    assert scene.application.answers.get("people") is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 0
    with pytest.raises(RuleBroken):
        together.take_over_profile(scene.application, {"people"}, {}, language="ko", actor=guest, now=OPEN)


@pytest.mark.parametrize(
    ("values", "suits"),
    [
        ({"issued_on": date(2022, 9, 1)}, True),
        ({"issued_on": date(2022, 9, 1), "expires_on": date(2022, 9, 20)}, True),
        ({"issued_on": date(2022, 9, 1), "expires_on": date(2022, 9, 19)}, False),
        ({"issued_on": date(2022, 6, 1)}, False),
        ({"issued_on": None}, False),
        ({"issued_on": date(2022, 9, 1), "filename": "a.hwp"}, False),
        ({"issued_on": date(2022, 9, 1), "size": 30 * 1024 * 1024}, False),
    ],
)
def test_a_kept_document_suits_by_kind_size_age_and_last_day(scene, values, suits):
    question = scene.challenge.form.question("registration")
    document = ProfileDocument(**({"filename": "a.pdf", "size": 100, "expires_on": None} | values))
    reason = rules.why_not_kept(question, document, scene.challenge, OPEN)
    assert (reason is None) is suits


def test_a_kept_document_is_handed_in_and_stays_when_the_profile_forgets_it(scene, browse_as, storage):
    kept = profiles.add_profile_document(
        scene.startup, DocumentKind.REGISTRATION, stream=io.BytesIO(PNG), filename="등록증.png", storage=storage,
        issued_on=date(2022, 9, 1), actor=scene.person, now=OPEN,
    )  # fmt: skip
    db.session.commit()
    browser, where = browse_as(scene.person), f"/applications/{scene.application.id}/documents"
    wrong = browser.post(f"{where}/proposal/kept", data={"document": kept.id})  # a PDF is asked for there
    assert wrong.status_code == 422
    assert browser.post(f"{where}/registration/kept", data={"document": kept.id}).status_code == 303
    for nonsense in ("", "x", str(scene.application.id)):
        assert browser.post(f"{where}/registration/kept", data={"document": nonsense}).status_code == 404
    db.session.rollback()
    profiles.remove_profile_document(
        scene.startup, db.session.get(ProfileDocument, kept.id), actor=scene.person, now=OPEN
    )
    db.session.commit()
    document = db.session.scalars(sa.select(Document)).one()
    assert (document.question, document.filename, document.issued_on) == (
        "registration",
        "등록증.png",
        date(2022, 9, 1),
    )
    assert browser.get(f"/applications/{scene.application.id}/files/{document.id}").data == PNG


def test_another_startups_document_is_not_found(scene, browse_as, storage):
    other = factories.make_organization()
    stranger = factories.make_user(member_of=other)
    theirs = profiles.add_profile_document(
        other,
        DocumentKind.OTHER,
        stream=io.BytesIO(PDF),
        filename="남의것.pdf",
        storage=storage,
        actor=stranger,
        now=OPEN,
    )
    db.session.commit()
    where = f"/applications/{scene.application.id}/documents/proposal/kept"
    assert browse_as(scene.person).post(where, data={"document": theirs.id}).status_code == 404
    assert browse_as(stranger).post(where, data={"document": theirs.id}).status_code == 404
