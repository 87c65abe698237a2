"""Exports of a large call: XLSX and CSV of all applications, and the ZIP of all their documents, through the real routes.

Each export is asked for in a process of its own, so that its peak of memory is its own; the growth is counted from just
before the request, after a small one has loaded what every request needs. The ZIP's content is read as it comes and thrown
away. The last line printed is one JSON object; the status is 1 where a goal is missed.

    python bench/exports.py --applications 2000 --questions 40 --files 3 --file-kb 200
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
GOALS = {"xlsx_seconds": 5.0, "xlsx_growth_mb": 200.0, "zip_first_byte_seconds": 1.0, "zip_growth_mb": 60.0}
ENDINGS = {"xlsx": "export.xlsx", "csv": "export.csv", "zip": "documents.zip"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--files", type=int, default=3, help="documents of each application")
    parser.add_argument("--file-kb", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--measure", choices=sorted(ENDINGS), help=argparse.SUPPRESS)
    parser.add_argument("--challenges", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def make_app() -> Any:
    from app import create_app
    from config import Config

    config = Config()
    config.WTF_CSRF_ENABLED = False  # type: ignore[attr-defined]
    config.RATELIMIT_ENABLED = False
    return create_app(config)


def fill(app: Any, options: argparse.Namespace, applications: int) -> str:
    """A closed call with `applications` submitted; returns its id."""
    from app.applications.models import EligibilityCheck, Submission
    from app.applications.states import ApplicationState
    from app.challenges.form.model import Kind, Question
    from app.challenges.form.parts import documents_of, typed_of, with_documents, with_questions
    from app.challenges.states import ChallengeState
    from app.core.bilingual import Bilingual
    from app.core.database import db
    from tests import factories

    challenge = factories.make_challenge(state=ChallengeState.CLOSED)
    more = [
        Question(f"q{i}", Kind.LONG_TEXT, Bilingual(f"문항 {i}", f"Question {i}"), limit=2000)
        for i in range(2, options.questions + 1)
    ]
    files = [
        Question(f"d{i}", Kind.FILE, Bilingual(f"서류 {i}", f"Document {i}"), types=("pdf",))
        for i in range(3, options.files + 1)
    ]
    form = with_questions(challenge.form, [*typed_of(challenge.form), *more])
    challenge.form = with_documents(form, [*documents_of(form), *files])
    db.session.commit()
    db.session.refresh(challenge)
    wanted = [(q.code, q.label.as_dict()) for q in documents_of(challenge.form)[: options.files]]
    answer = "현금흐름과 상거래 자료로 소상공인의 신용을 평가합니다. 실증에서 연체율을 낮춘 방법을 씁니다. " * 3
    answers = {"summary": answer} | {f"q{i}": f"{i}: {answer}" for i in range(2, options.questions + 1)}
    storage = app.extensions["storage"]
    for number in range(applications):
        application = factories.make_application(challenge, answers=answers, state=ApplicationState.SUBMITTED)
        submission = db.session.query(Submission).filter_by(application_id=application.id).one()
        documents = []
        for code, title in wanted:
            stored = storage.save(Noise(options.file_kb * 1024), max_bytes=1 << 30)
            documents.append(
                {
                    "id": str(application.id), "code": code, "title": title,
                    "private": False, "identifying": False, "filename": "사업계획서.pdf", "media_type": "application/pdf",
                    "sha256": stored.sha256, "size": stored.size, "issued_on": None,
                    "uploaded_at": factories.NOW.isoformat(),
                }
            )  # fmt: skip
        submission.content = submission.content | {"documents": documents}
        db.session.add(
            EligibilityCheck(
                application_id=application.id, outcome="ineligible", reason="기준일을 지나 설립한 기업입니다.",
                checked_at=factories.NOW + timedelta(days=5),
            )
        )  # fmt: skip
        if number % 100 == 99:
            db.session.commit()
            db.session.expunge_all()
            challenge = db.session.merge(challenge)
    db.session.commit()
    return str(challenge.id)


class Noise:
    """A file of random bytes that nothing shares."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, amount: int) -> bytes:
        taken = min(amount, self.left)
        self.left -= taken
        return os.urandom(taken)


def measure(kind: str, small: str, large: str) -> dict[str, float]:
    """Ask for one export as the host's admin and read it to the end."""
    from app.accounts.models import Membership, User
    from app.challenges.models import Challenge
    from app.core.database import db
    from tests import factories

    app = make_app()
    browsers = {}
    with app.app_context():
        for challenge_id in (small, large):
            host = db.session.get(Challenge, UUID(challenge_id)).host
            member = db.session.query(Membership).filter_by(organization_id=host.id).first()
            user = db.session.get(User, member.user_id) if member else factories.make_user(member_of=host)
            db.session.commit()
            browsers[challenge_id] = user.get_id()

    def ask(challenge_id: str) -> tuple[float, float, float, int]:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = browsers[challenge_id], True
        began, worked = time.perf_counter(), time.process_time()
        answer = browser.post(f"/manage/{challenge_id}/applications/{ENDINGS[kind]}")
        assert answer.status_code == 200, answer.status_code
        size, first = 0, 0.0
        for chunk in answer.iter_encoded():
            first = first or time.perf_counter() - began
            size += len(chunk)
        answer.close()
        return first, time.perf_counter() - began, time.process_time() - worked, size

    ask(small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, seconds, worked, size = ask(large)
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "first_byte_seconds": round(first, 2), "seconds": round(seconds, 2), "cpu_seconds": round(worked, 2), "growth_mb": round(growth / 1024, 1),
        "size_mb": round(size / 1_000_000, 1),
    }  # fmt: skip


def main() -> int:
    options = arguments()
    if options.measure:
        print(json.dumps(measure(options.measure, *options.challenges)))
        return 0
    with tempfile.TemporaryDirectory(prefix="madang-exports-") as folder:
        os.environ |= {"MADANG_DATA": folder, "MADANG_DEVELOPMENT": "1"}
        app = make_app()
        with app.app_context():
            from app.core.database import db

            db.create_all()
            began = time.perf_counter()
            small, large = fill(app, options, 1), fill(app, options, options.applications)
            db.session.remove()
            db.engine.dispose()
        if not options.json:
            print(f"{options.applications} applications made in {time.perf_counter() - began:.0f} s")
        result: dict[str, Any] = {"applications": options.applications, "questions": options.questions}
        result |= {"load_before": round(os.getloadavg()[0], 1)}
        for kind in ("xlsx", "csv", "zip"):
            command = [sys.executable, __file__, "--measure", kind, "--challenges", small, large]
            told = subprocess.run(command, check=True, capture_output=True, text=True)
            measured = json.loads(told.stdout.splitlines()[-1])
            if not options.json:
                print(kind, measured)
            result |= {f"{kind}_{name}": value for name, value in measured.items()}
    result["missed"] = [name for name, goal in GOALS.items() if result[name] > goal]
    print(json.dumps(result))
    return 1 if result["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
