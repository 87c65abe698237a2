"""`flask persons erase`: what the retention periods end, seen beforehand or done now."""

import json
from collections import Counter

import click
from flask import current_app
from flask.cli import AppGroup

from app.challenges.chores import erase_all
from app.core.database import db, writes

persons_cli = AppGroup("persons", help="What is held about persons.")


@persons_cli.command("erase")
@click.option("--dry-run", is_flag=True, help="Only count what would be erased.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def erase_command(*, dry_run: bool, as_json: bool) -> None:
    """Erase persons from challenges whose retention period has ended; files that nothing names any more go with the next sweep."""
    token = writes.set(True)
    try:
        found = erase_all(current_app.extensions["clock"](), dry_run=dry_run)
    finally:
        db.session.rollback()
        writes.reset(token)
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "challenges": found}))
        return
    verb = "would be erased" if dry_run else "erased"
    for slug, counts in found.items():
        click.echo(
            f"{slug}: {', '.join(f'{count} of {feature}' for feature, count in counts.items()) or 'nothing'} {verb}"
        )
    click.echo(
        f"{len(found)} challenges, {sum(sum(Counter(counts).values()) for counts in found.values())} things {verb}"
    )
