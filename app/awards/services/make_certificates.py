"""Marking a certificate as made, and telling the winner once all of theirs are."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.awards.certificates.codes import serial_of
from app.awards.models import Certificate, Decision
from app.awards.services.revoke_certificates import list_members
from app.awards.states import CertificateState
from app.core.audit.trail import record
from app.core.database import db
from app.core.storage import StoredContent
from app.mail.services import queue_mail


def finish_certificate(
    certificate_id: UUID, content: StoredContent, *, signing_key_id: UUID | None = None, now: datetime
) -> None:
    """Record the PDF that was stored for a certificate; when it was made already, nothing happens.

    The decision's row is held meanwhile, so that of two workers who finish a winner's two certificates exactly one mails.
    """
    decision_id = sa.select(Certificate.decision_id).where(Certificate.id == certificate_id).scalar_subquery()
    db.session.execute(sa.select(Decision.id).where(Decision.id == decision_id).with_for_update())
    query = sa.select(Certificate).where(Certificate.id == certificate_id)
    certificate = db.session.scalar(query.execution_options(populate_existing=True))
    if certificate is None or not certificate.state.can_become(CertificateState.ISSUED):
        return
    certificate.state, certificate.issued_at = CertificateState.ISSUED, now
    certificate.sha256, certificate.size, certificate.signing_key_id = content.sha256, content.size, signing_key_id
    record(
        "awards.make_certificate",
        subject=certificate,
        actor=None,
        now=now,
        challenge_id=certificate.challenge_id,
        details={"serial": serial_of(certificate.year, certificate.number), "sha256": content.sha256},
    )
    _tell_when_all_are_made(certificate, now)


def _tell_when_all_are_made(certificate: Certificate, now: datetime) -> None:
    query = sa.select(Certificate).where(
        Certificate.decision_id == certificate.decision_id, Certificate.state != CertificateState.REVOKED
    )
    standing = list(db.session.scalars(query.order_by(Certificate.language.desc())))
    if any(c.state is CertificateState.REQUESTED for c in standing):
        return
    # After a reissue only the new one is news.
    fresh = [c for c in standing if c.edition == 1] if certificate.edition == 1 else [certificate]
    for user in list_members(certificate):
        queue_mail(
            user.email,
            "awards/certificate",
            language=user.language,
            now=now,
            challenge_id=certificate.challenge_id,
            about_id=certificate.decision.application_id,
            name=user.name,
            certificates=fresh,
            facts=certificate.facts,
            challenge=certificate.challenge,
            application_id=certificate.decision.application_id,
            replaces=certificate.edition > 1,
        )
