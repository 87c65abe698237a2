"""Commands for whoever runs the server: the worker, and the trail."""

import json
from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.core.audit import trail
from app.core.database import db
from app.core.jobs.broker import send_to
from app.core.jobs.worker import run_one, work

jobs_cli = AppGroup("jobs", help="Background work.")
audit_cli = AppGroup("audit", help="The trail of what was done.")

# What features want done every few seconds; each opens and commits its own transaction.
CHORES: list[Callable[[], None]] = []


def seal_trail() -> None:
    """Chain the new events; the worker does this every few seconds."""
    while trail.seal():
        db.session.commit()
    db.session.rollback()


def run_worker(app: Flask) -> None:
    """Run background work until stopped. With a broker set: do the chores, and send again what was lost."""
    celery = app.extensions["celery"]
    resend = None if celery is None else lambda ids: send_to(celery, ids)
    work(app, app.extensions["clock"], chores=[*CHORES, seal_trail], resend=resend)


@jobs_cli.command("work")
def work_command() -> None:
    """Run background work until stopped."""
    run_worker(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - the worker outlives this context


@jobs_cli.command("run-due")
def run_due_command() -> None:
    """Run all work that is due now, then stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - as above
    count = 0
    while run_one(app, app.extensions["clock"]):
        count += 1
    seal_trail()
    click.echo(f"{count} jobs run")


@audit_cli.command("seal")
def seal_command() -> None:
    """Chain the events that stand unsealed."""
    seal_trail()


@audit_cli.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(*, as_json: bool) -> None:
    """Walk the chain and name the first broken link; status 1 if there is one."""
    verdict = trail.verify()
    if as_json:
        click.echo(
            json.dumps(
                {
                    "valid": verdict.broken is None,
                    "length": verdict.length,
                    "unsealed": verdict.unsealed,
                    "broken": verdict.broken,
                }
            )
        )
    elif verdict.broken:
        click.echo(f"BROKEN: {verdict.broken}")
    else:
        click.echo(f"{verdict.length} events, every link holds; {verdict.unsealed} not yet sealed")
    if verdict.broken:
        raise SystemExit(1)
