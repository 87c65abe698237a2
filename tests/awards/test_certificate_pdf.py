import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from PIL import Image
from pypdf import PdfReader

from app.awards.certificates.artwork import qr_module_mm
from app.awards.certificates.codes import printed_address
from app.awards.certificates.render import render_certificate, render_certificates
from app.awards.certificates.sheets import Sheet
from app.core.bilingual import Bilingual
from tests.awards.certificates import LONGEST, make_sheet
from tests.awards.qr import read_qr

MM = 72 / 25.4


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """The fonts of a PDF, and whether each is embedded."""
    found = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                found[str(item.FontName).partition("+")[2]] = "/FontFile3" in item or "/FontFile2" in item
    return found


def test_the_korean_sheet_says_all_of_it_in_words_that_can_be_copied():
    text = words_of(render_certificate(make_sheet("ko")))
    for phrase in (
        "제 2022-0001 호",
        "상장",
        "대상",
        "가온셈랩(가상)",
        "대표 홍길동",
        "신한금융지주의 과제",
        "이 상장을 드립니다.",
        "2022년 10월 28일",
        "서울핀테크랩",
        "김서울",
        "진위 확인",
    ):
        assert phrase in text
    for phrase in ("「2022 서울 핀테크 오픈이노베이션 챌린지(예시)」에서", "「소상공인 대안신용평가」에"):
        assert unspaced(phrase) in unspaced(text)
    assert "127.0.0.1:8000/v/7F3K-Q9ZA-04DE-52B6" in text
    assert "상 장" not in text


def test_the_english_sheet_reads_as_one_sentence():
    text = words_of(render_certificate(make_sheet("en")))
    assert (
        "Gaonsem Lab (fictional) represented by 홍길동 is awarded this certificate in recognition of outstanding technology"
        in text
    )
    assert (
        "theme “Alternative credit scoring for small merchants” of Shinhan Financial Group in the 2022 Seoul Fintech Open Innovation Challenge (sample). 28 October 2022"
        in text
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_sheet_is_one_tagged_archival_a4_page_with_our_fonts_alone(language):
    pdf = render_certificate(make_sheet(language))
    reader = read(pdf)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)
    assert fonts_of(pdf) == {"NotoSerifKR-Regular": True, "NotoSerifKR-Bold": True}
    assert reader.metadata.title.startswith(
        "상장 · 대상 · 가온셈랩(가상)" if language == "ko" else "Certificate of Award · Grand prize"
    )
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == language
        assert document.Root.MarkInfo.Marked
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")


def test_the_same_words_give_the_same_bytes():
    assert render_certificate(make_sheet()) == render_certificate(make_sheet())


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "values",
    [
        {"recipient": Bilingual("온결", "On")},
        {"recipient": LONGEST},
        {"recipient": Bilingual("가" * 120, "W" * 120)},
        {"prize": None, "representative": ""},
        {
            "challenge": Bilingual("긴 이름의 챌린지 " * 15, "A long challenge " * 8),
            "theme": Bilingual("아주 긴 과제의 이름 " * 13, "A very long theme " * 8),
            "prize": Bilingual(
                "서울특별시장상 최우수 오픈이노베이션 특별상",
                "Special prize of the mayor of the city of Seoul for innovation",
            ),
        },
    ],
    ids=["short", "longest", "one word", "bare", "long everything"],
)
def test_every_length_stays_on_its_page(language, values):
    pdf = render_certificate(make_sheet(language, **values))
    assert len(read(pdf).pages) == 1


def test_long_issuers_stand_in_lines_of_their_own():
    sheet = make_sheet("ko")
    sheet.words["issuers"][1]["name"] = "서울특별시 오픈이노베이션 민관협력 추진단 공동사무국"
    text = unspaced(words_of(render_certificate(sheet)))
    assert "서울특별시오픈이노베이션민관협력추진단공동사무국대표이신한" in text


def test_markup_in_a_name_is_text():
    text = words_of(render_certificate(make_sheet("en", recipient=Bilingual("", "<b>R&D</b> <script>"))))
    assert "<b>R&D</b> <script>" in text


def test_a_preview_says_so_on_its_face():
    sheet = make_sheet("ko")
    specimen = Sheet(sheet.words, sheet.code, sheet.base_url, sheet.made_at, specimen=True)
    assert "미리보기" in words_of(render_certificate(specimen))
    assert "미리보기" not in words_of(render_certificate(sheet))


def test_no_font_of_the_machine_is_needed(tmp_path):
    config = tmp_path / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>'
    )
    code = "import sys; from tests.awards.certificates import make_sheet; from app.awards.certificates.render import render_certificate; sys.stdout.buffer.write(render_certificate(make_sheet()))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
        capture_output=True,
        check=True,
    )
    assert fonts_of(run.stdout) == {"NotoSerifKR-Regular": True, "NotoSerifKR-Bold": True}
    assert "가온셈랩(가상)" in words_of(run.stdout)


def test_a_module_of_the_qr_code_is_wide_enough_for_a_camera():
    assert qr_module_mm("HTTP://127.0.0.1:8000/V/7F3KQ9ZA04DE52B6") > 0.48
    assert qr_module_mm("HTTPS://OPENINNOVATION.CHALLENGES.SEOUL.GO.KR/V/7F3KQ9ZA04DE52B6") >= 0.4


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils to see the page as a picture")
@pytest.mark.parametrize(("language", "bottom"), [("ko", 34), ("en", 31)])
def test_the_printed_qr_code_leads_to_the_page_that_verifies(tmp_path, language, bottom):
    (tmp_path / "sheet.pdf").write_bytes(render_certificate(make_sheet(language)))
    subprocess.run(
        ["pdftoppm", "-r", "300", "-gray", "-singlefile", tmp_path / "sheet.pdf", tmp_path / "sheet"], check=True
    )
    with Image.open(tmp_path / "sheet.pgm") as page:
        module, left, top = 18 / 37, 29, 297 - bottom - 18  # 29 modules and the quiet zone of four on either side

        def is_dark(row: int, column: int) -> bool:
            x, y = left + (column + 4.5) * module, top + (row + 4.5) * module
            return page.getpixel((round(x / 25.4 * 300), round(y / 25.4 * 300))) < 128

        matrix = [[is_dark(row, column) for column in range(29)] for row in range(29)]
    assert read_qr(matrix) == "HTTP://127.0.0.1:8000/V/7F3KQ9ZA04DE52B6"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
def test_poppler_reads_the_title_as_one_word(tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(render_certificate(make_sheet()))
    text = subprocess.run(["pdftotext", tmp_path / "sheet.pdf", "-"], capture_output=True, check=True, text=True).stdout
    assert "\n상장\n" in text
    assert "이 상장을 드립니다." in text


def test_many_sheets_are_each_as_if_they_were_alone():
    """Names, numbers and lengths differ, blocks are shared; each file equals the one that is made by itself, and holds no other's words."""
    sheets = [
        replace(make_sheet("ko", recipient=Bilingual(name, name)), code=f"{i:016d}")
        for i, name in enumerate(("온결", "가온셈랩(가상)", LONGEST.ko, "가" * 120, "온결"))
    ]
    sheets += [make_sheet("en", recipient=LONGEST), make_sheet("ko")]
    together = list(render_certificates(sheets))
    assert together == [render_certificate(sheet) for sheet in sheets]
    assert "온결" in words_of(together[0])
    assert "가온셈" not in words_of(together[0])


def test_a_font_holds_no_glyph_of_another_winner():
    """A cut font would tell which letters stand in the others' names."""
    first, second = (
        replace(make_sheet("ko", recipient=Bilingual(name, name)), code=f"{i:016d}")
        for i, name in enumerate(("뷁쉟", "온결"))
    )
    own = (
        set("".join(map(str, second.words.values())))
        | set("직인진위확 ")
        | set(printed_address(second.base_url, second.code))
    )
    _first, pdf = render_certificates([first, second])
    with pikepdf.open(BytesIO(pdf)) as document:
        cmaps = [
            item.read_bytes().decode()
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and b"begincmap" in item.read_bytes()
        ]
        programs = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/CIDFontType0C"
        ]
        meant = {
            bytes.fromhex(code).decode("utf-16-be")
            for cmap in cmaps
            for code in re.findall(r"<[0-9a-f]{4}> <([0-9a-f]+)>\n", cmap)
        }
        assert len(programs) == len(cmaps) == 2
        assert meant <= own
        assert "뷁" not in meant
        for program in programs:
            font = CFFFontSet()
            font.decompile(BytesIO(program.read_bytes()), None)
            assert len(font[0].CharStrings) <= len(meant) + 1  # and the glyph for what is missing


def test_what_is_read_aloud_comes_in_order(tmp_path):
    with pikepdf.open(BytesIO(render_certificate(make_sheet()))) as document:
        tree = document.Root.StructTreeRoot
        tags = [str(kid.S) for kid in tree.K.K]
        assert tags[:5] == ["/P", "/H1", "/H2", "/H3", "/P"]
        assert [str(kid.S) for kid in tree.K.K[-1].K if isinstance(kid, pikepdf.Dictionary)] == ["/Link"]
        marked = document.pages[0].Contents.read_bytes().count(b"BDC")
        assert len(tree.ParentTree.Nums[1]) == marked


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_qpdf_finds_nothing_to_complain_of(tmp_path, language):
    (tmp_path / "sheet.pdf").write_bytes(render_certificate(make_sheet(language)))
    run = subprocess.run(["qpdf", "--check", tmp_path / "sheet.pdf"], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
