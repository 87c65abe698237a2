"""How fast certificates are made: different ones, with QR code and Korean text, by one process, unsigned and then signed.

Beside them, in the same run but in a process of its own, the naive way: the same page by a fresh `HTML(...).write_pdf()` each,
with Noto CJK from the system. Every file is opened again: it holds its own winner's name and nobody else's. The last line is one JSON object.

    python bench/certificates.py --count 1000 --json
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MADE = datetime(2022, 10, 28, 1, tzinfo=UTC)
SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후"


def name(number: int) -> str:
    """A name that no other number has, and that is no part of another."""
    marks = []
    for _ in range(4):
        number, mark = divmod(number, len(SYLLABLES))
        marks.append(SYLLABLES[mark])
    return "".join(marks) + "랩(가상)"


def make_sheets(count: int) -> list[Any]:
    from app.awards.certificates.codes import new_code
    from app.awards.certificates.sheets import Sheet
    from app.awards.certificates.words import Award, Issuer, freeze
    from app.core.bilingual import Bilingual

    sheets = []
    for i in range(count):
        award = Award(
            recipient=Bilingual(name(i), f"Lab {i}"),
            representative="홍길동",
            is_team=False,
            challenge=Bilingual("2022 서울 핀테크 오픈이노베이션 챌린지(예시)", "Challenge"),
            theme=Bilingual("소상공인 대안신용평가", "Theme"),
            prize=Bilingual(("대상", "최우수상", "우수상", "장려상")[i % 4], "Prize"),
            host=Issuer(Bilingual("서울핀테크랩", "Lab"), Bilingual("대표", "CEO"), "김서울"),
            sponsor=Issuer(Bilingual("신한금융지주", "Group"), Bilingual("대표", "CEO"), "이신한"),
            awarded_on=date(2022, 10, 28),
        )
        words = freeze(award, "ko", year=2022, number=i + 1)["print"]
        sheets.append(Sheet(words, new_code(), "https://madang.example.org", MADE))
    return sheets


def naive(sheet: Any) -> bytes:
    """The same page as people write it at first: all in one HTML page, everything anew each time."""
    import segno
    import weasyprint
    from markupsafe import escape

    from app.awards.certificates.artwork import TEMPLATES, _outline, templates
    from app.awards.certificates.codes import qr_address
    from app.awards.certificates.styles import STYLES

    layout = STYLES[sheet.style](sheet)
    css = (TEMPLATES / "classic.css").read_text().replace('"Noto Serif KR"', '"Noto Serif CJK KR"')
    svg = templates().get_template("classic.svg").render(title_outline=_outline(sheet.words["title"], 25))
    code = BytesIO()
    segno.make(qr_address(sheet.base_url, sheet.code), error="m").save(
        code, kind="svg", xmldecl=False, border=4, omitsize=True
    )
    words = "".join(
        f'<{b.tag} class="{b.kind}" style="{b.place}">{escape(chr(10).join(b.lines))}</{b.tag}>' for b in layout.blocks
    )
    html = f"""<html lang="ko"><style>@page {{ size: 210mm 297mm; margin: 0 }} {css}
      .sheet {{ width: 210mm; height: 297mm }} .art {{ left: 0; top: 0 }} .qr {{ left: 29mm; bottom: 34mm; width: 18mm }}</style>
      <div class="sheet"><div class="art">{svg}</div>{words}<div class="qr">{code.getvalue().decode()}</div></div></html>"""
    pdf: bytes = weasyprint.HTML(string=html).write_pdf()
    return pdf


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def naive_seconds(count: int) -> float:
    """How long one takes the naive way, without what it does once; measured in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, "--count", str(count), "--only-naive"], check=True, capture_output=True, text=True
    )
    return float(run.stdout)


def time_naive(count: int) -> float:
    sheets = make_sheets(count + 1)
    naive(sheets[0])
    begun = time.perf_counter()
    for sheet in sheets[1:]:
        naive(sheet)
    return (time.perf_counter() - begun) / count


def measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from app.awards.certificates.render import render_certificates
    from app.awards.certificates.signing import Signer, make_identity

    sheets = make_sheets(asked.count)
    list(render_certificates(sheets[:2]))  # what a process does once
    signer = Signer(make_identity("서울핀테크랩(가상)", datetime.now(UTC)))
    signer.sign(next(render_certificates(sheets[:1])))

    begun, resident = time.perf_counter(), []
    for number, pdf in enumerate(render_certificates(sheets)):
        (folder / f"{number}.pdf").write_bytes(pdf)
        resident.append(resident_mb())
    unsigned = time.perf_counter() - begun
    begun = time.perf_counter()
    signed = [len(signer.sign(pdf)) for pdf in render_certificates(sheets)]
    with_signature = time.perf_counter() - begun
    peak = peak_mb()
    naively = naive_seconds(min(asked.naive, asked.count))
    strange = strangers(sheets, folder)
    if not asked.json:
        at = min(100, asked.count)
        print(f"memory at the {at}th and the last: {resident[at - 1]:.0f} and {resident[-1]:.0f} MB")
        print(f"files that hold another winner's name: {strange}")
    return {
        "count": asked.count,
        "per_second": round(asked.count / unsigned, 1),
        "signed_per_second": round(asked.count / with_signature, 1),
        "naive_per_second": round(1 / naively, 2),
        "ratio": round(asked.count / unsigned * naively, 1),
        "peak_mb": round(peak),
        "bytes_each": round(sum(file.stat().st_size for file in folder.iterdir()) / asked.count),
        "signed_bytes_each": round(sum(signed) / asked.count),
        "strangers": strange,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--naive", type=int, default=20, help="how many of them the naive way")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--only-naive", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only_naive:
        print(time_naive(asked.count))
        return
    with TemporaryDirectory() as folder:
        found = measure(asked, Path(folder))
    print(json.dumps(found))
    sys.exit(1 if found["strangers"] else 0)


def strangers(sheets: list[Any], folder: Path) -> int:
    """How many files hold a character that their own sheet does not, or lack their winner's name; of a hundred of them."""
    from pypdf import PdfReader

    wrong = 0
    for number in range(0, len(sheets), max(1, len(sheets) // 100)):
        sheet = sheets[number]
        text = PdfReader(folder / f"{number}.pdf").pages[0].extract_text()
        own = set("".join(map(str, sheet.words.values()))) | set(
            "직인진위확madang.example.org/v/-0123456789ABCDEFGHJKMNPQRSTVWXYZ \n"
        )
        wrong += sheet.words["recipient"] not in text or not set(text) <= own
    return wrong


if __name__ == "__main__":
    main()
