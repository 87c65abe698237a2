"""What became of the copy of a document that judges of a blind round read in its place."""

from enum import StrEnum


class CopyState(StrEnum):
    WAITING = "waiting"  # to be made, or to be made again
    READY = "ready"  # made, and nothing in it gave a doubt
    HELD = "held"  # made as far as it goes; nobody reads it before the organizer has looked
    ALLOWED = "allowed"  # the organizer looked, or put a copy of their own in its place

    @property
    def is_readable(self) -> bool:
        return self in (CopyState.READY, CopyState.ALLOWED)


class Doubt(StrEnum):
    """Why a copy cannot be let through without a look."""

    PICTURES = "pictures"  # what they show cannot be searched
    NO_TEXT = "no_text"  # a page that draws and has no letters: a scan, or letters turned into outlines
    UNREADABLE = "unreadable"  # letters whose meaning the file does not tell
    LEFT_OVER = "left_over"  # something was found and could not be taken out
    BROKEN = "broken"  # the file cannot be read, or is locked
    OTHER_KIND = "other_kind"  # a kind of file whose content is not searched
