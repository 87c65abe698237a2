"""Received applications as files, read back from what the browser gets."""

import csv
import hashlib
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from flask import url_for

from app.applications import services
from app.applications.models import Application, CheckOutcome, Submission
from app.applications.states import ApplicationState
from app.applications.views import exports
from app.challenges.form.changes import change_question
from app.challenges.form.parts import documents_of
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.core.audit.models import AuditEvent, AuditPersonal
from app.core.bilingual import Bilingual
from app.core.database import db, writes
from tests import factories
from tests.applications.scenes import AFTER, OPEN, make_submitted

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
KINDS = ("export_csv", "export_xlsx", "export_documents")


@pytest.fixture
def export(app, browse_as):
    def post(user, challenge, endpoint, **query):
        with app.test_request_context():
            url = url_for(f"applications.{endpoint}", challenge_id=challenge.id, **query)
        return browse_as(user).post(url)

    return post


def read_csv(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> tuple[list[dict[str, ET.Element]], ET.Element]:
    """The cells of each row by the letters of their column, and the whole sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - we wrote it
    rows = sheet.iter(f"{NS}row")
    return [{re.sub(r"\d", "", c.get("r")): c for c in row} for row in rows], sheet


def text_of(cell) -> str:
    return "".join(t.text or "" for t in cell.iter(f"{NS}t"))


def head_of(rows) -> dict[str, str]:
    """Title to column."""
    return {text_of(cell): column for column, cell in rows[0].items()}


def moment_of(cell) -> datetime:
    assert cell.get("t") is None
    assert cell.get("s")  # a format of its own
    return datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(float(cell.findtext(f"{NS}v")) * 86_400))


def read_zip(answer) -> zipfile.ZipFile:
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    return archive


def make_checked(storage):
    scene = make_submitted(storage)
    services.check_eligibility(
        scene.application, CheckOutcome.CORRECTION, reason="=서류가 낡음", due_at=factories.seoul("2022-09-30T17:00"),
        actor=scene.organizer, now=AFTER,
    )  # fmt: skip
    db.session.commit()
    return scene


def test_the_csv_holds_every_answer_the_facts_the_check_and_the_consents(export, storage):
    scene = make_checked(storage)
    head, row = read_csv(export(scene.organizer, scene.challenge, "export_csv"))
    line = dict(zip(head, row, strict=True))
    assert line["접수번호"] == scene.application.receipt_number
    assert line["기업"] == "두레신용(가상)"
    assert line["영문 기업명"] == "Dure Credit (fictional)"
    assert line["사업자등록번호"] == "9999902022"
    assert line["설립일"] == "2019-03-12"
    assert line["제안 요약"] == "현금흐름 점수"
    assert line["상시 인원"] == "12"
    assert line["정부지원 이력"] == "아니요"
    assert line["전화번호"] == "02-123-4567"
    assert line["상태"] == "보완요청"
    assert line["최근 검토 사유"] == "'=서류가 낡음"
    assert line["보완 기한"] == "2022-09-30 17:00:00"
    assert line["제출"] == "2022-09-20 14:12:00"  # Seoul's clock
    assert line["수요기업 제공 동의"] == "동의"
    assert line["제출서류"] == "제안서: 제안서.pdf\n사업자등록증: 사업자등록증.pdf"
    assert line["SHA-256"] == db.session.scalars(sa.select(Submission.sha256)).one()


def test_the_workbook_keeps_texts_numbers_and_dates_apart(export, storage):
    scene = make_checked(storage)
    answer = export(scene.organizer, scene.challenge, "export_xlsx")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    rows, sheet = read_xlsx(answer.data)
    head, row = head_of(rows), rows[1]
    assert row[head["상시 인원"]].get("t") is None
    assert row[head["상시 인원"]].findtext(f"{NS}v") == "12"
    assert row[head["사업자등록번호"]].get("t") == "inlineStr"
    assert text_of(row[head["사업자등록번호"]]) == "9999902022"
    assert text_of(row[head["최근 검토 사유"]]) == "=서류가 낡음"  # a text, so no apostrophe is needed
    assert text_of(row[head["누리집"]]) == "https://example.org"
    assert moment_of(row[head["설립일"]]).date() == date(2019, 3, 12)
    assert moment_of(row[head["제출"]]) == datetime(2022, 9, 20, 14, 12, tzinfo=UTC)  # Seoul's clock
    assert not list(sheet.iter(f"{NS}f"))
    assert sheet.find(f"{NS}hyperlinks") is None
    assert next(sheet.iter(f"{NS}pane")).get("state") == "frozen"
    widths = [int(c.get("max")) - int(c.get("min")) + 1 for c in sheet.iter(f"{NS}col")]
    assert sum(widths) == len(rows[0])


def test_the_zip_names_files_in_korean_and_lists_their_hashes(export, storage):
    scene = make_submitted(storage)
    archive = read_zip(export(scene.organizer, scene.challenge, "export_documents"))
    folder = f"{scene.application.receipt_number}_두레신용(가상)"
    names = [f"{folder}/제안서_제안서.pdf", f"{folder}/사업자등록증_사업자등록증.pdf"]
    assert archive.namelist() == [*names, "목록.csv"]
    for entry in archive.infolist():
        assert entry.flag_bits & 0x800  # the name is UTF-8
        assert entry.compress_type == zipfile.ZIP_STORED
    assert archive.infolist()[0].date_time == (2022, 9, 20, 14, 12, 0)
    head, *lines = csv.reader(io.StringIO(archive.read("목록.csv").decode("utf-8-sig"), newline=""))
    for name, line in zip(names, lines, strict=True):
        row = dict(zip(head, line, strict=True))
        assert row["경로"] == name
        assert row["SHA-256"] == hashlib.sha256(archive.read(name)).hexdigest()
        assert row["확인"] == "제출 내용과 같음"


def test_exports_speak_the_language_of_the_page(export, storage):
    scene = make_submitted(storage)
    scene.organizer.language = "en"
    db.session.commit()
    head, row = read_csv(export(scene.organizer, scene.challenge, "export_csv"))
    line = dict(zip(head, row, strict=True))
    assert line["Company"] == "Dure Credit (fictional)"
    assert line["Public funding before"] == "No"
    assert line["Sharing with the sponsor"] == "agreed"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "＋"])
def test_no_cell_of_the_csv_starts_a_formula(export, storage, sign):
    evil = f'{sign}HYPERLINK("http://evil.example","x")'
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    startup = factories.make_organization(name=Bilingual(evil, evil), representative=evil)
    factories.make_application(challenge, startup=startup, answers={"summary": evil}, contact_name=evil)
    _, row = read_csv(export(organizer, challenge, "export_csv"))
    assert row.count(f"'{evil}") == 6  # company, twice its names, representative, contact, answer
    assert not [cell for cell in row if cell.lstrip(" \u3000")[:1] in tuple("=+-@\t\r＝＋－＠")]
    rows, _sheet = read_xlsx(export(organizer, challenge, "export_xlsx").data)
    assert {text_of(cell) for cell in rows[1].values()} >= {evil.replace("\r", "\n")}


@pytest.mark.parametrize(
    "text",
    [
        "<r><t>a</t></r>", "<r></si></r>", "<b>&amp;", "_x0041_", "\x01\x0b\x1f", "\ufffe\uffff", "  안\n녕  ", "😀" * 100,
        "000123", "1e5", "=1+1", "http://example.org", "{=1}", "]]>",
    ],
)  # fmt: skip
def test_any_text_comes_back_from_the_workbook(export, storage, text):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    factories.make_application(challenge, answers={"summary": text})
    rows, _sheet = read_xlsx(export(organizer, challenge, "export_xlsx").data)
    cell = rows[1][head_of(rows)["제안 요약"]]
    assert cell.get("t") == "inlineStr"
    read = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text_of(cell))  # as Excel reads it
    assert read.removesuffix(" ") == text.removesuffix(" ")


def test_a_text_beyond_a_cell_is_cut_and_says_so(export, storage):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    factories.make_application(challenge, answers={"summary": "😀" * 20_000})
    rows, _sheet = read_xlsx(export(organizer, challenge, "export_xlsx").data)
    text = text_of(rows[1][head_of(rows)["제안 요약"]])
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.endswith("CSV 파일에 있습니다)")
    head, row = read_csv(export(organizer, challenge, "export_csv"))
    assert row[head.index("제안 요약")] == "😀" * 20_000


def test_hostile_names_stay_in_their_folder_and_apart(export, storage):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    names = ["../../etc/passwd", '가/나\\다:*?<>|"', "CON", "\u202egnp.exe", "긴" * 120, "....", " "]
    for name in names:
        startup = factories.make_organization(name=Bilingual(name, "x"))
        application = factories.make_application(challenge, startup=startup)
        factories.make_document(application, filename=f"{name}/../제안서.pdf\r\nX: y")
        factories.make_document(application, place=1, filename=name)
    archive = read_zip(export(organizer, challenge, "export_documents"))
    paths = archive.namelist()
    assert len(paths) == 2 * len(names) + 1
    assert len({p.casefold() for p in paths}) == len(paths)
    for path in paths[:-1]:
        folder, _, name = path.partition("/")
        assert folder.startswith(challenge.receipt_prefix)
        assert name.startswith(("제안서_", "사업자등록증_"))
        for part in (folder, name):
            assert not set(part) & set('/\\:*?<>|"\r\n\u202e')
            assert len(part.encode()) <= 255
            assert part == part.strip(". ")


def test_same_names_get_a_number(export, storage):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    application = factories.make_application(challenge)
    label = documents_of(challenge.form)[0].label
    challenge.form = change_question(challenge.form, "registration", label=label)
    factories.make_document(application, filename="A.pdf")
    factories.make_document(application, place=1, filename="a.PDF", content=b"%PDF-1.7 other")
    names = read_zip(export(organizer, challenge, "export_documents")).namelist()
    assert [name.rpartition("/")[2] for name in names[:2]] == ["제안서_A.pdf", "제안서_a (2).PDF"]


def test_a_file_that_is_lost_or_changed_is_told(export, storage):
    scene = make_submitted(storage)
    hashes = [d["sha256"] for d in db.session.scalars(sa.select(Submission.content)).one()["documents"]]
    storage.delete(hashes[0])
    storage.path(hashes[1]).write_bytes(b"another")
    try:
        archive = read_zip(export(scene.organizer, scene.challenge, "export_documents"))
    finally:
        storage.delete(hashes[1])
    assert len(archive.namelist()) == 2
    text = archive.read("목록.csv").decode("utf-8-sig")
    assert "파일을 찾을 수 없어" in text
    assert "제출 내용과 다름" in text


def test_exports_hold_what_the_list_holds(export, storage):
    scene = make_submitted(storage)
    challenge = scene.challenge
    draft = factories.make_application(challenge, state=ApplicationState.DRAFT, answers={"summary": "초안의 비밀"})
    other = factories.make_application(challenge, theme=1, state=ApplicationState.SUBMITTED)
    elsewhere = factories.make_application(factories.make_challenge(), answers={"summary": "남의 신청서"})
    gone = factories.make_application(challenge, state=ApplicationState.SUBMITTED, answers={"summary": "철회한 글"})
    factories.make_document(gone, filename="철회.pdf")
    gone.state, gone.submitted_at = ApplicationState.WITHDRAWN, None
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    services.save_draft(
        scene.application, services.DraftInput(answers={"summary": "고치는 글"}), version=scene.application.version,
        actor=scene.person, now=OPEN,
    )  # fmt: skip
    number = {a: a.receipt_number for a in (scene.application, other, gone)}
    db.session.commit()
    answer = export(scene.organizer, challenge, "export_csv")
    head, *rows = read_csv(answer)
    assert {row[0] for row in rows} == set(number.values())
    text = answer.data.decode()
    for secret in ("초안의 비밀", "남의 신청서", "철회한 글", "고치는 글"):
        assert secret not in text
    assert "현금흐름 점수" in text
    withdrawn = next(row for row in rows if row[0] == number[gone])
    assert len(withdrawn) == len(head)
    assert [cell for cell in withdrawn[7:] if cell] == []
    for query, expected in (
        ({"theme": "T2"}, {number[other]}),
        ({"state": "withdrawn"}, {number[gone]}),
        ({"search": "dure"}, {number[scene.application]}),
        ({"search": "없는 기업"}, set()),
        ({"theme": "../..", "state": "x", "sort": "x", "page": "7"}, set(number.values())),
    ):
        _, *rows = read_csv(export(scene.organizer, challenge, "export_csv", **query))
        assert {row[0] for row in rows} == expected, query
    archive = read_zip(export(scene.organizer, challenge, "export_documents"))
    assert not [name for name in archive.namelist() if "철회" in name]
    assert read_zip(export(scene.organizer, challenge, "export_documents", theme="T2")).namelist() == ["목록.csv"]
    assert draft.receipt_number is None
    assert elsewhere.receipt_number not in text


def test_an_answer_to_a_question_that_was_dropped_is_kept(export, storage):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    application = factories.make_application(challenge)
    submission = db.session.scalars(sa.select(Submission)).one()
    dropped = {
        "code": "old",
        "kind": "long_text",
        "label": {"ko": "옛 질문", "en": "Old"},
        "section": "proposal",
        "answer": "옛 답",
    }
    submission.content = submission.content | {"answers": [dropped, *submission.content["answers"]]}
    db.session.commit()
    head, row = read_csv(export(organizer, challenge, "export_csv"))
    line = dict(zip(head, row, strict=True))
    assert line["옛 질문"] == "옛 답"
    assert line["제안 요약"] == "요약"
    assert application.receipt_number == row[0]


@pytest.mark.parametrize(("endpoint", "expected"), [("export_csv", 17), ("export_xlsx", 17), ("export_documents", 16)])
@pytest.mark.parametrize("count", [1, 3])
def test_an_export_of_three_reads_as_much_as_of_one(export, storage, statements, endpoint, expected, count):
    challenge = factories.make_challenge()
    organizer = factories.make_user(member_of=challenge.host)
    for _ in range(count):
        factories.make_document(factories.make_application(challenge))
    db.session.commit()
    statements.statements.clear()
    answer = export(organizer, challenge, endpoint)
    assert answer.status_code == 200
    assert len(answer.data) > 100
    assert len(statements) == expected


@pytest.mark.parametrize("endpoint", KINDS)
def test_each_export_leaves_an_event_and_reading_none(export, storage, browse_as, app, endpoint):
    scene = make_submitted(storage)
    assert export(scene.organizer, scene.challenge, endpoint, search="두레", state="submitted").status_code == 200
    db.session.rollback()
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "applications.export_received")).one()
    assert event.actor_id == scene.organizer.id
    assert event.challenge_id == scene.challenge.id
    kind = endpoint.removeprefix("export_")
    assert event.details == {
        "kind": kind, "applications": 1, "files": 2 if kind == "documents" else 0, "state": "submitted", "theme": None,
        "searched": True,
    }  # fmt: skip
    assert db.session.get(AuditPersonal, event.id).content["search"] == "두레"
    with app.test_request_context():
        url = url_for(f"applications.{endpoint}", challenge_id=scene.challenge.id)
    assert browse_as(scene.organizer).get(url).status_code in (404, 405)


def test_an_observer_exports_what_an_observer_reads(export, storage):
    scene = make_submitted(storage)
    observer = factories.make_user("박참관")
    db.session.add(ChallengeStaff(challenge_id=scene.challenge.id, user_id=observer.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    for endpoint in KINDS:
        assert export(observer, scene.challenge, endpoint).status_code == 200
        assert export(factories.make_user(), scene.challenge, endpoint).status_code == 404


def test_the_rows_are_read_without_the_write_lock(export, storage, monkeypatch):
    scene = make_submitted(storage)
    seen = []
    real = exports.write_table
    monkeypatch.setattr(exports, "write_table", lambda *a: (seen.append(writes.get()), real(*a))[1])
    export(scene.organizer, scene.challenge, "export_csv")
    assert seen == [False]


def test_the_page_offers_what_its_filters_leave(browse_as, app, storage):
    scene = make_submitted(storage)
    factories.make_application(scene.challenge, theme=1, state=ApplicationState.SUBMITTED)
    with app.test_request_context():
        url = url_for("applications.list_received", challenge_id=scene.challenge.id)
    page = browse_as(scene.organizer).get(url + "?theme=T2&search=기업&page=1&_external=x").get_data(as_text=True)
    assert "신청서 1건" in page
    for ending in ("export.csv", "export.xlsx", "documents.zip"):
        assert f"{url}/{ending}?theme=T2&amp;search=" in page
    empty = browse_as(scene.organizer).get(url + "?search=없음").get_data(as_text=True)
    assert "export.csv" not in empty
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 2
