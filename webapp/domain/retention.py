"""Who counts as retained: the single home of the rule."""

from enum import StrEnum


class ClaimState(StrEnum):
    """States of a claimed outcome within a period (DOMAIN 1.7)."""

    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    PROVISIONAL = "provisional"
    COUNTED = "counted"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETURNED = "returned"
    REVERSED = "reversed"


class EntryKind(StrEnum):
    """Kinds of ledger entries (DOMAIN 1.9)."""

    COUNT = "count"
    REVERSE = "reverse"
    MOVE_OUT = "move_out"
    MOVE_IN = "move_in"
    ALIAS = "alias"


class Cause(StrEnum):
    """Causes for which a count is reversed (DOMAIN 1.7)."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
