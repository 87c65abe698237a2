"""The life of an application, as one table of legal moves."""

from enum import StrEnum


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    CORRECTION = "correction"  # the organizer asked for a correction, with a date of its own
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"

    def can_become(self, target: "ApplicationState") -> bool:
        return target in TRANSITIONS[self]

    @property
    def is_in(self) -> bool:
        """Whether the application is handed in and stands."""
        return self in (S.SUBMITTED, S.CORRECTION, S.ELIGIBLE, S.INELIGIBLE)


class UploadState(StrEnum):
    """A file sent in pieces is on its way, or has become a document; one that is given up is deleted."""

    RECEIVING = "receiving"
    ATTACHED = "attached"


S = ApplicationState

# Read as "from: may become". A submitted one that is reopened before the close is a draft again, its last submission kept.
TRANSITIONS: dict[ApplicationState, frozenset[ApplicationState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.DRAFT, S.WITHDRAWN, S.ELIGIBLE, S.INELIGIBLE, S.CORRECTION}),
    S.WITHDRAWN: frozenset({S.DRAFT}),
    S.CORRECTION: frozenset({S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE}),
    S.ELIGIBLE: frozenset({S.INELIGIBLE}),
    S.INELIGIBLE: frozenset({S.ELIGIBLE}),
}
