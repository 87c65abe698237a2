import re

import pytest

from app.accounts.models import MembershipRole
from app.mail.rendering import plain_text, render_mail
from tests import factories
from tests.factories import NOW


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        ("<p>One\n   line</p>", "One line\n"),
        ("<p>5 &lt; 6 &amp; 7</p>", "5 < 6 & 7\n"),
        (
            '<p><a class="button" href="https://example.org/a?b=1&amp;c=2">Go</a></p>',
            "Go: https://example.org/a?b=1&c=2\n",
        ),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
        ("<dl><dt>When</dt> <dd>Now</dd><dt>Where</dt><dd>Here</dd></dl>", "When: Now\nWhere: Here\n"),
        ("<table><tr><th>A</th><td>1</td></tr><tr><th>B</th><td>2</td></tr></table>", "A: 1\nB: 2\n"),
        ("a<br>b<br/>c", "a\nb\nc\n"),
        ("<p></p><p></p><p></p><p>x</p>", "x\n"),
    ],
)
def test_plain_text_says_what_the_html_says(html, text):
    assert plain_text(html) == text


def accounts_context() -> dict:
    return {
        "name": "김하나", "token": "t0ken", "next_path": "/organizations?a=1&b=2", "ends_at": NOW, "at": NOW,
        "new_email": "new@example.org", "actor_name": "이두리", "member_name": "박새롬", "role": MembershipRole.ADMIN.value,
        "organization": factories.make_organization(),
    }  # fmt: skip


TEMPLATES = (
    "address_known", "address_wanted", "confirm_email", "confirm_new_email", "email_change_asked", "email_changed", "invitation",
    "invitation_accepted", "member_removed", "password_changed", "reset_password", "role_changed",
)  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_of_accounts_is_whole_in_both_languages(app, template):
    for language in ("ko", "en"):
        subject, text, html = render_mail(f"accounts/{template}", language=language, **accounts_context())
        assert subject
        assert "\n" not in subject
        assert bool(re.search("[가-힣]", subject)) == (language == "ko") or "(" in subject
        assert f'<html lang="{language}">' in html
        assert "{" not in text
        assert "%(" not in text
        assert "None" not in text
        for link in re.findall(r'href="([^"]+)"', html):
            assert link.startswith("http://127.0.0.1:8000/")
            assert link.replace("&amp;", "&") in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_links_of_mails_lead_to_pages(app, template):
    _subject, text, _html = render_mail(f"accounts/{template}", language="ko", **accounts_context())
    for path in re.findall(r"http://127\.0\.0\.1:8000(/[^\s?]*)", text):
        app.url_map.bind("").match(path)


def test_names_cannot_break_a_mail(app):
    name = '<b>A & B</b>\r\nBcc: x@example.org "'
    organization = factories.make_organization()
    subject, text, html = render_mail(
        "accounts/invitation_accepted", language="en", name="x", member_name=name, organization=organization
    )
    assert "\n" not in subject
    assert "<b>A & B</b>" in subject
    assert "<b>A &" not in html
    assert "<b>A & B</b>" in text
