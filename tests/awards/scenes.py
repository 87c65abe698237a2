"""A judged challenge with signed sheets, for everything that comes after."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.accounts.models import User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.awards import services
from app.awards.models import Decision
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState
from tests import factories

NOW = factories.NOW
SHARES = {"fit": "0.30", "technology": "0.25", "feasibility": "0.20", "business": "0.15", "team": "0.10"}


@dataclass
class Judged:
    """Applications by letter: A to D in theme T1 (two places), E and F in T2 (two places), X ineligible.

    A 90, B 80, C 75, D 69 (below the mark); E 85, F 72.
    """

    challenge: Challenge
    organizer: User
    applicants: dict[str, User]
    applications: dict[str, Application]
    judges: list[Judge]

    def id(self, letter):
        return self.applications[letter].id


def make_judges(challenge, count=5):
    judges = []
    for i in range(count):
        person = factories.make_user(f"심사위원{i}")
        judge = Judge(
            challenge_id=challenge.id, user_id=person.id, email=person.email, name=person.name, state=JudgeState.ACCEPTED,
            token_sha256=person.email.encode().hex().ljust(64, "0")[:64], invited_at=NOW, pledged_at=NOW, declared_at=NOW,
        )  # fmt: skip
        db.session.add(judge)
        judges.append(judge)
    db.session.flush()
    return judges


def sign(application, judges, totals, **texts):
    """A signed sheet of each judge, the total parted over the criteria by their points."""
    round_ = db.session.get(Challenge, application.challenge_id).rounds[-1]
    for judge, total in zip(judges, totals, strict=False):
        scores = {code: str(Decimal(share) * total) for code, share in SHARES.items()}
        db.session.add(
            ScoreSheet(
                round_id=round_.id,
                judge_id=judge.id,
                application_id=application.id,
                state=SheetState.SIGNED,
                scores=scores,
                total=Decimal(total),
                assigned_at=NOW,
                saved_at=NOW,
                signed_at=NOW,
                **texts,
            )
        )
    db.session.flush()


def judged_challenge(*, totals=None, state=ChallengeState.JUDGING, **values) -> Judged:
    host = factories.make_host()
    challenge = factories.make_challenge(host=host, state=state, **values)
    totals = totals or {"A": 90, "B": 80, "C": 75, "D": 69, "E": 85, "F": 72}
    judges = make_judges(challenge)
    applications, applicants = {}, {}
    for letter in (*totals, "X"):
        startup = factories.make_organization(name=Bilingual(f"{letter}기업", f"Firm {letter}"))
        user = factories.make_user(f"대표{letter}", member_of=startup, language="en" if letter == "B" else "ko")
        applications[letter] = factories.make_application(
            challenge, startup=startup, theme=1 if letter in "EF" else 0, created_by_id=user.id,
            state=ApplicationState.INELIGIBLE if letter == "X" else ApplicationState.ELIGIBLE,
        )  # fmt: skip
        applicants[letter] = user
        if letter in totals:
            sign(
                applications[letter], judges, [totals[letter]] * 5,
                comment=f"{letter}의 총평입니다.", comments={"fit": f"{letter}의 적합성 의견"}, note="위원회만 볼 메모",
            )  # fmt: skip
    db.session.commit()
    return Judged(challenge, factories.make_user("박운영", member_of=host), applicants, applications, judges)


def proposed(scene):
    """Save what the ranking proposes."""
    proposal = services.propose_decisions(scene.challenge)
    services.set_decisions(scene.challenge, proposal, actor=scene.organizer, now=NOW)
    db.session.commit()


def decided_challenge(**values) -> Judged:
    scene = judged_challenge(**values)
    proposed(scene)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    db.session.commit()
    return scene


def published_challenge(**values) -> Judged:
    scene = decided_challenge(**values)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    db.session.commit()
    return scene


def decisions_of(scene):
    """Letter -> (outcome, prize in English or reserve rank)."""
    names = {prize.id: prize.title.en for prize in scene.challenge.prizes}
    letters = {application.id: letter for letter, application in scene.applications.items()}
    rows = db.session.scalars(sa.select(Decision).where(Decision.challenge_id == scene.challenge.id))
    return {letters[d.application_id]: (d.outcome.value, names.get(d.prize_id) or d.reserve_rank) for d in rows}
