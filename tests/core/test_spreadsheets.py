import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.spreadsheets import Column, harmless, write_csv, write_xlsx

COLUMN = [Column("가")]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(TEXTS, max_size=5))
def test_a_csv_gives_every_text_back_and_starts_no_formula(texts):
    out = io.BytesIO()
    assert write_csv(out, COLUMN, ([text] for text in texts)) == len(texts)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    read = [row[0] if row else "" for row in rows[1:]]
    assert [text.removeprefix("'") for text in read] == [text.removeprefix("'") for text in texts]
    assert not [text for text in read if text.lstrip(" \u3000\ufeff")[:1] in tuple("=+-@\t\r\n＝＋－＠")]


def test_what_is_no_formula_stays_as_it_is():
    for text in ("", "가", "1-2", "a=b", "'", "–"):
        assert harmless(text) == text


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_a_workbook_gives_every_text_back(texts):
    read = [cell.findtext(".//{*}t") if cell is not None else "" for cell in cells([[text] for text in texts])]
    unescaped = [re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text or "") for text in read]
    lines = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    assert [text.removesuffix(" ") for text in unescaped] == [text.removesuffix(" ") for text in lines]


def test_numbers_and_days_that_a_spreadsheet_would_spoil_stay_texts():
    values = [Decimal(1234567890123456), Decimal("0.1"), date(1899, 12, 31), datetime(2022, 9, 20, 14, 12), 12]  # noqa: DTZ001 - the wall clock's
    kinds = [cell.get("t") for cell in cells([[value] for value in values])]
    assert kinds == ["inlineStr", None, "inlineStr", None, None]


def cells(rows):
    """The first cell of each row, None where it is empty."""
    out = io.BytesIO()
    write_xlsx(out, COLUMN, rows, sheet="가")
    with zipfile.ZipFile(out) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - we wrote it
    found = {cell.get("r"): cell for cell in sheet.findall(".//{*}c")}
    return [found.get(f"A{number}") for number in range(2, len(rows) + 2)]
