"""Finding what names an applicant, however it is written, and no more than that."""

import unicodedata

import pytest

from app.judging.blind.finder import HIDDEN, Clue, ClueKind, Finder, conceal, is_findable

APPLICANT = Finder(
    [
        Clue(ClueKind.COMPANY, "주식회사 다솜빛(가상)"), Clue(ClueKind.COMPANY, "DasomBit Co., Ltd."), Clue(ClueKind.PERSON, "한나래"),
        Clue(ClueKind.PERSON, "이수"), Clue(ClueKind.PERSON, "Narae Han"), Clue(ClueKind.DOMAIN, "dasombit.example"),
        Clue(ClueKind.PHONE, "02-123-4567"), Clue(ClueKind.BUSINESS_NUMBER, "1234567891"), Clue(ClueKind.EMAIL, "han@mail.example"),
        Clue(ClueKind.ADDRESS, "서울특별시 마포구 나래길 31"), Clue(ClueKind.WORD, "현금흐름 나침반"),
    ]
)  # fmt: skip
FOUND = {
    "다솜빛은 앞서갑니다.": "○○○은 앞서갑니다.",
    "㈜다솜빛의 기술": "○○○의 기술",
    "주식회사 다솜빛": "○○○",
    "(주) 다 솜 빛": "○○○",
    "우리다솜빛이": "우리○○○이",
    "다\u200b솜\u200b빛": "○○○",
    "ＤａｓｏｍＢｉｔ, Inc. and": "○○○ and",
    "DASOM-BIT은": "○○○은",
    "dasom bit’s model": "○○○’s model",
    "한나래 대표": "○○○ 대표",
    "한 나 래가": "○○○가",
    "HAN, Narae": "○○○",
    "이수가 개발": "○○○가 개발",
    "이수 대표": "○○○ 대표",
    "https://dasombit.example/about?x=1 참고": "○○○ 참고",
    "app.DasomBit.example": "○○○",
    "someone.else@else.example": "○○○",
    "han@mail.example": "○○○",
    "전화 02)123-4567, +82 2-123-4567": "전화 ○○○, ○○○",
    "010-1234-5678": "○○○",
    "123-45-67891 / 1234567891 / 222-22-22227": "○○○ / ○○○ / ○○○",
    "서울특별시  마포구\n나래길 31": "○○○",
    "현금흐름나침반이라는": "○○○이라는",
}
LEFT = [
    "교육 과정을 이수하였습니다.",
    "미이수가 없습니다.",
    "예산은 30,000,000원, 2022. 9. 23.(금) 17:00",
    "010은 통신 식별번호",
    "다솜 빛나는 밤",
    "dasombits",
    "범위 2019-03-12 ~ 2022-10-14",
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_each_way_of_writing_is_found(form):
    written = {unicodedata.normalize(form, text): unicodedata.normalize(form, left) for text, left in FOUND.items()}
    assert {text: conceal(text, APPLICANT.find(text)) for text in written} == written


def test_other_words_are_left():
    assert [text for text in LEFT if APPLICANT.find(text)] == []


def test_places_count_in_the_text_as_it_was_written():
    text = "㈜다솜빛 " + unicodedata.normalize("NFD", "한나래")
    first, second = APPLICANT.find(text)
    assert (text[first.start : first.end], text[second.start : second.end]) == ("㈜다솜빛", text[5:])
    assert (first.key, second.key) == ("주다솜빛", "한나래")


def test_what_hides_tells_neither_the_word_nor_its_length():
    assert conceal("다솜빛", APPLICANT.find("다솜빛")) == conceal("dasombit", APPLICANT.find("dasombit")) == HIDDEN


def test_one_syllable_is_in_every_text():
    assert not is_findable(Clue(ClueKind.PERSON, "이"))
    assert not is_findable(Clue(ClueKind.WORD, "가"))
    assert is_findable(Clue(ClueKind.WORD, "나침반"))
    assert (
        Finder([Clue(ClueKind.PERSON, ""), Clue(ClueKind.COMPANY, "(주)"), Clue(ClueKind.DOMAIN, "")]).find("이 일이")
        == []
    )


def test_long_texts_and_floods_take_no_time():
    text = "가나다라마바사 " * 500 + "a" * 4_000 + "1-" * 2_000
    assert APPLICANT.find(text) == []
