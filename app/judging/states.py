"""The states of judges and score sheets, each with its table of legal moves."""

from enum import StrEnum


class JudgeState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"

    def can_become(self, target: "JudgeState") -> bool:
        return target in JUDGE_TRANSITIONS[self]


JUDGE_TRANSITIONS: dict[JudgeState, frozenset[JudgeState]] = {
    JudgeState.INVITED: frozenset({JudgeState.ACCEPTED, JudgeState.DECLINED, JudgeState.REMOVED}),
    JudgeState.ACCEPTED: frozenset({JudgeState.REMOVED}),
    JudgeState.DECLINED: frozenset({JudgeState.INVITED}),
    JudgeState.REMOVED: frozenset({JudgeState.INVITED}),
}


class SheetState(StrEnum):
    OPEN = "open"  # assigned; perhaps a draft on it
    SIGNED = "signed"  # locked
    WITHDRAWN = "withdrawn"  # the judge recused, or the organizer took the entry back; it counts nowhere

    def can_become(self, target: "SheetState") -> bool:
        return target in SHEET_TRANSITIONS[self]


# A signed sheet opens again only by the organizer, for a reason, and both versions are kept. A withdrawn one opens again
# when the entry is given to the same judge once more.
SHEET_TRANSITIONS: dict[SheetState, frozenset[SheetState]] = {
    SheetState.OPEN: frozenset({SheetState.SIGNED, SheetState.WITHDRAWN}),
    SheetState.SIGNED: frozenset({SheetState.OPEN}),
    SheetState.WITHDRAWN: frozenset({SheetState.OPEN}),
}


class ConflictKind(StrEnum):
    """The three kinds of conflict of interest in Korean practice."""

    DISQUALIFICATION = "disqualification"  # 제척: by law or rule
    OBJECTION = "objection"  # 기피: an applicant objects
    RECUSAL = "recusal"  # 회피: the judge steps back
