import pytest
from flask_babel import force_locale

from app.accounts import passwords, rules
from app.accounts.passwords import hash_password, is_outdated, is_password
from tests.factories import PASSWORD, PASSWORD_HASH


@pytest.fixture(autouse=True)
def _english(app):
    with force_locale("en"):
        yield


def test_a_hash_is_argon2id_and_never_twice_the_same():
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other
    assert one.startswith("$argon2id$")
    assert is_password(PASSWORD, one)
    assert not is_password(PASSWORD + "!", one)


def test_hangul_is_the_same_password_composed_and_decomposed():
    assert is_password("\u1112\u1161\u11ab\u1100\u1173\u11af password", hash_password("한글 password"))


def test_nobodys_hash_takes_todays_parameters_and_fits_no_password():
    assert not is_outdated(passwords.NOBODYS_HASH)
    assert not is_password(PASSWORD, None)
    assert not is_password("", "not a hash")


def test_a_hash_of_other_parameters_is_outdated():
    assert is_password(PASSWORD, PASSWORD_HASH)
    assert is_outdated(PASSWORD_HASH)
    assert not is_outdated(hash_password(PASSWORD))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 10 characters; this has 5"),
        ("x" * 201, "at most 200 characters; this has 201"),
        ("aaaaaaaaaaaa", "first that anybody would try"),
        ("QWERTYUIOP", "first that anybody would try"),
        ("Hana@Example.org", "no secret"),
        ("김하나 김하나 김하나", "no secret"),
        ("correct horse battery", None),
        ("네 낱말을 이어 쓴다", None),
    ],
)
def test_what_protects_nothing_is_refused_with_the_reason(app, password, reason):
    said = rules.why_not_password(password, email="hana@example.org", name="김하나 김하나 김하나")
    assert said is None if reason is None else reason in (said or "")
