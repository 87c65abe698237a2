import csv

from app.awards import services
from app.awards.certificate_cli import certificates_cli
from app.core.bilingual import Bilingual
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
