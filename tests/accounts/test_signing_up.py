import re

import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.models import AccountToken, User
from app.accounts.services import sign_people_up
from app.core.audit.models import AuditEvent, AuditPersonal
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.accounts.mailbox import link_to, mails_to, run_jobs, templates_to
from tests.factories import NOW, PASSWORD

FORM = {"name": "김하나", "email": "Hana@Example.org", "password": PASSWORD}
ADDRESS = "hana@example.org"


def the_user() -> User | None:
    db.session.rollback()
    return db.session.scalar(sa.select(User).where(User.email == ADDRESS))


def test_sign_up_confirm_and_be_in(client):
    response = client.post("/sign-up", data={**FORM, "next": "/organizations"})
    assert response.location == "/sign-up/sent"
    assert "Hana@Example.org" in client.get("/sign-up/sent").text
    assert the_user().confirmed_at is None
    link = link_to(ADDRESS)
    assert link.endswith("?next=/organizations")
    page = client.get(link)
    assert page.status_code == 200
    assert "김하나" in page.text
    assert 'name="password"' not in page.text  # the browser of the sign-up
    assert the_user().confirmed_at is None  # opening changes nothing: mail scanners do it
    done = client.post(link)
    assert (done.status_code, done.location) == (303, "/organizations")
    assert the_user().confirmed_at == NOW
    assert client.get("/account").status_code == 200
    assert client.post(link).status_code == 410  # usable once


def test_another_browser_is_asked_for_the_password(client, app):
    client.post("/sign-up", data=FORM)
    link, phone = link_to(ADDRESS), app.test_client()
    assert 'name="password"' in phone.get(link).text
    wrong = phone.post(link, data={"password": "some other words"})
    assert wrong.status_code == 422
    assert "가입할 때 정한 비밀번호가 아닙니다." in wrong.text
    assert the_user().confirmed_at is None
    assert phone.post(link, data={"password": PASSWORD}).status_code == 303
    assert the_user().confirmed_at == NOW


def test_nobody_sits_on_a_strangers_address(client, app):
    """A stranger signs up first; whoever reads the mail signs up too and gets in with the own password."""
    app.test_client().post("/sign-up", data={**FORM, "name": "침입자", "password": "the intruder's words"})
    strangers_link = link_to(ADDRESS)
    client.post("/sign-up", data=FORM)
    assert client.get(strangers_link).status_code == 410
    assert client.post(link_to(ADDRESS)).status_code == 303
    assert the_user().name == "김하나"
    assert services.sign_in(ADDRESS, "the intruder's words", now=NOW) is None
    assert services.sign_in(ADDRESS, PASSWORD, now=NOW) is not None


def test_the_stranger_who_signs_up_last_is_not_confirmed_by_the_owner(client, app):
    client.post("/sign-up", data=FORM)
    app.test_client().post("/sign-up", data={**FORM, "password": "the intruder's words"})
    client.post("/sign-up/resend", data={"email": ADDRESS})
    run_jobs(app)
    assert client.post(link_to(ADDRESS), data={"password": PASSWORD}).status_code == 422
    assert the_user().confirmed_at is None


def test_a_known_address_gets_the_same_answer_and_its_owner_a_mail(client, app):
    owner = factories.make_user("김하나", email=ADDRESS, language="en")
    db.session.commit()
    fresh, again = app.test_client(), app.test_client()
    new = fresh.post("/sign-up", data={**FORM, "email": "new@example.org"})
    known = again.post("/sign-up", data={**FORM, "name": "침입자", "password": "the intruder's words"})
    assert (new.status_code, new.location) == (known.status_code, known.location)
    pages = [browser.get("/sign-up/sent").text for browser in (fresh, again)]
    assert pages[0].replace("new@example.org", "Hana@Example.org") == pages[1]
    assert templates_to(ADDRESS) == ["address_known"]
    assert "You have an account already" in mails_to(ADDRESS)[0].subject
    db.session.refresh(owner)
    assert owner.name == "김하나"
    assert services.sign_in(ADDRESS, PASSWORD, now=NOW) is owner


@pytest.mark.parametrize("known", ["nobody", "waiting", "confirmed"])
def test_resending_looks_the_same_whoever_it_is(client, app, known):
    if known != "nobody":
        factories.make_user(email=ADDRESS, confirmed_at=NOW if known == "confirmed" else None)
        db.session.commit()
    response = client.post("/sign-up/resend", data={"email": ADDRESS})
    assert (response.status_code, response.location) == (303, "/sign-up/sent")
    assert mails_to(ADDRESS) == []  # the job alone looks whose address it is
    run_jobs(app)
    assert templates_to(ADDRESS) == (["confirm_email"] if known == "waiting" else [])


def test_resending_ends_the_link_before_and_keeps_the_browser(client, app):
    client.post("/sign-up", data=FORM)
    first = link_to(ADDRESS)
    client.post("/sign-up/resend", data={"email": ADDRESS})
    run_jobs(app)
    second = link_to(ADDRESS)
    assert first != second
    assert client.get(first).status_code == 410
    assert 'name="password"' not in client.get(second).text
    assert client.post(second).status_code == 303


def test_a_link_runs_out_after_three_days(client, clock):
    client.post("/sign-up", data=FORM)
    link = link_to(ADDRESS)
    clock.advance(days=3, seconds=-1)
    assert client.get(link).status_code == 200
    clock.advance(seconds=1)
    gone = client.get(link)
    assert gone.status_code == 410
    assert "더 이상 쓸 수 없는 링크입니다" in gone.text


def test_only_the_hash_of_a_link_is_kept(client):
    client.post("/sign-up", data=FORM)
    token = re.search(r"/confirm-email/([\w-]+)", link_to(ADDRESS)).group(1)
    kept = db.session.scalars(sa.select(AccountToken)).one()
    assert kept.token_sha256 == services.token_sha256(token)
    assert token not in kept.token_sha256


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "이름을 입력해 주십시오."),
        ({"name": "   "}, "이름을 입력해 주십시오."),
        ({"name": "가" * 101}, "100자 이하로 입력해 주십시오. 지금은 101자입니다."),
        ({"email": "hana"}, "이메일 주소를 hana@example.org처럼 입력해 주십시오."),
        ({"email": "a@b.org\r\nBcc: c@d.org"}, "이메일 주소를 hana@example.org처럼 입력해 주십시오."),
        ({"password": "short"}, "10자 이상으로 정해 주십시오. 지금은 5자입니다."),
        ({"password": "hana@example.org"}, "이름이나 이메일 주소는 비밀이 아닙니다."),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(client, change, sentence):
    response = client.post("/sign-up", data={**FORM, **change})
    assert response.status_code == 422
    assert sentence in response.text
    if "name" not in change:
        assert 'value="김하나"' in response.text
    assert the_user() is None


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_link_leads_to_another_site(client, target):
    client.post("/sign-up", data={**FORM, "next": target})
    link = link_to(ADDRESS)
    assert "evil" not in link
    assert client.post(f"{link}?next={target}").location == "/"


def test_the_language_of_the_page_becomes_the_persons(client):
    client.post("/language", data={"language": "en"})
    client.post("/sign-up", data=FORM)
    assert the_user().language == "en"
    assert mails_to(ADDRESS)[0].subject == "Confirm your address"


def test_the_trail_holds_no_personal_data(client):
    client.post("/sign-up", data=FORM)
    client.post(link_to(ADDRESS))
    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.happened_at, AuditEvent.id)).all()
    assert [e.action for e in events] == ["accounts.sign_up", "accounts.confirm_email"]
    assert "hana" not in str([e.details for e in events]).lower()
    personal = db.session.get(AuditPersonal, events[0].id)
    assert personal.content["email"] == ADDRESS


def test_create_user_refuses_an_address_twice(app):
    values = {"name": "김하나", "password": PASSWORD, "language": "ko", "now": NOW}
    services.create_user(email=ADDRESS, **values)
    with pytest.raises(RuleBroken) as refusal:
        services.create_user(email=" HANA@example.org", **values)
    assert refusal.value.field == "email"


def test_a_sign_up_hashes_as_much_for_a_known_address(app, monkeypatch):
    factories.make_user(email=ADDRESS)
    hashed = []
    monkeypatch.setattr(sign_people_up, "hash_password", lambda password: hashed.append(password) or "a hash")
    for email in (ADDRESS, "new@example.org"):
        services.sign_up(email=email, name="김하나", password=PASSWORD, language="ko", now=NOW)
    assert hashed == [PASSWORD, PASSWORD]
