"""What the adjusted score is worth, on panels whose truth is known because they are made up.

Quality has the standard deviation 1.0, the judges' severity and the noise of a score 0.8 each; every entry is read by 3 of 60
judges. The panels are drawn at random, or so that the better half of the entries goes to a certain half of the judges three
times in four, whose severity has nothing to do with it. Found is how many of the true ten best stand among the ten highest
scores, covered the share of entries whose quality lies within its 90 % interval. The last line printed is one JSON object;
the status is 1 where a goal is missed.

    python bench/panels.py --json
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.judging.adjusted import chance_of_top, fit_adjusted  # noqa: E402 - once the folder is on the path

SEVERITY, NOISE, QUALITY = 0.8, 0.8, 1.0
JUDGES, EACH, BEST = 60, 3, 10
QUANTILE = 1.6448536  # of the normal distribution, for an interval of 90 %


def make_panel(random: np.random.Generator, entries: int, *, certain: bool) -> tuple[Any, Any, Any, Any]:
    """Entry, judge and score of each sheet, and the true quality of each entry."""
    quality = random.normal(0, QUALITY, entries)
    wish = np.zeros((entries, JUDGES))
    if certain:
        better, chosen = quality > np.median(quality), random.permutation(JUDGES) < JUDGES // 2
        wish[better[:, None] == chosen[None, :]] = np.log(3.0)
    drawn = np.argsort(-(wish + random.gumbel(size=wish.shape)), axis=1)[:, :EACH]
    entry, judge = np.repeat(np.arange(entries), EACH), drawn.ravel()
    severity = random.normal(0, SEVERITY, JUDGES)
    return entry, judge, quality[entry] - severity[judge] + random.normal(0, NOISE, len(entry)), quality


def best_of(values: Any) -> set[int]:
    return set(np.argsort(-values)[:BEST].tolist())


def simulate(panels: int, entries: int, *, certain: bool) -> dict[str, float]:
    found: dict[str, list[float]] = {
        name: [] for name in ("adjusted", "plain", "chance", "covered", "promised", "kept")
    }
    for seed in range(panels):
        entry, judge, score, quality = make_panel(np.random.default_rng(seed), entries, certain=certain)
        fit, truth = fit_adjusted(entry, judge, score), best_of(quality)
        chances = chance_of_top(fit, BEST, draws=1000)
        found["adjusted"].append(len(truth & best_of(fit.entry_mean)))
        found["plain"].append(len(truth & best_of(np.bincount(entry, score) / EACH)))
        found["chance"].append(len(truth & best_of(chances)))
        found["covered"].append(float((np.abs(fit.entry_mean - quality) < QUANTILE * fit.entry_sd).mean()))
        likely = np.flatnonzero(chances > 0.5)
        found["promised"].append(float(chances[likely].sum()))
        found["kept"].append(float(len(truth.intersection(likely.tolist()))))
    answer = {name: round(float(np.mean(values)), 4) for name, values in found.items()}
    return answer | {"standard_error": round(float(np.std(found["adjusted"], ddof=1) / np.sqrt(panels)), 2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panels", type=int, default=100)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    options = parser.parse_args()
    result: dict[str, Any] = {"panels": options.panels, "entries": options.entries}
    for name, certain in (("random", False), ("certain", True)):
        result[name] = simulate(options.panels, options.entries, certain=certain)
        if not options.json:
            print(name, result[name])
    random, certain = result["random"], result["certain"]
    goals = {
        "ten best found": random["adjusted"] >= 5.0,
        "intervals": 0.88 <= random["covered"] <= 0.92,
        "never below the plain mean": certain["adjusted"] >= certain["plain"],
    }
    result["missed"] = [name for name, reached in goals.items() if not reached]
    print(json.dumps(result))
    return 1 if result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
