"""A mail's subject, text and HTML from one template, so that the two bodies never tell different things."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup

from app.mail.kinds import Context, MailKind, kind_of
from app.mail.queries import get_wording
from app.mail.wording import as_markdown, fill_body, fill_subject, links_of, with_placeholders

# What a block-level element becomes in plain text.
_BREAKS = (
    (re.compile(r"<a [^>]*href=\"([^\"]+)\"[^>]*>(.*?)</a>", re.DOTALL), r"\2: \1"),
    (re.compile(r"<li[^>]*>"), "\n- "),
    (re.compile(r"<dt[^>]*>"), "\n"),
    (re.compile(r"</dt>\s*<dd[^>]*>"), ": "),
    (re.compile(r"</(p|h1|h2|ul|ol|dl|table|div)>"), "\n\n"),
    (re.compile(r"<br ?/?>|</tr>"), "\n"),
    (re.compile(r"</t[hd]>\s*<t[hd][^>]*>"), ": "),
    (re.compile(r"<[^>]+>"), ""),
)


# The secret at the end of a link, as secrets.token_urlsafe(32) makes it. Elsewhere only its hash is kept, so that a copy of the
# database opens nobody's account; once a mail is out, it keeps no secret either.
LINK_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def without_secrets(text: str) -> str:
    return LINK_TOKEN.sub("…", text)


def render_mail(
    template: str, *, language: str, challenge_id: UUID | None = None, **context: Any
) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a mail in `language`: in the challenge's own words where it has any for this kind, else
    of `emails/<template>.html`. Addresses in it are absolute.
    """
    kind = kind_of(template)
    wording = get_wording(challenge_id, template, language) if challenge_id and kind else None
    if kind is not None and wording is not None and kind.wordable(context):
        return render_wording(kind, wording.subject, wording.body, language=language, context=context)
    return render_template_mail(template, language=language, **context)


def render_template_mail(template: str, *, language: str, **context: Any) -> tuple[str, str, str]:
    """The mail as `emails/<template>.html` words it."""
    with force_locale(language):
        jinja_template = current_app.jinja_env.get_template(f"emails/{template}.html")
        values = {"base_url": current_app.config["BASE_URL"], "language": language, **context}
        module = jinja_template.new_context(values)
        subject = " ".join("".join(jinja_template.blocks["subject"](module)).split())
        body = "".join(jinja_template.blocks["body"](jinja_template.new_context(values)))
        html = jinja_template.render({**values, "subject_line": unescape(subject)})
    return unescape(subject), plain_text(body), html


def render_wording(kind: MailKind, subject: str, body: str, *, language: str, context: Context) -> tuple[str, str, str]:
    """The mail as an organizer words it; what is not a placeholder of the kind says nothing."""
    with force_locale(language):
        values = kind.values({"base_url": current_app.config["BASE_URL"], **context})
        return render_words(fill_subject(subject, values), fill_body(body, values, links_of(kind)), language=language)


def render_words(subject: str, body: Markup, *, language: str) -> tuple[str, str, str]:
    """A mail of finished words: a subject, and a body of safe HTML."""
    return render_template_mail("mail/worded", language=language, words_subject=subject, words_body=body)


def default_wording(kind: MailKind, language: str) -> tuple[str, str]:
    """The subject and the body that `emails/<template>.html` has, as an organizer would write them: Markdown with placeholders."""
    example = kind.example()
    with force_locale(language):
        values = kind.values({"base_url": current_app.config["BASE_URL"], **example})
        subject, _text, html = render_template_mail(kind.template, language=language, **example)
        return with_placeholders(subject, values), with_placeholders(as_markdown(body_of(html)), values)


def body_of(html: str) -> str:
    """The part of a mail's HTML between its head and its foot."""
    return html.partition('<p class="brand">')[2].partition("</p>")[2].rpartition('<p class="foot">')[0]


def plain_text(html: str) -> str:
    """The words of a mail's body, with the addresses of its links spelled out."""
    text = re.sub(r"\s*\n\s*", " ", html)
    for pattern, replacement in _BREAKS:
        text = pattern.sub(replacement, text)
    lines = [line.strip() for line in unescape(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
