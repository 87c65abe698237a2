"""Certificates as files, for an archive or a printer: `flask certificates export`."""

import csv
import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.awards.certificate_check import check_file
from app.awards.certificate_queries import file_name, list_made
from app.awards.queries import get_challenge_by_slug
from app.awards.services.keep_signing_keys import password_of, use_signing_key
from app.core.database import db, writes
from app.core.errors import RuleBroken

certificates_cli = AppGroup("certificates", help="Issued certificates.")


@certificates_cli.command("export")
@click.argument("slug")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write into."
)
def export_certificates(slug: str, folder: Path) -> None:
    """Write the certificates of the challenge SLUG as PDFs, with register.csv that says which file is which.

    Revoked ones are listed in the register without their file. Files that stand in the folder already are written anew.
    """
    challenge = get_challenge_by_slug(slug)
    if challenge is None:
        raise click.ClickException(f"No challenge {slug}.")
    certificates = list_made(challenge.id)
    folder.mkdir(parents=True, exist_ok=True)
    storage, count = current_app.extensions["storage"], 0
    with (folder / "register.csv").open(
        "w", encoding="utf-8-sig", newline=""
    ) as out:  # so that spreadsheets read Korean
        register = csv.writer(out)
        register.writerow(["number", "language", "edition", "recipient", "prize", "state", "sha256", "file"])
        for certificate in certificates:
            name = "" if certificate.revoked_at else file_name(certificate)
            if name:
                (folder / name).write_bytes(b"".join(storage.read_chunks(certificate.sha256)))
                count += 1
            facts = certificate.facts
            texts = [facts[key].in_language(certificate.language) for key in ("recipient", "prize")]
            place = f"{certificate.year}-{certificate.number:04d}"
            register.writerow(
                [place, certificate.language, certificate.edition, *map(_as_text, texts), certificate.state.value, certificate.sha256, name]
            )  # fmt: skip
    click.echo(f"{count} certificates written to {folder}")


@certificates_cli.command("use-key")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--password", prompt=True, hide_input=True, default="", help="Of the file; asked for where it is not given."
)
def use_key(slug: str, file: Path, password: str) -> None:
    """Sign the certificates of the organizer of SLUG with the key in FILE (PKCS#12, P-256) from now on."""
    challenge = get_challenge_by_slug(slug)
    if challenge is None:
        raise click.ClickException(f"No challenge {slug}.")
    token = writes.set(True)
    try:
        use_signing_key(
            challenge.host, file.read_bytes(), sealed_under=password.encode() or None,
            password=password_of(current_app.config["SECRET_KEY"]), now=current_app.extensions["clock"](),
        )  # fmt: skip
        db.session.commit()
    except RuleBroken as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    finally:
        writes.reset(token)
    click.echo(f"Certificates of {challenge.host.name.ko} are signed with this key from now on.")


@certificates_cli.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def verify_certificate(file: Path, *, as_json: bool) -> None:
    """Say whether FILE is a certificate as it was issued here, and stands. Status 1 where it is not."""
    found = check_file(file.read_bytes())
    if as_json:
        serial = found.certificate.serial if found.certificate else None
        click.echo(
            json.dumps(
                {
                    "valid": found.valid,
                    "reason": found.reason,
                    "serial": serial,
                    "covers_whole_file": found.covers_whole_file,
                    "revoked": found.revoked,
                },
                ensure_ascii=False,
            )
        )
    else:
        click.echo(found.reason)
    sys.exit(0 if found.valid else 1)


def _as_text(value: str) -> str:
    """A name that begins like a formula stays a name in a spreadsheet."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t")) else value
