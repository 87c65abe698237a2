"""Commands for certificates and results."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from app.awards import queries
from app.awards.certificate_cli import certificates_cli
from app.awards.published import PublishedResults
from app.awards.rules import are_results_published
from app.awards.services import make_bundle
from app.core.canonical import canonical_sha256
from app.core.errors import RuleBroken
from app.web.commands import seal_trail

__all__ = ["certificates_cli", "results_cli"]

results_cli = AppGroup("results", help="Published results.")


@results_cli.command("show")
@click.argument("slug")
@click.option("--number", type=int, default=None, help="An earlier result set; the latest without it.")
@click.option(
    "--json", "as_json", is_flag=True, help="The whole frozen content under its hash, to compute the ranking again."
)
def show_results(slug: str, number: int | None, *, as_json: bool) -> None:
    """Print the published results of the challenge SLUG, and whether they still have the hash they were published under."""
    challenge = queries.get_challenge_by_slug(slug)
    result_set = queries.get_result_set(challenge.id, number) if challenge else None
    if challenge is None or result_set is None or not are_results_published(challenge):
        raise click.ClickException(f"No published results of {slug}.")
    intact = canonical_sha256(result_set.content) == result_set.sha256
    if as_json:
        click.echo(
            json.dumps(
                {"sha256": result_set.sha256, "content": result_set.content},
                ensure_ascii=False,
                indent=2,
                sort_keys=True,
            )
        )
    else:
        _print_winners(PublishedResults.of(result_set))
    if not intact:
        raise click.ClickException(
            f"The content of set {result_set.number} does not have the hash {result_set.sha256}."
        )


@results_cli.command("bundle")
@click.argument("slug")
@click.option("--number", type=int, default=None, help="An earlier result set; the latest without it.")
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP file to write."
)
def bundle_results(slug: str, number: int | None, path: Path) -> None:
    """Write the published results of the challenge SLUG with everything that a third party needs to compute them again.

    `python verify.py` in the unpacked folder checks it. The same result set gives the same bytes.
    """
    seal_trail()
    challenge = queries.get_challenge_by_slug(slug)
    result_set = queries.get_result_set(challenge.id, number) if challenge else None
    if challenge is None or result_set is None or not are_results_published(challenge):
        raise click.ClickException(f"No published results of {slug}.")
    try:
        data = make_bundle(result_set)
    except RuleBroken as refusal:
        raise click.ClickException(refusal.sentence) from None
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"set {result_set.number}, sha256 {result_set.sha256}, written to {path}")


def _print_winners(results: PublishedResults) -> None:
    click.echo(f"set {results.number}, published {results.published_at.isoformat()}, sha256 {results.sha256}")
    for winner in results.winners:
        prize = winner.prize.ko if winner.prize else "–"
        click.echo(
            f"{prize}\t{winner.company.ko or winner.company.en}\t{winner.theme_code}\t{winner.sponsor.ko or winner.sponsor.en}"
        )
