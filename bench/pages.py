"""The pages of judging with 2,000 entries, 6,000 signed sheets and 40 judges, through the real routes, beside a bare Flask view.

The bare view runs one statement and renders as many rows in plain cells; `times_floor` is a page's median over its median. The
pages and the bare view take turns in one process, so that both meet the same machine. One object is printed for each page; the
status is 1 where a goal is missed.

    python bench/pages.py --json
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

GOALS = {"ranking": 30.0, "ranking over all": 30.0, "a judge's list": 10.0, "score form": 10.0, "saving": 5.0}
MOST_STATEMENTS, MOST_FLOORS, JUDGES, EACH = 10, 6.0, 40, 3
PLAIN = """<!doctype html><table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.receipt_number }}</td>
<td>{{ row.name_ko }}</td><td>{{ row.name_en }}</td><td>{{ row.theme_id }}</td><td>{{ row.state }}</td></tr>
{% endfor %}</table>"""


def make_app() -> Any:
    from app import create_app
    from config import Config

    config = Config()
    config.WTF_CSRF_ENABLED = False  # type: ignore[attr-defined]
    config.RATELIMIT_ENABLED = False
    return create_app(config)


def bare_view(engine: Any) -> Any:
    """A Flask application of one view."""
    import sqlalchemy as sa
    from flask import Flask, render_template_string

    bare = Flask("bare")
    query = sa.text(
        "SELECT a.receipt_number, o.name_ko, o.name_en, a.theme_id, a.state, 1 AS number FROM applications a"
        " JOIN organizations o ON o.id = a.startup_id LIMIT :rows"
    )

    @bare.get("/<int:rows>")
    def show(rows: int) -> str:
        with engine.connect() as connection:
            return render_template_string(PLAIN, rows=connection.execute(query, {"rows": rows}).all())

    return bare


def fill(entries: int) -> dict[str, str]:
    """A challenge in judging with its sheets signed, but for one; returns the ids that the pages need."""
    from app.core.database import db
    from tests import factories
    from tests.judging.scene import make_room, make_sheet, split

    chance = random.Random(20221028)
    room = make_room(judges=JUDGES, entries=0)
    room.round.sheets_per_entry = EACH
    for number in range(entries):
        entry = factories.make_application(room.challenge, theme=number % 2)
        quality = chance.gauss(76, 8)
        for judge in chance.sample(room.judges, EACH):
            total = round(max(20.0, min(100.0, chance.gauss(quality, 6))) * 2) / 2
            make_sheet(judge, entry, split(total), signed=True)
    entry = factories.make_application(room.challenge)
    sheet = make_sheet(room.judges[0], entry, split(80))
    db.session.commit()
    return {
        "challenge": str(room.challenge.id), "sheet": str(sheet.id), "organizer": room.organizer.get_id(),
        "judge": room.person(0).get_id(),
    }  # fmt: skip


class Measure:
    """Counts statements, and times a page and the bare view by turns."""

    def __init__(self, app: Any, bare: Any, engine: Any, runs: int) -> None:
        import sqlalchemy as sa

        self.app, self.bare, self.runs, self.statements = app, bare.test_client(), runs, 0
        sa.event.listen(engine, "before_cursor_execute", self.count)

    def count(self, *_ignored: Any) -> None:
        self.statements += 1

    def browser(self, user_id: str) -> Any:
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user_id, True
        return browser

    def page(self, name: str, ask: Callable[[], Any], rows: int) -> dict[str, Any]:
        ask()
        self.bare.get(f"/{rows}")
        self.statements = 0
        size = len(ask().data)
        statements, taken, floor = self.statements, [], []
        for _ in range(self.runs):
            began = time.perf_counter()
            answer = ask()
            taken.append(time.perf_counter() - began)
            assert answer.status_code == 200, (name, answer.status_code, answer.text[:500])
            began = time.perf_counter()
            self.bare.get(f"/{rows}")
            floor.append(time.perf_counter() - began)
        taken.sort()
        p50 = statistics.median(taken)
        return {
            "page": name, "rows": rows, "bytes": size, "statements": statements, "p50_ms": round(p50 * 1000, 2),
            "p95_ms": round(taken[int(0.95 * len(taken))] * 1000, 2), "best_ms": round(taken[0] * 1000, 2),
            "floor_ms": round(statistics.median(floor) * 1000, 2), "times_floor": round(p50 / statistics.median(floor), 1),
        }  # fmt: skip


def pages(measure: Measure, ids: dict[str, str]) -> list[dict[str, Any]]:
    organizer, judge = measure.browser(ids["organizer"]), measure.browser(ids["judge"])
    ranking, sheet = f"/manage/{ids['challenge']}/ranking", f"/judging/sheets/{ids['sheet']}"
    version = [1]

    def save() -> Any:
        scores = {f"score-{code}": "8" for code in ("fit", "technology", "feasibility", "business")}
        form = {"version": str(version[0]), **scores, "score-team": str(version[0] % 10)}
        answer = judge.post(f"{sheet}/autosave", data=form)
        version[0] += 1
        return answer

    return [
        measure.page("ranking", lambda: organizer.get(ranking), 250),
        measure.page("ranking over all", lambda: organizer.get(ranking + "?view=all"), 250),
        measure.page("a judge's list", lambda: judge.get(f"/judging/{ids['challenge']}"), 151),
        measure.page("score form", lambda: judge.get(sheet), 1),
        measure.page("saving", save, 1),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--json", action="store_true", help="print nothing but the objects")
    options = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory(prefix="madang-pages-") as folder:
        os.environ |= {"MADANG_DATA": folder, "MADANG_DEVELOPMENT": "1"}
        app = make_app()
        with app.app_context():
            from app.core.database import db

            db.create_all()
            began = time.perf_counter()
            ids = fill(options.entries)
            if not options.json:
                print(
                    f"{options.entries} entries made in {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}"
                )
            db.session.remove()
            engine = db.engine
        for row in pages(Measure(app, bare_view(engine), engine, options.runs), ids):
            print(json.dumps(row))
            if (
                row["p50_ms"] > GOALS[row["page"]]
                or row["statements"] > MOST_STATEMENTS
                or (row["page"].startswith("ranking") and row["times_floor"] > MOST_FLOORS)
            ):
                missed.append(row["page"])
        engine.dispose()
    if missed and not options.json:
        print("missed:", ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
