"""The judging mathematics at the size of a large call: fits of the adjusted score, and an assignment by expertise.

Each is done in a process of its own, so that its peak of memory is its own (the interpreter and NumPy included); of several
runs the median counts. The last line printed is one JSON object; the status is 1 where a goal is missed.

    python bench/mathematics.py --json
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RUNS = 5
GOALS = {
    "fit_6000_seconds": 0.2, "fit_20000_seconds": 2.0, "fit_20000_peak_mb": 300.0, "fit_21000_seconds": 2.0, "fit_21000_peak_mb": 300.0,
    "assign_seconds": 1.0, "assign_peak_mb": 250.0, "wish_seconds": 1.0, "wish_peak_mb": 250.0,
}  # fmt: skip


def fit(entries: int, judges: int, each: int) -> Callable[[], Any]:
    """A fit of `each` scores for every entry, by judges drawn at random."""
    import numpy as np

    from app.judging.adjusted import fit_adjusted

    random = np.random.default_rng(1)
    entry = np.repeat(np.arange(entries), each)
    judge = np.concatenate([random.choice(judges, each, replace=False) for _ in range(entries)])
    judge = np.unique(judge, return_inverse=True)[1]
    score = random.normal(0, 1, entries)[entry] + random.normal(0, 0.8, judges)[judge]
    score += random.normal(0, 0.8, len(score))
    return lambda: fit_adjusted(entry, judge, score)


def assign(entries: int, judges: int, each: int) -> Callable[[], Any]:
    """An assignment by matches drawn at random, with one pair in twenty in conflict and loads that differ by one at most."""
    import numpy as np

    from app.judging.expertise import assign_by_expertise

    random = np.random.default_rng(1)
    scores = random.random((judges, entries)).round(3)
    load = entries * each // judges
    wish = {
        "sheets": np.full(entries, each), "caps": np.full(judges, load + 1), "floors": np.full(judges, load),
        "conflicts": random.random((judges, entries)) < 0.05,
    }  # fmt: skip
    return lambda: assign_by_expertise(scores, **wish)


def wish(entries: int, judges: int, each: int) -> Callable[[], Any]:
    """The same with everything wished at once: even loads found, a tenth drawn by lot, the judges connected."""
    import numpy as np

    from app.judging.wishes import Wish, fulfil

    random = np.random.default_rng(1)
    shape = (judges, entries)
    asked = Wish(
        scores=random.random(shape).round(3), sheets=np.full(entries, each), caps=np.full(judges, entries),
        floors=np.zeros(judges, dtype=int), never=random.random(shape) < 0.05, must=random.random(shape) < 0.005,
        even=True, connected=True, share_by_lot=0.1,
    )  # fmt: skip
    return lambda: fulfil(asked)


WORK: dict[str, Callable[[], Callable[[], Any]]] = {
    "fit_6000": lambda: fit(2000, 60, 3),
    "fit_20000": lambda: fit(6667, 3000, 3),
    "fit_21000": lambda: fit(3000, 3000, 7),
    "assign": lambda: assign(2000, 60, 3),
    "wish": lambda: wish(2000, 60, 3),
}


def measure(name: str) -> dict[str, float]:
    """Seconds (the median of the runs, and the best) and the peak of memory, of one piece of work."""
    work = WORK[name]()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(statistics.median(taken), 3), "best": round(min(taken), 3), "peak_mb": round(peak, 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--measure", choices=WORK, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    result: dict[str, Any] = {"load_before": round(os.getloadavg()[0], 1)}
    for name in WORK:
        told = subprocess.run(
            [sys.executable, __file__, "--measure", name], check=True, capture_output=True, text=True
        ).stdout
        if not options.json:
            print(name, told.strip())
        result |= {f"{name}_{key}": value for key, value in json.loads(told).items()}
    result["missed"] = [name for name, goal in GOALS.items() if result[name] > goal]
    print(json.dumps(result))
    return 1 if result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
