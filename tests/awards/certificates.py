"""A challenge whose results are out, its winners, and sheets to draw, for the tests of certificates."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.accounts.models import Organization, User
from app.applications.models import Application
from app.awards import certificate_jobs
from app.awards.certificates.sheets import Sheet
from app.awards.certificates.words import Award, Issuer, freeze
from app.awards.models import Decision
from app.awards.states import Outcome
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.jobs.worker import run_one
from tests import factories

CODE = "7F3KQ9ZA04DE52B6"
LONGEST = Bilingual(
    "새빛한강미래금융데이터기술연구소 온누리소상공인대안신용평가협동조합 컨소시엄(가상)",
    "Saebit Hangang Future Finance Data Institute and Onnuri Merchant Credit Scoring Cooperative Consortium (fictional)",
)


@dataclass
class Awarded:
    challenge: Challenge
    organizer: User
    startups: list[Organization] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def make_awarded(
    *names: Bilingual, state: ChallengeState = ChallengeState.RESULTS_OUT, host: Organization | None = None
) -> Awarded:
    """A challenge with a winner of each name (one where none is given); the first has the grand prize."""
    host = host or factories.make_host()
    challenge = factories.make_challenge(host=host, state=state)
    scene = Awarded(challenge, factories.make_user("나운영", member_of=host))
    for i, name in enumerate(names or (Bilingual("가온셈랩(가상)", "Gaonsem Lab (fictional)"),)):
        startup = factories.make_organization(name=name)
        application = factories.make_application(challenge, startup=startup, theme=i % 2)
        decision = Decision(
            challenge_id=challenge.id,
            application_id=application.id,
            outcome=Outcome.SELECTED,
            prize_id=challenge.prizes[min(i, 2)].id,
            decided_at=factories.NOW,
        )
        db.session.add(decision)
        scene.startups.append(startup)
        scene.people.append(factories.make_user("홍길동", member_of=startup))
        scene.applications.append(application)
        scene.decisions.append(decision)
    db.session.commit()
    return scene


@pytest.fixture
def stand_in_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are told apart by their code, for tests that are not about how a certificate looks."""
    monkeypatch.setattr(certificate_jobs, "make_file", lambda sheet, _signer: b"%PDF-1.7 " + sheet.code.encode())


def run_jobs(app: Any, clock: Any) -> int:
    """Run what is due; the test's own session begins anew afterwards."""
    db.session.commit()
    count = 0
    while run_one(app, clock):
        count += 1
    db.session.rollback()
    return count


def make_award(**values: Any) -> Award:
    given: dict[str, Any] = {
        "recipient": Bilingual("가온셈랩(가상)", "Gaonsem Lab (fictional)"),
        "representative": "홍길동",
        "is_team": False,
        "challenge": Bilingual(
            "2022 서울 핀테크 오픈이노베이션 챌린지(예시)", "2022 Seoul Fintech Open Innovation Challenge (sample)"
        ),
        "theme": Bilingual("소상공인 대안신용평가", "Alternative credit scoring for small merchants"),
        "prize": Bilingual("대상", "Grand prize"),
        "host": Issuer(Bilingual("서울핀테크랩", "Seoul Fintech Lab"), Bilingual("대표", "CEO"), "김서울"),
        "sponsor": Issuer(Bilingual("신한금융지주", "Shinhan Financial Group"), Bilingual("대표", "CEO"), "이신한"),
        "awarded_on": date(2022, 10, 28),
    }
    return Award(**{**given, **values})


def make_sheet(language: str = "ko", *, base_url: str = "http://127.0.0.1:8000", **values: Any) -> Sheet:
    words = freeze(make_award(**values), language, year=2022, number=1)["print"]
    return Sheet(words, CODE, base_url, datetime(2022, 10, 28, 1, 0, tzinfo=UTC))
