"""Commands that load samples, take them away, and make large ones."""

import time

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.clock import utc_now
from app.core.database import db
from app.core.errors import RuleBroken
from app.sample import demo, trail_words  # noqa: F401 - the trail's words register themselves
from app.sample.services.generate_sample import Size, generate_sample
from app.sample.services.remove_sample import remove_samples
from app.sample.timetable import Stage
from app.web.commands import seal_trail
from app.web.files import storage

sample_cli = AppGroup("sample", help="Sample challenges.")


@sample_cli.command("load")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), required=True)
@click.option(
    "--dates",
    type=click.Choice(["now", "as-published"]),
    default="now",
    help="Move the schedule so that the stage is now, or leave it in 2022.",
)
def load_command(stage: str, dates: str) -> None:
    """Bring the sample to a stage; where it stands at that stage already, nothing changes."""
    challenge = demo.load(Stage(stage), as_published=dates == "as-published")
    click.echo(f"{challenge.title.en}: {current_app.config['BASE_URL']}/challenges/{challenge.slug}")
    accounts, password = demo.demo_accounts()
    if accounts:
        click.echo(f"Accounts, all with the password {password}: " + ", ".join(account.email for account in accounts))


@sample_cli.command("remove")
@click.option(
    "--also-leaning", is_flag=True, help="Remove other challenges, too, that the samples' organizations run or sponsor."
)
def remove_command(*, also_leaning: bool) -> None:
    """Take all samples away: rows, files, jobs and mails. Sealed events stay, without their personal part."""
    try:
        removed = remove_samples(also_leaning=also_leaning)
    except RuleBroken as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    db.session.commit()
    for sha256 in removed.files:
        storage().delete(sha256)
    click.echo(
        f"{sum(removed.rows.values())} rows in {len(removed.rows)} tables and {len(removed.files)} files are gone."
    )


@sample_cli.command("generate")
@click.option("--applications", type=click.IntRange(1, 100_000), default=2000, show_default=True)
@click.option("--judges", type=click.IntRange(1, 5_000), default=60, show_default=True)
@click.option("--sheets", type=click.IntRange(1, 50), default=3, show_default=True, help="For each application.")
@click.option("--seed", type=int, default=1, show_default=True)
def generate_command(applications: int, judges: int, sheets: int, seed: int) -> None:
    """Make a large believable challenge in judging, the same for the same seed, for benchmarks."""
    began = time.monotonic()
    try:
        challenge = generate_sample(Size(applications, judges, sheets), seed=seed, storage=storage(), now=utc_now())
    except RuleBroken as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    db.session.commit()
    seal_trail()
    took = time.monotonic() - began
    click.echo(
        f"{current_app.config['BASE_URL']}/challenges/{challenge.slug}: {applications} applications, made in {took:.1f} s"
    )
