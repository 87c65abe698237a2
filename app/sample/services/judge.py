"""The judges: invitations, conflicts, assignment, score sheets with the worked totals, bonus points."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from app.core.database import db
from app.judging import services
from app.judging.models import ScoreSheet
from app.sample.material import read
from app.sample.scores import spread, worked_entries
from app.sample.services.story import Event, Story

ACCEPTED = ("2022-09-20T16:00", "2022-09-21T09:30", "2022-09-21T10:00", "2022-09-21T13:00", "2022-09-22T11:00")
DECLARED = ("2022-09-30T10:30", "2022-09-30T11:05", "2022-09-30T13:40", "2022-09-30T15:15", "2022-10-01T09:20")
# When each judge writes the first sheet, how long after it comes the next one, and how long a draft waits for its signature.
PACE = (
    ("2022-10-03T10:00", timedelta(minutes=40), timedelta(minutes=20)),
    ("2022-10-04T13:00", timedelta(minutes=50), timedelta(minutes=25)),
    ("2022-10-04T09:30", timedelta(hours=26), timedelta(hours=1)),
    ("2022-10-05T19:00", timedelta(hours=30), timedelta(hours=40)),
    ("2022-10-13T09:00", timedelta(minutes=55), timedelta(minutes=30)),
)
RECUSED = "신청기업의 특허 출원을 대리한 적이 있어 회피합니다."
BONUSES = {2: ("여성기업 확인서, 서울시 우수기업 인증서", "2022-10-05T11:00"), 3: ("ICT 규제샌드박스 실증특례 승인서", "2022-10-05T11:10"), 5: ("장애인 고용 우수사업장 확인서", "2022-10-05T11:20")}  # fmt: skip


def judging_events(story: Story) -> list[Event]:
    def invite(now: datetime) -> None:
        for about in story.people.facts["judges"]:
            judge, _token = services.invite_judge(
                story.challenge, email=about["email"], name=about["name"], affiliation=about["affiliation"],
                is_chair=about.get("chair", False), actor=story.people.organizer, now=now,
            )  # fmt: skip
            story.judges.append(judge)

    def start(now: datetime) -> None:
        services.start_judging(story.challenge, actor=story.people.organizer, now=now)

    return [
        Event("2022-09-20T10:00", invite),
        *(Event(at, _accept(story, j)) for j, at in enumerate(ACCEPTED)),
        Event("2022-09-30T09:00", start),
        *(Event(at, _declare(story, j)) for j, at in enumerate(DECLARED)),
        Event("2022-10-01T10:00", _assign(story)),
        *_sheet_events(story),
        *(Event(at, _bonus(story, i, evidence)) for i, (evidence, at) in BONUSES.items()),
    ]


def _accept(story: Story, j: int) -> Callable[[datetime], None]:
    def accept(now: datetime) -> None:
        services.accept_invitation(story.judges[j], actor=story.people.judges[j], now=now)

    return accept


def _declare(story: Story, j: int) -> Callable[[datetime], None]:
    def declare(now: datetime) -> None:
        services.declare_conflicts(story.judges[j], {}, actor=story.people.judges[j], now=now)

    return declare


def _assign(story: Story) -> Callable[[datetime], None]:
    def assign(now: datetime) -> None:
        entries = range(len(worked_entries(story.sample)))
        pairs = [(judge.id, story.applications[i].id) for judge in story.judges for i in entries]
        services.apply_assignment(story.round, add=pairs, actor=story.people.organizer, now=now)
        places = {judge.id: j for j, judge in enumerate(story.judges)} | {
            a.id: i for i, a in story.applications.items()
        }
        for sheet in db.session.scalars(sa.select(ScoreSheet).where(ScoreSheet.round_id == story.round.id)):
            story.sheets[places[sheet.judge_id], places[sheet.application_id]] = sheet

    return assign


def _sheet_events(story: Story) -> list[Event]:
    events = []
    for j, (first, between, wait) in enumerate(PACE):
        written = datetime.fromisoformat(first)
        for i, entry in enumerate(worked_entries(story.sample)):
            at = written + i * between
            if entry["totals"][j] is None:
                events.append(Event(at.isoformat(), _recuse(story, j, i)))
                continue
            signed = min(at + wait, datetime.fromisoformat(f"2022-10-14T1{j}:{10 + i}"))
            events += [
                Event(at.isoformat(), _write(story, j, i, entry["totals"][j])),
                Event(signed.isoformat(), _sign(story, j, i)),
            ]
    return events


def _write(story: Story, j: int, i: int, total: int) -> Callable[[datetime], None]:
    def write(now: datetime) -> None:
        judge, remarks = story.people.judges[j], read("remarks")[story.people.judges[j].language]
        # Of two entries with one total the first gains where the theme counts, so that the tie has an end.
        scores = spread(total, story.rubric, first=0 if i == 0 else 2 + j)
        weak, strong = story.rubric[(i + j) % 5]["code"], story.rubric[(i + j + 2) % 5]["code"]
        band = "high" if total >= 80 else "middle" if total >= 65 else "low"
        services.save_sheet(
            story.sheets[j, i], scores=scores, comments={weak: remarks["weak"][weak], strong: remarks["strong"][strong]},
            comment=remarks["whole"][band][(i + j) % len(remarks["whole"][band])], actor=judge, now=now,
        )  # fmt: skip

    return write


def _sign(story: Story, j: int, i: int) -> Callable[[datetime], None]:
    def sign(now: datetime) -> None:
        services.sign_sheet(story.sheets[j, i], actor=story.people.judges[j], now=now)

    return sign


def _recuse(story: Story, j: int, i: int) -> Callable[[datetime], None]:
    def recuse(now: datetime) -> None:
        services.recuse(story.sheets[j, i], RECUSED, actor=story.people.judges[j], now=now)

    return recuse


def _bonus(story: Story, i: int, evidence: str) -> Callable[[datetime], None]:
    def add(now: datetime) -> None:
        points = Decimal(worked_entries(story.sample)[i]["bonus"])
        services.add_bonus(
            story.round, story.applications[i], points=points, evidence=evidence, actor=story.people.organizer, now=now
        )

    return add
