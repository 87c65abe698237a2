import io

import pytest
from werkzeug.exceptions import NotFound

from app.web.files import attachment_headers, send_stored, storage


def test_a_stored_file_goes_out_as_a_sandboxed_attachment(app):
    stored = storage().save(io.BytesIO(b"<script>alert(1)</script>"), max_bytes=100)
    with app.test_request_context():
        response = send_stored(stored.sha256, "../제안서.pdf", "application/pdf", size=stored.size)
    assert b"".join(response.response) == b"<script>alert(1)</script>"
    headers = response.headers
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''%EC%A0%9C%EC%95%88%EC%84%9C.pdf"
    )
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == "25"


def test_a_name_cannot_write_headers_of_its_own():
    value = attachment_headers('a"\r\nSet-Cookie: x=1;.pdf')["Content-Disposition"]
    assert "\r" not in value
    assert value.startswith('attachment; filename="aSet-Cookie x=1;.pdf"')


def test_a_file_that_storage_has_not_is_not_found(app):
    with app.test_request_context(), pytest.raises(NotFound):
        send_stored("0" * 64, "a.pdf", "application/pdf")
