"""Certificates as files, for an archive or a printer: `flask certificates export`."""

import csv
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.awards.certificate_queries import file_name, list_made
from app.awards.queries import get_challenge_by_slug

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


def _as_text(value: str) -> str:
    """A name that begins like a formula stays a name in a spreadsheet."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t")) else value
