"""Making the PDFs of certificates in the background."""

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app

from app.awards.certificates.render import render_certificate
from app.awards.certificates.sheets import Sheet
from app.awards.models import Certificate
from app.awards.services.make_certificates import finish_certificate
from app.awards.states import CertificateState
from app.core.database import db
from app.core.jobs.registry import JobRun, job_handler

if TYPE_CHECKING:
    from app.core.storage import Storage

MOST_BYTES = 8 * 1024 * 1024


@job_handler("certificates.make")
def make_certificate(run: JobRun) -> None:
    """Draw, store and mark one certificate. The same words give the same bytes, so a second try stores the same file."""
    certificate = db.session.get(Certificate, UUID(run.payload["certificate_id"]))
    if certificate is None or certificate.state is not CertificateState.REQUESTED:
        return
    certificate_id = certificate.id
    sheet = Sheet(
        words=certificate.words["print"],
        code=certificate.code,
        base_url=current_app.config["BASE_URL"],
        made_at=certificate.requested_at,
        style=certificate.style,
    )
    db.session.rollback()  # SQLite's one writer need not wait while we draw
    storage: Storage = current_app.extensions["storage"]
    content = storage.save(BytesIO(render_certificate(sheet)), max_bytes=MOST_BYTES)
    finish_certificate(certificate_id, content, now=run.now)
