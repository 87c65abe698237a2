"""Entering certificates into the register, and having their PDFs made.

A number is given in the transaction that writes the certificate's row, under the lock of the register's row: what is rolled
back gives its number back, so a killed worker leaves no gap. The PDF comes later, from a job.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.awards.certificate_queries import Register, Won, get_register, job_key
from app.awards.certificate_rules import why_not_handle, why_not_issue
from app.awards.certificates.codes import new_code, serial_of
from app.awards.certificates.words import freeze
from app.awards.models import Certificate, CertificateRegister
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.bilingual import Language
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.jobs.models import Job
from app.core.jobs.queue import enqueue, retry

STYLE = "classic"


def issue_certificates(challenge: Challenge, *, actor: User, now: datetime) -> list[Certificate]:
    """Enter a certificate in each language for every winner that has none, and have them made; returns the new ones.

    What was given up on is tried again. Raises RuleBroken with the sentence to show, before anything is written, where
    a name cannot be printed.
    """
    if reason := why_not_handle(challenge, actor):
        raise RuleBroken(reason)
    numbers = lock_register(challenge, now)
    register = get_register(challenge)
    tried_again = _try_again(register, now)
    if reason := why_not_issue(challenge, actor, [won.award for won, _language in register.waiting]):
        if tried_again and not register.waiting:
            record(
                "awards.issue_certificates", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
                details={"serials": [], "tried_again": tried_again},
            )  # fmt: skip
            return []
        raise RuleBroken(reason)
    issued = [
        enter(challenge, won, language, numbers=numbers, edition=1, now=now) for won, language in register.waiting
    ]
    record(
        "awards.issue_certificates",
        subject=challenge,
        actor=actor,
        now=now,
        challenge_id=challenge.id,
        details={"serials": [serial_of(c.year, c.number) for c in issued]},
    )
    return issued


def lock_register(challenge: Challenge, now: datetime) -> CertificateRegister:
    """The host's register of the year in which the entry is made, held until the transaction ends; begun where it is new."""
    # No correction changes who won while certificates are entered.
    db.session.refresh(challenge, ["state"], with_for_update={"read": True})
    year = now.astimezone(ZoneInfo(challenge.timezone)).year
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"host_id": challenge.host_id, "year": year, "last_number": 0}
    db.session.execute(insert(CertificateRegister).values(**row).on_conflict_do_nothing())
    query = sa.select(CertificateRegister).where(
        CertificateRegister.host_id == challenge.host_id, CertificateRegister.year == year
    )
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def enter(
    challenge: Challenge,
    won: Won,
    language: Language,
    *,
    numbers: CertificateRegister,
    edition: int,
    now: datetime,
) -> Certificate:
    """Write one certificate with the next number of the locked register, its words frozen, and the job that makes it."""
    numbers.last_number += 1
    certificate = Certificate(
        challenge_id=challenge.id,
        decision_id=won.decision.id,
        host_id=challenge.host_id,
        year=numbers.year,
        number=numbers.last_number,
        code=new_code(),
        language=language,
        edition=edition,
        style=STYLE,
        words=freeze(won.award, language, year=numbers.year, number=numbers.last_number),
        awarded_on=won.award.awarded_on,
        requested_at=now,
    )
    db.session.add(certificate)
    db.session.flush()
    enqueue("certificates.make", {"certificate_id": str(certificate.id)}, key=job_key(certificate.id), now=now)
    return certificate


def _try_again(register: Register, now: datetime) -> int:
    keys = [job_key(certificate_id) for certificate_id in register.failed]
    jobs = db.session.scalars(sa.select(Job).where(Job.key.in_(keys))).all() if keys else []
    for job in jobs:
        retry(job, now=now)
    return len(jobs)


def find_won(decision_id: UUID, wons: list[Won]) -> Won:
    """The award behind a decision. Raises RuleBroken when it is none any more."""
    found = next((won for won in wons if won.decision.id == decision_id), None)
    if found is None:
        raise RuleBroken(_("The decision no longer selects this application."))
    return found
