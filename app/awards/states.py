"""What the committee decides on an entry, and the life of a certificate."""

from enum import StrEnum


class Outcome(StrEnum):
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"


class CertificateState(StrEnum):
    REQUESTED = "requested"  # the job that makes the PDF is on its way
    ISSUED = "issued"
    REVOKED = "revoked"

    def can_become(self, target: "CertificateState") -> bool:
        return target in TRANSITIONS[self]


TRANSITIONS: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.REQUESTED: frozenset({CertificateState.ISSUED}),
    CertificateState.ISSUED: frozenset({CertificateState.REVOKED}),
    CertificateState.REVOKED: frozenset(),
}
