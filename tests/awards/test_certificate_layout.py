import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awards.certificates import codes
from app.awards.certificates.glyphs import em_width, missing_glyphs, title_path
from app.awards.certificates.layout import BOLD, PT, fit_body, fit_name, set_lines
from app.awards.certificates.words import clean, freeze, unprintable
from app.core.bilingual import Bilingual
from tests.awards.certificates import LONGEST, make_award


def test_the_font_has_every_modern_syllable_and_the_hanja_of_ks_x_1001():
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    hanja = "".join(bytes((row, cell)).decode("euc_kr") for row in range(0xCA, 0xFE) for cell in range(0xA1, 0xFF))
    assert (len(syllables), len(hanja)) == (11172, 4888)
    assert missing_glyphs(syllables + hanja + "○△「」『』·…—–“”‘’()[]@&%₩€№™éüñßÅøệ") == []


def test_what_the_font_lacks_is_named_once_and_what_cannot_be_seen_by_its_number():
    assert missing_glyphs("𠮷田𠮷") == ["𠮷 (U+20BB7)"]
    assert missing_glyphs("온\u200b결\u202e\n") == ["U+200B", "U+202E", "U+000A"]
    assert missing_glyphs("🏆") == ["🏆 (U+1F3C6)"]


@pytest.mark.parametrize(
    ("text", "lines", "least"),
    [
        ("온결", 1, 28),
        ("가온셈랩(가상)", 1, 28),
        (LONGEST.ko, 2, 15),
        (LONGEST.en, 3, 15),
        ("가" * 40, 2, 15),
        ("나" * 120, 3, 8),
    ],
)
def test_a_name_fits_its_measure(text, lines, least):
    fitted = fit_name(text, 148, 28, floor=15)
    assert len(fitted.lines) == lines
    assert fitted.pt >= least
    assert all(em_width(line, BOLD) * fitted.pt * PT <= 148 for line in fitted.lines)
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")


@settings(deadline=None)
@given(st.lists(st.text(alphabet="가나다라마바사Aa1()", min_size=1, max_size=12), min_size=1, max_size=40))
def test_lines_keep_every_word_whole_and_in_order(words):
    lines = set_lines(" ".join(words), 148, 19)
    assert " ".join(lines).split() == words


def test_the_last_words_never_stand_alone():
    for length in range(1, 40):
        text = " ".join(["가나다"] * length + ["이", "상장을", "드립니다."])
        assert set_lines(text, 148, 19)[-1].endswith("이 상장을 드립니다.")


@settings(deadline=None, max_examples=30)
@given(st.integers(min_value=1, max_value=60))
def test_a_body_stays_within_its_height(count):
    fitted = fit_body(" ".join(["대안신용평가"] * count), 148, 19, height=66, leading=1.95)
    assert fitted.pt == 9 or len(fitted.lines) * fitted.pt * 1.95 * PT <= 66


def test_the_drawn_title_is_as_wide_as_its_letters_and_their_pitch():
    path = title_path("상장", 25, 52)
    assert path["d"].startswith("M")
    assert 70 < path["width"] < 80


def test_codes_are_80_bits_that_people_can_type():
    code = codes.new_code()
    assert len(code) == 16
    assert len({codes.new_code() for _ in range(200)}) == 200
    assert codes.read_code(codes.grouped(code).lower()) == code
    assert codes.read_code(f" https://example.kr/v/{codes.grouped(code)}/ ") == code
    assert codes.read_code("oOiI lL11-0000-0000") == "0011111100000000"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_none(text):
    code = codes.read_code(text)
    assert code is None or (len(code) == 16 and set(code) <= set(codes.ALPHABET))


@pytest.mark.parametrize(
    ("text", "serial"),
    [("제 2022-0001 호", (2022, 1)), ("No. 2022-0001", (2022, 1)), ("2022-12345", (2022, 12345)), ("", None), ("22-1", None), ("가", None), ("2022-" + "9" * 20, None)],
)  # fmt: skip
def test_serials_are_read_as_people_write_them(text, serial):
    assert codes.read_serial(text) == serial


def test_the_qr_address_is_short_and_in_capitals_where_that_means_the_same():
    address = codes.qr_address("http://127.0.0.1:8000", "7F3KQ9ZA04DE52B6")
    assert address == "HTTP://127.0.0.1:8000/V/7F3KQ9ZA04DE52B6"
    assert len(address) == 40
    assert codes.qr_address("https://example.kr/madang", "X") == "HTTPS://EXAMPLE.KR/madang/V/X"


def test_words_are_composed_and_freed_of_stray_blanks():
    assert clean("  온결\u00a0 주식회사\n") == "온결 주식회사"


def test_frozen_words_name_challenge_theme_sponsor_and_prize():
    for language in ("ko", "en"):
        award = make_award()
        words = freeze(award, language, year=2022, number=7)
        for text in (award.challenge, award.theme, award.sponsor.name):
            assert text.in_language(language) in words["print"]["body"]
        assert words["print"]["prize"] == award.prize.in_language(language)
        assert words["facts"]["recipient"] == {"ko": "가온셈랩(가상)", "en": "Gaonsem Lab (fictional)"}
    assert words["print"]["serial"] == "No. 2022-0007"


def test_a_team_is_no_company_and_a_choice_without_a_prize_is_no_award():
    assert freeze(make_award(is_team=True), "ko", year=2022, number=1)["print"]["body"].startswith("위 팀은 ")
    chosen = freeze(make_award(prize=None), "ko", year=2022, number=1)["print"]
    assert (chosen["title"], chosen["prize"]) == ("선정증", "선정")


def test_every_text_that_cannot_be_printed_is_found():
    award = make_award(recipient=Bilingual("𠮷田테크", "Yoshida Tech"), representative="金𠀋")
    assert unprintable(award, "ko") == {"𠮷田테크": ["𠮷 (U+20BB7)"], "金𠀋": ["𠀋 (U+2000B)"]}
    assert unprintable(award, "en") == {"金𠀋": ["𠀋 (U+2000B)"]}
    assert unprintable(make_award(), "ko") == {}
