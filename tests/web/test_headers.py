"""What every answer carries, and how long browsers may keep it."""

import re
from gzip import decompress
from uuid import uuid4

import pytest
from flask import Flask, g, request

from app.web.requests import init_requests
from app.web.static import version_of
from tests.conftest import FixedClock


def policy(response):
    return dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere", "/static/css/tokens.css"])
def test_every_answer_carries_the_security_headers(client, address):
    response = client.get(address, buffered=True)
    rules = policy(response)
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_only_a_secure_answer_asks_for_secure_ones(client):
    assert "Strict-Transport-Security" not in client.get("/nowhere").headers
    assert "max-age=" in client.get("/nowhere", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_a_view_keeps_the_headers_that_it_set():
    small = Flask(__name__)
    small.extensions["clock"] = FixedClock()
    init_requests(small)
    small.add_url_rule(
        "/framed",
        endpoint="framed",
        view_func=lambda: ("", 200, {"X-Frame-Options": "SAMEORIGIN", "Cache-Control": "private, max-age=60"}),
    )
    response = small.test_client().get("/framed")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Cache-Control"] == "private, max-age=60"


def test_a_page_is_kept_by_nobody_but_the_persons_own_browser_and_an_error_by_nobody(client):
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert client.get("/sign-in").headers["Cache-Control"] == "private, no-cache"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client):
    cookie = client.post("/language", data={"language": "en"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_name_static_files_by_version_and_browsers_keep_those_for_a_year(client):
    page = client.get("/nowhere").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 9
    assert all(re.search(r"\?v=[0-9a-f]{12}$", address) for address in addresses)
    for address in addresses:
        response = client.get(address, buffered=True)
        assert response.status_code == 200, address
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("version", ["", "?v=000000000000", "?v="])
def test_a_static_file_without_its_present_version_is_asked_for_again(client, version):
    assert client.get(f"/static/css/tokens.css{version}", buffered=True).headers["Cache-Control"] == "no-cache"


def test_the_version_follows_the_content(tmp_path):
    file = tmp_path / "a.css"
    file.write_text("a")
    first = version_of(tmp_path, "a.css")
    file.write_text("b, longer")
    assert version_of(tmp_path, "a.css") != first
    assert version_of(tmp_path, "b.css") is None


@pytest.mark.parametrize(
    "address", ["/static/../config.py", "/static/%2e%2e/config.py", "/static/css/..%2f..%2f..%2fconfig.py?v=1"]
)
def test_static_files_end_at_their_folder(client, address):
    assert client.get(address, buffered=True).status_code == 404


def test_nothing_of_ours_needs_inline_scripts_or_styles(client, app):
    folder = app.root_path + "/templates"
    found = []
    for name in app.jinja_env.list_templates(extensions=["html"]):
        if name.startswith(("emails/", "pdf/", "awards/pdf", "certificates/")):
            continue
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        if re.search(
            r"<\w[^>{]*\sstyle=\"|<style|<\w[^>{]*\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*ld\+json)|href=\"javascript:|hx-on",
            source,
        ):
            found.append(name)
    assert found == [], folder


def test_styles_and_scripts_travel_packed_and_pages_do_not(client):
    plain = client.get("/static/css/tokens.css", buffered=True)
    packed = client.get("/static/css/tokens.css", headers={"Accept-Encoding": "gzip"})
    assert decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    again = client.get(
        "/static/css/tokens.css", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    )
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/sign-in", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize("address", ["/challenges/%00", "/challenges/a%00b", "/v/%00"])
def test_an_address_with_the_character_nought_leads_nowhere(client, address):
    """PostgreSQL refuses it, which would be a fault of ours."""
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("way", ["form", "query"])
def test_what_is_typed_loses_the_character_nought(app, way):
    """In whatever way it comes, and each value of a name that comes twice."""
    given = {"data" if way == "form" else "query_string": {"reason": ["a\x00b", "\x00"]}}
    with app.test_request_context("/", method="POST", **given):
        assert (request.form if way == "form" else request.args).getlist("reason") == ["ab", ""]


def test_a_form_that_is_sent_with_the_character_nought_is_taken(client):
    data = {"name": "김\x00하나", "email": "hana@example.org", "password": "correct horse battery"}
    assert client.post("/sign-up", data=data).status_code == 303


def test_a_form_has_arrived_when_its_body_has(app, clock, monkeypatch):
    """A head sent before a close brings in nothing that is written after it."""
    seen = []

    class Slow:
        def __init__(self) -> None:
            self.left = b"email=a@example.org&password=x"

        def read(self, size=-1):
            clock.advance(minutes=1)  # the sender takes their time
            given, self.left = self.left, b""
            return given

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", lambda: (seen.append(g.arrived_at), "")[1])
    begun = clock()
    environ = {"wsgi.input": Slow(), "CONTENT_LENGTH": "30", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    app.test_client().post("/sign-in", environ_overrides=environ)
    assert seen
    assert (seen[0] - begun).total_seconds() >= 60


def test_only_pieces_of_files_come_without_a_limit(client):
    """What is read as a form is not: it would fill the disk or the memory of the house."""
    address = f"/applications/{uuid4()}/uploads/{uuid4()}"
    large = {"CONTENT_LENGTH": str(10**12)}
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        with client.application.test_request_context(
            address, method="PATCH", content_type=kind, environ_overrides=large
        ):
            client.application.preprocess_request()
            assert request.max_content_length < 10**9
    chunked = {"headers": {"Transfer-Encoding": "chunked"}, "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", data=b"email=x", **chunked).status_code == 411
