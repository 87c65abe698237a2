"""The life of a mail from its writing to its leaving, as one table of legal moves."""

from enum import StrEnum


class MailState(StrEnum):
    HELD = "held"  # written, and waits for an organizer to read it and let it go
    EXCLUDED = "excluded"  # taken out of what is held; it may be put back until the rest goes
    QUEUED = "queued"  # goes out as soon as its time has come
    SENDING = "sending"  # handed to the mail server, whose answer is not known yet
    SENT = "sent"
    WITHDRAWN = "withdrawn"  # taken back before it went, for good

    def can_become(self, target: "MailState") -> bool:
        return target in TRANSITIONS[self]


M = MailState

# Read as "from: may become". What the server refuses goes back to the queue; only its job knows how often it was tried.
TRANSITIONS: dict[MailState, frozenset[MailState]] = {
    M.HELD: frozenset({M.QUEUED, M.EXCLUDED, M.WITHDRAWN}),
    M.EXCLUDED: frozenset({M.HELD, M.WITHDRAWN}),
    M.QUEUED: frozenset({M.SENDING, M.SENT, M.WITHDRAWN}),
    M.SENDING: frozenset({M.SENT, M.QUEUED}),
    M.SENT: frozenset(),
    M.WITHDRAWN: frozenset(),
}

WITHDRAWABLE = tuple(state for state in MailState if state.can_become(M.WITHDRAWN))
GOING = (M.QUEUED, M.SENDING)  # what a job may hand to the server


class BatchState(StrEnum):
    HELD = "held"  # its mails wait to be read, changed and let go
    SCHEDULED = "scheduled"  # its time is set; until then it can be held again
    RELEASED = "released"
    DISCARDED = "discarded"

    def can_become(self, target: "BatchState") -> bool:
        return target in BATCH_TRANSITIONS[self]


B = BatchState

BATCH_TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    B.HELD: frozenset({B.SCHEDULED, B.DISCARDED}),
    B.SCHEDULED: frozenset({B.HELD, B.RELEASED}),
    B.RELEASED: frozenset(),
    B.DISCARDED: frozenset(),
}
