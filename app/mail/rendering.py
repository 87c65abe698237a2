"""A mail's subject, text and HTML from one template, so that the two bodies never tell different things."""

import re
from html import unescape
from typing import Any

from flask import current_app
from flask_babel import force_locale

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


def render_mail(template: str, *, language: str, **context: Any) -> tuple[str, str, str]:
    """Subject, plain text and HTML of `emails/<template>.html` in `language`. Addresses in it are absolute."""
    with force_locale(language):
        jinja_template = current_app.jinja_env.get_template(f"emails/{template}.html")
        values = {"base_url": current_app.config["BASE_URL"], "language": language, **context}
        module = jinja_template.new_context(values)
        subject = " ".join("".join(jinja_template.blocks["subject"](module)).split())
        body = "".join(jinja_template.blocks["body"](jinja_template.new_context(values)))
        html = jinja_template.render({**values, "subject_line": unescape(subject)})
    return unescape(subject), plain_text(body), html


def plain_text(html: str) -> str:
    """The words of a mail's body, with the addresses of its links spelled out."""
    text = re.sub(r"\s*\n\s*", " ", html)
    for pattern, replacement in _BREAKS:
        text = pattern.sub(replacement, text)
    lines = [line.strip() for line in unescape(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
