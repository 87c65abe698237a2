import csv
import json

import sqlalchemy as sa

from app.awards import services
from app.awards.certificate_cli import certificates_cli
from app.awards.certificates.signing import make_identity, seal_identity
from app.awards.models import Certificate, SigningKey
from app.core.bilingual import Bilingual
from app.core.database import db
from tests.awards.certificates import make_awarded, run_jobs, stand_in_pdf  # noqa: F401 - a fixture


def test_certificates_are_exported_with_a_register(app, clock, tmp_path, stand_in_pdf):  # noqa: F811 - the fixture above
    scene = make_awarded(Bilingual("온결", "Ongyeol"), Bilingual("=1+1", "=1+1"))
    issued = services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    services.revoke_certificate(issued[1], reason="오기", actor=scene.organizer, now=clock())
    result = app.test_cli_runner().invoke(
        certificates_cli, ["export", scene.challenge.slug, "--to", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    assert "3 certificates written" in result.output
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [
        "Certificate of Award_First prize_=1+1_2022-0004.pdf",
        "register.csv",
        "상장_대상_온결_2022-0001.pdf",
        "상장_최우수상_=1+1_2022-0003.pdf",
    ]
    with (tmp_path / "out/register.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["issued", "revoked", "issued", "issued"]
    assert (rows[1]["file"], rows[2]["recipient"]) == ("", "'=1+1")


def test_a_challenge_that_is_not_there_is_said(app, tmp_path):
    result = app.test_cli_runner().invoke(certificates_cli, ["export", "nothing", "--to", str(tmp_path)])
    assert result.exit_code == 1
    assert "No challenge nothing." in result.output


def test_an_issued_file_is_verified_and_a_changed_one_is_not(app, clock, tmp_path):
    """Through the very job that draws and signs."""
    scene = make_awarded(Bilingual("온결", "Ongyeol"))
    issued = services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    certificate = db.session.get(Certificate, issued[0].id)
    pdf = b"".join(app.extensions["storage"].read_chunks(certificate.sha256))
    key = db.session.get(SigningKey, certificate.signing_key_id)
    assert (key.host_id, key.made_here, key.retired_at) == (scene.challenge.host_id, True, None)

    def verify(content):
        (tmp_path / "file.pdf").write_bytes(content)
        result = app.test_cli_runner().invoke(certificates_cli, ["verify", str(tmp_path / "file.pdf"), "--json"])
        return result.exit_code, json.loads(result.output)

    assert verify(pdf) == (0, {
        "valid": True, "reason": "It is exactly the file that was issued.", "serial": "제 2022-0001 호",
        "covers_whole_file": True, "revoked": False,
    })  # fmt: skip
    status, said = verify(pdf + b"%")
    assert (status, said["valid"], said["covers_whole_file"], said["serial"]) == (1, False, False, None)
    assert "added" in said["reason"]
    changed = bytearray(pdf)
    changed[5000] ^= 1
    assert verify(bytes(changed))[1]["reason"] == "It was changed after it was signed."
    services.revoke_certificate(certificate, reason="오기", actor=scene.organizer, now=clock())
    db.session.commit()
    status, said = verify(pdf)
    assert (status, said["valid"], said["revoked"], said["covers_whole_file"]) == (1, False, True, True)
    assert "오기" in said["reason"]


def test_a_host_brings_its_own_key(app, clock, tmp_path):
    scene = make_awarded(Bilingual("온결", "Ongyeol"))
    identity = make_identity("서울핀테크랩(가상)", clock())
    (tmp_path / "key.p12").write_bytes(seal_identity(identity, b"its password"))

    def use(password):
        words = ["use-key", scene.challenge.slug, str(tmp_path / "key.p12"), "--password", password]
        return app.test_cli_runner().invoke(certificates_cli, words)

    refused = use("wrong")
    assert refused.exit_code == 1
    assert "password" in refused.output
    assert db.session.scalars(sa.select(SigningKey)).all() == []
    assert use("its password").exit_code == 0
    assert use("its password").exit_code == 0
    db.session.rollback()
    first, second = db.session.scalars(sa.select(SigningKey).order_by(SigningKey.created_at, SigningKey.id)).all()
    assert {first.retired_at is None, second.retired_at is None} == {True, False}
    services.issue_certificates(scene.challenge, actor=scene.organizer, now=clock())
    run_jobs(app, clock)
    assert {c.signing_key_id for c in db.session.scalars(sa.select(Certificate))} <= {first.id, second.id}
