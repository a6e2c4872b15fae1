"""Which icon and which colour go with a state's word; the word alone must always suffice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Tone:
    """How a state is shown beside its word: ``good``, ``due``, ``bad`` or ``quiet``."""

    name: str
    icon: str


GOOD = Tone("good", "done")
WAITING = Tone("quiet", "clock")
DUE = Tone("due", "alert")
BAD = Tone("bad", "cross")
RETURNED = Tone("due", "return")
PAUSED = Tone("quiet", "pause")
DRAFT = Tone("quiet", "pen")
QUIET = Tone("quiet", "circle")

TONES: Mapping[str, Tone] = {
    "draft": DRAFT,
    "submitted": WAITING,
    "review": WAITING,
    "viewed": Tone("quiet", "eye"),
    "pending": WAITING,
    "claimed": WAITING,
    "evidenced": WAITING,
    "provisional": WAITING,
    "school_review": WAITING,
    "assessment": WAITING,
    "screened_in": Tone("good", "check"),
    "interview_scheduled": Tone("good", "clock"),
    "interviewed": Tone("good", "check"),
    "agreement_pending": WAITING,
    "invited": DUE,
    "offer_made": DUE,
    "disputed": DUE,
    "dissolve_requested": DUE,
    "returned": RETURNED,
    "approved": GOOD,
    "live": GOOD,
    "accepted": GOOD,
    "signed": GOOD,
    "agreement_signed": GOOD,
    "onboarded": GOOD,
    "probation": GOOD,
    "confirmed": GOOD,
    "verified": GOOD,
    "counted": GOOD,
    "active": GOOD,
    "met": GOOD,
    "on": GOOD,
    "within": GOOD,
    "watch": DUE,
    "behind": DUE,
    "not_met": DUE,
    "at_limit": DUE,
    "breach": DUE,
    "paused": PAUSED,
    "running": WAITING,
    "done": GOOD,
    "failed": BAD,
    "skipped": QUIET,
    "suspended": Tone("bad", "pause"),
    "no_show": BAD,
    "rejected": BAD,
    "refused": BAD,
    "breached": BAD,
    "dissolved": BAD,
    "removed": BAD,
    "reversed": BAD,
}


def tone(state: Enum | str) -> Tone:
    """Return how a state is shown; states nobody waits for are quiet."""
    return TONES.get(str(state.value) if isinstance(state, Enum) else state, QUIET)
