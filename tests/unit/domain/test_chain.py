"""The digest of a ledger row is a function of what the row says, not of how it was handed over."""

from datetime import UTC, datetime

from webapp.domain.chain import GENESIS, Entry
from webapp.domain.dates import CITY
from webapp.domain.retention import EntryKind

ROW = Entry(
    seq=1,
    event_id="e",
    idempotency_key="k",
    kind=EntryKind.COUNT,
    person_key="p",
    person_root="p",
    period_id="P15",
    unit="WH-DHGX",
    district="WH-DHGX",
    delta=1,
    attributed_month="2026-07",
    posted_month="2026-08",
    cancels_seq=None,
    cause=None,
    placement_id=1,
    actor_id=1,
    second_actor_id=None,
    evidence_ids=(1,),
    grade="B",
    ruleset_id="RS-2026.1",
    created_at=datetime(2026, 8, 1, 4, 0, tzinfo=UTC),
    prev_hash=GENESIS,
)


def test_the_same_instant_in_another_zone_has_the_same_digest():
    assert ROW._replace(created_at=ROW.created_at.astimezone(CITY)).digest == ROW.digest


def test_another_instant_has_another_digest():
    assert ROW._replace(created_at=datetime(2026, 8, 1, 4, 1, tzinfo=UTC)).digest != ROW.digest
