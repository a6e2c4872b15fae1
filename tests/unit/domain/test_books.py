"""What no row of the ledger may do to the books, by worked example."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from webapp.domain import books, chain
from webapp.domain.books import Books, Totals, problems
from webapp.domain.chain import GENESIS, Entry
from webapp.domain.dates import following
from webapp.domain.retention import Cause, EntryKind

AT = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
Line = dict[str, Any]


def line(person: str = "one", unit: str = "420106", **changes: Any) -> Line:
    return {
        "event_id": "e",
        "idempotency_key": "k",
        "kind": EntryKind.COUNT,
        "person_key": person,
        "person_root": person,
        "period_id": "P15",
        "unit": unit,
        "district": unit,
        "delta": 1,
        "attributed_month": "2026-06",
        "posted_month": "2026-08",
        "cancels_seq": None,
        "cause": None,
        "placement_id": 1,
        "actor_id": 1,
        "second_actor_id": None,
        "evidence_ids": (1,),
        "grade": "B",
        "ruleset_id": "RS-2026.1",
        "created_at": AT,
    } | changes


def minus(seq: int, person: str = "one", unit: str = "420106", **changes: Any) -> Line:
    taken = {"kind": EntryKind.REVERSE, "delta": -1, "cause": Cause.R1, "second_actor_id": 2}
    return line(person, unit, cancels_seq=seq, **taken | changes)


def moved(seq: int, there: str = "420111") -> tuple[Line, Line]:
    arrived = line(unit=there, kind=EntryKind.MOVE_IN, second_actor_id=2)
    return minus(seq, kind=EntryKind.MOVE_OUT, cause=Cause.R5), arrived


def alias(duplicate: str, root: str, kind: EntryKind = EntryKind.ALIAS, **changes: Any) -> Line:
    joined = {"person_root": root, "placement_id": None, "delta": 0, "second_actor_id": 2}
    return line(duplicate, "city", kind=kind, **joined | changes)


def void(seq: int, duplicate: str, root: str) -> Line:
    return alias(duplicate, root, EntryKind.ALIAS_VOID, cancels_seq=seq)


def sealed(*rows: Line) -> list[tuple[Entry, str]]:
    """Chain rows into a ledger whose hashes are right."""
    written: list[tuple[Entry, str]] = []
    for row in rows:
        entry = Entry(seq=len(written) + 1, prev_hash=written[-1][1] if written else GENESIS, **row)
        written.append((entry, entry.digest))
    return written


def found(*rows: Line) -> list[tuple[int, str]]:
    return [(problem.seq, problem.message) for problem in problems(sealed(*rows))]


COUNT, OTHER = line(), line("two", "420111")

SOUND: list[tuple[Line, ...]] = [
    (),
    (COUNT, OTHER),
    (COUNT, minus(1), COUNT),
    (COUNT, line(period_id="P16")),
    (COUNT, *moved(1), minus(3, unit="420111")),
    (COUNT, line(grade="C", second_actor_id=2, person_key="three", person_root="three")),
    (COUNT, OTHER, minus(2, "two", "420111"), alias("two", "one"), minus(1)),
    (OTHER, alias("two", "one"), minus(1, "two", "420111", person_root="one"), COUNT),
    (OTHER, alias("two", "one"), void(2, "two", "one"), COUNT, minus(1, "two", "420111")),
    (alias("a", "b"), alias("b", "c"), line("a", person_root="c"), minus(3, "a", person_root="c")),
]

BROKEN: list[tuple[tuple[Line, ...], list[tuple[int, str]]]] = [
    ((COUNT, COUNT), [(2, books.DOUBLE)]),
    ((COUNT, minus(9)), [(2, books.ORPHAN)]),
    ((COUNT, minus(1, unit="420111")), [(2, books.ORPHAN), (2, books.NEGATIVE)]),
    ((COUNT, minus(1, "two")), [(2, books.ORPHAN)]),
    ((COUNT, minus(1, attributed_month="2026-05")), [(2, books.ORPHAN)]),
    ((COUNT, minus(1, period_id="P16")), [(2, books.ORPHAN), (2, books.NEGATIVE)]),
    ((COUNT, OTHER, minus(1), minus(1)), [(4, books.TWICE), (4, books.NEGATIVE)]),
    ((COUNT, minus(1, second_actor_id=None)), [(2, books.UNSIGNED)]),
    ((COUNT, minus(1, second_actor_id=1)), [(2, books.UNSIGNED)]),
    ((COUNT, minus(1, cause=None)), [(2, books.UNSIGNED)]),
    ((line(delta=0),), [(1, books.WRONG_SIGN)]),
    ((line(grade="C"),), [(1, books.UNPROVED)]),
    ((line(grade="C", second_actor_id=1),), [(1, books.UNPROVED)]),
    ((line(grade="D", second_actor_id=2),), [(1, books.UNPROVED)]),
    ((line(grade=None),), [(1, books.UNPROVED)]),
    ((COUNT, moved(1)[0]), [(2, books.ONE_LEGGED)]),
    ((COUNT, moved(1)[0], OTHER), [(3, books.ONE_LEGGED)]),
    ((COUNT, minus(1), moved(1)[1]), [(3, books.ONE_LEGGED)]),
    ((COUNT, moved(1)[0], moved(1, "420106")[1]), [(3, books.ONE_LEGGED)]),
    ((COUNT, alias("two", "one"), OTHER), [(3, books.STRANGER), (3, books.DOUBLE)]),
    ((COUNT, alias("two", "one"), OTHER | {"person_root": "one"}), [(3, books.DOUBLE)]),
    ((OTHER, COUNT, alias("two", "one")), [(3, books.DOUBLE)]),
    ((alias("two", "one"), alias("two", "one")), [(2, books.STRANGER)]),
    ((alias("two", "one"), alias("one", "two")), [(2, books.STRANGER)]),
    ((alias("two", "one", second_actor_id=None),), [(1, books.UNSIGNED)]),
    ((void(9, "two", "one"),), [(1, books.UNJOINED)]),
    ((alias("two", "one"), void(1, "two", "one"), void(1, "two", "one")), [(3, books.UNJOINED)]),
    ((line(created_at=AT), line("two", created_at=AT - timedelta(seconds=1))), [(2, chain.BACKDATED)]),
    ((line(posted_month="2026-09"), line("two", posted_month="2026-08")), [(2, chain.BACKDATED)]),
]


@pytest.mark.parametrize("rows", SOUND, ids=range(len(SOUND)))
def test_a_sound_ledger_has_no_problem(rows: tuple[Line, ...]) -> None:
    assert found(*rows) == []


@pytest.mark.parametrize(("rows", "expected"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_rule_names_the_row(rows: tuple[Line, ...], expected: list[tuple[int, str]]) -> None:
    assert found(*rows) == expected


def test_who_stands_counted_after_a_merge_undone() -> None:
    kept = Books()
    rows = (OTHER, alias("two", "one"), COUNT | {"period_id": "P16"})
    assert list(problems(sealed(*rows), kept)) == []
    assert kept.live == {"P15": {"one": 1}, "P16": {"one": 3}}
    kept = Books()
    assert list(problems(sealed(*rows, void(2, "two", "one")), kept)) == []
    assert kept.live == {"P15": {"two": 1}, "P16": {"one": 3}}
    assert kept.joined == {}


def test_what_a_month_has_posted() -> None:
    kept = Books()
    rows = (COUNT, OTHER, minus(1, posted_month="2026-09"), line("three", posted_month="2026-09"))
    assert list(problems(sealed(*rows), kept)) == []
    assert kept.totals.posted_in("2026-08") == {"P15": {"420106": 1, "420111": 1}}
    assert kept.totals.posted_in("2026-09") == {}
    assert kept.totals.by_unit == {"420106": 1, "420111": 1}
    assert kept.totals.of("P16") == Totals()


@pytest.mark.parametrize(("month", "after"), [("2026-06", "2026-07"), ("2026-12", "2027-01")])
def test_the_month_after(month: str, after: str) -> None:
    assert following(month) == after
