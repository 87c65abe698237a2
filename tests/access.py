"""What the table of route × role is made of: the roles, a scene that has one person in each, and a row of the table.

Every feature keeps its rows in `tests/<feature>/access_table.py` as ACCESS; `tests/test_access.py` puts them together and
demands that no route is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import Organization, User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.database import db
from app.judging.models import Judge, ScoreSheet
from app.judging.states import JudgeState
from tests import factories

# "stranger" belongs to a startup that applied to nothing; "other_organizer" to a host that runs other challenges;
# "other_sponsor" to a company without a theme here.
ROLES = ("visitor", "stranger", "startup", "judge", "sponsor", "organizer", "other_organizer", "other_sponsor")


@dataclass
class Scene:
    """One challenge with an application, a judge with a sheet for it, and one person in each role."""

    challenge: Challenge
    application: Application
    startup: Organization
    host: Organization
    sponsor: Organization
    judge: Judge
    sheet: ScoreSheet
    people: dict[str, User | None]
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row of the table.

    `codes` are the answers to each of ROLES, in their order, parted by blanks; `values` gives the address's parts, `data` what is
    posted; `state` is the challenge's, `application_state` the application's; `prepare` may change the scene first.
    `open_to_visitors` says that a visitor's 303 is the act's own end and no way to the sign-in page.
    """

    codes: str
    values: Callable[[Scene], dict[str, Any]] = lambda _scene: {}
    data: Callable[[Scene], dict[str, Any]] = lambda _scene: {}
    state: ChallengeState = ChallengeState.JUDGING
    application_state: ApplicationState = ApplicationState.ELIGIBLE
    prepare: Callable[[Scene], object] = lambda _scene: None
    open_to_visitors: bool = False

    def expected(self) -> dict[str, int]:
        codes = [int(code) for code in self.codes.split()]
        assert len(codes) == len(ROLES), f"{len(codes)} codes for {len(ROLES)} roles"
        return dict(zip(ROLES, codes, strict=True))


def make_scene(state: ChallengeState, application_state: ApplicationState) -> Scene:
    host, sponsor, startup = factories.make_host(), factories.make_sponsor(), factories.make_organization()
    challenge = factories.make_challenge(host=host, sponsor=sponsor, state=state)
    application = factories.make_application(challenge, startup=startup, state=application_state)
    person = factories.make_user("나심사")
    judge = Judge(
        challenge_id=challenge.id, user_id=person.id, email=person.email, name=person.name, state=JudgeState.ACCEPTED,
        token_sha256="a" * 64, invited_at=factories.NOW, pledged_at=factories.NOW, declared_at=factories.NOW,
    )  # fmt: skip
    db.session.add(judge)
    db.session.flush()
    sheet = ScoreSheet(
        round_id=challenge.rounds[0].id, judge_id=judge.id, application_id=application.id, assigned_at=factories.NOW
    )
    db.session.add(sheet)
    people = {
        "visitor": None,
        "stranger": factories.make_user(member_of=factories.make_organization()),
        "startup": factories.make_user(member_of=startup),
        "judge": person,
        "sponsor": factories.make_user(member_of=sponsor),
        "organizer": factories.make_user(member_of=host),
        "other_organizer": factories.make_user(member_of=factories.make_host()),
        "other_sponsor": factories.make_user(member_of=factories.make_sponsor()),
    }
    db.session.commit()
    return Scene(challenge, application, startup, host, sponsor, judge, sheet, people)
