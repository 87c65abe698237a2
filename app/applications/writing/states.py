"""The three rights in an application, each holding those before it."""

from enum import StrEnum


class Right(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"  # with it: reopen, withdraw, and say who may do what

    def includes(self, other: "Right") -> bool:
        return ORDER.index(self) >= ORDER.index(other)


ORDER = (Right.VIEW, Right.EDIT, Right.SUBMIT)


class VersionKind(StrEnum):
    """How a version of a draft came about."""

    SAVED = "saved"
    RESTORED = "restored"
    KEPT_ASIDE = "kept_aside"  # texts that somebody else's stood in the way of: not part of the draft, and not lost
