"""An organizer's own text of a mail: Markdown with placeholders, made into a subject, plain text and HTML. No code runs in it.

Values stand in for marks in the finished HTML, escaped, so that no value is ever read as Markdown, as HTML or as a placeholder.
"""

import re
import secrets
from collections.abc import Mapping
from html import escape, unescape

from markupsafe import Markup

from app.mail.kinds import MailKind
from app.web.filters import markdown

PLACEHOLDER = re.compile(r"\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}")
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
SUBJECT_LIMIT, BODY_LIMIT = 200, 10_000
_ANCHOR = re.compile(r"<a [^>]*>.*?</a>", re.DOTALL)
_HREF = re.compile(r'href="([^"]*)"')


def names_in(text: str) -> list[str]:
    """The names that stand in double braces, in their order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def fill_subject(subject: str, values: Mapping[str, str]) -> str:
    """One line with the values in place of their names."""
    filled = PLACEHOLDER.sub(lambda found: values.get(found.group(1), ""), subject)
    return " ".join(filled.split())[:300]


def fill_body(body: str, values: Mapping[str, str], links: frozenset[str]) -> Markup:
    """The body as safe HTML with the values in place of their names; `links` are the names whose values are addresses."""
    marks: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        return marks.setdefault(found.group(1), f"mark{secrets.token_hex(8)}x")

    html = str(markdown(PLACEHOLDER.sub(mark, body)))
    texts = {m: escape(values.get(name, "")).replace("\n", "<br>") for name, m in marks.items()}
    anchors = {
        m: f'<a href="{texts[m]}" rel="noopener nofollow">{texts[m]}</a>' if name in links else texts[m]
        for name, m in marks.items()
    }
    for name, m in marks.items():
        if name in links:  # a paragraph that is nothing but such a link is the mail's button
            html = re.sub(
                rf'<p><a href="{m}"([^>]*)>([^\n]*?)</a></p>', rf'<p><a class="button" href="{m}"\1>\2</a></p>', html
            )
    html = _ANCHOR.sub(lambda found: _replace(found.group(0), texts), html)  # no link stands within a link
    return Markup(_replace(html, anchors))  # noqa: S704 - cleaned Markdown and escaped values


def finished_body(body: str) -> Markup:
    """Markdown that holds no placeholders as safe HTML; a link that stands alone is the mail's button."""
    html = re.sub(
        r'<p><a (href="[^"]*"[^>]*)>([^\n]*?)</a></p>', r'<p><a class="button" \1>\2</a></p>', str(markdown(body))
    )
    return Markup(html)  # noqa: S704 - cleaned Markdown


def _replace(html: str, values: Mapping[str, str]) -> str:
    for m, value in values.items():
        html = html.replace(m, value)
    return html


def targets_of(body: str) -> list[str]:
    """The targets of the body's links, placeholders in them as they were typed."""
    marks: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        m = f"mark{len(marks)}{secrets.token_hex(8)}x"
        marks[m] = found.group(0)
        return m

    html = str(markdown(PLACEHOLDER.sub(mark, body)))
    return [_replace(unescape(target), marks) for target in _HREF.findall(html)]


def links_of(kind: MailKind) -> frozenset[str]:
    return frozenset(p.name for p in kind.placeholders if p.link)


_TO_MARKDOWN = (
    (re.compile(r"\s*\n\s*"), " "),
    (re.compile(r'<a [^>]*?href="([^"]+)"[^>]*>\s*(.*?)\s*</a>', re.DOTALL), r"[\2](\1)"),
    (re.compile(r"\s*<li[^>]*>\s*"), "\n- "),
    (re.compile(r"\s*<dt[^>]*>\s*"), "\n- "),
    (re.compile(r"\s*</dt>\s*<dd[^>]*>\s*"), ": "),
    (re.compile(r"</?(strong|b)>"), "**"),
    (re.compile(r"</?(p|h1|h2|h3|ul|ol|dl|table|div)[^>]*>"), "\n\n"),
    (re.compile(r"<br ?/?>|</tr>"), "  \n"),
    (re.compile(r"<[^>]+>"), ""),
)


def as_markdown(html: str) -> str:
    """The body of a mail as the Markdown that one would write for it."""
    for pattern, replacement in _TO_MARKDOWN:
        html = pattern.sub(replacement, html)
    lines = [
        line.strip() + ("  " if line.endswith("  ") and line.strip() else "") for line in unescape(html).split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def with_placeholders(text: str, values: Mapping[str, str]) -> str:
    """`text` with each of the values replaced by its name in braces, the longest first."""
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        if value:
            text = text.replace(value, "{{ " + name + " }}")
    return text
