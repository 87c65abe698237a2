import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.models import MembershipRole, User
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.jobs.models import Job
from tests import factories
from tests.accounts.mailbox import link_to, mails_to, run_jobs, templates_to
from tests.factories import NOW, PASSWORD

ADDRESS, NEW = "hana@example.org", "another horse battery"


@pytest.fixture
def hana(app) -> User:
    user = factories.make_user("김하나", email=ADDRESS)
    db.session.commit()
    return user


def signed_in_as(password: str, email: str = ADDRESS) -> bool:
    db.session.rollback()
    return services.sign_in(email, password, now=NOW) is not None


def ask_reset(client, app, email=ADDRESS) -> str:
    assert client.post("/forgot-password", data={"email": email}).location == "/forgot-password/sent"
    run_jobs(app)
    return link_to(email)


def test_a_forgotten_password_is_set_anew_once(client, app, browse_as, hana):
    elsewhere = browse_as(hana)
    assert elsewhere.get("/account").status_code == 200
    link = ask_reset(client, app)
    assert ADDRESS in client.get(link).text
    assert signed_in_as(PASSWORD)  # opening changes nothing
    done = client.post(link, data={"password": NEW})
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert "새 비밀번호로 로그인해 주십시오." in client.get("/sign-in").text
    assert client.post(link, data={"password": "yet another horse"}).status_code == 410
    assert signed_in_as(NEW)
    assert not signed_in_as(PASSWORD)
    assert elsewhere.get("/account").status_code == 303
    assert templates_to(ADDRESS) == ["reset_password", "password_changed"]


def test_a_reset_link_lasts_an_hour(client, app, clock, hana):
    link = ask_reset(client, app)
    clock.advance(minutes=60, seconds=-1)
    assert client.get(link).status_code == 200
    clock.advance(seconds=1)
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": NEW}).status_code == 410
    assert signed_in_as(PASSWORD)


def test_a_newer_reset_link_ends_the_older(client, app, hana):
    first = ask_reset(client, app)
    second = ask_reset(client, app)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_weak_new_password_keeps_the_link(client, app, hana):
    link = ask_reset(client, app)
    assert "10자 이상으로 정해 주십시오. 지금은 5자입니다." in client.post(link, data={"password": "short"}).text
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_asking_looks_the_same_for_nobody_and_leaves_no_address_behind(client, app, hana):
    known = client.post("/forgot-password", data={"email": ADDRESS})
    known_page = client.get("/forgot-password/sent").text
    unknown = client.post("/forgot-password", data={"email": "nobody@example.org"})
    unknown_page = client.get("/forgot-password/sent").text
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known_page.replace(ADDRESS, "nobody@example.org") == unknown_page
    run_jobs(app)
    assert mails_to("nobody@example.org") == []
    payloads = db.session.scalars(sa.select(Job.payload).where(Job.kind == "accounts.mail_password_reset")).all()
    assert payloads == [{}, {}]


def test_asking_takes_the_same_statements_for_nobody(client, hana, statements):
    counts = []
    for email in (ADDRESS, "nobody@example.org"):
        db.session.rollback()
        statements.statements.clear()
        client.post("/forgot-password", data={"email": email})
        counts.append(list(statements.statements))
    assert counts[0] == counts[1]


def test_a_reset_proves_the_address_too(client, app):
    factories.make_user(email=ADDRESS, confirmed_at=None)
    db.session.commit()
    client.post(ask_reset(client, app), data={"password": NEW})
    assert signed_in_as(NEW)


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "a" * 500, "%00", "가"])
def test_made_up_links_lead_nowhere(client, token):
    for path in ("reset-password", "confirm-email", "change-email", "invitations"):
        assert client.get(f"/{path}/{token}").status_code in (404, 410)
        assert client.post(f"/{path}/{token}").status_code in (404, 405, 410)


def test_a_link_serves_only_its_purpose(client, app, hana):
    token = ask_reset(client, app).rsplit("/", 1)[1]
    assert client.get(f"/confirm-email/{token}").status_code == 410
    assert client.get(f"/change-email/{token}").status_code == 410


def test_changing_the_password_ends_the_other_sessions(browse_as, hana):
    here, elsewhere = browse_as(hana), browse_as(hana)
    done = here.post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert (done.status_code, done.location) == (303, "/account")
    assert "다른 모든 곳에서는 로그아웃되었습니다." in here.get("/account").text
    assert elsewhere.get("/account").status_code == 303
    assert signed_in_as(NEW)
    assert templates_to(ADDRESS) == ["password_changed"]


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong words here", NEW, "현재 비밀번호가 아닙니다."),
        (PASSWORD, "short", "10자 이상으로 정해 주십시오. 지금은 5자입니다."),
        (PASSWORD, PASSWORD, "지금 쓰는 비밀번호와 같습니다."),
        ("", NEW, "현재 비밀번호를 입력해 주십시오."),
    ],
)
def test_a_password_is_not_changed_without_the_present_one(browse_as, hana, current, new, sentence):
    browser = browse_as(hana)
    page = browser.post("/account/password", data={"current": current, "password": new})
    assert page.status_code == 422
    assert sentence in page.text
    assert NEW not in page.text
    assert signed_in_as(PASSWORD)
    assert mails_to(ADDRESS) == []


def test_an_address_changes_when_the_new_one_answers_and_the_old_is_told(browse_as, client, hana):
    browser = browse_as(hana)
    browser.post("/account/email", data={"email": "New@example.org", "current": PASSWORD})
    assert templates_to(ADDRESS) == ["email_change_asked"]
    assert templates_to("new@example.org") == ["confirm_new_email"]
    link = link_to("new@example.org")
    assert "new@example.org" in client.get(link).text
    assert signed_in_as(PASSWORD)
    assert client.post(link).status_code == 303  # from whichever browser
    assert client.post(link).status_code == 410
    assert not signed_in_as(PASSWORD)
    assert signed_in_as(PASSWORD, "new@example.org")
    assert templates_to(ADDRESS) == ["email_change_asked", "email_changed"]
    assert "new@example.org" in mails_to(ADDRESS)[-1].text


def test_a_taken_address_looks_the_same_and_its_owner_is_told(browse_as, hana):
    factories.make_user("이두리", email="duri@example.org")
    browser = browse_as(hana)
    free = browser.post("/account/email", data={"email": "new@example.org", "current": PASSWORD})
    free_page = browser.get("/account").text
    taken = browser.post("/account/email", data={"email": "duri@example.org", "current": PASSWORD})
    taken_page = browser.get("/account").text
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert free_page.replace("new@example.org", "duri@example.org") == taken_page
    assert templates_to("duri@example.org") == ["address_wanted"]


def test_an_address_taken_in_the_meantime_is_refused(browse_as, hana):
    browser = browse_as(hana)
    browser.post("/account/email", data={"email": "new@example.org", "current": PASSWORD})
    link = link_to("new@example.org")
    db.session.rollback()
    factories.make_user("이두리", email="new@example.org")
    db.session.commit()
    page = browser.post(link)
    assert page.status_code == 422
    assert "그사이 다른 계정에서" in page.text


def test_a_new_password_ends_the_links_that_a_thief_asked_for(browse_as, client, app, hana):
    browse_as(hana).post("/account/email", data={"email": "thief@example.org", "current": PASSWORD})
    thiefs = link_to("thief@example.org")
    client.post(ask_reset(client, app), data={"password": NEW})
    assert client.get(thiefs).status_code == 410


def test_a_changed_address_ends_the_links_mailed_to_the_old_one(browse_as, client, app, hana):
    reset = ask_reset(client, app)
    browse_as(hana).post("/account/email", data={"email": "new@example.org", "current": PASSWORD})
    client.post(link_to("new@example.org"))
    assert client.get(reset).status_code == 410


def test_the_account_page_shows_name_address_language_and_roles(browse_as, statements):
    startup, host = factories.make_organization(), factories.make_host()
    user = factories.make_user("김하나", email=ADDRESS, member_of=startup)
    services.add_member(host, user, role=MembershipRole.MEMBER, actor=None, now=NOW)
    browser = browse_as(user)
    page = browser.get("/account").text
    for text in (
        "김하나",
        ADDRESS,
        startup.name.ko,
        "서울핀테크랩",
        "관리자",
        "구성원",
        "창업기업",
        "운영기관",
        "English",
    ):
        assert text in page
    db.session.rollback()
    db.session.expunge_all()
    statements.statements.clear()
    browser.get("/account")
    assert len(statements) == 3  # the person, the memberships, whether the person judges


def test_a_name_is_changed_and_kept_in_the_personal_part(browse_as, hana):
    browser = browse_as(hana)
    assert browser.post("/account/name", data={"name": " 김두나 "}).status_code == 303
    db.session.rollback()
    db.session.refresh(hana)
    assert hana.name == "김두나"
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "accounts.change_name")).one()
    assert event.details == {}
    page = browser.post("/account/name", data={"name": "나" * 101})
    assert page.status_code == 422
    assert "100자 이하로 입력해 주십시오. 지금은 101자입니다." in page.text
    assert "나" * 101 in page.text
