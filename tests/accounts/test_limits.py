"""Tries are counted by account and by address, for both processes together, and a person is told when to try again."""

import re

import pytest
from limits.storage import storage_from_string
from limits.strategies import STRATEGIES

from app.accounts.services import sign_people_in
from app.core.database import db
from app.web import limits
from app.web.limits import FileStorage, limiter
from tests import factories
from tests.accounts.mailbox import mails_to
from tests.factories import PASSWORD

ADDRESS = "hana@example.org"


class Time:
    def __init__(self) -> None:
        self.now = 1_663_650_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def stopped(monkeypatch) -> Time:
    time = Time()
    monkeypatch.setattr(limits, "time", time)
    monkeypatch.setattr("limits.strategies.time", time)
    return time


@pytest.fixture
def limited(tmp_path, monkeypatch, stopped) -> FileStorage:
    storage = storage_from_string(f"shared-file://{tmp_path / 'limits.db'}")
    before = dict(vars(limiter))
    limiter.enabled = True
    limiter._storage, limiter._limiter = storage, STRATEGIES["fixed-window"](storage)
    yield storage
    vars(limiter).clear()
    vars(limiter).update(before)


def sign_in(browser, password, email=ADDRESS, address="192.0.2.1"):
    data = {"email": email, "password": password}
    return browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address})


def test_an_account_is_tried_ten_times_from_wherever(client, limited, stopped):
    factories.make_user(email=ADDRESS)
    db.session.commit()
    for number in range(10):
        assert sign_in(client, "wrong words here", address=f"192.0.2.{number}").status_code == 422
    refused = sign_in(client, PASSWORD, email=" HANA@example.org", address="192.0.2.200")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert "시도 횟수가 너무 많습니다. 15분 뒤(14:27:00)에 다시 시도할 수 있습니다." in refused.text
    assert sign_in(client, PASSWORD, email="hana@ｅxample.org", address="192.0.2.201").status_code == 429
    assert "HANA@example.org" in refused.text  # nothing typed is lost
    assert sign_in(client, "wrong words here", email="duri@example.org").status_code == 422
    stopped.now += 901
    assert sign_in(client, PASSWORD).status_code == 303


def test_a_right_password_begins_the_count_anew(client, app, limited):
    factories.make_user(email=ADDRESS)
    db.session.commit()
    for _ in range(2):
        browser = app.test_client()
        for _ in range(9):
            sign_in(browser, "wrong words here")
        assert sign_in(browser, PASSWORD).status_code == 303


def test_an_address_tries_a_hundred_accounts(client, limited, monkeypatch):
    monkeypatch.setattr(sign_people_in, "is_password", lambda *_: False)
    for number in range(100):
        assert sign_in(client, "wrong words here", email=f"person{number}@example.org").status_code == 422
    assert sign_in(client, "wrong words here", email="one-more@example.org").status_code == 429
    assert sign_in(client, "wrong words here", email="one-more@example.org", address="192.0.2.2").status_code == 422


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("path", ["/forgot-password", "/sign-up/resend"])
def test_five_mails_an_hour_whether_the_address_exists_or_not(client, limited, stopped, known, path):
    if known:
        factories.make_user(email=ADDRESS)
        db.session.commit()
    for _ in range(5):
        assert client.post(path, data={"email": ADDRESS}).status_code == 303
    refused = client.post(path, data={"email": ADDRESS})
    assert refused.status_code == 429
    assert "1시간 0분 뒤(15:12:00)" in refused.text
    stopped.now += 3601
    assert client.post(path, data={"email": ADDRESS}).status_code == 303


def test_sign_ups_are_counted_with_the_mails(client, limited):
    for _ in range(6):
        response = client.post("/sign-up", data={"name": "김하나", "email": ADDRESS, "password": PASSWORD})
    assert response.status_code == 429
    assert len(mails_to(ADDRESS)) == 5


def test_the_present_password_is_not_tried_without_end(browse_as, limited):
    browser = browse_as(factories.make_user())
    for _ in range(10):
        browser.post("/account/password", data={"current": "wrong words", "password": "another horse battery"})
    page = browser.post("/account/password", data={"current": PASSWORD, "password": "another horse battery"})
    assert page.status_code == 429
    assert re.search("15분 뒤", page.text)


def test_two_processes_count_in_one_file(tmp_path, stopped):
    one, other = (FileStorage(f"shared-file://{tmp_path / 'limits.db'}") for _ in range(2))
    assert [one.incr("k", 60), other.incr("k", 60), one.incr("k", 60, 2)] == [1, 2, 4]
    assert (one.get("k"), other.get("k"), one.get("other")) == (4, 4, 0)
    assert other.get_expiry("k") == stopped.now + 60
    stopped.now += 30
    assert other.incr("k", 60) == 5
    assert one.get_expiry("k") == stopped.now + 30  # the first try decides when the window ends
    stopped.now += 31
    assert (one.get("k"), one.incr("k", 60)) == (0, 1)
    other.clear("k")
    assert one.get("k") == 0
    assert one.check()
    one.incr("k", 60)
    assert other.reset() == 1


def test_what_has_run_out_is_swept_away(tmp_path, stopped):
    storage = FileStorage(f"shared-file://{tmp_path / 'limits.db'}")
    storage.incr("old", 60)
    stopped.now += FileStorage.SWEEP_EVERY + 1
    storage.incr("new", 60)
    assert storage.reset() == 1


def test_the_file_holds_no_address(tmp_path, client, limited):
    sign_in(client, "wrong words here")
    assert b"hana" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_store_that_is_away_locks_nobody_out(client, limited, tmp_path):
    factories.make_user(email=ADDRESS)
    db.session.commit()
    limited.path = tmp_path / "no such folder" / "limits.db"
    assert sign_in(client, "wrong words here").status_code == 422
    assert sign_in(client, PASSWORD).status_code == 303
