import pytest
import sqlalchemy as sa

from app.accounts import passwords, services
from app.accounts.models import User
from app.accounts.services import sign_people_in
from app.core.database import db
from tests import factories
from tests.factories import NOW, PASSWORD

ADDRESS = "hana@example.org"


@pytest.fixture
def hana(app) -> User:
    user = factories.make_user("김하나", email=ADDRESS)
    db.session.commit()
    return user


def sign_in(browser, password=PASSWORD, email=ADDRESS, **more):
    return browser.post("/sign-in", data={"email": email, "password": password, **more})


def test_in_and_out(client, hana):
    response = sign_in(client, email=" HANA@example.org ")
    assert (response.status_code, response.location) == (303, "/")
    assert "김하나" in client.get("/account").text
    assert client.get("/sign-in").status_code == 303
    out = client.post("/sign-out")
    assert (out.status_code, out.location) == (303, "/")
    assert client.get("/account").location == "/sign-in?next=%2Faccount"
    assert client.get("/sign-out").status_code == 405


def test_all_refusals_are_one(client, hana):
    """A wrong password, an unknown address and an unconfirmed one: nothing tells which addresses exist."""
    factories.make_user("이두리", email="duri@example.org", confirmed_at=None)
    db.session.commit()
    pages = []
    for email, password in (
        (ADDRESS, "wrong words here"),
        ("nobody@example.org", PASSWORD),
        ("duri@example.org", PASSWORD),
    ):
        response = sign_in(client, password=password, email=email)
        assert response.status_code == 422
        assert "이메일 주소나 비밀번호가 맞지 않거나, 아직 확인하지 않은 주소입니다." in response.text
        assert password not in response.text
        pages.append(response.text.replace(email, "E"))
    assert len(set(pages)) == 1


def test_an_unknown_address_costs_as_much_hashing(app, hana, monkeypatch):
    hashed = []
    monkeypatch.setattr(sign_people_in, "is_password", lambda p, h: hashed.append(h) or passwords.is_password(p, h))
    assert services.sign_in("nobody@example.org", PASSWORD, now=NOW) is None
    assert services.sign_in("no address", PASSWORD, now=NOW) is None
    assert services.sign_in(ADDRESS, "wrong words here", now=NOW) is None
    assert hashed == [None, None, hana.password_hash]


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/organizations?x=1", "/organizations?x=1"),
        ("//evil.example/account", "/"),
        ("https://evil.example/account", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("account", "/"),
        ("/no/such/page", "/"),
        ("/sign-out", "/"),  # takes no GET
        ("/account" + "x" * 2000, "/"),
    ],
)
def test_next_leads_only_to_pages_of_ours(client, hana, target, leads):
    assert sign_in(client, next=target).location == leads


def test_the_way_back_survives_a_wrong_password(client, hana):
    page = sign_in(client, password="wrong words here", next="/organizations")
    assert 'value="/organizations"' in page.text
    assert "/sign-up?next=/organizations" in page.text


def test_a_session_planted_before_is_not_carried_over(client, hana):
    with client.session_transaction() as session:
        session["browser"], session["planted"] = "known to somebody else", "x"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert "browser" not in session
        assert session["_user_id"] == hana.get_id()


def test_an_old_hash_is_renewed(client, hana):
    sign_in(client)
    db.session.rollback()
    user = db.session.scalars(sa.select(User).where(User.email == ADDRESS)).one()
    assert user.password_hash != factories.PASSWORD_HASH
    assert not passwords.is_outdated(user.password_hash)
    assert passwords.is_password(PASSWORD, user.password_hash)


@pytest.mark.parametrize(
    "forged", ["", "x", "x:1", "00000000-0000-0000-0000-000000000000:1", "{id}:2", "{id}", "{id}:01"]
)
def test_a_session_of_another_epoch_or_of_nonsense_is_none(client, hana, forged):
    with client.session_transaction() as session:
        session["_user_id"] = forged.format(id=hana.id)
    assert client.get("/account").status_code == 303


def test_csrf_is_asked_for(app, client, hana, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert sign_in(client).status_code == 400
    assert client.post("/sign-out").status_code == 400


def test_the_language_is_remembered_with_the_visitor_then_with_the_person(client, hana):
    assert 'lang="ko"' in client.get("/sign-in", headers={"Accept-Language": "ko"}).text
    response = client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "ko"}).text
    sign_in(client)
    assert '<html lang="ko"' in client.get("/account").text  # the person's own choice
    client.post("/language", data={"language": "en"})
    assert '<html lang="en"' in client.get("/account").text
    client.post("/sign-out")
    assert '<html lang="en"' in client.get("/sign-in").text
    sign_in(client)
    assert '<html lang="en"' in client.get("/account").text


@pytest.mark.parametrize("language", ["", "de", "ko; DROP", "x" * 5000])
def test_other_languages_change_nothing(client, hana, language):
    sign_in(client)
    response = client.post("/language", data={"language": language, "next": "//evil.example"})
    assert (response.status_code, response.location) == (303, "/")
    assert '<html lang="ko"' in client.get("/account").text


def test_empty_fields_are_named(client):
    page = client.post("/sign-in", data={})
    assert page.status_code == 422
    assert "이메일 주소를 입력해 주십시오." in page.text
    assert "비밀번호를 입력해 주십시오." in page.text


def test_people_of_the_samples_are_let_in_only_in_development(app, client, browse_as, monkeypatch):
    """Their password is printed at every start; a folder that was tried out on one's own machine may be served to others later."""
    sample = factories.make_user("한서윤", email="sample@example.org", is_demo=True)
    db.session.commit()
    inside = browse_as(sample)
    assert inside.get("/account").status_code == 200
    monkeypatch.setitem(app.config, "DEVELOPMENT", False)
    refused = sign_in(client, email="sample@example.org")
    assert refused.status_code == 422
    assert "이메일 주소나 비밀번호가 맞지 않거나" in refused.text
    assert inside.get("/account").status_code == 303
    monkeypatch.setitem(app.config, "DEVELOPMENT", True)
    assert sign_in(client, email="sample@example.org").status_code == 303
