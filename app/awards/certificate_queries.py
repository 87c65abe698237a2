"""Reading certificates: by who looks, or by the code that somebody holds in their hand."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import LegalForm, Organization, User
from app.applications.models import Application
from app.awards.certificate_rules import may_read
from app.awards.certificates.words import Award, Issuer
from app.awards.models import Certificate, Decision, SigningKey
from app.awards.states import CertificateState, Outcome
from app.challenges.models import Challenge, Milestone, Prize, Theme
from app.challenges.rules import is_organizer_of, may_observe
from app.challenges.states import MilestoneKind
from app.core.bilingual import LANGUAGES, Language
from app.core.database import db
from app.core.jobs.models import Job, JobState


@dataclass(frozen=True)
class Won:
    """A decision that selects an application, with what its certificates say."""

    decision: Decision
    award: Award


@dataclass(frozen=True)
class Register:
    """A challenge's certificates, newest edition first within each award, and how far the making is."""

    certificates: list[Certificate]
    waiting: list[tuple[Won, Language]]  # awards and languages that never had one
    failed: frozenset[UUID] = field(default_factory=frozenset)  # certificates whose making was given up

    @property
    def making(self) -> int:
        """How many are being made now."""
        return sum(c.state is CertificateState.REQUESTED and c.id not in self.failed for c in self.certificates)

    @property
    def made(self) -> int:
        return sum(c.state is not CertificateState.REQUESTED for c in self.certificates)

    def is_latest(self, certificate: Certificate) -> bool:
        return certificate.edition == self.latest_edition(certificate)

    def latest_edition(self, certificate: Certificate) -> int:
        key = certificate.decision_id, certificate.language
        return max(c.edition for c in self.certificates if (c.decision_id, c.language) == key)


def job_key(certificate_id: UUID) -> str:
    return f"certificate:{certificate_id}"


def get_challenge_for_staff(user: User, challenge_id: UUID, *, organizer: bool = False) -> Challenge | None:
    """The challenge where `user` runs it, or may read what the organizer reads (unless `organizer` is asked for)."""
    query = sa.select(Challenge).where(Challenge.id == challenge_id)
    challenge = db.session.scalar(query.options(joinedload(Challenge.host), joinedload(Challenge.staff)))
    allowed = is_organizer_of if organizer else may_observe
    return challenge if challenge is not None and allowed(user, challenge) else None


def list_won(challenge: Challenge) -> list[Won]:
    """Who was selected, in the order of the register: by prize, then theme, then receipt. Two statements."""
    query = (
        sa.select(Decision)
        .join(Decision.application)
        .join(Application.theme)
        .join(Decision.prize, isouter=True)
        .where(Decision.challenge_id == challenge.id, Decision.outcome == Outcome.SELECTED)
        .options(
            contains_eager(Decision.prize),
            contains_eager(Decision.application).contains_eager(Application.theme).joinedload(Theme.sponsor),
            contains_eager(Decision.application).joinedload(Application.startup),
        )
        .order_by(Prize.position.is_(None), Prize.position, Theme.position, Application.receipt_number)
    )
    decisions = db.session.scalars(query).all()
    if not decisions:
        return []
    day = awarded_on(challenge, decisions[0].decided_at)
    return [Won(decision, _award(challenge, decision, day)) for decision in decisions]


def awarded_on(challenge: Challenge, decided_at: datetime) -> date:
    """The day of the award: of the ceremony where there is one, else of the results, or of the decision before they are out."""
    query = sa.select(Milestone.starts_at).where(
        Milestone.challenge_id == challenge.id, Milestone.kind == MilestoneKind.AWARD_CEREMONY
    )
    moment = db.session.scalar(query) or challenge.results_at or decided_at
    return moment.astimezone(ZoneInfo(challenge.timezone)).date()


def _award(challenge: Challenge, decision: Decision, day: date) -> Award:
    application = decision.application
    startup, theme = application.startup, application.theme
    return Award(
        recipient=startup.name,
        representative=startup.representative,
        is_team=startup.legal_form is LegalForm.PRE_FOUNDER,
        challenge=challenge.title,
        theme=theme.title,
        prize=decision.prize.title if decision.prize else None,
        host=_issuer(challenge.host),
        sponsor=_issuer(theme.sponsor),
        awarded_on=day,
    )


def _issuer(organization: Organization) -> Issuer:
    return Issuer(organization.name, organization.certificate_post, organization.representative)


def get_register(challenge: Challenge) -> Register:
    """All certificates of `challenge` and the awards that wait for theirs. Four statements, however many there are."""
    query = sa.select(Certificate).where(Certificate.challenge_id == challenge.id)
    certificates = list(db.session.scalars(query.options(joinedload(Certificate.decision))))
    won = list_won(challenge)
    place = {w.decision.id: i for i, w in enumerate(won)}
    certificates.sort(key=lambda c: (place.get(c.decision_id, len(place)), LANGUAGES.index(c.language), -c.edition))
    had = {(c.decision_id, c.language) for c in certificates}
    waiting: list[tuple[Won, Language]] = [(w, x) for w in won for x in LANGUAGES if (w.decision.id, x) not in had]
    keys = {job_key(c.id): c.id for c in certificates if c.state is CertificateState.REQUESTED}
    dead = db.session.scalars(sa.select(Job.key).where(Job.key.in_(keys), Job.state == JobState.DEAD)) if keys else ()
    return Register(certificates, waiting, frozenset(keys[key] for key in dead))


def count_making(challenge_id: UUID) -> tuple[int, int]:
    """How many certificates are made, of how many. One statement."""
    done = sa.func.sum(sa.case((Certificate.state != CertificateState.REQUESTED, 1), else_=0))
    query = sa.select(sa.func.coalesce(done, 0), sa.func.count()).where(Certificate.challenge_id == challenge_id)
    made, total = db.session.execute(query).one()
    return int(made), int(total)


def get_certificate_for(user: User, certificate_id: UUID) -> Certificate | None:
    """A certificate that `user` may read, with what decides that."""
    query = sa.select(Certificate).where(Certificate.id == certificate_id)
    certificate = db.session.scalar(
        query.options(
            joinedload(Certificate.decision).joinedload(Decision.application),
            joinedload(Certificate.challenge).joinedload(Challenge.staff),
        )
    )
    return certificate if certificate is not None and may_read(certificate, user) else None


def list_certificates_of(application_id: UUID) -> list[Certificate]:
    """The certificates of one application that were made, Korean first, the latest edition of each."""
    query = (
        sa.select(Certificate)
        .join(Certificate.decision)
        .where(Decision.application_id == application_id)
        .order_by(Certificate.language.desc(), Certificate.edition.desc())
    )
    latest: dict[str, Certificate] = {}
    for certificate in db.session.scalars(query):
        latest.setdefault(certificate.language, certificate)
    return [c for c in latest.values() if c.state is not CertificateState.REQUESTED]


def find_by_code(code: str | None, serial: tuple[int, int] | None = None) -> Certificate | None:
    """The certificate with this code (and this serial, where one is given), once it is made.

    One statement whatever is asked, so that an answer's time says nothing; only who holds a code finds anything.
    """
    query = sa.select(Certificate).where(
        Certificate.code == (code or ""), Certificate.state != CertificateState.REQUESTED
    )
    if serial is not None:
        query = query.where(Certificate.year == serial[0], Certificate.number == serial[1])
    return db.session.scalar(query.options(joinedload(Certificate.challenge)))


def find_by_sha256(sha256: str) -> Certificate | None:
    """The certificate whose PDF has this fingerprint. One statement."""
    query = sa.select(Certificate).where(Certificate.sha256 == sha256)
    return db.session.scalar(query.options(joinedload(Certificate.challenge)))


def list_signing_certificates() -> list[bytes]:
    """The X.509 certificates (DER) of all keys that ever signed here. One statement."""
    return list(db.session.scalars(sa.select(SigningKey.certificate)))


def list_made(challenge_id: UUID) -> list[Certificate]:
    """Every certificate of a challenge whose PDF exists, by number. One statement."""
    query = sa.select(Certificate).where(Certificate.challenge_id == challenge_id, Certificate.sha256.is_not(None))
    return list(db.session.scalars(query.order_by(Certificate.year, Certificate.number)))


def file_name(certificate: Certificate) -> str:
    """상장_대상_가온셈랩(가상)_2022-0001.pdf, without what file systems do not take."""
    words = certificate.words["print"]
    parts = [words["title"], words["prize"], words["recipient"], f"{certificate.year}-{certificate.number:04d}"]
    safe = [re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", part).strip(" .")[:60] for part in parts]
    return "_".join(safe) + ".pdf"
