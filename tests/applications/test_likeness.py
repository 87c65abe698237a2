"""Which names and texts are called alike."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.desk.likeness import (
    NAME_FROM,
    PLACES,
    Names,
    near_texts,
    percent,
    runs,
    signature,
    stacked,
    trigrams,
)
from app.applications.desk.words import name_key, searchable, texts_in

PROPOSAL = (
    "소상공인의 결제 자료와 세금계산서로 현금흐름을 예측하고 대출 심사에 쓸 점수를 만듭니다. 기존 신용평가는 재무제표가 없는 "
    "사업자를 보지 못합니다. 우리는 카드 매출, 부가세 신고, 배달 주문을 합쳐 석 달 앞의 잔고를 봅니다."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("주식회사 두레신용", "두레신용(주)"),
        ("㈜두레 신용", "두레신용"),
        ("Dure Credit Inc.", "DURE CREDIT"),
        ("Dure Credit Co., Ltd.", "dure-credit"),
        ("유한회사 한강", "한강"),
        (unicodedata.normalize("NFD", "두레신용"), "두레신용"),
        ("Ｄｕｒｅ Credit", "dure credit"),
    ],
)
def test_legal_forms_blanks_and_case_make_no_other_name(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("두레신용", "한강신용"), ("Costa", "Sta"), ("Incheon Labs", "Labs"), ("Coral", "Ral")]
)
def test_other_names_stay_other_names(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_that_is_only_a_legal_form_keeps_it():
    assert name_key("주식회사") == "주식회사"
    assert name_key("") == ""


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("두레신용평가", "두레신용평가원", True),
        ("Dure Credit", "Dure Credits", True),
        ("두레신용", "마루건설", False),
        ("가", "나", False),
    ],
)
def test_near_names(one, other, alike):
    found = Names({0: {name_key(one)}}).like({name_key(other)})
    assert (0 in found) is alike


def test_the_most_alike_of_two_names_counts():
    names = Names({7: {name_key("두레신용"), name_key("Dure Credit")}})
    assert names.like({name_key("전혀다른"), name_key("DURE CREDIT INC")}) == {7: 100}


@given(
    st.dictionaries(st.integers(0, 9), st.text(min_size=1, max_size=12), max_size=6), st.text(min_size=1, max_size=12)
)
def test_the_index_finds_what_comparing_each_would(keys, asked):
    names = Names({i: {key} for i, key in keys.items()})
    expected = {i: percent(trigrams(key), trigrams(asked)) for i, key in keys.items()}
    assert names.like({asked}) == {i: share for i, share in expected.items() if share >= NAME_FROM}


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_whole_only_of_equals(one, other):
    a, b = runs(one), runs(other)
    assert percent(a, b) == percent(b, a)
    assert (percent(a, b) == 100) is (a == b and bool(a))


@given(st.text(max_size=200))
def test_a_signature_is_empty_or_whole_and_always_the_same(text):
    assert len(signature(text)) in (0, 4 * PLACES)
    assert signature(text) == signature(text)


def test_short_texts_have_no_likeness():
    assert signature("요약") == b""
    assert near_texts(b"", stacked([b"", b""])) == []
    assert near_texts(signature(PROPOSAL), stacked([b""])) == []


def test_a_text_with_a_sentence_more_is_near_and_another_is_not():
    other = (
        "전력망의 부하를 위성 영상으로 예측하여 태양광 발전소의 정비 순서를 정합니다. 현장 점검을 줄이고 고장을 먼저 찾습니다."
        * 2
    )
    texts = [PROPOSAL, PROPOSAL + " 작년에 두 은행과 시험했습니다.", other]
    rows = stacked([signature(t) for t in texts])
    assert near_texts(signature(PROPOSAL), rows) == [0, 1]
    assert percent(runs(texts[0]), runs(texts[1])) > 80


def test_the_estimate_is_near_the_measure():
    """Over texts that share from a tenth to all of their words, no estimate is off by more than four standard errors."""
    chance = random.Random(5)  # noqa: S311 - a test's own texts
    words = ["".join(chance.choices("가나다라마바사아자차카타파하", k=7)) for _ in range(300)]
    base = words[:100]
    for kept in range(10, 101, 10):
        other = base[:kept] + words[100 : 200 - kept]
        one, two = " ".join(base), " ".join(other)
        shares = (stacked([signature(one)]) == stacked([signature(two)])).mean() * 100
        assert abs(shares - percent(runs(one), runs(two))) < 4 * 4.42 + 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("  Dure\n CREDIT ", "dure credit"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_texts_have_one_searchable_form(text, found):
    assert searchable(text) == found


@given(st.text())
def test_searchable_is_stable(text):
    assert searchable(searchable(text)) == searchable(text)


def test_texts_in_answers_of_any_shape():
    answer = {"rows": [["김하나", 3], ["이두리", None]], "note": "끝", "sure": True}
    assert list(texts_in(answer)) == ["김하나", "3", "이두리", "끝"]
