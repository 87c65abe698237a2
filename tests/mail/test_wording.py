"""An organizer's own words for mails: what is taken, what is refused, and that no value is ever read as anything but text."""

import re
from datetime import datetime, timedelta
from types import FunctionType, SimpleNamespace
from uuid import UUID

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.bilingual import Bilingual
from app.mail.kinds import all_kinds, kind_of
from app.mail.rendering import body_of, default_wording, plain_text, render_template_mail, render_wording
from app.mail.rules import wording_faults
from app.mail.wording import as_markdown, fill_body, fill_subject, names_in

KINDS = {kind.template: kind for kind in all_kinds()}
EACH = pytest.mark.parametrize("template", sorted(KINDS))
LANGUAGE = pytest.mark.parametrize("language", ["ko", "en"])


def words(text: str) -> list[str]:
    return re.sub(r"\*\*|[-:\\]", " ", text).split()


@EACH
@LANGUAGE
def test_the_usual_text_with_placeholders_says_the_same_as_the_template(app, template, language):
    """What an organizer begins from is what would have been sent, word for word, and it is a text that is taken."""
    kind = KINDS[template]
    subject, body = default_wording(kind, language)
    with force_locale(language):
        assert wording_faults(kind, subject, body) == []
    usual = render_template_mail(template, language=language, **kind.example())
    worded = render_wording(kind, subject, body, language=language, context=kind.example())
    assert worded[0] == usual[0]
    assert words(worded[1]) == words(usual[1])


@EACH
def test_every_kind_says_what_it_is_and_what_each_placeholder_means(app, template):
    kind = KINDS[template]
    names = [p.name for p in kind.placeholders]
    assert len(names) == len(set(names))
    for language in ("ko", "en"):
        with force_locale(language):
            told = [kind.label(), kind.occasion(), *(p.meaning() for p in kind.placeholders)]
            assert all(told)
            assert any(re.search("[가-힣]", text) for text in told) == (language == "ko")
    values = {k: v for k, v in kind.values({"base_url": "http://x", **kind.example()}).items() if v}
    assert len(set(values.values())) == len(values), "the example's values have to differ"


ELIGIBLE = "applications/eligible"


@pytest.mark.parametrize(
    ("template", "subject", "body", "field", "said"),
    [
        (ELIGIBLE, "", "text", "subject", "Write the subject."),
        (ELIGIBLE, "s", " \n ", "body", "Write the text"),
        (ELIGIBLE, "a\nb", "text", "subject", "one line"),
        (ELIGIBLE, "s" * 201, "text", "subject", "At most 200 characters; this has 201"),
        (ELIGIBLE, "s", "x" * 10_001, "body", "this has 10,001"),
        (ELIGIBLE, "s", "Dear {{ nmae }}", "body", "no placeholder {{ nmae }}"),
        (ELIGIBLE, "{{ reason }}", "text", "subject", "no placeholder {{ reason }}"),
        (ELIGIBLE, "s", "{{ name.__class__ }}", "body", "no placeholder {{ name.__class__ }}"),
        (ELIGIBLE, "s", "{{ 7*7 }}", "body", "no placeholder {{ 7*7 }}"),
        (ELIGIBLE, "s", "{{ name }", "body", "Braces stand in pairs"),
        (ELIGIBLE, "s", "{% if x %}", "body", "Braces stand in pairs"),
        (ELIGIBLE, "s", "{{ na\nme }}", "body", "Braces stand in pairs"),
        (ELIGIBLE, "s", "[x]({{name}})", "body", "where a link leads"),
        (ELIGIBLE, "s", "[x](https://evil.example/{{link}})", "body", "where a link leads"),
        ("applications/ineligible", "s", "text", "body", "needs the placeholder {{ reason }}"),
        ("applications/ineligible", "{{ receipt_number }}", "no reason", "body", "needs the placeholder {{ reason }}"),
        ("judging/invitation", "s", "Come!", "body", "needs the placeholder {{ link }}"),
    ],
)  # fmt: skip
def test_a_text_that_would_fail_is_refused_with_the_name(app, template, subject, body, field, said):
    with force_locale("en"):
        faults = wording_faults(KINDS[template], subject, body)
    assert any(f == field and said in sentence for f, sentence in faults), faults


def test_values_are_never_markup_and_never_placeholders():
    html = fill_body(
        "Dear **{{ name }}**, [read]({{ link }})\n\n{{ reason }}",
        {
            "name": "<script>alert(1)</script> {{ link }} [x](javascript:1)",
            "link": 'https://x/"><b>',
            "reason": "a\nb & c",
        },
        frozenset({"link"}),
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{ link }} [x](javascript:1)" in html
    assert 'href="https://x/&quot;&gt;&lt;b&gt;"' in html
    assert "a<br>b &amp; c" in html


def test_a_link_alone_in_its_paragraph_is_the_button():
    html = fill_body("[읽기]({{ link }})\n\nor {{ link }}", {"link": "https://x/1"}, frozenset({"link"}))
    assert '<a class="button" href="https://x/1"' in html
    assert plain_text(str(html)) == "읽기: https://x/1\n\nor https://x/1: https://x/1\n"


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<a href=//evil>x</a>", "![p](https://x/p.png)"])  # fmt: skip
def test_what_organizers_write_is_cleaned(text):
    html = fill_body(text, {}, frozenset())
    assert not re.search(r"<(img|script)|href=\"(javascript|//)", html)


def test_a_subject_is_one_line_however_long_the_value():
    assert fill_subject("Re: {{ name }}", {"name": "a\r\nBcc: all@example.org"}) == "Re: a Bcc: all@example.org"
    assert len(fill_subject("{{ name }}", {"name": "가" * 500})) == 300


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.text(st.sampled_from("ab가 {}<>[]()*_`#-!\n\"'&%:/"), max_size=60).map(lambda t: t + "{{ name }}"),
    value=st.text(st.sampled_from("xy<>&\"'{}[]()*\n"), min_size=1, max_size=20),
)
def test_no_body_and_no_value_break_out(body, value):
    """Whatever is written around it, the value stands in the HTML as text, or within an attribute's quotes."""
    html = str(fill_body(body, dict.fromkeys(names_in(body), value), frozenset()))
    bare = re.sub(
        r"</?(p|ul|ol|li|strong|em|a|h2|h3|h4|blockquote|code|pre|br|hr|table|thead|tbody|tr|th|td)( [a-z]+=\"[^\"<>]*\")*( /)?>",
        "",
        html,
    )
    assert "<" not in bare, html
    assert ">" not in bare, html
    assert not re.search(r"mark[0-9a-f]{16}x", html)


def test_what_is_made_of_a_mail_is_markdown_that_reads_alike():
    html = '<p>One</p><dl><dt>When</dt><dd>Now</dd></dl><ul><li>a</li><li>b</li></ul><p><a class="button" href="https://x/?a=1&amp;b=2">Go</a></p>'
    assert as_markdown(html) == "One\n\n- When: Now\n\n- a\n- b\n\n[Go](https://x/?a=1&b=2)"


def test_the_body_is_found_in_a_mail(app):
    kind = kind_of(ELIGIBLE)
    html = render_template_mail(ELIGIBLE, language="en", **kind.example())[2]
    assert "Dear 김하나(예시)," in body_of(html)
    assert "Madang sent you" not in body_of(html)


def varied(value):  # noqa: PLR0911 - one for each shape
    """Another value of the same shape, so that nothing of the example is left in what is rendered of it."""
    match value:
        case SimpleNamespace():
            return SimpleNamespace(
                **{
                    k: varied(v) if k not in ("timezone", "is_standing", "release_comments") else v
                    for k, v in vars(value).items()
                }
            )
        case dict():
            return {
                k: v if k in ("correction", "is_chair", "corrected", "more") else varied(v) for k, v in value.items()
            }
        case list():
            return [varied(v) for v in value]
        case Bilingual():
            return Bilingual(value.ko + "라", value.en + "x")
        case datetime():
            return value + timedelta(days=3, minutes=7)
        case UUID():
            return UUID(int=value.int + 5)
        case FunctionType():
            return value
        case int():
            return value + 111 if value else value
    return value + "z" if value else value


@EACH
@LANGUAGE
def test_nothing_of_the_example_stays_in_the_usual_text(app, template, language):
    """With other values the organizer's text says what the template says of them: no date or name is left behind."""
    kind = KINDS[template]
    subject, body = default_wording(kind, language)
    context = varied(kind.example())
    usual = render_template_mail(template, language=language, **context)
    worded = render_wording(kind, subject, body, language=language, context=context)
    assert worded[0] == usual[0]
    assert words(worded[1]) == words(usual[1])
