"""Taking a certificate back, and giving a new one in its place.

A reissue is the next edition with a new number of its own: a number stands for one sheet of paper, so that whoever reads
only the number in the register knows which sheet is meant, and the sheet that was given before is seen to be void.
"""

from datetime import datetime

import sqlalchemy as sa

from app.accounts.models import Membership, User
from app.awards.certificate_queries import list_won
from app.awards.certificate_rules import why_not_print, why_not_reason, why_not_reissue, why_not_revoke
from app.awards.certificates.codes import serial_of
from app.awards.models import Certificate, Decision
from app.awards.services.issue_certificates import enter, find_won, lock_register
from app.awards.states import CertificateState
from app.core.audit.trail import record
from app.core.bilingual import as_language
from app.core.database import db
from app.core.errors import RuleBroken
from app.mail.services import queue_mail


def revoke_certificate(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> None:
    """Make `certificate` void from now on; the reason is shown to whoever checks it, and the winner is told."""
    _lock(certificate)
    if refusal := why_not_revoke(certificate, actor):
        raise RuleBroken(refusal)
    _require(reason)
    _void(certificate, reason=reason, actor=actor, now=now)
    for user in list_members(certificate):
        queue_mail(
            user.email,
            "awards/certificate_revoked",
            language=user.language,
            now=now,
            challenge_id=certificate.challenge_id,
            about_id=certificate.decision.application_id,
            name=user.name,
            certificate=certificate,
            facts=certificate.facts,
            challenge=certificate.challenge,
            application_id=certificate.decision.application_id,
        )


def reissue_certificate(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> Certificate:
    """Give the next edition, with the words as they are today and the next number; the present one, if it stands, is revoked."""
    challenge = certificate.challenge
    numbers = lock_register(challenge, now)
    _lock(certificate)
    latest = db.session.scalar(
        sa.select(sa.func.max(Certificate.edition)).where(
            Certificate.decision_id == certificate.decision_id, Certificate.language == certificate.language
        )
    )
    if refusal := why_not_reissue(certificate, latest or certificate.edition, actor):
        raise RuleBroken(refusal)
    language = as_language(certificate.language)
    won = find_won(certificate.decision_id, list_won(challenge))
    if refusal := why_not_print([won.award], [language]):
        raise RuleBroken(refusal)
    if certificate.state is CertificateState.ISSUED:
        _require(reason)
        _void(certificate, reason=reason, actor=actor, now=now)
    fresh = enter(challenge, won, language, numbers=numbers, edition=certificate.edition + 1, now=now)
    record(
        "awards.reissue_certificate",
        subject=fresh,
        actor=actor,
        now=now,
        challenge_id=challenge.id,
        details={
            "serial": serial_of(fresh.year, fresh.number),
            "replaces": serial_of(certificate.year, certificate.number),
        },
    )
    return fresh


def list_members(certificate: Certificate) -> list[User]:
    """The people of the startup that won."""
    decision = db.session.get_one(Decision, certificate.decision_id)
    query = sa.select(User).join(Membership, Membership.user_id == User.id)
    query = query.where(Membership.organization_id == decision.application.startup_id).order_by(User.id)
    return list(db.session.scalars(query).unique())


def _lock(certificate: Certificate) -> None:
    """Two tabs that revoke the same certificate go one after the other."""
    query = sa.select(Certificate).where(Certificate.id == certificate.id)
    db.session.scalars(query.with_for_update(of=Certificate).execution_options(populate_existing=True)).one()


def _require(reason: str) -> None:
    if refusal := why_not_reason(reason):
        raise RuleBroken(refusal, field="reason")


def _void(certificate: Certificate, *, reason: str, actor: User, now: datetime) -> None:
    if not certificate.state.can_become(CertificateState.REVOKED):
        raise RuleBroken(why_not_revoke(certificate, actor) or "")
    certificate.state, certificate.revoked_at, certificate.revoked_reason = (
        CertificateState.REVOKED,
        now,
        reason.strip(),
    )
    record(
        "awards.revoke_certificate",
        subject=certificate,
        actor=actor,
        now=now,
        challenge_id=certificate.challenge_id,
        details={"serial": serial_of(certificate.year, certificate.number), "reason": certificate.revoked_reason},
    )
