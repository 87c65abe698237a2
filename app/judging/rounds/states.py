"""How an entry came into a round, or was kept out of it."""

from enum import StrEnum


class Entered(StrEnum):
    RULE = "rule"  # the published rule moved it on
    ADDED = "added"  # by hand, with a reason, where the rule would not have
    LEFT_OUT = "left_out"  # by hand, with a reason, where the rule would have moved it on
