import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.redirects import safe_path


@pytest.mark.parametrize("path", ["/", "/sign-in?next=/account", "/challenges/shinhan-fintech-2022", "/account#top"])
def test_our_own_pages_are_safe(app, path):
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "account", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "javascript:alert(1)", "/\n/evil.example", "/account\x00", "/sign-out", "/no/such/page", "/" * 2000, "/[::1", "http:///x",
    ],
)  # fmt: skip
def test_nothing_else_is(app, path):
    assert safe_path(path) is None


@given(st.text(max_size=40))
def test_whatever_is_safe_begins_with_one_slash(app, text):
    path = safe_path("/" + text)
    assert path is None or (path[1:2] not in ("/", "\\") and "\\" not in path)
