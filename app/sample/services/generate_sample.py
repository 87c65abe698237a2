"""A large believable challenge for benchmarks, the same for the same seed; its many rows are written directly.

A sheet's scores are the entry's quality, the judge's severity and chance, so that severities can be found again.
"""

import copy
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.accounts.models import LegalForm, Membership, MembershipRole, Organization, OrganizationKind, User
from app.applications.content import frozen_content
from app.applications.models import (
    Application,
    CheckOutcome,
    Document,
    EligibilityCheck,
    GivenConsent,
    Submission,
)
from app.applications.rules import confirmations_asked
from app.applications.rules.completeness import consent_sha256
from app.applications.states import ApplicationState
from app.challenges.form.parts import consents_of, documents_of
from app.challenges.models import Challenge, RulesVersion
from app.core.audit.trail import record
from app.core.canonical import canonical_sha256
from app.core.database import Base, db
from app.core.errors import RuleBroken
from app.core.storage import Storage, StoredContent
from app.judging.models import Judge, ScoreSheet
from app.judging.services import start_judging
from app.judging.states import JudgeState, SheetState
from app.sample.invented import business_number, company_name, one_line, person_name, remark
from app.sample.material import published
from app.sample.papers import paper
from app.sample.services.make_people import make_people
from app.sample.services.story import Story, play
from app.sample.services.write_call import call_events
from app.sample.timetable import Stage, Timetable

NO_PASSWORD = "!"  # noqa: S105 - a hash that no password has
BATCH = 500


@dataclass(frozen=True)
class Size:
    applications: int
    judges: int
    sheets: int  # for each application


def generate_sample(size: Size, *, seed: int, storage: Storage, now: datetime) -> Challenge:
    """A challenge in judging, all sheets signed, with nobody able to sign in. Raises RuleBroken for a size that cannot be."""
    slug = f"large-{seed}-{size.applications}-{size.judges}-{size.sheets}"
    if size.sheets > size.judges:
        raise RuleBroken(f"{size.sheets} sheets for each application need at least {size.sheets} judges.")
    if db.session.scalar(sa.select(Challenge.id).where(Challenge.slug == slug)) is not None:
        raise RuleBroken(f"The sample {slug} is there already.")
    story = _call(slug, size, storage, now)
    maker = _Maker(story, random.Random(seed), seed)  # noqa: S311 - the same for the same seed
    judges = maker.make_judges(size.judges)
    maker.make_entries(size, judges)
    maker.flush(everything=True)
    challenge = story.challenge
    challenge.receipts_given = challenge.submitted_count = size.applications
    start_judging(challenge, actor=story.people.organizer, now=story.timetable.at("2022-09-30T09:00"))
    details = {"applications": size.applications, "judges": size.judges, "sheets": size.sheets, "seed": seed}
    record("sample.generate_sample", subject=challenge, actor=None, now=now, challenge_id=challenge.id, details=details)
    return challenge


def _call(slug: str, size: Size, storage: Storage, now: datetime) -> Story:
    """The sample's call with a rule that suits the number of sheets, out and closed."""
    timetable = Timetable(Stage.JUDGING, now)
    people = make_people(now=timetable.at("2022-08-15T09:00"), known_password=False)
    story = Story(
        people, timetable, storage, slug, (f" {size.applications:,}", f", {size.applications:,} applications")
    )
    story.sample = copy.deepcopy(published())
    rule = story.sample["challenge"]["scoring"]
    rule["judges_per_entry"] = size.sheets
    if size.sheets < 4:
        rule["aggregate"] = "mean"
    play(story, call_events(story))
    return story


class _Maker:
    """Makes the rows, in batches."""

    def __init__(self, story: Story, chance: random.Random, seed: int) -> None:
        self.story, self.chance, self.seed = story, chance, seed
        self.challenge = story.challenge
        self.rules_version = db.session.scalars(
            sa.select(RulesVersion).where(RulesVersion.challenge_id == self.challenge.id)
        ).one()
        self.waiting: list[Any] = []
        self.papers = {q.code: self._store(q.code) for q in documents_of(self.challenge.form) if q.required}
        self.consents = {c.code: consent_sha256(c, "ko") for c in consents_of(self.challenge.form)}

    def _store(self, code: str) -> StoredContent:
        pdf = paper("제출서류(예시)", code, (("내용", "성능을 재기 위해 만든 문서입니다."),), "ko")
        return self.story.storage.save(BytesIO(pdf), max_bytes=1024 * 1024)

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def add(self, *rows: Any) -> None:
        self.waiting += rows

    def flush(self, *, everything: bool = False) -> None:
        if everything or len(self.waiting) >= BATCH:
            for table in Base.metadata.sorted_tables:  # a row before those that lean on it
                db.session.add_all(row for row in self.waiting if row.__table__ is table)
                db.session.flush()
            for row in self.waiting:
                db.session.expunge(row)
            self.waiting = []

    def at(self, published_at: str, *, within: timedelta = timedelta(0)) -> datetime:
        return self.story.timetable.at(published_at) + within * self.chance.random()

    def person(self, what: str, i: int) -> User:
        return User(
            id=self.id(), email=f"{what}-{self.seed}-{self.challenge.id.hex[-6:]}-{i}@example.org", name=person_name(self.chance),
            password_hash=NO_PASSWORD, language="ko", session_epoch=1, confirmed_at=self.at("2022-08-20T09:00"),
            created_at=self.at("2022-08-20T09:00"), is_demo=True,
        )  # fmt: skip

    def make_judges(self, count: int) -> list[tuple[Judge, float]]:
        """Judges who accepted and declared, with their severity."""
        judges = []
        for i in range(count):
            user = self.person("judge", i)
            judge = Judge(
                id=self.id(), challenge_id=self.challenge.id, user_id=user.id, email=user.email, name=user.name,
                affiliation="평가위원(가상)", is_chair=i == 0, state=JudgeState.ACCEPTED, token_sha256=secrets.token_hex(32),
                invited_at=self.at("2022-09-20T10:00"), pledged_at=self.at("2022-09-21T10:00"), declared_at=self.at("2022-09-30T10:00"),
            )  # fmt: skip
            db.session.add(user)
            db.session.flush()
            db.session.add(judge)
            judges.append((judge, self.chance.gauss(0, 4)))
        db.session.flush()
        return judges

    def make_entries(self, size: Size, judges: list[tuple[Judge, float]]) -> None:
        turns: list[int] = []
        for i in range(size.applications):
            application = self.make_application(i)
            panel: set[int] = set()
            while len(panel) < size.sheets:
                turns = turns or self.chance.sample(range(len(judges)), len(judges))
                free = next((j for j in turns if j not in panel), None)
                if free is None:  # the rest of the round has only those who sit here already
                    turns = self.chance.sample(range(len(judges)), len(judges)) + turns
                    continue
                turns.remove(free)
                panel.add(free)
            quality = self.chance.gauss(70, 9)
            for j in sorted(panel):
                self.add(self.make_sheet(application, *judges[j], quality))
            self.flush()

    def make_application(self, i: int) -> Application:
        """A startup with its person, and its application with documents, consents, submission and check."""
        begun = self.at("2022-09-06T09:00", within=timedelta(days=10))
        sent = self.at("2022-09-16T09:00", within=timedelta(days=7, hours=8))
        user, name = self.person("startup", i), company_name(i)
        startup = Organization(
            id=self.id(), kind=OrganizationKind.STARTUP, name=name, legal_form=LegalForm.CORPORATION,
            business_number=business_number(i), founded_on=self.story.timetable.day("2019-10-01") + timedelta(days=self.chance.randrange(900)),
            representative=user.name, address="서울특별시", website="", created_at=begun, is_demo=True, version=1,
        )  # fmt: skip
        theme = self.chance.choice(self.challenge.themes)
        application = Application(
            id=self.id(), challenge_id=self.challenge.id, theme_id=theme.id, startup_id=startup.id, created_by_id=user.id,
            saved_by_id=user.id, contact_name=user.name, contact_email=user.email, contact_phone=f"02-555-{i % 10000:04d}",
            answers=self.answers(theme.code, i), kept=[], form_sha256=self.challenge.form_sha256, confirmed=self.confirmed(user, sent), state=ApplicationState.ELIGIBLE, version=4,
            receipt_number=f"{self.challenge.receipt_prefix}-{i + 1:03d}", submitted_at=sent, saved_at=sent, created_at=begun,
        )  # fmt: skip
        documents = self.documents(application, sent)
        consents = self.consents_of(application, user, sent)
        submission = self.freeze(application, startup, documents, consents, user, sent)
        check = EligibilityCheck(
            id=self.id(), application_id=application.id, outcome=CheckOutcome.ELIGIBLE, reason="",
            checked_by_id=self.story.people.organizer.id, checked_at=self.at("2022-09-27T09:00", within=timedelta(days=2)),
        )  # fmt: skip
        membership = Membership(
            id=self.id(), user_id=user.id, organization_id=startup.id, role=MembershipRole.ADMIN, created_at=begun
        )
        self.add(user, startup, membership, application, *documents, *consents, submission, check)
        return application

    def answers(self, theme: str, i: int) -> dict[str, str]:
        return {
            "summary": one_line(theme, self.chance), "plan": "가명처리한 자료로 12주 동안 효과를 잽니다.",
            "team_size": str(self.chance.randrange(2, 40)), "website": f"https://company{i}.example.org", "relocation": "yes",
        }  # fmt: skip

    def documents(self, application: Application, sent: datetime) -> list[Document]:
        return [
            Document(
                id=self.id(), application_id=application.id, question=question.code, filename=f"{question.label.ko}.pdf",
                media_type="application/pdf", sha256=self.papers[question.code].sha256, size=self.papers[question.code].size,
                issued_on=self.story.timetable.day("2022-08-30") if question.max_age_days else None, uploaded_at=sent,
            )
            for question in documents_of(self.challenge.form)
            if question.code in self.papers
        ]  # fmt: skip

    def consents_of(self, application: Application, user: User, sent: datetime) -> list[GivenConsent]:
        return [
            GivenConsent(
                id=self.id(), application_id=application.id, question=consent.code,
                given=consent.required or self.chance.random() < 0.8, text_sha256=self.consents[consent.code], language="ko",
                decided_by_id=user.id, decided_at=sent,
            )
            for consent in consents_of(self.challenge.form)
        ]  # fmt: skip

    def freeze(
        self, application: Application, startup: Organization, documents: list[Document], consents: list[GivenConsent],
        user: User, sent: datetime,
    ) -> Submission:  # fmt: skip
        """What was sent, as the service freezes it."""
        theme = next(t for t in self.challenge.themes if t.id == application.theme_id)
        seen = _Seen(application, self.challenge, theme, startup, documents, consents)
        content = frozen_content(seen, number=1, rules_version=self.rules_version, now=sent)  # type: ignore[arg-type] # reads the same attributes
        return Submission(
            id=self.id(), application_id=application.id, number=1, content=content, sha256=canonical_sha256(content),
            rules_version_id=self.rules_version.id, submitted_at=sent, submitted_by_id=user.id,
        )  # fmt: skip

    def confirmed(self, user: User, sent: datetime) -> dict[str, dict[str, str]]:
        """Every statement on eligibility, confirmed as it was sent."""
        return {c.key: {"at": sent.isoformat(), "by": str(user.id)} for c in confirmations_asked(self.challenge)}

    def make_sheet(self, application: Application, judge: Judge, severity: float, quality: float) -> ScoreSheet:
        scores: dict[str, Decimal] = {}
        for criterion in self.story.rubric:
            share = (quality + severity + self.chance.gauss(0, 5)) / 100 + self.chance.gauss(0, 0.04)
            points = min(max(round(2 * criterion["points"] * share) / 2, 0), criterion["points"])
            scores[criterion["code"]] = Decimal(str(points)).normalize()
        total = sum(scores.values(), Decimal(0))
        signed = self.at("2022-10-03T09:00", within=timedelta(days=2, hours=12))
        return ScoreSheet(
            id=self.id(), round_id=self.story.round.id, judge_id=judge.id, application_id=application.id, state=SheetState.SIGNED,
            scores={code: f"{points:f}" for code, points in scores.items()}, comments={}, comment=remark(total, self.chance), note="",
            total=total, version=3, rules_version_id=self.rules_version.id, assigned_at=self.at("2022-10-01T10:00"), saved_at=signed,
            signed_at=signed,
        )  # fmt: skip


class _Seen:
    """An application with what belongs to it, readable before any of it is stored."""

    def __init__(self, application: Application, challenge: Challenge, theme: Any, startup: Organization, documents: list[Document], consents: list[GivenConsent]) -> None:  # fmt: skip
        self._application = application
        self.challenge, self.theme, self.startup, self.documents, self.consents = (
            challenge,
            theme,
            startup,
            documents,
            consents,
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._application, name)
