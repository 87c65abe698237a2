"""Check a bundle of published results: python verify.py [FOLDER or ZIP].

Needs Python 3.9 or later and nothing else. Checks the fingerprint of every file, that the tables and results.json agree cell by
cell, and computes every number and rank again from the score sheets by the published rule. Prints OK (status 0), or the first
place that does not hold (status 1).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMAT = 2
MANIFEST = "manifest.json"
FILES = (
    "README.md", "verify.py", "rules.json", "results.json", "sheets.csv", "entries.csv", "decisions.csv", "head.json",
)  # fmt: skip
OUTCOMES = ("selected", "reserve", "not_selected")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 256 * 1024 * 1024  # no bundle is larger; a file that swells beyond it is not read
Json = dict[str, Any]
Leaf = tuple[str, str, str]  # row, column, value


class BrokenError(Exception):
    """The first place that does not hold."""

    def __init__(self, file: str, row: str, column: str, what: str) -> None:
        place = [file, *([f"row {row}"] if row else []), *([f"column {column}"] if column else [])]
        super().__init__(", ".join(place) + ": " + what)


@contextmanager
def inside(file: str, row: str) -> Iterator[None]:
    """What cannot be read is broken at the place where it stands."""
    try:
        yield
    except BrokenError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever was done to the file, it gets a sentence
        raise BrokenError(file, row, "", f"cannot be read ({type(error).__name__}: {str(error)[:80]})") from None


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# The rule, with exact fractions.


def number(text: Any) -> Fraction:
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return Fraction(text)


def half_up(value: Fraction, decimals: int) -> str:
    """Rounded once, half up, as it is published."""
    units = (value * 10**decimals * 2 + 1) // 2
    digits = str(abs(units)).zfill(decimals + 1)
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def aggregate(values: Sequence[Fraction], rule: Json) -> tuple[Fraction, bool] | None:
    """The mean, trimmed mean or median, and whether the highest and the lowest were left out."""
    ordered, n = sorted(values), len(values)
    if not n:
        return None
    if rule["aggregate"] == "median":
        return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2, False
    if rule["aggregate"] == "trimmed_mean" and n >= max(rule["trim_floor"], 3):
        return sum(ordered[1:-1], Fraction(0)) / (n - 2), True
    if rule["aggregate"] not in ("mean", "trimmed_mean"):
        raise ValueError(f"{rule['aggregate']!r} is not a rule")
    return sum(ordered, Fraction(0)) / n, False


TOPS = {"hundred": 100, "ten": 10, "five": 5}


def weighed(rule: Json) -> tuple[dict[str, Fraction], set[str]]:
    """The points of every criterion that has any, and which may be left out."""
    worth = {c["code"]: number(c["points"]) for c in rule["criteria"] if c.get("scale") != "gate"}
    return worth, {c["code"] for c in rule["criteria"] if c.get("optional")}


def plain_sheets(entry: Json, rule: Json) -> list[dict[str, Fraction]]:
    """Each sheet's points by criterion: a mark on a scale is its share of the criterion's points, a gate stays 1 or 0."""
    share = {c["code"]: number(c["points"]) / TOPS[c["scale"]] for c in rule["criteria"] if c.get("scale") in TOPS}
    return [{code: number(text) * share.get(code, 1) for code, text in s["scores"].items()} for s in entry["sheets"]]


def total_of(sheet: dict[str, Fraction], worth: dict[str, Fraction], optional: set[str]) -> Fraction | None:
    """A sheet's total. What is optional and left out is never nought: the rest stands for the whole."""
    given = [code for code in worth if code in sheet]
    if not given or not all(code in sheet or code in optional for code in worth):
        return None
    share = sum(worth.values(), Fraction(0)) / sum((worth[code] for code in given), Fraction(0))
    return sum((sheet[code] for code in given), Fraction(0)) * share


def scored(entry: Json, rule: Json) -> Json:
    """What the rule gives one entry, without its rank. Fractions stand for numbers that are published as they are."""
    gates, scaled = [c for c in rule["criteria"] if c.get("scale") == "gate"], plain_sheets(entry, rule)
    worth, optional = weighed(rule)
    codes, full = list(worth), sum(worth.values(), Fraction(0))
    totals = [total for sheet in scaled if (total := total_of(sheet, worth, optional)) is not None]
    own = {code: aggregate([sheet[code] for sheet in scaled if code in sheet], rule) for code in codes}
    mean = aggregate(totals, rule)
    if rule["aggregate"] == "trimmed_mean" and rule["trim"] == "criteria":
        parts = {code: part for code, part in own.items() if part is not None}
        whole = bool(parts) and all(code in parts or code in optional for code in codes)
        share = (
            full / sum((worth[code] for code in parts), Fraction(0))
            if whole and len(parts) < len(codes)
            else Fraction(1)
        )
        summed = sum((p[0] for p in parts.values()), Fraction(0)) * share
        mean = (summed, any(p[1] for p in parts.values())) if whole else None
    failed = []
    for gate in gates:
        answers = [sheet[gate["code"]] for sheet in scaled if gate["code"] in sheet]
        noes = sum(not answer for answer in answers)
        if noes and (gate["gate_rule"] == "any" or 2 * noes > len(answers)):
            failed.append(gate["code"])
    decimals = rule["decimals"]
    given = sum((number(points) for points in entry["bonus_points"]), Fraction(0))
    bonus = min(max(given, Fraction(0)), number(rule["bonus_cap"]))
    published = half_up(mean[0], decimals) if mean else None
    final = half_up(mean[0] + bonus, decimals) if mean else None
    seen = final if rule["pass_mark_sees_bonus"] else published
    mark = rule["pass_mark"]
    low, high = min(totals, default=None), max(totals, default=None)
    if optional and low is not None and high is not None:
        low, high = Fraction(half_up(low, decimals)), Fraction(half_up(high, decimals))
    return {
        "lowest": low,
        "highest": high,
        "trimmed": mean[1] if mean else False,
        "criteria": {code: half_up(part[0], decimals) if part else None for code, part in own.items()},
        "mean": published,
        "bonus": bonus,
        "final": final,
        "passes": None if seen is None else not failed and (mark is None or Fraction(seen) >= number(mark)),
        **({"failed_gates": failed} if failed else {}),
        "rank": None,
        "theme_rank": None,
        "tie": None,
        "overall_tie": None,
    }


def recompute(rule: Json, entries: Sequence[Json], chair_orders: Sequence[Sequence[str]]) -> dict[str, Json]:
    """Every entry's numbers and ranks by its id: over all, and within its theme."""
    found = {entry["application_id"]: scored(entry, rule) for entry in entries}
    ranked = [key for key, values in found.items() if values["passes"]]
    give_ranks(found, ranked, rule, chair_orders, ("rank", "overall_tie"))
    theme_of = {entry["application_id"]: entry["theme"] for entry in entries}
    for theme in set(theme_of.values()):
        members = [key for key in ranked if theme_of[key] == theme]
        give_ranks(found, members, rule, chair_orders, ("theme_rank", "tie"))
    return found


def give_ranks(
    found: dict[str, Json], keys: list[str], rule: Json, chair_orders: Sequence[Sequence[str]], names: tuple[str, str]
) -> None:
    """Equal published scores go through the chain of tie-breaks; equal ranks skip the next numbers."""
    by_score: dict[Fraction, list[str]] = {}
    for key in keys:
        by_score.setdefault(Fraction(found[key]["final"]), []).append(key)
    before = 0
    for score in sorted(by_score, reverse=True):
        tied = by_score[score]
        parts, steps = break_tie(found, tied, rule, chair_orders)
        for part in parts:
            for key in part:
                found[key][names[0]] = before + 1
            before += len(part)
        if len(tied) > 1:
            for key in tied:
                mine = [
                    {"criterion": link, "value": values[key], "decided": decided}
                    for link, values, decided in steps
                    if key in values
                ]
                found[key][names[1]] = {"with": len(tied) - 1, "settled": len(parts) == len(tied), "steps": mine}


def break_tie(
    found: dict[str, Json], tied: list[str], rule: Json, chair_orders: Sequence[Sequence[str]]
) -> tuple[list[list[str]], list[tuple[str, dict[str, str | None], bool]]]:
    """The tied entries in parts, best first, and what each link of the chain saw."""
    parts: list[list[str]] = [tied]
    steps: list[tuple[str, dict[str, str | None], bool]] = []
    for link in rule["tie_break"]:
        if len(parts) == len(tied):
            break
        seen: dict[str, str | None] = {}
        finer: list[list[str]] = []
        for part in parts:
            if len(part) == 1:
                finer.append(part)
                continue
            if link == "chair":
                values = chairs_places(part, chair_orders)
            else:
                values = {key: found[key]["criteria"].get(link) for key in part}
            seen.update(values)
            texts = [text for text in values.values() if text is not None]
            if len(texts) < len(part):  # what is missing is neither less nor more
                finer.append(part)
                continue
            order = sorted({Fraction(text) for text in texts}, reverse=link != "chair")
            finer += [[key for key in part if Fraction(values[key] or 0) == value] for value in order]
        steps.append((link, seen, len(finer) > len(parts)))
        parts = finer
    return parts, steps


def chairs_places(part: list[str], chair_orders: Sequence[Sequence[str]]) -> dict[str, str | None]:
    """Places by the chair's latest order that names them all."""
    for order in reversed(chair_orders):
        if set(part) <= set(order):
            ordered = [key for key in order if key in part]
            return {key: str(ordered.index(key) + 1) for key in part}
    return dict.fromkeys(part)


# The tables, as they follow from results.json.


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if str(value).startswith(FORMULA) else str(value)


def tables(results: Json) -> dict[str, list[list[str]]]:
    """Each table's rows, its head first. A text that a spreadsheet would take for a formula has an apostrophe before it."""
    codes = [criterion["code"] for criterion in results["round"]["criteria"]]
    scores = [f"score_{code}" for code in codes]
    prizes = {prize["id"]: prize for prize in results["prizes"]}
    sheets: list[list[Any]] = [["receipt_number", "judge", *scores, "total"]]
    entries: list[list[Any]] = [
        [
            "receipt_number", "application_id", "theme", "company_ko", "company_en", "sheets", "lowest", "highest", "trimmed",
            *scores, "mean", "bonus_points", "bonus", "final", "passes", "rank", "theme_rank", "tied", "overall_tied",
        ]
    ]  # fmt: skip
    decisions: list[list[Any]] = [
        ["receipt_number", "theme", "outcome", "reserve_rank", "prize_id", "prize_ko", "prize_en", "amount_krw"]
    ]
    for e in results["entries"]:
        receipt, company = e["receipt_number"], e["company"] or {}
        sheets += [
            [receipt, sheet["judge"], *(sheet["scores"].get(code) for code in codes), sheet["total"]]
            for sheet in e["sheets"]
        ]
        entries.append(
            [
                receipt, e["application_id"], e["theme"], company.get("ko"), company.get("en"), len(e["sheets"]), e["lowest"],
                e["highest"], e["trimmed"], *(e["criteria"].get(code) for code in codes), e["mean"],
                " ".join(e["bonus_points"]), e["bonus"], e["final"], e["passes"], e["rank"], e["theme_rank"], tied(e["tie"]),
                tied(e["overall_tie"]),
            ]
        )  # fmt: skip
        prize = prizes[e["prize_id"]] if e["prize_id"] else None
        decisions.append(
            [
                receipt, e["theme"], e["outcome"], e["reserve_rank"], e["prize_id"], prize and prize["title"]["ko"],
                prize and prize["title"]["en"], prize and prize["amount_krw"],
            ]
        )  # fmt: skip
    made = {"sheets.csv": sheets, "entries.csv": entries, "decisions.csv": decisions}
    return {name: [[cell(value) for value in row] for row in rows] for name, rows in made.items()}


def tied(tie: Json | None) -> str | None:
    return None if tie is None else f"with {tie['with']}, {'settled' if tie['settled'] else 'open'}"


def csv_bytes(rows: list[list[str]]) -> bytes:
    """With a byte order mark, so that spreadsheets read Korean."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


# Places: which row and column of a file differs from what the manifest was made of.


def leaves(name: str, data: bytes) -> Iterator[Leaf]:
    """Every value of a file with its place."""
    if name.endswith(".json"):
        yield from json_leaves("/", "", json.loads(data))
    elif name.endswith(".csv"):
        rows = csv_rows(data)
        for i, row in enumerate(rows, 1):
            for j, value in enumerate(row):
                yield str(i), rows[0][j] if j < len(rows[0]) else str(j + 1), value
    else:
        for i, line in enumerate(data.decode().split("\n"), 1):
            yield str(i), "", line


def json_leaves(row: str, column: str, value: Any) -> Iterator[Leaf]:
    inner = f"{row.rstrip('/')}/{column}" if column else row
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from json_leaves(inner, key, value[key])
    elif isinstance(value, list) and value:
        for i, item in enumerate(value):
            yield from json_leaves(inner, str(i), item)
    else:
        yield row, column, canonical(value).decode()


def marks(found: Iterator[Leaf]) -> Iterator[str]:
    for leaf in found:
        yield f"{zlib.crc32(chr(31).join(leaf).encode()):08x}"


def spelled(name: str, data: bytes) -> bytes:
    """The one spelling that a file of these values has."""
    if name.endswith(".json"):
        return canonical(json.loads(data))
    return csv_bytes(csv_rows(data)) if name.endswith(".csv") else data


def blame(name: str, data: bytes, expected: list[str]) -> NoReturn:
    """Name the place of a change in a file whose fingerprint does not hold."""
    last, known = ("1", ""), 0
    try:
        for i, leaf in enumerate(leaves(name, data)):
            last = leaf[:2]
            if i >= len(expected):
                raise BrokenError(name, *last, "something was added here")
            if next(marks(iter([leaf]))) != expected[i]:
                raise BrokenError(
                    name, *last, f"{leaf[2][:60]!r} is not what was published, or something is missing here"
                )
            known = i + 1
        if known < len(expected):
            raise BrokenError(name, *last, "something is missing after this")
        right = spelled(name, data)
    except json.JSONDecodeError as error:
        raise BrokenError(name, str(error.lineno), str(error.colno), f"not JSON any more ({error.msg})") from None
    except UnicodeDecodeError as error:
        raise BrokenError(name, str(data.count(b"\n", 0, error.start) + 1), "", "not UTF-8 any more") from None
    except csv.Error as error:
        raise BrokenError(name, str(data.count(b"\n")), "", f"not a table any more ({error})") from None
    at = next((i for i, (a, b) in enumerate(zip(data, right)) if a != b), min(len(data), len(right)))  # noqa: B905 - Python 3.9 has no strict
    line = data.count(b"\n", 0, at) + 1
    raise BrokenError(name, str(line), "", f"written in another way at byte {at + 1}, though every value is there")


def manifest(files: dict[str, bytes]) -> bytes:
    """SHA-256 of every file, and short marks of its values by which a change is placed."""
    listed = {
        name: {"sha256": sha256(data), "size": len(data), "marks": " ".join(marks(leaves(name, data)))}
        for name, data in files.items()
    }
    content: Json = {"format": FORMAT, "files": listed}
    return canonical({**content, "sha256": sha256(canonical(content))})


# Checking.


def read(where: Path) -> dict[str, bytes]:
    """The files of a bundle, from its folder or its ZIP file."""
    wanted = (MANIFEST, *FILES)
    if where.is_dir():
        found = {name: (where / name).read_bytes() for name in wanted if (where / name).is_file()}
    else:
        with zipfile.ZipFile(where) as archive:
            names = archive.namelist()
            for name in names:
                if name not in wanted or names.count(name) > 1 or archive.getinfo(name).file_size > MOST:
                    raise BrokenError(name[:80], "", "", "this file does not belong to the bundle")
            found = {name: archive.read(name) for name in names}
    for name in wanted:
        if name not in found:
            raise BrokenError(name, "", "", "this file is missing")
    return found


def check_fingerprints(files: dict[str, bytes]) -> None:
    try:
        listed = json.loads(files[MANIFEST])
        own = listed.pop("sha256")
        held = own == sha256(canonical(listed)) and files[MANIFEST] == canonical({**listed, "sha256": own})
        places = {name: (listed["files"][name]["sha256"], listed["files"][name]["marks"].split(" ")) for name in FILES}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokenError(MANIFEST, "1", "", "cannot be read") from None
    if held and set(listed["files"]) == set(FILES):
        for name in FILES:
            if sha256(files[name]) != places[name][0]:
                with inside(name, "1"):
                    blame(name, files[name], places[name][1])
        return
    for name in FILES:
        if sha256(files[name]) != places[name][0]:
            raise BrokenError(MANIFEST, f"/files/{name}", "sha256", "the manifest was changed")
        if [*marks(leaves(name, files[name]))] != places[name][1]:
            raise BrokenError(MANIFEST, f"/files/{name}", "marks", "the manifest was changed")
        if len(files[name]) != listed["files"][name].get("size"):
            raise BrokenError(MANIFEST, f"/files/{name}", "size", "the manifest was changed")
    raise BrokenError(MANIFEST, "/", "sha256", "the manifest was changed")


def check_rules(results: Json, rules: Json) -> None:
    """The rules are those that the results name, and the round is scored as they say."""
    for name in set(rules) - {"number", "sha256", "content"}:
        raise BrokenError("rules.json", "/", name, "is covered by no hash")
    for name in ("number", "sha256"):
        if rules[name] != results["rules"][name]:
            raise BrokenError("rules.json", "/", name, "not the version that results.json names")
    if sha256(canonical(rules["content"])) != rules["sha256"]:
        raise BrokenError("rules.json", "/content", "", "does not have the hash of the rules")
    said, rounds = results["round"], rules["content"]["rubric"]
    published = next((r for r in rounds if r["title"] == said["title"]), rounds[-1])
    for name, value in said.items():
        if plain(name, value) != plain(name, published[name]):
            raise BrokenError("results.json", "/round", name, "not what the rules say")


def plain(name: str, value: Any) -> Any:
    """A value of the rules, however many noughts its numbers have."""
    if name == "criteria":
        extras = ("scale", "points"), ("optional", False)
        return [
            (c["code"], c["title"], number(c["points"]), *(c.get(*extra) for extra in extras), c.get("scale") == "gate" and c["gate_rule"])
            for c in value
        ]  # fmt: skip
    return number(value) if name in ("pass_mark", "bonus_cap") and value is not None else value


def check_tables(files: dict[str, bytes], results: Json) -> int:
    """The tables say cell by cell what results.json says, with no row more or less; how many cells they have."""
    cells = 0
    for name, rows in tables(results).items():
        found = csv_rows(files[name])
        for i, row in enumerate(rows, 1):
            if i > len(found):
                raise BrokenError(name, str(i), rows[0][0], f"the row of {row[0]!r} is missing")
            for j, value in enumerate(row):
                if j >= len(found[i - 1]) or found[i - 1][j] != value:
                    said = found[i - 1][j] if j < len(found[i - 1]) else None
                    raise BrokenError(name, str(i), rows[0][j], f"says {said!r}, results.json {value!r}")
            cells += len(row)
        if len(found) > len(rows) or files[name] != csv_bytes(rows):
            raise BrokenError(name, str(len(rows) + 1), rows[0][0], "something was added")
    return cells


def check_sheets(entry: Json, row: str, rule: Json) -> None:
    most = {
        c["code"]: 1 if c.get("scale") == "gate" else TOPS.get(c.get("scale")) or number(c["points"])
        for c in rule["criteria"]
    }
    for i, (sheet, points) in enumerate(zip(entry["sheets"], plain_sheets(entry, rule))):  # noqa: B905 - Python 3.9 has no strict
        where = f"{row}/sheets/{i}"
        for code, text in sheet["scores"].items():
            if code not in most or not 0 <= number(text) <= most[code]:
                raise BrokenError("results.json", where, code, f"{text!r} is not a score of this criterion")
        total = total_of(points, *weighed(rule))
        made = sum(points.values(), Fraction(0)) if total is None else total
        if number(sheet["total"]) != Fraction(half_up(made, 2)):
            raise BrokenError("results.json", where, "total", f"says {sheet['total']!r}, the scores make {float(made)}")
    if len({sheet["judge"] for sheet in entry["sheets"]}) < len(entry["sheets"]):
        raise BrokenError("results.json", row, "sheets", "a judge's letter stands twice")


def check_decision(entry: Json, row: str, themes: set[str], prizes: set[str]) -> None:
    outcome, prize = entry["outcome"], entry["prize_id"]
    for name, held in (
        ("theme", entry["theme"] in themes),
        ("outcome", outcome in OUTCOMES),
        ("prize_id", prize is None or (prize in prizes and outcome == "selected")),
        ("reserve_rank", (entry["reserve_rank"] is not None) == (outcome == "reserve")),
        ("company", (entry["company"] is not None) == (outcome == "selected")),
    ):
        if not held:
            raise BrokenError("results.json", row, name, f"{entry[name]!r} cannot be")


def check_numbers(results: Json) -> None:
    """Every number, rank and tie follows from the sheets by the rule."""
    entries, rule = results["entries"], results["round"]
    receipts = [e["receipt_number"] for e in entries]
    if receipts != sorted(set(receipts)) or len({e["application_id"] for e in entries}) < len(entries):
        raise BrokenError("results.json", "/entries", "receipt_number", "entries are out of order or stand twice")
    themes, prizes = {t["code"] for t in results["themes"]}, {p["id"] for p in results["prizes"]}
    for i, e in enumerate(entries):
        row = f"/entries/{i} ({e['receipt_number']})"
        with inside("results.json", row):
            check_sheets(e, row, rule)
            check_decision(e, row, themes, prizes)
    right = recompute(rule, entries, results["chair_orders"])
    for i, e in enumerate(entries):
        row = f"/entries/{i} ({e['receipt_number']})"
        with inside("results.json", row):
            for name, value in right[e["application_id"]].items():
                said = number(e[name]) if isinstance(value, Fraction) else e[name]
                if said != value or isinstance(said, bool) != isinstance(value, bool):
                    shown = float(value) if isinstance(value, Fraction) else value
                    raise BrokenError("results.json", row, name, f"says {e[name]!r}, the rule gives {shown!r}")


def check(files: dict[str, bytes]) -> str:
    """The figures of a bundle that holds; raises BrokenError at the first place that does not."""
    check_fingerprints(files)
    results, head, rules = (json.loads(files[name]) for name in ("results.json", "head.json", "rules.json"))
    with inside("results.json", "/"):
        if results["format"] != FORMAT:
            raise BrokenError("results.json", "/", "format", f"this program reads format {FORMAT}")
    with inside("rules.json", "/"):
        check_rules(results, rules)
    with inside("results.json", "/entries"):
        cells = check_tables(files, results)
        check_numbers(results)
    with inside("head.json", "/"):
        if (head["number"], head["sha256"]) != (results["number"], sha256(files["results.json"])):
            raise BrokenError("head.json", "/", "sha256", "the trail names another result set than results.json")
        entries = results["entries"]
        return (
            f"OK: result set {results['number']} of {results['challenge']['slug']}: {len(entries)} entries, "
            f"{sum(len(e['sheets']) for e in entries)} sheets, {sum(e['rank'] is not None for e in entries)} ranked, "
            f"{sum(e['outcome'] == 'selected' for e in entries)} selected; {cells} cells of tables agree.\n"
            f"SHA-256 of the results, as published: {head['sha256']}\n"
            f"Event {head['position']} of the trail: {head['chain_sha256']}"
        )


def main(arguments: Sequence[str]) -> int:
    try:
        print(check(read(Path(arguments[0]) if arguments else Path(__file__).resolve().parent)))
    except BrokenError as broken:
        print(f"BROKEN: {broken}".encode("ascii", "backslashreplace").decode())
        return 1
    except Exception as error:  # noqa: BLE001 - whoever checks gets a sentence, whatever was done to the files
        print(f"BROKEN: the bundle cannot be read ({type(error).__name__})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
