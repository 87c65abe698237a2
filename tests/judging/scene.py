"""A challenge in judging with judges who have declared, for the tests of this folder."""

from dataclasses import dataclass
from decimal import Decimal

from app.accounts.models import User
from app.applications.models import Application
from app.challenges.models import Challenge, Round
from app.challenges.states import ChallengeState
from app.core.database import db
from app.judging.models import Judge, ScoreSheet
from app.judging.queries.invitations import token_sha256
from app.judging.states import JudgeState, SheetState
from tests import factories

POINTS = {"fit": 30, "technology": 25, "feasibility": 20, "business": 15, "team": 10}


def make_judge(challenge: Challenge, name: str = "나심사", *, declared: bool = True, **values) -> Judge:
    person = factories.make_user(name)
    judge = Judge(
        challenge_id=challenge.id,
        user_id=person.id,
        email=person.email,
        name=name,
        state=JudgeState.ACCEPTED,
        token_sha256=token_sha256(person.email),
        invited_at=factories.NOW,
        pledged_at=factories.NOW,
        declared_at=factories.NOW if declared else None,
        **values,
    )
    db.session.add(judge)
    db.session.flush()
    return judge


def split(total) -> dict[str, str]:
    """Scores of the five criteria with this total: each takes as much as it can, in the order of the rubric."""
    left, scores = Decimal(str(total)), {}
    for code, most in POINTS.items():
        scores[code] = f"{min(left, Decimal(most)).normalize():f}"
        left -= Decimal(scores[code])
    return scores


def make_sheet(judge: Judge, application: Application, scores: dict[str, str] | None = None, *, signed=False, **values):
    round_ = application.challenge.rounds[0]
    total = sum(map(Decimal, scores.values())) if scores else None
    sheet = ScoreSheet(
        round_id=round_.id,
        judge_id=judge.id,
        application_id=application.id,
        assigned_at=factories.NOW,
        scores=scores or {},
        total=total,
        saved_at=factories.NOW if scores else None,
        state=SheetState.SIGNED if signed else SheetState.OPEN,
        signed_at=factories.NOW if signed else None,
        **values,
    )
    db.session.add(sheet)
    db.session.flush()
    return sheet


@dataclass
class Room:
    """A challenge in judging: its organizer, its round, and what the test adds."""

    challenge: Challenge
    round: Round
    organizer: User
    judges: list[Judge]
    entries: list[Application]

    def person(self, number: int = 0) -> User:
        return db.session.get(User, self.judges[number].user_id)


def make_room(
    *, judges: int = 1, entries: int = 1, state: ChallengeState = ChallengeState.JUDGING, declared: bool = True
) -> Room:
    host = factories.make_host()
    challenge = factories.make_challenge(host=host, state=state)
    organizer = factories.make_user("박간사", member_of=host)
    panel = [make_judge(challenge, f"위원{i + 1}", declared=declared) for i in range(judges)]
    applications = [factories.make_application(challenge) for _ in range(entries)]
    db.session.commit()
    return Room(challenge, challenge.rounds[0], organizer, panel, applications)
