"""What is said against a decision, and what became of it."""

from enum import StrEnum


class AppealKind(StrEnum):
    CONCERN = "concern"  # anybody's, about an entry in the public review, before the results
    APPEAL = "appeal"  # the applicant's own, on procedure, after the results


class AppealState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    def can_become(self, target: "AppealState") -> bool:
        return target in TRANSITIONS[self]


TRANSITIONS: dict[AppealState, frozenset[AppealState]] = {
    AppealState.FILED: frozenset({AppealState.UPHELD, AppealState.DISMISSED}),
    AppealState.UPHELD: frozenset(),
    AppealState.DISMISSED: frozenset(),
}
