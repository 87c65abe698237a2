"""`flask files sweep`: what the hourly sweep takes away, seen beforehand or done now."""

import json

import click
from flask.cli import AppGroup

from app.applications.chores import sweep_parts
from app.applications.services import count_expired, expire_uploads
from app.core.database import db, writes
from app.core.sweeping import sweep_storage
from app.web.clock import now
from app.web.files import part_files, storage
from app.web.filters import filesize

files_cli = AppGroup("files", help="Stored files and files on their way.")


@files_cli.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sweep_command(*, dry_run: bool, as_json: bool) -> None:
    """Delete uploads that ran out, and files of a day's age or more that nothing names."""
    uploads = count_expired(now=now())
    if not dry_run:
        while expire_uploads(parts=part_files(), now=now()):
            db.session.commit()
    db.session.rollback()
    before = writes.set(False)
    try:
        lost = sweep_parts(part_files(), dry_run=dry_run)
        swept = sweep_storage(storage(), dry_run=dry_run)
    finally:
        db.session.rollback()
        writes.reset(before)
    answer = {
        "dry_run": dry_run, "uploads": uploads, "parts": lost, "leftovers": swept.leftovers, "files": len(swept.files),
        "bytes": swept.bytes, "hashes": sorted(swept.files),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(answer))
        return
    for sha256 in sorted(swept.files):
        click.echo(f"  {sha256}  {filesize(swept.files[sha256])}")
    click.echo(
        f"{'Would delete' if dry_run else 'Deleted'}: {len(swept.files)} stored files ({filesize(swept.bytes)}), "
        f"{uploads} uploads that ran out, {lost + swept.leftovers} leftovers"
    )
