"""The screening desk of a large call: its list, a search through answers, one application, and finding duplicates.

Pages are asked for through the real routes as the host's person, on SQLite; each time is the best of five. Duplicates are
planted: every twentieth company applies a second time under another name and number, with some sentences of its text
changed; found is how many of these pairs the desk names. The last line printed is one JSON object; the status is 1 where a
goal is missed.

    python bench/screening.py --applications 2000 --answers 20
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
GOALS = {"list_ms": 300.0, "search_ms": 500.0, "alike_ms": 500.0, "one_ms": 300.0, "likeness_seconds": 60.0}
SYLLABLES = (
    "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후기니디리미비시이지치키티피히"
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--answers", type=int, default=20, help="of each application, about 200 characters each")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    return parser.parse_args()


class Writer:
    """Texts and names that are the same for the same seed."""

    def __init__(self) -> None:
        self.chance = random.Random(2022)
        self.words = ["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4))) for _ in range(4000)]

    def sentence(self) -> str:
        return " ".join(self.chance.choices(self.words, k=9)) + "합니다."

    def answer(self) -> str:
        return " ".join(self.sentence() for _ in range(6))

    def changed(self, text: str) -> str:
        """The text with one of six sentences replaced."""
        sentences = text.split(". ")
        sentences[self.chance.randrange(len(sentences))] = self.sentence().rstrip(".")
        return ". ".join(sentences)

    def name(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=6))


def fill(options: argparse.Namespace) -> tuple[Any, set[frozenset[str]]]:
    """A closed call; returns it, and the planted pairs of receipt numbers."""
    from app.applications.states import ApplicationState
    from app.challenges.states import ChallengeState
    from app.core.bilingual import Bilingual
    from app.core.database import db
    from tests import factories

    challenge, writer = factories.make_challenge(state=ChallengeState.CLOSED), Writer()
    add_answers(challenge, options.answers)
    pairs: set[frozenset[str]] = set()
    earlier: tuple[str, dict[str, str]] | None = None
    for number in range(options.applications):
        copied = earlier if number % 20 == 19 else None
        answers = (
            {code: writer.changed(text) for code, text in copied[1].items()}
            if copied
            else {"summary": writer.answer()} | {f"q{i}": writer.answer() for i in range(2, options.answers + 1)}
        )
        startup = factories.make_organization(name=Bilingual(writer.name(), ""), business_number=f"{number:010d}")
        entry = factories.make_application(
            challenge, startup=startup, state=ApplicationState.SUBMITTED, answers=answers, contact_name=writer.name()
        )
        if copied:
            pairs.add(frozenset((copied[0], entry.receipt_number)))
        earlier = (entry.receipt_number, answers) if number % 20 == 9 else earlier
        if number % 200 == 199:
            db.session.commit()
    db.session.commit()
    return challenge, pairs


def add_answers(challenge: Any, count: int) -> None:
    from app.challenges.form.model import Kind, Question
    from app.challenges.form.parts import typed_of, with_questions
    from app.core.bilingual import Bilingual
    from app.core.database import db

    more = [
        Question(f"q{i}", Kind.LONG_TEXT, Bilingual(f"문항 {i}", f"Question {i}"), limit=2000)
        for i in range(2, count + 1)
    ]
    challenge.form = with_questions(challenge.form, [*typed_of(challenge.form), *more])
    db.session.commit()
    db.session.refresh(challenge)


def find_duplicates(pairs: set[frozenset[str]]) -> dict[str, float]:
    """Read all submissions into cases, as the worker does, and see what was found."""
    import sqlalchemy as sa
    from sqlalchemy.orm import aliased

    from app.applications.desk.models import Likeness, LikenessKind
    from app.applications.models import Application
    from app.applications.services import index_due
    from app.core.database import db
    from tests.applications.scenes import AFTER

    began, slowest = time.perf_counter(), 0.0
    while True:
        step = time.perf_counter()
        if not index_due(now=AFTER):
            break
        db.session.commit()
        db.session.expunge_all()
        slowest = max(slowest, time.perf_counter() - step)
    seconds = time.perf_counter() - began
    one, other = aliased(Application), aliased(Application)
    query = (
        sa.select(one.receipt_number, other.receipt_number)
        .select_from(Likeness)
        .join(one, one.id == Likeness.first_id)
        .join(other, other.id == Likeness.second_id)
        .where(Likeness.kind == LikenessKind.TEXT)
    )
    found = {frozenset(row) for row in db.session.execute(query)}
    return {
        "likeness_seconds": round(seconds, 2), "slowest_batch_seconds": round(slowest, 2), "pairs_planted": len(pairs),
        "pairs_found": len(found & pairs), "pairs_beside": len(found - pairs),
    }  # fmt: skip


def ask(browser: Any, path: str) -> float:
    """The best of five, in milliseconds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status_code
        times.append(time.perf_counter() - began)
    return round(1000 * min(times), 1)


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="madang-screening-") as folder:
        os.environ |= {"MADANG_DATA": folder, "MADANG_DEVELOPMENT": "1"}
        os.environ.pop("DATABASE_URL", None)
        from app import create_app
        from app.core.database import db
        from config import Config
        from tests import factories

        config = Config()
        config.RATELIMIT_ENABLED = False
        app = create_app(config)
        with app.app_context():
            db.create_all()
            challenge, pairs = fill(options)
            at = f"/manage/{challenge.id}/applications"
            user = factories.make_user("이운영", member_of=challenge.host)
            db.session.commit()
            key = user.get_id()
            result: dict[str, Any] = {"applications": options.applications, **find_duplicates(pairs)}
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True
        one = re.findall(rf"{at}/([0-9a-f-]{{36}})\"", browser.get(at).get_data(as_text=True))[0]
        for name, path in (
            ("list", at), ("last_page", f"{at}?page={-(-options.applications // 50)}"), ("by_company", f"{at}?sort=company"),
            ("search", f"{at}?search=합니다+가"), ("alike", f"{at}?alike=1"), ("one", f"{at}/{one}"),
        ):  # fmt: skip
            result[f"{name}_ms"] = ask(browser, path)
            if not options.json:
                print(name, result[f"{name}_ms"], "ms")
    result["missed"] = [name for name, goal in GOALS.items() if result[name] > goal]
    if result["pairs_found"] < result["pairs_planted"]:
        result["missed"].append("pairs_found")
    print(json.dumps(result))
    return 1 if result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
