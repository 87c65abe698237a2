"""Files in pieces: the protocol by any order of acts, the rights, the close, and what becomes of the file."""

import base64
import hashlib
import io
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.applications import services
from app.applications.models import Document, Upload
from app.applications.states import UploadState
from app.applications.views import uploads
from app.applications.writing import services as together
from app.applications.writing.states import Right
from app.challenges.form.changes import change_question
from app.challenges.form.parts import documents_of
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.storage import DiskFull, FolderStorage
from tests import factories
from tests.applications.scenes import LAST_SECOND, TOO_LATE, Scene, attach, make_scene, make_submitted
from tests.files import PNG, office, pdf

TUS = {"Tus-Resumable": "1.0.0"}
CONTENT = pdf("in pieces")


def encoded(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in values.items())


@dataclass
class Sender:
    """A browser that sends a file for the first document of the scene."""

    app: Flask
    browser: FlaskClient
    scene: Scene
    place: str = ""
    headers: dict[str, str] = field(default_factory=lambda: dict(TUS))

    def __post_init__(self) -> None:
        self.base = f"/applications/{self.scene.application.id}"
        self.question = documents_of(self.scene.challenge.form)[0]
        self.document = f"{self.base}/documents/{self.question.code}"

    def create(self, length: int, name: str = "제안서.pdf", code: str | None = None, **headers: str):
        metadata = encoded(question=code or self.question.code, filename=name)
        asked = {**self.headers, "Upload-Length": str(length), "Upload-Metadata": metadata, **headers}
        answer = self.browser.post(f"{self.base}/uploads", headers=asked)
        self.place = answer.headers.get("Location", self.place)
        return answer

    def patch(self, content: bytes, offset: int, **headers: str):
        asked = {**self.headers, "Upload-Offset": str(offset), **headers}
        asked.setdefault("Content-Type", "application/offset+octet-stream")
        return self.browser.patch(self.place, data=content, headers=asked)

    def patch_short(self, content: bytes, offset: int, *, announced: int):
        """A request whose connection breaks before all of its body has come."""
        return self.browser.patch(
            self.place, input_stream=io.BytesIO(content), content_type="application/offset+octet-stream",
            environ_overrides={"CONTENT_LENGTH": str(announced)}, headers={**self.headers, "Upload-Offset": str(offset)},
        )  # fmt: skip

    def head(self):
        return self.browser.head(self.place, headers=self.headers)

    def delete(self):
        return self.browser.delete(self.place, headers=self.headers)

    def finish(self, **data: str):
        return self.browser.post(self.document, data={"upload": self.place.rpartition("/")[2], **data})

    def send(self, content: bytes, name: str = "제안서.pdf"):
        self.create(len(content), name)
        self.patch(content, 0)
        return self.finish()


@pytest.fixture(autouse=True)
def _no_parts_of_other_tests(app):
    root = app.extensions["parts"].root
    for path in root.iterdir() if root.exists() else ():
        path.unlink()


@pytest.fixture
def sender(app, browse_as) -> Sender:
    scene = make_scene()
    return Sender(app, browse_as(scene.person), scene)


def documents() -> list[Document]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Document)))


# The protocol


def test_the_server_says_what_it_speaks(sender):
    answer = sender.browser.options(f"{sender.base}/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert answer.headers["Tus-Max-Size"] == str(200 * 1024 * 1024)


def test_a_file_in_three_pieces_becomes_the_document(sender, storage):
    answer = sender.create(len(CONTENT))
    assert answer.status_code == 201
    assert answer.headers["Upload-Expires"] == "Thu, 22 Sep 2022 05:12:00 GMT"
    cuts = [0, 5, 60, len(CONTENT)]
    for start, end in itertools.pairwise(cuts):
        assert sender.head().headers["Upload-Offset"] == str(start)
        answer = sender.patch(CONTENT[start:end], start)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    assert documents() == []
    answer = sender.finish(issued_on="2022-08-01")
    assert answer.location.endswith("/edit/documents#doc-proposal")
    [document] = documents()
    assert document.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (document.filename, document.size, document.media_type) == ("제안서.pdf", len(CONTENT), "application/pdf")
    assert b"".join(storage.read_chunks(document.sha256)) == CONTENT
    parts = sender.app.extensions["parts"]
    assert list(parts.root.iterdir()) == []
    upload = db.session.scalars(sa.select(Upload)).one()
    assert (upload.state, upload.sha256) == (UploadState.ATTACHED, document.sha256)
    assert sender.head().headers["Upload-Offset"] == str(len(CONTENT))
    assert (
        db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id.desc())).first()
        == "applications.attach_document"
    )


def test_an_answer_that_was_lost_may_be_asked_for_again(sender):
    for _ in range(2):
        assert sender.send(CONTENT).status_code == 303 if not documents() else sender.finish().status_code == 303
    assert len(documents()) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.9"}, 412),
        ({"Upload-Offset": "7"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "٣"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Upload-Checksum": "md5 aaaa"}, 400),
        ({"Upload-Checksum": "sha256 ***"}, 400),
        ({"Upload-Checksum": "sha256 " + base64.b64encode(b"x" * 32).decode()}, 460),
    ],
)
def test_what_the_protocol_does_not_allow_changes_nothing(sender, headers, status):
    sender.create(len(CONTENT))
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert sender.patch(CONTENT, int(headers.pop("Offset", "0")), **headers).status_code == status
    assert sender.head().headers["Upload-Offset"] == "0"


def test_a_checksum_that_holds_is_taken(sender):
    sender.create(len(CONTENT))
    for name in ("sha256", "sha1"):
        offset = int(sender.head().headers["Upload-Offset"])
        piece = CONTENT[offset : offset + 20]
        digest = base64.b64encode(hashlib.new(name, piece).digest()).decode()
        assert sender.patch(piece, offset, **{"Upload-Checksum": f"{name} {digest}"}).status_code == 204


def test_more_than_was_announced_is_refused(sender):
    sender.create(len(CONTENT) - 1)
    assert sender.patch(CONTENT, 0).status_code == 413
    assert sender.head().headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"length": 0}, 413, "빈 파일"),
        ({"length": 10**12}, 413, "953674.3MB"),
        ({"length": 10, "name": "제안서.exe"}, 415, "제안서.exe"),
        ({"length": 10, "name": ""}, 415, "PDF"),
        ({"length": 10, "code": "nothing"}, 404, ""),
        ({"length": 10, "Upload-Metadata": "question ***"}, 400, "base64"),
        ({"length": 10, "Upload-Metadata": "x" * 5000}, 400, "long"),
        ({"length": 10, "Upload-Defer-Length": "1"}, 400, "beginning"),
        ({"length": 10, "Upload-Length": "many"}, 400, "whole number"),
    ],
)
def test_what_would_not_be_taken_in_the_end_is_not_begun(sender, values, status, said):
    answer = sender.create(**values)
    assert answer.status_code == status
    assert said in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0


def test_an_upload_that_was_given_up_is_gone(sender):
    sender.create(len(CONTENT))
    assert sender.delete().status_code == 204
    assert sender.head().status_code == 404
    assert sender.patch(CONTENT, 0).status_code == 404
    assert sender.finish().status_code == 404
    assert list(sender.app.extensions["parts"].root.iterdir()) == []


def test_a_second_beginning_for_the_same_document_takes_the_firsts_place(sender):
    sender.create(50)
    first = sender.place
    sender.create(60)
    sender.place, second = first, sender.place
    assert sender.head().status_code == 404
    sender.place = second
    assert sender.head().headers["Upload-Length"] == "60"
    assert len(list(sender.app.extensions["parts"].root.iterdir())) == 1


def test_while_one_page_sends_another_has_to_wait(sender):
    sender.create(len(CONTENT))
    upload = db.session.scalars(sa.select(Upload)).one()
    db.session.rollback()
    with sender.app.extensions["parts"].hold(upload.id):
        assert sender.patch(CONTENT, 0).status_code == 423
        assert sender.finish().status_code == 422
    assert sender.patch(CONTENT, 0).status_code == 204


# Whose, and until when


def test_nobody_else_learns_that_there_is_an_upload(sender, browse_as):
    sender.create(len(CONTENT))
    stranger = factories.make_user(member_of=factories.make_organization())
    sender.browser = browse_as(stranger)
    assert [sender.head().status_code, sender.patch(CONTENT, 0).status_code, sender.delete().status_code] == [404] * 3
    assert sender.create(10).status_code == 404


def test_an_upload_of_another_application_is_not_found_here(sender, app, browse_as):
    sender.create(len(CONTENT))
    sender.patch(CONTENT, 0)
    other = make_scene()
    theirs = Sender(app, browse_as(other.person), other, place=sender.place)
    assert theirs.finish().status_code == 404
    assert documents() == []


def test_a_colleague_goes_on_where_one_stopped(sender, browse_as):
    sender.create(len(CONTENT))
    sender.patch(CONTENT[:20], 0)
    sender.browser = browse_as(factories.make_user(member_of=sender.scene.startup))
    assert sender.patch(CONTENT[20:], 20).status_code == 204
    assert sender.finish().status_code == 303


def test_who_may_only_read_ends_no_upload_of_another(sender, browse_as):
    sender.create(len(CONTENT))
    sender.patch(CONTENT, 0)
    reader = factories.make_user(member_of=sender.scene.startup)
    together.give_right(sender.scene.application, reader.id, Right.VIEW, actor=sender.scene.person, now=factories.NOW)
    db.session.commit()
    owner, sender.browser = sender.browser, browse_as(reader)
    assert sender.delete().status_code == 403
    sender.browser = owner
    assert sender.finish().status_code == 303
    assert len(documents()) == 1


def test_what_another_request_attached_meanwhile_is_not_attached_twice(sender, monkeypatch):
    sender.create(len(CONTENT))
    sender.patch(CONTENT, 0)
    store = services.store_upload

    def slowly(upload, question, **values):
        stored = store(upload, question, **values)
        monkeypatch.setattr(services, "store_upload", store)
        assert sender.finish().status_code == 303
        return stored

    monkeypatch.setattr(services, "store_upload", slowly)
    assert sender.finish().status_code == 303
    assert len(documents()) == 1
    assert db.session.scalars(sa.select(AuditEvent.action)).all().count("applications.attach_document") == 1


def test_the_close_counts_for_what_has_begun_before_it_too(sender, clock):
    clock.time = LAST_SECOND
    sender.create(len(CONTENT))
    assert sender.patch(CONTENT[:20], 0).status_code == 204
    clock.time = TOO_LATE
    for answer in (sender.patch(CONTENT[20:], 20), sender.create(10)):
        assert answer.status_code == 403
        assert "17:00" in answer.get_data(as_text=True)
    assert sender.finish().status_code == 422
    assert documents() == []


def test_a_whole_file_is_not_attached_after_the_close(sender, clock):
    sender.create(len(CONTENT))
    sender.patch(CONTENT, 0)
    clock.time = TOO_LATE
    assert sender.finish().status_code == 422
    assert documents() == []


def test_a_submitted_application_takes_no_file(app, browse_as, storage):
    scene = make_submitted(storage)
    answer = Sender(app, browse_as(scene.person), scene).create(10)
    assert answer.status_code == 403
    assert "다시 열어" in answer.get_data(as_text=True)


def test_an_upload_runs_out(sender, clock):
    sender.create(len(CONTENT))
    clock.advance(days=2)
    assert [sender.head().status_code, sender.patch(CONTENT, 0).status_code] == [410, 410]


def test_each_upload_counts_once(sender, monkeypatch):
    asked = []
    monkeypatch.setattr(uploads.UPLOADS.__class__, "hit", lambda _self, account: asked.append(account))
    sender.create(len(CONTENT))
    for offset in range(0, len(CONTENT), 40):
        sender.patch(CONTENT[offset : offset + 40], offset)
    assert sender.finish().status_code == 303
    assert asked == [sender.scene.person.email]


def test_one_too_many_is_told_when_to_try_again(sender, monkeypatch):
    monkeypatch.setattr(uploads.UPLOADS.__class__, "hit", lambda _self, _account: timedelta(minutes=5))
    answer = sender.create(len(CONTENT))
    assert answer.status_code == 429
    assert "5분 뒤" in answer.get_data(as_text=True)


def test_a_visitor_is_told_with_a_status_that_scripts_understand(sender, client):
    sender.create(len(CONTENT))
    answer = client.patch(sender.place, data=b"x", headers={**TUS, "HX-Request": "true"})
    assert answer.status_code == 401


# What becomes of it


def test_a_half_sent_file_is_never_attached(sender):
    sender.create(len(CONTENT))
    sender.patch(CONTENT[:-1], 0)
    answer = sender.finish()
    assert answer.status_code == 422
    assert "1KB" in answer.get_data(as_text=True)
    assert documents() == []
    assert sender.patch(CONTENT[-1:], len(CONTENT) - 1).status_code == 204  # and may go on
    assert sender.finish().status_code == 303


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PNG, "a.pdf"),
        (b"%PDF-1.7 cut off", "a.pdf"),
        (pdf("x") + b"PK\x05\x06" + bytes(18), "a.pdf"),
        (office("docx", {"word/vbaProject.bin": b"x"}), "a.docx"),
    ],
    ids=["another kind", "broken", "two kinds", "macros"],
)
def test_a_content_that_is_not_taken_is_thrown_away_and_the_earlier_file_stays(sender, storage, content, name):
    challenge = sender.scene.challenge
    challenge.form = change_question(challenge.form, "proposal", types=("pdf", "docx"))
    db.session.commit()
    attach(sender.scene, storage, CONTENT)
    db.session.commit()
    answer = sender.send(content, name)
    assert answer.status_code == 422
    assert 'id="doc-proposal-error"' in answer.get_data(as_text=True)
    assert [document.sha256 for document in documents()] == [hashlib.sha256(CONTENT).hexdigest()]
    assert list(sender.app.extensions["parts"].root.iterdir()) == []
    assert sender.head().status_code == 410


def test_the_same_content_is_kept_once(sender, storage):
    sender.send(CONTENT)
    before = storage.path(hashlib.sha256(CONTENT).hexdigest())
    sender.send(CONTENT, "같은 파일.pdf")
    assert [document.filename for document in documents()] == ["같은 파일.pdf"]
    assert before.stat().st_nlink == 1


@pytest.mark.parametrize("whole", [True, False], ids=["plain form", "in pieces"])
def test_a_full_disk_says_so_and_keeps_the_earlier_file(sender, storage, monkeypatch, whole):
    attach(sender.scene, storage, CONTENT)
    db.session.commit()

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    if not whole:
        sender.create(len(pdf("new")))
        sender.patch(pdf("new"), 0)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace" if whole else "link", full)
        patched.setattr("pathlib.Path.replace", full)
        if whole:
            answer = sender.browser.post(sender.document, data={"file": (io.BytesIO(pdf("new")), "새.pdf")})
        else:
            answer = sender.finish()
    assert answer.status_code == 422
    assert "남은 공간이 없" in answer.get_data(as_text=True)
    assert [document.sha256 for document in documents()] == [hashlib.sha256(CONTENT).hexdigest()]
    if not whole:
        assert sender.finish().status_code == 303  # there is room again


def test_no_upload_begins_where_there_is_no_room(sender, monkeypatch):
    monkeypatch.setattr(FolderStorage, "has_room", lambda _self, _size: False)
    answer = sender.create(len(CONTENT))
    assert answer.status_code == 507
    assert "남은 공간이 없" in answer.get_data(as_text=True)


def test_a_piece_that_finds_no_room_says_so(sender, monkeypatch):
    sender.create(len(CONTENT))

    def full(*_arguments, **_values):
        raise DiskFull(28, "No space left on device")

    monkeypatch.setattr("app.core.incoming.Part.append", full)
    assert sender.patch(CONTENT, 0).status_code == 507


def test_a_form_whose_file_finds_no_room_gets_a_page_that_says_so(sender, monkeypatch):
    def full(*_arguments, **_values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.web.requests.TemporaryFile", full)
    answer = sender.browser.post(sender.document, data={"file": (io.BytesIO(CONTENT), "a.pdf")})
    assert answer.status_code == 503
    assert "남은 공간이 없" in answer.get_data(as_text=True)


def test_a_piece_takes_three_statements_whatever_its_size(sender, statements):
    sender.create(len(CONTENT))
    for offset in (0, 40):
        statements.statements.clear()
        sender.patch(CONTENT[offset : offset + 40], offset)
        assert len(statements) == 3


# Any order of acts


class AnyOrder(RuleBasedStateMachine):
    """Whatever is sent in whatever order, what becomes the document is the content, or nothing does."""

    make: Callable[[], Sender]

    def __init__(self) -> None:
        super().__init__()
        self.sender = self.make()
        self.content = b""
        self.arrived: int | None = None  # None: there is no upload
        self.attached: str | None = None

    @rule(extra=st.binary(max_size=200))
    def begin(self, extra: bytes) -> None:
        self.content = pdf("%" + extra.hex())
        assert self.sender.create(len(self.content)).status_code == 201
        self.arrived = 0

    @precondition(lambda self: self.arrived is not None)
    @rule(size=st.integers(0, 600))
    def go_on(self, size: int) -> None:
        assert self.arrived is not None
        piece = self.content[self.arrived : self.arrived + size]
        answer = self.sender.patch(piece, self.arrived)
        self.arrived += len(piece)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(self.arrived))

    @precondition(lambda self: self.arrived is not None)
    @rule(size=st.integers(1, 300))
    def break_off(self, size: int) -> None:
        """The connection breaks: less comes than the length of the request said."""
        assert self.arrived is not None
        piece = self.content[self.arrived : self.arrived + size]
        if not piece:
            return
        sent = piece[: len(piece) // 2]
        assert self.sender.patch_short(sent, self.arrived, announced=len(piece)).status_code == 408
        self.arrived += len(sent)

    @precondition(lambda self: self.arrived is not None)
    @rule(offset=st.integers(0, 900), junk=st.binary(min_size=1, max_size=50))
    def send_elsewhere(self, offset: int, junk: bytes) -> None:
        if offset != self.arrived:
            assert self.sender.patch(junk, offset).status_code == 409

    @precondition(lambda self: self.arrived is not None)
    @rule(junk=st.binary(min_size=1, max_size=50))
    def send_damaged(self, junk: bytes) -> None:
        assert self.arrived is not None
        wrong = "sha256 " + base64.b64encode(bytes(32)).decode()
        answer = self.sender.patch(junk, self.arrived, **{"Upload-Checksum": wrong})
        assert answer.status_code == (460 if self.arrived + len(junk) <= len(self.content) else 413)

    @rule()
    def give_up(self) -> None:
        if self.sender.place:
            assert self.sender.delete().status_code in (204, 404)
            self.arrived = None

    @precondition(lambda self: bool(self.sender.place))
    @rule()
    def finish(self) -> None:
        answer = self.sender.finish()
        if self.arrived == len(self.content):
            assert answer.status_code == 303
            self.attached = hashlib.sha256(self.content).hexdigest()
            self.arrived = None
        else:
            assert answer.status_code in (303, 404, 422)

    @invariant()
    def the_offset_is_what_has_arrived(self) -> None:
        if self.arrived is not None:
            answer = self.sender.head()
            assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, str(self.arrived))

    @invariant()
    def the_document_is_what_was_finished_last(self) -> None:
        hashes = [document.sha256 for document in documents()]
        assert hashes == ([self.attached] if self.attached else [])


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_any_order_of_acts_ends_with_the_right_bytes_or_is_refused(app, browse_as):
    def make() -> Sender:
        scene = make_scene()
        db.session.execute(sa.delete(Document))
        db.session.commit()
        return Sender(app, browse_as(scene.person), scene)

    machine = type("Machine", (AnyOrder,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
