"""Things that tests need, made directly as rows; each takes what matters and fills in the rest."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import LegalForm, Membership, MembershipRole, Organization, OrganizationKind, User
from app.applications.content import frozen_content
from app.applications.models import Application, Document, Submission
from app.applications.states import ApplicationState
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.form.parts import documents_of
from app.challenges.models import (
    Aggregate,
    Challenge,
    Criterion,
    Milestone,
    Prize,
    Round,
    RulesVersion,
    Theme,
)
from app.challenges.states import ChallengeState, MilestoneKind
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_sha256
from app.core.database import db

NOW = datetime(2022, 9, 20, 5, 12, tzinfo=UTC)
_numbers = count(1)
# Of the password "correct horse battery", hashed once so that tests do not wait for argon2.
PASSWORD = "correct horse battery"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$TcfBkP3E+VXap1oIX2sUFg$VTaA7rscZVffv23bflIwqEP5qx4UQEFMvYcnUpp7rHs"


SUMMARY = Question("summary", Kind.LONG_TEXT, Bilingual("제안 요약", "Summary"), limit=300)
FORM = Form(
    (
        Section("proposal", Bilingual("제안 내용", "Proposal"), questions=(SUMMARY,)),
        Section(
            "documents",
            Bilingual("제출서류", "Documents"),
            questions=(
                Question("proposal", Kind.FILE, Bilingual("제안서", "Proposal"), types=("pdf",)),
                Question(
                    "registration",
                    Kind.FILE,
                    Bilingual("사업자등록증", "Business registration certificate"),
                    required=False,
                    types=("pdf", "png", "jpg"),
                    max_age_days=90,
                    private=True,
                ),
            ),
        ),
        Section(
            "consents",
            Bilingual("동의", "Consents"),
            questions=(
                Question(
                    "privacy",
                    Kind.CONSENT,
                    Bilingual("개인정보 수집·이용 동의", "Personal data"),
                    text=Bilingual("목적 …", "Purpose …"),
                ),
                Question(
                    "sponsor",
                    Kind.CONSENT,
                    Bilingual("수요기업 제공 동의", "Sharing with the sponsor"),
                    text=Bilingual("제공 …", "Sharing …"),
                    required=False,
                    shares_with_sponsor=True,
                ),
            ),
        ),
    )
)


def seoul(text: str) -> datetime:
    """2022-09-23T17:00 in Seoul as a moment."""
    return datetime.fromisoformat(text + "+09:00").astimezone(UTC)


def make_user(
    name: str = "김하나",
    *,
    member_of: Organization | None = None,
    role: MembershipRole = MembershipRole.ADMIN,
    **values: Any,
) -> User:
    user = User(
        email=values.pop("email", f"person{next(_numbers)}@example.org"),
        name=name,
        password_hash=values.pop("password_hash", PASSWORD_HASH),
        confirmed_at=values.pop("confirmed_at", NOW),
        created_at=NOW,
        **values,
    )
    db.session.add(user)
    db.session.flush()
    if member_of is not None:
        db.session.add(Membership(user=user, organization=member_of, role=role, created_at=NOW))
        db.session.flush()
        db.session.refresh(user, ["memberships"])
    return user


def make_organization(
    kind: OrganizationKind = OrganizationKind.STARTUP, name: Bilingual | None = None, **values: Any
) -> Organization:
    number = next(_numbers)
    if kind is OrganizationKind.STARTUP:
        values.setdefault("legal_form", LegalForm.CORPORATION)
        values.setdefault("founded_on", date(2019, 3, 12))
        values.setdefault("representative", "홍길동")
    organization = Organization(
        kind=kind,
        name=name or Bilingual(f"기업{number}(가상)", f"Company {number} (fictional)"),
        created_at=NOW,
        **values,
    )
    db.session.add(organization)
    db.session.flush()
    return organization


def make_host() -> Organization:
    return make_organization(
        OrganizationKind.HOST,
        Bilingual("서울핀테크랩", "Seoul Fintech Lab"),
        accent="#2146c7",
        representative="○○○",
        certificate_post=Bilingual("대표", "CEO"),
    )


def make_sponsor() -> Organization:
    return make_organization(
        OrganizationKind.SPONSOR,
        Bilingual("신한금융지주", "Shinhan Financial Group"),
        representative="○○○",
        certificate_post=Bilingual("대표", "CEO"),
    )


def make_challenge(
    *,
    host: Organization | None = None,
    sponsor: Organization | None = None,
    state: ChallengeState = ChallengeState.PUBLISHED,
    slug: str | None = None,
    closes_at: datetime | None = None,
    **values: Any,
) -> Challenge:
    """A call like the sample's: two themes, five criteria of 100 points, three prizes, one consent of each kind; published under version 1."""
    host, sponsor = host or make_host(), sponsor or make_sponsor()
    number = next(_numbers)
    closes_at = closes_at or seoul("2022-09-23T17:00")
    public = state.is_public and state is not ChallengeState.CANCELLED
    challenge = Challenge(
        slug=slug or f"challenge-{number}",
        host_id=host.id,
        title=Bilingual("2022 서울 핀테크 챌린지(예시)", "2022 Seoul Fintech Challenge (sample)"),
        summary=Bilingual("세 과제를 함께 풀 창업기업을 찾습니다.", "We look for startups to solve three tasks."),
        description=Bilingual("**설명**", "**About**"),
        receipt_prefix=f"SF{number}-2022",
        state=state,
        opens_at=values.pop("opens_at", seoul("2022-09-05T10:00")),
        closes_at=closes_at,
        published_at=seoul("2022-09-05T10:00") if public else None,
        results_at=seoul("2022-10-28T10:00")
        if state in (ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED)
        else None,
        founded_within_years=7,
        reference_date=date(2022, 9, 5),
        region=Bilingual("서울 소재 또는 이전 확약", "Seoul, or a pledge to relocate"),
        exclusions=Bilingual("휴업·폐업\n세금 체납", "closed or suspended business\ntax arrears"),
        poc_places=6,
        poc_budget_krw_each=30_000_000,
        created_at=NOW,
        **values,
    )
    challenge.form = FORM
    db.session.add(challenge)
    db.session.flush()
    key = {"challenge_id": challenge.id}
    for i, title in enumerate(
        (Bilingual("대안신용평가", "Alternative credit scoring"), Bilingual("이상거래탐지", "Fraud detection")), 1
    ):
        db.session.add(
            Theme(**key, sponsor_id=sponsor.id, position=i, code=f"T{i}", title=title, summary=title, winners=2)
        )
    db.session.add(
        Milestone(
            **key, kind=MilestoneKind.PITCH, starts_at=seoul("2022-10-14T00:00"), ends_at=seoul("2022-10-14T18:00")
        )
    )
    for i, (ko, en, n, won) in enumerate(
        (
            ("대상", "Grand prize", 1, 30_000_000),
            ("최우수상", "First prize", 2, 15_000_000),
            ("우수상", "Excellence prize", 3, 5_000_000),
        ),
        1,
    ):
        db.session.add(Prize(**key, position=i, title=Bilingual(ko, en), count=n, amount_krw=won))
    the_round = Round(
        **key,
        position=1,
        title=Bilingual("종합평가", "Evaluation"),
        starts_at=seoul("2022-09-30T00:00"),
        ends_at=seoul("2022-10-14T18:00"),
        sheets_per_entry=5,
        aggregate=Aggregate.TRIMMED_MEAN,
        pass_mark=Decimal(70),
        bonus_cap=Decimal(5),
        tie_break=["fit", "technology", "feasibility", "chair"],
    )
    db.session.add(the_round)
    db.session.flush()
    rubric = (
        ("fit", "과제 적합성", "Fit to the theme", 30),
        ("technology", "기술 혁신성", "Technical innovation", 25),
        ("feasibility", "실증 가능성", "Feasibility of a PoC", 20),
        ("business", "사업성", "Business value", 15),
        ("team", "팀 역량", "Team", 10),
    )
    for i, (code, ko, en, points) in enumerate(rubric, 1):
        db.session.add(
            Criterion(round_id=the_round.id, position=i, code=code, title=Bilingual(ko, en), points=Decimal(points))
        )
    if public:
        db.session.add(RulesVersion(**key, number=1, content={}, sha256="0" * 64, published_at=challenge.published_at))
    db.session.flush()
    db.session.refresh(challenge)
    return challenge


def make_application(
    challenge: Challenge,
    *,
    startup: Organization | None = None,
    theme: int = 0,
    state: ApplicationState = ApplicationState.ELIGIBLE,
    **values: Any,
) -> Application:
    startup = startup or make_organization()
    number = next(_numbers)
    sent = state.is_in
    application = Application(
        challenge_id=challenge.id,
        theme_id=challenge.themes[theme].id,
        startup_id=startup.id,
        answers=values.pop("answers", {"summary": "요약"}),
        kept=[],
        form_sha256=challenge.form_sha256,
        state=state,
        receipt_number=f"{challenge.receipt_prefix}-{number:03d}" if sent else None,
        submitted_at=NOW if sent else None,
        correction_due_at=NOW + timedelta(days=3) if state is ApplicationState.CORRECTION else None,
        saved_at=NOW,
        created_at=NOW,
        **values,
    )
    db.session.add(application)
    db.session.flush()
    if sent:
        make_submission(application)
    return application


def make_submission(application: Application) -> Submission | None:
    """What the application holds now, frozen as its first submission; none for a call that never was out."""
    version = db.session.scalar(sa.select(RulesVersion).where(RulesVersion.challenge_id == application.challenge_id))
    if version is None:
        return None
    content = frozen_content(application, number=1, rules_version=version, now=NOW)
    submission = Submission(
        application_id=application.id,
        number=1,
        content=content,
        sha256=canonical_sha256(content),
        rules_version_id=version.id,
        submitted_at=NOW,
    )
    db.session.add(submission)
    db.session.flush()
    return submission


def make_document(
    application: Application, *, place: int = 0, content: bytes = b"%PDF-1.7 proposal", **values: Any
) -> Document:
    """A file handed in for one question, its content in the application's storage, as part of what was sent."""
    stored = current_app.extensions["storage"].save(BytesIO(content), max_bytes=10_000_000)
    document = Document(
        application_id=application.id,
        question=documents_of(application.challenge.form)[place].code,
        filename=values.pop("filename", "제안서.pdf"),
        media_type=values.pop("media_type", "application/pdf"),
        sha256=stored.sha256,
        size=stored.size,
        uploaded_at=NOW,
        **values,
    )
    db.session.add(document)
    db.session.flush()
    db.session.refresh(application, ["documents", "submissions"])
    for submission in application.submissions:
        version = db.session.get_one(RulesVersion, submission.rules_version_id)
        submission.content = frozen_content(application, number=submission.number, rules_version=version, now=NOW)
        submission.sha256 = canonical_sha256(submission.content)
    db.session.flush()
    return document
