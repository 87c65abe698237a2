"""Tables as files for a spreadsheet: CSV that Excel opens in Korean and that starts no formula, and XLSX in constant memory."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from app.core.lazy import Lazily

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Lazily("xlsxwriter")

Cell = str | int | Decimal | datetime | date | None  # a moment is the wall clock's, without its zone

LONGEST_CELL = 32_767  # what a cell of Excel holds, in UTF-16 units
MOST_DIGITS = 15  # what a number of Excel keeps
FORMULA_STARTS = "=+-@\t\r\n"
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Column:
    title: str
    width: int = 16  # in characters


def harmless(text: str) -> str:
    """The text as a CSV may hold it: what a spreadsheet would take for a formula begins with an apostrophe.

    Blanks before the sign and its full-width form start a formula in some programs, too.
    """
    start = text.lstrip(" \u3000\ufeff")[:1]
    return f"'{text}" if start and (start in FORMULA_STARTS or _narrow(start) in FORMULA_STARTS) else text


def _narrow(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign)


def write_csv(out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the table as UTF-8 with a byte order mark; returns the number of rows. `out` stays open."""
    out.write(BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([harmless(column.title) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
        count += 1
    text.detach()
    return count


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)


def write_xlsx(
    out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, sheet: str, frozen: int = 1, cut: str = "…"
) -> int:  # fmt: skip
    """Write the table as a workbook of one sheet, row by row through a temporary file; returns the number of rows.

    Texts stay texts whatever they look like. The head and the first `frozen` columns stand still. A text that no cell
    can hold is cut and ends with `cut`.
    """
    # A row that is written leaves the memory; numbers, addresses and formulas are never guessed from texts.
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "use_zip64": True})
    page = book.add_worksheet(sheet)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    }
    page.freeze_panes(1, frozen)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, _text(column.title, cut), head)
    count = 0
    for row in rows:
        count += 1
        for place, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case datetime() | date() if cell.year >= 1900:
                    page.write_datetime(count, place, cell, formats[type(cell)])
                case int() | Decimal() if _digits(cell) <= MOST_DIGITS:
                    page.write_number(count, place, cell)
                case str():
                    page.write_string(count, place, _text(cell, cut))
                case _:
                    page.write_string(count, place, _plain(cell))
    if count:
        page.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return count


def _digits(number: int | Decimal) -> int:
    """How many digits it takes to write the number."""
    return sum(sign.isdigit() for sign in f"{number:f}") if isinstance(number, Decimal) else len(str(abs(number)))


def _text(text: str, cut: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode()
    if len(text) * 2 > LONGEST_CELL and len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        room = (LONGEST_CELL - len(cut.encode("utf-16-le")) // 2) * 2
        text = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + cut
    # The writer takes a text between these marks for ready-made XML and would not escape it.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
