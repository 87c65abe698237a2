"""Bundles to check: made of a published challenge, unpacked, and changed in one place."""

import csv
import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path

from app.awards.bundle import verify

REGISTER = ("results.json", "rules.json", "head.json", "sheets.csv", "entries.csv", "decisions.csv")
TABLES = ("sheets.csv", "entries.csv", "decisions.csv")


def run(folder: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """The bundle's own program, alone: no packages, no settings."""
    return subprocess.run(
        [python, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, timeout=60, check=False
    )


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def verdict(files: dict[str, bytes]) -> str | None:
    """Where the bundle breaks; None where it holds."""
    for name in (verify.MANIFEST, *verify.FILES):
        if name not in files:  # as verify.read says it, without a folder for each of hundreds of changes
            return f"{name}: this file is missing"
    try:
        verify.check(files)
    except verify.BrokenError as broken:
        return str(broken)
    return None


def changed_digit(data: bytes, draw: random.Random) -> bytes:
    """One digit of a value is another one."""
    at = draw.choice([match.start() for match in re.finditer(rb"[0-9]", data)])
    other = draw.choice([digit for digit in b"0123456789" if digit != data[at]])
    return data[:at] + bytes([other]) + data[at + 1 :]


def changed_value(data: bytes, draw: random.Random) -> bytes:
    """One leaf of a JSON document is another one."""
    document = json.loads(data)
    leaves = []

    def walk(node):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, dict | list) and value:
                walk(value)
            else:
                leaves.append((node, key))

    walk(document)
    node, key = draw.choice(leaves)
    node[key] = draw.choice(
        [v for v in ("x", None, True, 7, "81.20") if v != node[key] or type(v) is not type(node[key])]
    )
    return verify.canonical(document)


def changed_rows(data: bytes, draw: random.Random) -> tuple[str, bytes]:
    """Two rows of a table change places, one goes, or one comes."""
    rows = verify.csv_rows(data)
    kind = draw.choice(["swapped", "missing", "added"])
    at = draw.randrange(1, len(rows))
    if kind == "swapped":
        other = draw.choice([i for i in range(1, len(rows)) if i != at])
        rows[at], rows[other] = rows[other], rows[at]
    elif kind == "missing":
        del rows[at]
    else:
        rows.insert(at, list(draw.choice(rows[1:])))
    return kind, verify.csv_bytes(rows)


def changed_entries(data: bytes, draw: random.Random) -> tuple[str, bytes]:
    """The same in the list of entries, or of one entry's sheets."""
    document = json.loads(data)
    rows = document["entries"]
    if draw.random() < 0.5:
        rows = draw.choice([entry["sheets"] for entry in rows if len(entry["sheets"]) > 1])
    kind = draw.choice(["swapped", "missing", "added"])
    at = draw.randrange(len(rows))
    if kind == "swapped":
        other = draw.choice([i for i in range(len(rows)) if i != at])
        rows[at], rows[other] = rows[other], rows[at]
    elif kind == "missing":
        del rows[at]
    else:
        rows.insert(at, draw.choice(rows))
    return kind, verify.canonical(document)


def one_change(files: dict[str, bytes], draw: random.Random) -> tuple[str, str, dict[str, bytes]]:
    """(what was done, in which file, the bundle after it): one change, never none."""
    while True:
        kind = draw.choice(["digit", "digit", "value", "rows", "entries", "rule", "byte", "file"])
        name = draw.choice(REGISTER)
        if kind == "digit":
            name = draw.choice([*REGISTER, verify.MANIFEST])
            data = changed_digit(files[name], draw)
        elif kind == "value":
            name = draw.choice(["results.json", "rules.json", "head.json"])
            data = changed_value(files[name], draw)
        elif kind == "rows":
            name = draw.choice(TABLES)
            kind, data = changed_rows(files[name], draw)
        elif kind == "entries":
            name = "results.json"
            kind, data = changed_entries(files[name], draw)
        elif kind == "rule":
            name = "results.json"
            document = json.loads(files[name])
            field, values = draw.choice(
                [
                    ("aggregate", ["mean", "median", "trimmed_mean"]), ("trim_floor", [2, 9]), ("decimals", [0, 1, 3]),
                    ("bonus_cap", ["1.00", "99.00"]), ("pass_mark", ["1.00", None]), ("tie_break", [[], ["chair"]]),
                ]
            )  # fmt: skip
            document["round"][field] = draw.choice(values)
            data = verify.canonical(document)
        elif kind == "byte":
            name = draw.choice([*verify.FILES, verify.MANIFEST])
            at = draw.randrange(len(files[name]))
            data = files[name][:at] + bytes([draw.randrange(256)]) + files[name][at + 1 :]
        else:
            name = draw.choice([*verify.FILES, verify.MANIFEST])
            return "file", name, {other: data for other, data in files.items() if other != name}
        if data != files[name]:
            return kind, name, files | {name: data}


def forged(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files under a manifest that whoever changed them made anew."""
    plain = {name: files[name] for name in verify.FILES}
    return {verify.MANIFEST: verify.manifest(plain), **plain}


def read_table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
