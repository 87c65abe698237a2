"""Pages for what went wrong: a sentence, one next step, and what was typed."""

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core.database import Base, db
from app.core.errors import RuleBroken, StaleEdit
from config import Config
from tests.conftest import FixedClock
from tests.factories import make_user

LONG = "세 해 동안 모은 소상공인 매출 자료로 대안신용평가 모형을 만들어 왔습니다. " * 3


@pytest.fixture(scope="module")
def strict(tmp_path_factory) -> Flask:
    """An application as it runs: forms need their token, faults become pages. It has some routes that only break."""
    config = Config()
    folder = tmp_path_factory.mktemp("strict")
    config.DATA_FOLDER = folder
    config.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'madang.db'}"
    config.RATELIMIT_ENABLED = False
    config.MAX_CONTENT_LENGTH = 1024 * 1024
    application = create_app(config, clock=FixedClock())

    def break_down(how: str) -> str:
        if how.isdigit():
            abort(int(how))
        raise {
            "rule": RuleBroken("접수는 17:00에 마감되었습니다."),
            "stale": StaleEdit(4),
            "bug": ZeroDivisionError(),
            "database": OperationalError("SELECT", {}, Exception("gone")),
        }[how]

    application.add_url_rule("/break/<how>", view_func=break_down, methods=["GET", "POST"], endpoint="break_down")
    application.view_functions["break_down"].access_rule = lambda _user: True  # type: ignore[attr-defined]
    with application.app_context():
        Base.metadata.create_all(db.engine)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def browser(strict):
    return strict.test_client()


def token(browser) -> str:
    page = browser.get("/break/404").text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("code", "head"),
    [
        (400, "요청을 이해할 수 없습니다"),
        (401, "로그인 시간이 끝났습니다"),
        (403, "이 페이지를 볼 권한이 없습니다"),
        (404, "페이지를 찾을 수 없습니다"),
        (405, "이 주소는 그렇게 사용할 수 없습니다"),
        (409, "그사이 다른 사람이 저장했습니다"),
        (410, "더 이상 볼 수 없는 페이지입니다"),
        (413, "파일이 너무 큽니다"),
        (415, "받지 않는 형식의 파일입니다"),
        (429, "시도 횟수를 넘었습니다"),
        (500, "서버에 문제가 생겼습니다"),
        (503, "지금은 이용자가 많습니다"),
    ],
)
def test_each_error_has_its_page_in_both_languages(browser, code, head):
    response = browser.get(f"/break/{code}", headers={"Accept-Language": "ko"})
    assert response.status_code == code
    assert f"<h1>{head}</h1>" in response.text
    assert response.text.count("btn btn-primary") == 1
    english = browser.get(f"/break/{code}", headers={"Accept-Language": "en"})
    assert head not in english.text
    assert '<html lang="en">' in english.text


def test_a_wrong_method_says_which_are_right(browser):
    response = browser.put("/break/404", headers={"X-CSRFToken": token(browser)})
    assert response.status_code in (400, 405)
    assert browser.delete("/sign-in").status_code in (400, 405)


def test_a_form_without_its_token_stores_nothing_and_shows_what_was_typed(browser):
    response = browser.post(
        "/break/404",
        data={
            "summary": LONG,
            "name": "짧음",
            "password": "correct horse battery staple",
            "current": "correct horse once again",
        },
    )
    assert response.status_code == 400
    assert "로그인 시간이 끝났습니다" in response.text
    assert LONG.strip() in response.text
    assert "correct horse" not in response.text
    assert 'href="/sign-in"' in response.text


def test_what_was_typed_comes_back_as_text_and_not_as_markup(browser):
    response = browser.post("/break/404", data={"summary": "</textarea><script>alert(1)</script>"})
    assert "<script>alert(1)" not in response.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in response.text


def test_the_token_also_comes_in_a_header(browser):
    response = browser.post("/break/409", headers={"X-CSRFToken": token(browser)})
    assert response.status_code == 409


def test_an_upload_over_the_limit_is_told_the_limit(browser):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + b"x" * (1024 * 1024)
        + b"\r\n--x--"
    )
    response = browser.post("/break/404", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "1.0MB" in response.text


def test_a_refusal_that_no_view_caught_leads_back_with_its_sentence(browser):
    sent = {"csrf_token": token(browser)}
    response = browser.post("/break/rule", data=sent, headers={"Referer": "http://localhost/verify?code=1"})
    assert response.status_code == 303
    assert response.location == "/verify?code=1"
    page = browser.get("/break/404").text
    assert "접수는 17:00에 마감되었습니다." in page


@pytest.mark.parametrize("referrer", ["https://evil.example/", "http://localhost.evil.example/x", ""])
def test_a_refusal_never_leads_to_another_site(browser, referrer):
    response = browser.post("/break/rule", data={"csrf_token": token(browser)}, headers={"Referer": referrer})
    assert response.status_code == 409
    assert "접수는 17:00에 마감되었습니다." in response.text


def test_a_refusal_leads_to_no_other_site_by_two_slashes(browser):
    response = browser.post(
        "/break/rule", data={"csrf_token": token(browser)}, headers={"Referer": "http://localhost//evil.example/"}
    )
    assert response.location == "/evil.example/"


def test_a_refusal_over_a_text_shows_the_text(browser):
    sent = {"csrf_token": token(browser), "summary": LONG}
    response = browser.post("/break/rule", data=sent, headers={"Referer": "http://localhost/verify"})
    assert response.status_code == 409
    assert "접수는 17:00에 마감되었습니다." in response.text
    assert LONG.strip() in response.text


def test_a_refusal_on_reading_is_a_page(browser):
    assert browser.get("/break/rule").status_code == 409


def test_a_stale_edit_says_so_and_shows_what_was_typed(browser):
    response = browser.post("/break/stale", data={"csrf_token": token(browser), "summary": LONG})
    assert response.status_code == 409
    assert "그사이 다른 사람이 저장했습니다" in response.text
    assert LONG.strip() in response.text


@pytest.mark.parametrize("how", ["bug", "database"])
def test_a_fault_is_a_page_with_what_was_typed(browser, how):
    response = browser.post(f"/break/{how}", data={"csrf_token": token(browser), "summary": LONG})
    assert response.status_code == 500
    assert "서버에 문제가 생겼습니다" in response.text
    assert LONG.strip() in response.text
    assert "ZeroDivisionError" not in response.text
    assert "SELECT" not in response.text


def test_a_fault_has_a_page_even_when_no_page_can_be_drawn(strict, browser, monkeypatch):
    def broken(*_arguments):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("app.navigation.navigation_for", broken)
    response = browser.get("/break/bug")
    assert response.status_code == 500
    assert "서버에 문제가 생겼습니다" in response.text
    assert "Something broke on our side" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_script_is_answered_with_one_sentence(browser):
    script = {"HX-Request": "true", "X-CSRFToken": token(browser)}
    response = browser.post("/break/rule", headers=script)
    assert response.status_code == 409
    assert "<html" not in response.text
    assert "접수는 17:00에 마감되었습니다." in response.text
    ended = browser.post("/break/rule", headers={"HX-Request": "true"})
    assert ended.status_code == 400
    assert ended.headers["X-Madang-Error"] == "csrf"


def test_a_visitor_who_sends_a_long_text_gets_it_back(client, app):
    """Where a session ended under somebody's hands and scripts are off."""
    response = client.post("/organizations/new", data={"address": LONG})
    assert response.status_code == 401
    assert LONG.strip() in response.text
    short = client.post(
        "/organizations/new",
        data={"address": "짧음"},
        headers={"Referer": "http://localhost/organizations/new?kind=host"},
    )
    assert short.location == "/sign-in?next=%2Forganizations%2Fnew%3Fkind%3Dhost"
    assert client.post("/organizations/new", data={"address": "짧음"}).location == "/sign-in"


def test_nobody_is_signed_in_by_a_session_of_an_earlier_password(browse_as, client):
    user = make_user()
    browser = browse_as(user)
    assert browser.get("/account").status_code == 200
    user.session_epoch += 1
    db.session.commit()
    assert browser.get("/account").status_code == 303
