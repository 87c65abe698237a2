"""Making the PDFs of certificates in the background."""

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app

from app.awards.certificates.render import render_certificate
from app.awards.certificates.sheets import Sheet
from app.awards.certificates.signing import Signer
from app.awards.models import Certificate, SigningKey
from app.awards.services.keep_signing_keys import open_signing_key, password_of, signing_key_of
from app.awards.services.make_certificates import finish_certificate
from app.awards.states import CertificateState
from app.core.database import db
from app.core.jobs.registry import JobRun, job_handler

if TYPE_CHECKING:
    from app.core.storage import Storage

_signers: dict[UUID, Signer] = {}
MOST_BYTES = 8 * 1024 * 1024


@job_handler("certificates.make")
def make_certificate(run: JobRun) -> None:
    """Draw, sign, store and mark one certificate. Of two tries only one is marked; the file of the other is swept."""
    certificate = db.session.get(Certificate, UUID(run.payload["certificate_id"]))
    if certificate is None or certificate.state is not CertificateState.REQUESTED:
        return
    certificate_id = certificate.id
    password = password_of(current_app.config["SECRET_KEY"])
    key = signing_key_of(certificate.host_id, password=password, now=run.now)
    key_id, signer = key.id, _signer(key, password)
    sheet = Sheet(
        words=certificate.words["print"],
        code=certificate.code,
        base_url=current_app.config["BASE_URL"],
        made_at=certificate.requested_at,
        style=certificate.style,
    )
    db.session.commit()  # the key, where it is new; and SQLite's one writer need not wait while we draw
    storage: Storage = current_app.extensions["storage"]
    content = storage.save(BytesIO(make_file(sheet, signer)), max_bytes=MOST_BYTES)
    finish_certificate(certificate_id, content, signing_key_id=key_id, now=run.now)


def make_file(sheet: Sheet, signer: Signer) -> bytes:
    return signer.sign(render_certificate(sheet))


def _signer(key: SigningKey, password: bytes) -> Signer:
    """Opening a key is slow on purpose; a process does it once."""
    if key.id not in _signers:
        url = current_app.config["TIMESTAMP_URL"]
        _signers[key.id] = Signer(open_signing_key(key, password), timestamp_url=url)
    return _signers[key.id]
