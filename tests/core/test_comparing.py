"""What a comparison shows: whole words, in Korean the part of a word that changed, and nothing lost."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.comparing import compare, graphemes
from app.web.comparison import compared


def shown(before: str, after: str) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(signs[p.change].format(p.text) for p in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("같은 글", "같은 글", "같은 글"),
        ("", "새 글", "[+새 글+]"),
        ("우리 기업이 만든 점수", "우리 기업은 만든 점수", "우리 기업[-이-][+은+] 만든 점수"),
        ("빠른 심사", "빠른 공정한 심사", "빠른 [+공정한 +]심사"),
        ("a b c", "a x c", "a [-b-][+x+] c"),
        ("한 줄\n두 줄\n", "한 줄\n세 줄\n", "한 줄\n[-두-][+세+] 줄\n"),
        ("👩‍👩‍👧 팀", "👩‍👩‍👦 팀", "[-👩‍👩‍👧-][+👩‍👩‍👦+] 팀"),
        (unicodedata.normalize("NFD", "한글"), "한글", "한글"),
    ],
)
def test_a_comparison_reads_like_the_change(before, after, expected):
    assert shown(before, after) == expected


def test_graphemes_keep_together_what_is_seen_as_one():
    assert graphemes("가e\u0301👍🏽👩‍👧") == ["가", "e\u0301", "👍🏽", "👩‍👧"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_back(before, after):
    pieces = compare(before, after)
    normal = [unicodedata.normalize("NFC", t.replace("\r\n", "\n")) for t in (before, after)]
    assert "".join(p.text for p in pieces if p.change != "new") == normal[0]
    assert "".join(p.text for p in pieces if p.change != "gone") == normal[1]


def test_a_long_text_is_compared_in_no_time():
    before = " ".join(f"낱말{i % 97}" for i in range(12_000))
    after = before.replace("낱말13 ", "바뀐 ")
    start = time.perf_counter()
    compare(before, after)
    compare("\n".join(before), "\n".join(after))
    assert time.perf_counter() - start < 5


def test_a_comparison_is_safe_html_and_is_heard(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        html = str(compared("<b>옛", "<b>새"))
    assert "<b>" not in html
    assert "<del>" in html
    assert "<ins>" in html
    assert 'class="visually-hidden"' in html
