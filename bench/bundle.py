"""Random single changes in a bundle of results: each must be found by the bundle's own program, and its place named.

Every change (a digit, a value, rows swapped, missing or added, the rule, a byte, a file) is written into a folder, and
`verify.py` of the bundle runs over it as a third party runs it: Python alone, without packages. The last line printed is one
JSON object; the status is 1 where a change was missed, not placed, or ended in a traceback.

    flask results bundle SLUG --to results.zip
    python bench/bundle.py results.zip --count 1000
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    from tests.awards.bundles import one_change, unpack

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--python", default=sys.executable, help="the Python that runs verify.py")
    asked = parser.parse_args()
    with zipfile.ZipFile(asked.bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    program, draw, began = files["verify.py"], random.Random(asked.seed), time.monotonic()
    changes = [one_change(files, draw) for _ in range(asked.count)]

    def ask(task: tuple[str, str, dict[str, bytes]]) -> tuple[str, str, str]:
        kind, name, changed = task
        with tempfile.TemporaryDirectory() as folder:
            unpack(changed, Path(folder) / "bundle")
            (Path(folder) / "verify.py").write_bytes(program)  # the one from before the change
            command = [asked.python, "-I", "-S", f"{folder}/verify.py", f"{folder}/bundle"]
            result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if result.stderr or result.returncode != 1:
            return kind, name, "missed" if result.returncode == 0 else "traceback"
        right = result.stdout.startswith(f"BROKEN: {name}") and (kind == "file" or f"{name}, row " in result.stdout)
        return kind, name, "placed" if right else "found"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, changes))
    for kind, name, answer in sorted(set(answers)):
        print(f"{answer:9} {kind:8} {name:15} {answers.count((kind, name, answer))}")
    counted = Counter(answer for _kind, _name, answer in answers)
    report: dict[str, Any] = {
        "changes": len(answers),
        **{answer: counted[answer] for answer in ("placed", "found", "missed", "traceback")},
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(report))
    return int(counted["placed"] < len(answers))


if __name__ == "__main__":
    sys.exit(main())
