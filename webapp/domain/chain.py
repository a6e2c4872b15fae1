"""The ledger as a chain: what is hashed, how rows hang together, what was broken."""

import hashlib
import json
from datetime import UTC, datetime
from typing import NamedTuple

from webapp.domain.retention import Cause, EntryKind
from webapp.domain.words import N_

GENESIS = "0" * 64
"""What the first entry points back to."""

_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Entry(NamedTuple):
    """One line of the ledger as it is hashed; every field takes part, the stored hash is not one."""

    seq: int
    event_id: str
    idempotency_key: str
    kind: EntryKind
    person_key: str
    person_root: str
    period_id: str
    unit: str
    district: str
    delta: int
    attributed_month: str
    posted_month: str
    cancels_seq: int | None
    cause: Cause | None
    placement_id: int | None
    actor_id: int
    second_actor_id: int | None
    evidence_ids: tuple[int, ...]
    grade: str | None
    ruleset_id: str
    created_at: datetime
    prev_hash: str

    @property
    def digest(self) -> str:
        """Return sha256 over the row as one canonical JSON array, the hash before it included."""
        row = list(self)
        row[_WRITTEN] = self.created_at.astimezone(UTC).isoformat()
        return hashlib.sha256(_canonical(row).encode()).hexdigest()


_WRITTEN = Entry._fields.index("created_at")


class Problem(NamedTuple):
    """What is wrong, in which row (0: in a table kept beside the ledger) and, there, at which key."""

    seq: int
    message: str
    where: str = ""


BROKEN = N_("内容与哈希不符，这一行被改动过")
UNCHAINED = N_("与上一行的哈希不相接")
GAP = N_("序号不连续，前面缺少记录")
BACKDATED = N_("记账时间或入账月份早于上一行")


class Links:
    """Follows the chain (invariant I9): numbers, links, digests, and time that never goes back."""

    def __init__(self) -> None:
        self.head = GENESIS
        self.seq = 0
        self._written = datetime.min.replace(tzinfo=UTC)
        self._posted = ""

    def follow(self, entry: Entry, stored: str) -> list[str]:
        """Take the next row with its stored hash and return what is broken."""
        found = []
        if entry.seq != self.seq + 1:
            found.append(GAP)
        if entry.prev_hash != self.head:
            found.append(UNCHAINED)
        if entry.digest != stored:
            found.append(BROKEN)
        if entry.created_at < self._written or entry.posted_month < self._posted:
            found.append(BACKDATED)
        self.seq, self.head = entry.seq, stored
        self._written, self._posted = entry.created_at, entry.posted_month
        return found
