"""Only what nothing names goes, and only when it is old."""

import hashlib
import io
import os

import pytest

from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.database import db, new_id
from app.core.jobs.queue import enqueue
from app.core.storage import FolderStorage
from app.core.sweeping import sweep_storage
from tests import factories
from tests.factories import NOW

DAY = 24 * 3600


@pytest.fixture
def storage(tmp_path):
    return FolderStorage(tmp_path)


def save(storage, content: bytes, *, old: bool = True) -> str:
    sha256 = storage.save(io.BytesIO(content), max_bytes=100).sha256
    if old:
        os.utime(storage.path(sha256), (1, 1))
    return sha256


def test_what_a_column_or_any_json_names_stays(storage):
    in_json, nowhere, young = save(storage, b"a"), save(storage, b"b"), save(storage, b"c", old=False)
    factories.make_challenge(terms=Bilingual("약관", f"kept by a text: {save(storage, b'd')}."))
    enqueue("mail.send", {"files": [{"sha256": in_json}]}, key="one", now=NOW)
    db.session.commit()
    swept = sweep_storage(storage, dry_run=True)
    assert swept.files == {nowhere: 1}
    assert storage.exists(nowhere)
    assert sweep_storage(storage, dry_run=False).bytes == 1
    assert not storage.exists(nowhere)
    assert all(storage.exists(sha256) for sha256 in (in_json, young, hashlib.sha256(b"d").hexdigest()))


def test_the_trail_keeps_no_file(storage):
    sha256 = save(storage, b"replaced")
    db.session.add(
        AuditEvent(happened_at=NOW, action="x", subject_kind="x", subject_id=new_id(), details={"replaces": sha256})
    )
    db.session.commit()
    assert sweep_storage(storage, dry_run=False).files == {sha256: 8}


def test_a_hash_within_a_longer_number_names_nothing(storage):
    sha256 = save(storage, b"x")
    enqueue("mail.send", {"long": f"{sha256}0"}, key="one", now=NOW)
    db.session.commit()
    assert sweep_storage(storage, dry_run=True).files == {sha256: 1}


def test_what_is_stored_again_during_the_sweep_stays(storage):
    sha256 = save(storage, b"again")
    assert storage.older_than(DAY) == {sha256: 5}
    storage.save(io.BytesIO(b"again"), max_bytes=100)  # between the look and the removal
    assert not storage.delete_unless_younger(sha256, DAY)
    assert b"".join(storage.read_chunks(sha256)) == b"again"


def test_leftovers_of_broken_saves_go_when_they_are_old(storage):
    save(storage, b"x")
    for name, when in (("old", 1), ("young", None)):
        path = storage.root / "incoming" / name
        path.touch()
        if when:
            os.utime(path, (when, when))
    assert sweep_storage(storage, dry_run=True).leftovers == 1
    assert sweep_storage(storage, dry_run=False).leftovers == 1
    assert [p.name for p in (storage.root / "incoming").iterdir()] == ["young"]
