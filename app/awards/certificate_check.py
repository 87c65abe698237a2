"""Whether a file is a certificate as it was issued: its fingerprint decides, its signature tells what happened to it."""

import hashlib
from dataclasses import dataclass

from app.awards.certificate_queries import find_by_sha256, list_signing_certificates
from app.awards.certificates.signing import Fault, find_fault
from app.awards.models import Certificate
from app.awards.states import CertificateState

REASONS = {
    Fault.NOT_A_PDF: "This is not a PDF.",
    Fault.UNSIGNED: "It bears no signature.",
    Fault.CHANGED: "It was changed after it was signed.",
    Fault.APPENDED: "Something was added to it after it was signed.",
    Fault.STRANGER: "It is signed, but by nobody who issues certificates here.",
}


@dataclass(frozen=True)
class Checked:
    """What a look at a file found; `fault` is None where the signature holds for the whole of it."""

    certificate: Certificate | None
    fault: Fault | None

    @property
    def valid(self) -> bool:
        return self.certificate is not None and not self.revoked

    @property
    def revoked(self) -> bool:
        return self.certificate is not None and self.certificate.state is CertificateState.REVOKED

    @property
    def covers_whole_file(self) -> bool:
        return self.fault is None

    @property
    def reason(self) -> str:
        if self.revoked and self.certificate is not None:
            return f"It was revoked: {self.certificate.revoked_reason}"
        if self.certificate is not None:
            return "It is exactly the file that was issued."
        if self.fault is None:
            return "It is signed by a host of this place, but it is not a certificate that was issued."
        return REASONS[self.fault]


def check_file(pdf: bytes) -> Checked:
    """Two statements. A certificate from before files were signed is known by its fingerprint alone."""
    return Checked(find_by_sha256(hashlib.sha256(pdf).hexdigest()), find_fault(pdf, list_signing_certificates()))
