"""A whole draft, written through the services as the sample data does."""

from datetime import date
from decimal import Decimal

from app.challenges import services
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.inputs import (
    Basics,
    CriterionRow,
    Eligibility,
    PrizeRow,
    Rubric,
    Schedule,
    Step,
    Terms,
    ThemeRow,
)
from app.challenges.states import MilestoneKind
from app.core.bilingual import Bilingual
from tests.factories import NOW, make_host, make_sponsor, make_user, seoul

BASICS = Basics(
    slug="fintech-2022",
    receipt_prefix="SF-2022",
    title=Bilingual("2022 핀테크 챌린지", "2022 Fintech Challenge"),
    summary=Bilingual("세 과제를 함께 풉니다.", "Three tasks to solve together."),
    description=Bilingual("**설명**", "**About**"),
)
SCHEDULE = Schedule(
    opens_at=seoul("2022-09-21T10:00"),
    closes_at=seoul("2022-10-05T17:00"),
    steps=[
        Step(MilestoneKind.ELIGIBILITY_CHECK, seoul("2022-10-06T00:00"), seoul("2022-10-07T23:59")),
        Step(MilestoneKind.PITCH, seoul("2022-10-14T00:00"), seoul("2022-10-14T23:59")),
    ],
)
CRITERIA = [
    CriterionRow("fit", Bilingual("과제 적합성", "Fit to the theme"), Decimal(60)),
    CriterionRow("team", Bilingual("팀 역량", "Team"), Decimal(40)),
]
RUBRIC = Rubric(
    title=Bilingual("종합평가", "Evaluation"),
    starts_at=seoul("2022-10-08T00:00"),
    ends_at=seoul("2022-10-14T18:00"),
    criteria=CRITERIA,
    pass_mark=Decimal(70),
    bonus_cap=Decimal(5),
    tie_break=["fit", "chair"],
)
SUMMARY = Question("summary", Kind.LONG_TEXT, Bilingual("제안 요약", "Summary"), limit=300)
PROPOSAL = Question("proposal", Kind.FILE, Bilingual("제안서", "Proposal"), types=("pdf",))
PRIVACY = Question(
    "privacy", Kind.CONSENT, Bilingual("개인정보 동의", "Personal data"), text=Bilingual("목적 …", "Purpose …")
)
SHARING = Question(
    "sponsor", Kind.CONSENT, Bilingual("제공 동의", "Sharing"), text=Bilingual("제공 …", "Sharing …"), required=False,
    shares_with_sponsor=True,
)  # fmt: skip


def make_form(*questions, documents=(PROPOSAL,), consents=(PRIVACY, SHARING)):
    """A form of three sections."""
    return Form(
        (
            Section("proposal", Bilingual("제안 내용", "Proposal"), questions=questions or (SUMMARY,)),
            Section("documents", Bilingual("제출서류", "Documents"), questions=tuple(documents)),
            Section("consents", Bilingual("동의", "Consents"), questions=tuple(consents)),
        )
    )


PRIZES = [
    PrizeRow(Bilingual("대상", "Grand prize"), 1, 30_000_000),
    PrizeRow(Bilingual("우수상", "Excellence"), 3, 5_000_000),
]


def themes_of(*sponsors):
    return [
        ThemeRow(f"T{i}", Bilingual(f"과제 {i}", f"Theme {i}"), sponsor.id, winners=2)
        for i, sponsor in enumerate(sponsors, 1)
    ]


class Draft:
    """A complete draft with its host, sponsor and one person of each."""

    def __init__(self, *, now=NOW, sponsors=1):
        self.host = make_host()
        self.sponsors = [make_sponsor() for _ in range(sponsors)]
        self.sponsor = self.sponsors[0]
        self.organizer = make_user("박운영", member_of=self.host)
        self.reviewer = make_user("이수요", member_of=self.sponsor)
        who = {"actor": self.organizer, "now": now}
        self.challenge = services.create_challenge(self.host, BASICS, **who)
        services.set_schedule(self.challenge, SCHEDULE, **who)
        services.set_themes(self.challenge, themes_of(*self.sponsors), **who)
        services.set_eligibility(
            self.challenge,
            Eligibility(7, date(2022, 9, 5), Bilingual("서울", "Seoul"), Bilingual("휴업", "closed business")),
            **who,
        )
        services.set_form(self.challenge, make_form(), **who)
        services.set_rubric(self.challenge, RUBRIC, **who)
        services.set_prizes(self.challenge, PRIZES, **who)
        services.set_terms(self.challenge, Terms(Bilingual("권리", "Rights"), 6, 30_000_000), **who)

    def publish(self, now=NOW):
        return services.publish_challenge(self.challenge, actor=self.organizer, now=now)
