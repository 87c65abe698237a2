"""The judging mathematics for anyone who has a table and no server: `flask judging rank`, `agreement` and `assign`."""

import csv
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import click
import numpy as np
from flask.cli import AppGroup
from numpy.typing import NDArray

from app.judging.adjusted import chance_of_top, fit_adjusted
from app.judging.agreement import FORMS, LEVELS, alpha_of_scores, intraclass_correlations, kendall_w
from app.judging.expertise import FloorsOutOfReach
from app.judging.official import Rule, aggregated, trims
from app.judging.wishes import Wish, fulfil

judging_cli = AppGroup("judging", help="Ranking, agreement and assignment for tables.")
COLUMNS = ("entry", "judge", "score")
MOST = 1_000_000  # for numbers of a wish: far above all that makes sense, far below what arithmetic holds
Command = Callable[..., None]


class BadTable(Exception):  # noqa: N818 - says what is wrong
    """The file cannot be used; the sentence names the row and the column."""


def told_in_one_line(command: Command) -> Command:
    """A bad file gets one line and status 2, not a traceback."""

    @wraps(command)
    def careful(**options: Any) -> None:
        try:
            command(**options)
        except (BadTable, FloorsOutOfReach) as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    return careful


@dataclass(frozen=True)
class Table:
    """Scores by entry and judge, both in the order in which the file names them first."""

    entries: list[str]
    judges: list[str]
    scores: dict[tuple[int, int], Decimal]

    @cached_property
    def by_entry(self) -> list[list[Decimal]]:
        """The scores of each entry, in the order of the file."""
        given: list[list[Decimal]] = [[] for _ in self.entries]
        for (entry, _judge), score in self.scores.items():
            given[entry].append(score)
        return given

    @property
    def is_complete(self) -> bool:
        """Whether every judge scored every entry."""
        return len(self.scores) == len(self.entries) * len(self.judges)

    def columns(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Entry, judge and score of each row."""
        entry, judge = np.array(list(self.scores), dtype=np.intp).T
        return entry, judge, np.array([float(score) for score in self.scores.values()])

    def as_array(self) -> NDArray[np.float64]:
        """Entries in rows, judges in columns, NaN where there is no score."""
        array = np.full((len(self.entries), len(self.judges)), np.nan)
        entry, judge, score = self.columns()
        array[entry, judge] = score
        return array


def read_table(path: Path) -> Table:
    """Read a CSV file with the columns entry, judge and score. Raises BadTable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = [name.strip().lower() for name in next(reader, [])]
            if missing := [name for name in COLUMNS if name not in head]:
                raise BadTable(
                    f"row 1: there is no column {missing[0]}; the first row has to name entry, judge and score"
                )
            places = [head.index(name) for name in COLUMNS]
            return _table(
                [(number, [_cell(row, place) for place in places]) for number, row in enumerate(reader, 2) if row]
            )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTable(f"{path.name} cannot be read as CSV in UTF-8: {error}") from error


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _table(rows: list[tuple[int, list[str]]]) -> Table:
    entries: dict[str, int] = {}
    judges: dict[str, int] = {}
    scores: dict[tuple[int, int], Decimal] = {}
    for number, (entry, judge, text) in rows:
        for name, value in zip(COLUMNS, (entry, judge, text), strict=True):
            if not value:
                raise BadTable(f"row {number}, column {name}: it is empty")
        try:
            score = Decimal(text)
        except InvalidOperation:
            score = Decimal("NaN")
        if not score.is_finite() or abs(score) > Decimal("1e12"):
            raise BadTable(f"row {number}, column score: {text} is not a number")
        pair = (entries.setdefault(entry, len(entries)), judges.setdefault(judge, len(judges)))
        if pair in scores:
            raise BadTable(f"row {number}, column judge: {judge} has scored {entry} in an earlier row")
        scores[pair] = score
    if not scores:
        raise BadTable("row 2, column entry: there are no scores")
    return Table(list(entries), list(judges), scores)


def _rounded(value: float | None, places: int = 6) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, places)


@judging_cli.command("rank")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--method", type=click.Choice(["mean", "trimmed_mean", "median", "adjusted"]), default="trimmed_mean")
@click.option("--top", type=click.IntRange(min=1), help="How many places there are, for p_top.")
@click.option(
    "--decimals", type=click.IntRange(0, 6), default=2, help="Published precision of mean, trimmed mean and median."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@told_in_one_line
def rank_command(*, file: Path, method: str, top: int | None, decimals: int, as_json: bool) -> None:
    """Rank the entries of FILE, a CSV with the columns entry, judge and score."""
    table = read_table(file)
    answer = _rank_adjusted(table, top) if method == "adjusted" else _rank_official(table, method, decimals)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for entry in answer["entries"]:
        click.echo(f"{entry['rank']:>4}  {entry['score']:>12}  n={entry['n']:<3} {entry['entry']}")
    for note in answer["notes"]:
        click.echo(f"note: {note}")


def _rank_official(table: Table, method: Any, decimals: int) -> dict[str, Any]:
    rule = Rule(criteria=("score",), aggregate=method, decimals=decimals)
    rows, notes = [], ["p_top is known to the adjusted method only"]
    for index, entry in enumerate(table.entries):
        given = table.by_entry[index]
        mean = aggregated(given, rule)
        assert mean is not None  # every entry of the table has a score
        if method == "trimmed_mean" and not trims(len(given), rule):
            notes.append(f"{entry} has {len(given)} scores, fewer than {rule.trim_floor}: nothing was trimmed")
        sd = float(np.std([float(score) for score in given], ddof=1)) if len(given) > 1 else None
        rows.append((mean.rounded(decimals), entry, len(given), _rounded(sd)))
    scores = sorted((row[0] for row in rows), reverse=True)
    rank = {score: place for place, score in zip(range(len(scores), 0, -1), reversed(scores), strict=True)}
    entries = [
        {"entry": entry, "n": n, "score": float(score), "sd": sd, "rank": rank[score], "p_top": None}
        for score, entry, n, sd in sorted(rows, key=lambda row: -row[0])
    ]
    return {"entries": entries, "notes": notes}


def _rank_adjusted(table: Table, top: int | None) -> dict[str, Any]:
    entry, judge, score = table.columns()
    try:
        fit = fit_adjusted(entry, judge, score)
    except ValueError as error:
        raise BadTable(f"the adjusted score is not defined for this table: {error}") from error
    chances = chance_of_top(fit, top) if top else None
    counts = np.bincount(entry)
    order = np.argsort(-fit.entry_mean, kind="stable")
    above = np.searchsorted(np.sort(-fit.entry_mean), -fit.entry_mean)
    notes = [] if fit.converged else ["the fit did not settle; take the figures with care"]
    spread = fit.components
    return {
        "entries": [
            {
                "entry": table.entries[i], "n": int(counts[i]), "score": float(fit.entry_mean[i]), "sd": float(fit.entry_sd[i]),
                "rank": int(above[i]) + 1, "p_top": None if chances is None else float(chances[i]),
            }
            for i in order
        ],
        "components": {
            "mean": spread.mean, "entry_sd": math.sqrt(spread.entry), "judge_sd": math.sqrt(spread.judge),
            "residual_sd": math.sqrt(spread.residual),
        },
        "judges": [
            {"judge": name, "severity": float(severity), "sd": float(sd)}
            for name, severity, sd in zip(table.judges, fit.judge_severity, fit.judge_sd, strict=True)
        ],
        "notes": notes,
    }  # fmt: skip


@judging_cli.command("agreement")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@told_in_one_line
def agreement_command(*, file: Path, as_json: bool) -> None:
    """How well the judges of FILE agree: ICC, Krippendorff's alpha, Kendall's W."""
    table = read_table(file)
    entry, _judge, score = table.columns()
    # The coefficients of a complete table are not defined for another, which may be far too large to lay out as one.
    icc = intraclass_correlations(table.as_array()) if table.is_complete else dict.fromkeys(FORMS)
    answer = {
        "icc": {form: _rounded(value, 12) for form, value in icc.items()},
        "alpha": {level: _rounded(alpha_of_scores(entry, score, level), 12) for level in LEVELS},
        "kendall_w": _rounded(kendall_w(table.as_array()) if table.is_complete else None, 12),
        "n_entries": len(table.entries),
        "n_judges": len(table.judges),
    }
    click.echo(json.dumps(answer, indent=None if as_json else 2))


@judging_cli.command("assign")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--explain", is_flag=True, help="Add who can be compared, what the lot drew, and what would free what is short."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@told_in_one_line
def assign_command(*, file: Path, explain: bool, as_json: bool) -> None:
    """Assign judges to entries by expertise, as FILE (JSON) describes them.

    Beside what it has to hold, the file may wish: "must" (pairs like "conflicts"), "even" and "connected" (true or false),
    "share_by_lot" (from 0 to 1) and "seed".
    """
    judges, entries, wish = _read_wish(file)
    found = fulfil(wish)

    def pairs(indices: Iterable[tuple[Any, Any]]) -> list[list[Any]]:
        return [[judges[judge], entries[entry]] for judge, entry in indices]

    answer: dict[str, Any] = {
        "pairs": pairs(zip(*np.nonzero(found.table), strict=True)),
        "objective": found.objective,
        "short": {str(entries[i]): int(missing) for i, missing in enumerate(found.short) if missing},
    }
    if explain:
        answer |= {"groups": found.groups, "by_lot": found.by_lot}
        answer["shortages"] = [
            {
                "entries": [entries[i] for i in one.entries], "missing": one.missing, "full_judges": [judges[i] for i in one.full],
                "conflicts": pairs(one.barred),
            }
            for one in found.shortages
        ]  # fmt: skip
    click.echo(json.dumps(answer, ensure_ascii=False, indent=None if as_json else 2))


def _read_wish(path: Path) -> tuple[list[Any], list[Any], Wish]:
    """The ids of the judges and of the entries, and what is wished of them. Raises BadTable."""
    try:
        wish = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadTable(f"{path.name} cannot be read as JSON: {error}") from error
    if not isinstance(wish, dict):
        raise BadTable("the file has to hold one JSON object")
    judges = _things(wish, "judges", required="cap", optional="floor")
    entries = _things(wish, "entries", required="sheets")
    _check_scores(wish.get("scores"), len(judges), len(entries))
    share, seed = wish.get("share_by_lot", 0), wish.get("seed", 0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise BadTable(f"share_by_lot: {share!r} is not a number from 0 to 1")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise BadTable(f"seed: {seed!r} is not a whole number from 0")
    for name in ("even", "connected"):
        if not isinstance(wish.get(name, False), bool):
            raise BadTable(f"{name}: {wish[name]!r} is neither true nor false")
    return (
        [judge["id"] for judge in judges],
        [entry["id"] for entry in entries],
        Wish(
            scores=np.array(wish["scores"], dtype=float).reshape(len(judges), len(entries)),
            sheets=np.array([entry["sheets"] for entry in entries], dtype=int),
            caps=np.array([judge["cap"] for judge in judges], dtype=int),
            floors=np.array([judge.get("floor", 0) for judge in judges], dtype=int),
            never=_pairs(wish, "conflicts", judges, entries),
            must=_pairs(wish, "must", judges, entries),
            even=wish.get("even", False),
            connected=wish.get("connected", False),
            share_by_lot=float(share),
            seed=seed,
        ),
    )


def _check_scores(scores: Any, judges: int, entries: int) -> None:
    if not isinstance(scores, list) or len(scores) != judges:
        raise BadTable(f"scores: there have to be {judges} rows, one for each judge")
    for number, row in enumerate(scores, 1):
        if not isinstance(row, list) or len(row) != entries:
            raise BadTable(f"scores, row {number}: there have to be {entries} columns, one for each entry")
        for column, value in enumerate(row, 1):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise BadTable(f"scores, row {number}, column {column}: {value!r} is not a number")
            if abs(value) > MOST:
                raise BadTable(f"scores, row {number}, column {column}: {value!r} is beyond {MOST}")


def _pairs(
    wish: dict[str, Any], name: str, judges: list[dict[str, Any]], entries: list[dict[str, Any]]
) -> NDArray[np.bool_]:
    """The pairs of a judge's and an entry's id that stand under `name`, as a table."""
    judge_at = {judge["id"]: i for i, judge in enumerate(judges)}
    entry_at = {entry["id"]: i for i, entry in enumerate(entries)}
    table = np.zeros((len(judges), len(entries)), dtype=bool)
    pairs = wish.get(name, [])
    if not isinstance(pairs, list):
        raise BadTable(f"{name}: it has to be a list of pairs")
    for number, pair in enumerate(pairs, 1):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(i, str | int) for i in pair):
            raise BadTable(f"{name}, row {number}: it has to be a pair of a judge's id and an entry's id")
        if pair[0] not in judge_at:
            raise BadTable(f"{name}, row {number}, column 1: there is no judge {pair[0]!r}")
        if pair[1] not in entry_at:
            raise BadTable(f"{name}, row {number}, column 2: there is no entry {pair[1]!r}")
        table[judge_at[pair[0]], entry_at[pair[1]]] = True
    return table


def _things(wish: dict[str, Any], kind: str, *, required: str, optional: str = "") -> list[dict[str, Any]]:
    """The judges or the entries: a list of objects with an id of its own and whole numbers from 0."""
    things = wish.get(kind)
    if not isinstance(things, list) or not things:
        raise BadTable(f"{kind}: there has to be a list of at least one")
    seen: set[Any] = set()
    for number, thing in enumerate(things, 1):
        if not isinstance(thing, dict) or not isinstance(thing.get("id"), str | int):
            raise BadTable(f"{kind}, row {number}, column id: there is none")
        if thing["id"] in seen:
            raise BadTable(f"{kind}, row {number}, column id: {thing['id']!r} stands twice")
        seen.add(thing["id"])
        for name in (required, optional):
            value = thing.get(name, 0 if name == optional else None)
            if name and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST):
                raise BadTable(f"{kind}, row {number}, column {name}: {value!r} is not a whole number from 0 to {MOST}")
    return things
