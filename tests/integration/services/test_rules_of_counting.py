"""The rules of counting by worked example, and faults in them: every fault must break an example.

``RULES`` are quick stories with a known end. ``FAULTS`` put one mistake into the program; a mistake that
no story notices means that a rule is not tested.
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import make_claim, make_verified_graduate, refold_agrees, retained
from tests.factories import NOW, make_officer
from webapp.domain import books as rules_of_books
from webapp.domain import causes, chain, evidence, programme, retention
from webapp.domain.errors import Conflict, NotFound, PlatformError
from webapp.domain.evidence import Grade, VerifierInvolved
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.domain.retention import Block, CannotCount, Cause, ClaimState, EntryKind
from webapp.models import LedgerEntry, Officer, Period, PersonAlias, Placement, User
from webapp.queries import ledger as rows
from webapp.queries.standing import evidence_of
from webapp.services import closing, ledger, persons, reversals, verifications
from webapp.services.ledger import MovesNotFollowed, NothingToMove, SecondOfficerNeeded, verify_chain

FOLLOWS = "RS-FOLLOWS"
MONTH = timedelta(days=30)
PERIOD = "P15"


@pytest.fixture(autouse=True)
def programme_that_follows_moves(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = programme.rulesets()["RS-2026.1"]
    follows = dataclasses.replace(usual, id=FOLLOWS, follow_move=True)
    monkeypatch.setitem(programme.rulesets(), FOLLOWS, follows)  # type: ignore[arg-type]
    factories.make_period(session, ruleset_id=FOLLOWS)
    factories.make_period(
        session, id="P14", start_on=date(2021, 1, 1), end_on=date(2025, 12, 31), status="closed"
    )
    factories.make_period(session, id="P16", start_on=date(2031, 1, 1), end_on=date(2035, 12, 31))
    for _ in range(3):
        make_officer(session)


def hands(session: Session) -> list[User]:
    """The officers there are, the first three of them."""
    wanted = select(User).join(Officer, Officer.user_id == User.id).order_by(User.id).limit(3)
    return list(session.scalars(wanted))


def person(session: Session, key: str, **changes: object) -> Any:
    return make_verified_graduate(session, person_key=key, **changes)


def claimed(session: Session, key: str = "one", **changes: Any) -> Placement:
    about = changes.pop("about", {})
    return make_claim(session, graduate=person(session, key, **about), **changes)


def approve(session: Session, claim: Placement, *, times: int = 1, at: Any = NOW) -> Placement:
    for by in hands(session)[:times]:
        verifications.approve_placement(session, by=by, placement_id=claim.id, at=at)
    return claim


def counted(session: Session, key: str = "one", **changes: Any) -> LedgerEntry:
    return entry_of(session, approve(session, claimed(session, key, **changes)))


def entry_of(session: Session, claim: Placement) -> LedgerEntry:
    found = rows.count_of_placement(session, claim.id)
    assert found is not None
    return found


def two(session: Session) -> dict[str, int]:
    first, second, _third = hands(session)
    return {"first_id": first.id, "second_id": second.id}


def refused(session: Session, deed: Callable[[], object], refusal: type[Exception], *blocks: Block) -> None:
    """The deed is refused by its own sentence, and writes nothing (I7)."""
    before = rows.head_now(session)
    with pytest.raises(refusal) as raised, session.begin_nested():
        deed()
    if blocks:
        assert raised.value.blocks == blocks  # type: ignore[attr-defined]
    assert rows.head_now(session) == before


def total(session: Session) -> int:
    """The total by four ways that must agree, in a ledger without a fault (I2, I3, I8, I9)."""
    session.expire_all()
    assert verify_chain(session) == []
    counted = retained(session, PERIOD)
    assert all(sum(parts.values()) == counted.total for parts in counted.by.values())
    assert refold_agrees(session, PERIOD)
    assert rows.totals(session, PERIOD).total == counted.total
    return counted.total


def a_person_counts_once(session: Session) -> None:
    counted(session)
    again = claimed(session)
    refused(session, lambda: approve(session, again), CannotCount, Block.ALREADY_COUNTED)
    past_the_rule = partial(
        ledger.count_person,
        session,
        placement=again,
        person_key="one",
        period=session.get_one(Period, PERIOD),
        grade=Grade.B,
        approvers=[hands(session)[0].id],
        evidence_ids=[],
        round_number=1,
        at=NOW,
    )
    refused(session, past_the_rule, CannotCount)
    assert total(session) == 1


def a_count_says_what_it_rests_on(session: Session) -> None:
    claim = approve(session, claimed(session), at=NOW + MONTH)
    entry = entry_of(session, claim)
    assert (entry.kind, entry.delta, entry.cause, entry.grade) == (EntryKind.COUNT, 1, None, "B")
    assert (entry.unit, entry.district) == ("WH-DHGX", "420111")
    assert (entry.attributed_month, entry.posted_month) == ("2026-06", f"{NOW + MONTH:%Y-%m}")
    assert entry.evidence_ids == [one.id for one in evidence_of(session, claim.id)]
    assert entry.ruleset_id == FOLLOWS


def repeating_a_command_writes_nothing(session: Session) -> None:
    entry = counted(session)
    claim, period = session.get_one(Placement, entry.placement_id), session.get_one(Period, PERIOD)
    again = ledger.count_person(
        session,
        placement=claim,
        person_key="one",
        period=period,
        grade=Grade.B,
        approvers=[hands(session)[0].id],
        evidence_ids=[],
        round_number=1,
        at=NOW,
    )
    assert again.seq == entry.seq
    officers = two(session)
    first = ledger.cancel_count(session, seq=entry.seq, cause=Cause.R1, **officers, at=NOW)
    second = ledger.cancel_count(session, seq=entry.seq, cause=Cause.R2, **officers, at=NOW)
    assert first.seq == second.seq == rows.head_now(session).seq
    assert total(session) == 0


def a_reversal_takes_back_one_count_by_two_officers(session: Session) -> None:
    claim = approve(session, claimed(session))
    entry, (by, other, _third) = entry_of(session, claim), hands(session)
    known: dict[str, Any] = {"placement_id": claim.id, "at": NOW + MONTH}
    reversals.request_reversal(session, by=by, cause=Cause.R7, **known)
    refused(session, lambda: reversals.reverse_count(session, by=by, **known), SecondOfficerNeeded)
    reversals.reverse_count(session, by=other, **known)
    minus = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq.desc())).first()
    assert minus is not None
    assert (minus.kind, minus.delta, minus.cause, minus.cancels_seq) == (
        EntryKind.REVERSE, -1, Cause.R7, entry.seq,
    )  # fmt: skip
    assert (minus.actor_id, minus.second_actor_id) == (by.id, other.id)
    same = ("unit", "district", "attributed_month", "period_id", "person_key", "grade", "placement_id")
    assert all(getattr(minus, name) == getattr(entry, name) for name in same)
    assert (entry.posted_month, minus.posted_month) == (f"{NOW:%Y-%m}", f"{NOW + MONTH:%Y-%m}")
    assert claim.state is ClaimState.REVERSED
    assert total(session) == 0
    refused(
        session,
        lambda: ledger.cancel_count(session, seq=minus.seq, cause=Cause.R1, **two(session), at=NOW),
        NotFound,
    )
    counted(session)
    assert total(session) == 1


def a_move_is_one_pair_and_changes_no_total(session: Session) -> None:
    count = counted(session)
    move = partial(ledger.move_count, session, seq=count.seq, on=NOW.date(), **two(session))
    arrived = move(district="420106", at=NOW + MONTH)
    out = session.get_one(LedgerEntry, arrived.seq - 1)
    assert (out.kind, out.delta, out.cause, out.cancels_seq) == (
        EntryKind.MOVE_OUT, -1, Cause.R5, count.seq,
    )  # fmt: skip
    assert (out.unit, arrived.unit, arrived.district) == ("WH-DHGX", "420106", "420106")
    assert (arrived.kind, arrived.delta, arrived.cause) == (EntryKind.MOVE_IN, 1, None)
    assert {count.attributed_month} == {out.attributed_month, arrived.attributed_month}
    assert move(district="420106", at=NOW + MONTH).seq == arrived.seq
    assert total(session) == 1
    assert retained(session, PERIOD).by["unit"] == {"420106": 1}
    refused(session, lambda: move(seq=count.seq + 9, district="420106", at=NOW), NotFound)
    for place in ("420106", "430100"):
        refused(session, lambda to=place: move(seq=arrived.seq, district=to, at=NOW), NothingToMove)
    alone = {"first_id": 1, "second_id": 1}
    refused(session, lambda: move(seq=arrived.seq, district="420103", at=NOW, **alone), SecondOfficerNeeded)
    ledger.cancel_count(session, seq=arrived.seq, cause=Cause.R1, **two(session), at=NOW)
    assert total(session) == 0


def a_ruleset_that_does_not_follow_moves_leaves_the_count(session: Session) -> None:
    count = counted(session)
    session.get_one(Period, PERIOD).ruleset_id = "RS-2026.1"
    session.flush()
    move = partial(ledger.move_count, session, seq=count.seq, district="420106", on=NOW.date(), at=NOW)
    refused(session, lambda: move(**two(session)), MovesNotFollowed)
    assert retained(session, PERIOD).by["unit"] == {"WH-DHGX": 1}


def two_documents_of_one_human_count_once(session: Session) -> None:
    first, second = counted(session, "card"), counted(session, "passport")
    alias = persons.join_persons(session, duplicate_key="card", person_key="passport", **two(session), at=NOW)
    assert (alias.kind, alias.delta, alias.person_key) == (EntryKind.ALIAS, 0, "card")
    assert total(session) == 1
    gone = session.get_one(Placement, second.placement_id)
    assert gone.state is ClaimState.REVERSED, "the later of two counts goes"
    minus = session.scalars(select(LedgerEntry).where(LedgerEntry.cancels_seq == second.seq)).one()
    assert minus.cause is Cause.R6
    assert session.get_one(Placement, first.placement_id).state is ClaimState.COUNTED
    assert rows.root_of(session, "card") == "passport"
    for key in ("card", "passport"):
        again = claimed(session, key)
        refused(session, lambda claim=again: approve(session, claim), CannotCount, Block.ALREADY_COUNTED)
    persons.join_persons(session, duplicate_key="third", person_key="card", **two(session), at=NOW)
    third = claimed(session, "third")
    refused(session, lambda: approve(session, third), CannotCount, Block.ALREADY_COUNTED)
    refused(
        session,
        lambda: persons.join_persons(
            session, duplicate_key="four", person_key="five", first_id=1, second_id=1, at=NOW
        ),
        SecondOfficerNeeded,
    )


def joining_the_same_two_again_writes_nothing(session: Session) -> None:
    join = partial(persons.join_persons, session, **two(session), at=NOW)
    alias = join(duplicate_key="card", person_key="passport")
    assert join(duplicate_key="card", person_key="passport").seq == alias.seq
    refused(session, lambda: join(duplicate_key="passport", person_key="card"), Conflict)
    assert rows.head_now(session).seq == 1


def a_wrong_merge_is_undone_and_counted_again_by_hand(session: Session) -> None:
    counted(session, "card")
    counted(session, "passport")
    officers = two(session)
    persons.join_persons(session, duplicate_key="card", person_key="passport", **officers, at=NOW)
    void = persons.separate_persons(session, duplicate_key="card", **officers, at=NOW)
    assert (void.kind, void.delta) == (EntryKind.ALIAS_VOID, 0)
    assert total(session) == 1, "what the merge cancelled stays cancelled"
    assert rows.live_count(session, "card", PERIOD) is not None, "the count is the card's again"
    assert session.scalars(select(PersonAlias)).all() == []
    counted(session, "passport")
    assert total(session) == 2
    refused(
        session,
        lambda: persons.separate_persons(session, duplicate_key="card", **officers, at=NOW),
        NotFound,
    )


def a_closed_month_takes_nothing_more(session: Session) -> None:
    counted(session)
    month, after = f"{NOW:%Y-%m}", f"{NOW + MONTH:%Y-%m}"
    closed = closing.close_month(session, month=month, at=NOW)
    assert closed.totals == {PERIOD: {"WH-DHGX": 1}}
    assert counted(session, "two").posted_month == after
    late = counted(session, "three")
    ledger.cancel_count(session, seq=late.seq, cause=Cause.R1, **two(session), at=NOW)
    assert rows.totals(session).posted_in(month) == closed.totals
    assert total(session) == 2
    again = closing.close_month(session, month=month, at=NOW + MONTH)
    assert (again.seq, again.closed_at) == (closed.seq, closed.closed_at)
    refused(
        session, lambda: closing.close_month(session, month="2026-09", at=NOW + MONTH), closing.MonthNotHere
    )


def months_close_in_order(session: Session) -> None:
    closing.close_month(session, month="2026-04", at=NOW)
    refused(session, lambda: closing.close_month(session, month="2026-06", at=NOW), closing.MonthSkipped)
    closing.close_month(session, month="2026-05", at=NOW)


def any_past_day_can_be_told_again(session: Session) -> None:
    entry = counted(session)
    ledger.cancel_count(session, seq=entry.seq, cause=Cause.R1, **two(session), at=NOW + timedelta(days=1))
    counted(session, "two", district="420106", unit="420106")
    days = [NOW.date() + timedelta(days=offset) for offset in (-1, 0, 1)]
    told = [rows.replay(session, day) for day in days]
    assert [one.head.seq for one in told] == [0, 1, 3]
    assert [dict(one.totals.by_unit) for one in told] == [{}, {"WH-DHGX": 1}, {"420106": 1}]
    assert told[-1].totals == rows.totals(session)
    assert told[1].head.hash == entry.hash


def evidence_decides_how_many_officers_it_takes(session: Session) -> None:
    slips = claimed(session, "slips", proof="pay_slips", outcome_code="12")
    approve(session, slips)
    assert slips.state is ClaimState.EVIDENCED
    assert total(session) == 0
    verifications.approve_placement(session, by=hands(session)[2], placement_id=slips.id, at=NOW)
    assert slips.state is ClaimState.COUNTED
    said = claimed(session, "said", proof="self_report")
    refused(session, lambda: approve(session, said), CannotCount, Block.EVIDENCE_TOO_WEAK)
    insured = approve(session, claimed(session, "insured", proof="social_insurance"))
    assert insured.state is ClaimState.CONFIRMED
    assert retained(session, PERIOD).by["grade"] == {"A": 1, "C": 1}
    assert total(session) == 2


def who_claims_does_not_verify(session: Session) -> None:
    claim = claimed(session)
    officer = hands(session)[0]
    claim.claimed_by_id = officer.id
    session.flush()
    deed = partial(verifications.approve_placement, session, by=officer, placement_id=claim.id, at=NOW)
    refused(session, deed, VerifierInvolved)


def what_the_rule_refuses_is_refused(session: Session) -> None:
    early, late = date(2025, 8, 31), date(2031, 7, 1)
    table: list[tuple[dict[str, Any], tuple[Block, ...]]] = [
        ({"outcome_code": "80"}, (Block.CODE_NOT_COUNTED, Block.EVIDENCE_TOO_WEAK)),
        ({"district": None, "unit": None}, (Block.NOT_IN_WUHAN,)),
        ({"started_on": date(2026, 12, 1)}, (Block.NOT_STARTED,)),
        ({"about": {"degree_verified_on": None, "degree_verified_by_id": None}}, (Block.DEGREE_UNVERIFIED,)),
        ({"about": {"graduation_on": date(2026, 6, 16)}}, (Block.NOT_GRADUATED,)),
        ({"started_on": early}, (Block.BEFORE_WINDOW, Block.PERIOD_NOT_OPEN)),
        ({"started_on": date(2025, 12, 31)}, (Block.PERIOD_NOT_OPEN,)),
        ({"outcome_code": "12", "proof": "pay_slips", "pay": 2209}, (Block.PAY_BELOW_MINIMUM,)),
    ]
    for number, (changes, blocks) in enumerate(table):
        claim = claimed(session, f"refused{number}", **changes)
        refused(session, lambda claim=claim: approve(session, claim), CannotCount, *blocks)
    after = claimed(session, "late", started_on=late)
    at = NOW.replace(year=2032)
    refused(session, lambda: approve(session, after, at=at), CannotCount, Block.AFTER_WINDOW)
    only_signed = approve(session, claimed(session, "signed", outcome_code="10", proof="agreement"))
    assert only_signed.state is ClaimState.PROVISIONAL
    story = dataclasses.replace(FACTS, kind=Kind.INTERNSHIP)
    assert retention.decide(story, programme.rulesets()[FOLLOWS]).blocks == (Block.NOT_EMPLOYMENT,)
    assert total(session) == 0


def the_next_period_counts_only_a_new_graduation(session: Session) -> None:
    counted(session)
    at = NOW.replace(year=2031)
    again = claimed(session, started_on=date(2031, 2, 1), about={"graduation_on": date(2026, 6, 1)})
    refused(session, lambda: approve(session, again, at=at), CannotCount, Block.COUNTED_EARLIER)
    again.graduate.graduation_on = again.graduate.degree_verified_on = date(2031, 1, 15)
    approve(session, again, at=at)
    assert retained(session, "P16").total == total(session) == 1


def a_cause_must_fit_the_record(session: Session) -> None:
    claim = approve(session, claimed(session))
    by, at = hands(session)[0], NOW + 4 * MONTH

    def ask(cause: Cause) -> object:
        known: dict[str, Any] = {"by": by, "placement_id": claim.id, "cause": cause, "at": at}
        return reversals.request_reversal(session, **known)

    refused(session, lambda: ask(Cause.R3), causes.NotByAgreement)
    claim.ended_on = claim.started_on + timedelta(days=30)
    refused(session, lambda: ask(Cause.R4), causes.StayedLongEnough)
    claim.ended_on = claim.started_on + timedelta(days=10)
    ask(Cause.R4)
    again = claimed(session, "again", started_on=claim.ended_on + timedelta(days=5))
    again.graduate_id = claim.graduate_id
    session.flush()
    refused(session, lambda: ask(Cause.R4), causes.WorksHereAgain)


def quality_changes_no_total(session: Session) -> None:
    claim = approve(session, claimed(session))
    by, before = hands(session)[0], rows.head_now(session)
    known: dict[str, Any] = {"by": by, "placement_id": claim.id, "at": NOW}
    reversals.dispute_count(session, reason="抽查", **known)
    assert total(session) == 1
    reversals.uphold_count(session, **known)
    assert (rows.head_now(session), total(session)) == (before, 1)


def an_edit_is_found(session: Session) -> None:
    for number in range(3):
        counted(session, f"person{number}")
    written = list(rows.entries(session))
    for name, forged in (("unit", "420106"), ("delta", 0), ("actor_id", 99), ("person_root", "x")):
        edited = [
            (entry._replace(**{name: forged}) if entry.seq == 2 else entry, kept) for entry, kept in written
        ]
        assert chain.BROKEN in {one.message for one in rules_of_books.problems(edited) if one.seq == 2}
    assert {one.message for one in rules_of_books.problems(written[:1] + written[2:])} >= {
        chain.GAP, chain.UNCHAINED,
    }  # fmt: skip
    assert list(rules_of_books.problems(written)) == []


FACTS = retention.Facts(
    code="11",
    started_on=date(2026, 6, 1),
    on=NOW.date(),
    graduation_on=NOW.date(),
    degree_verified=True,
    in_wuhan=True,
    has_identity=True,
    grades=[Grade.B],
    approvals=1,
    onboarded=True,
    pay=8000,
)

RULES: list[Callable[[Session], None]] = [
    a_person_counts_once,
    a_count_says_what_it_rests_on,
    repeating_a_command_writes_nothing,
    a_reversal_takes_back_one_count_by_two_officers,
    a_move_is_one_pair_and_changes_no_total,
    a_ruleset_that_does_not_follow_moves_leaves_the_count,
    two_documents_of_one_human_count_once,
    joining_the_same_two_again_writes_nothing,
    a_wrong_merge_is_undone_and_counted_again_by_hand,
    a_closed_month_takes_nothing_more,
    months_close_in_order,
    any_past_day_can_be_told_again,
    evidence_decides_how_many_officers_it_takes,
    who_claims_does_not_verify,
    what_the_rule_refuses_is_refused,
    the_next_period_counts_only_a_new_graduation,
    a_cause_must_fit_the_record,
    quality_changes_no_total,
    an_edit_is_found,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(session: Session, rule: Callable[[Session], None]) -> None:
    rule(session)


append, said, decide = ledger.append, ledger._said, retention.decide


def without(*kinds: EntryKind) -> Callable[..., Any]:
    """Return a writer that forgets some kinds of entries."""

    def write(session: Session, *, kind: EntryKind, **columns: Any) -> Any:
        return ledger.ledger.head(session) if kind in kinds else append(session, kind=kind, **columns)

    return write


def writing(**changes: Any) -> Callable[..., Any]:
    """Return a writer that says something else where the column is said at all."""

    def write(session: Session, **columns: Any) -> Any:
        new = {name: value(columns) if callable(value) else value for name, value in changes.items()}
        return append(session, **columns | {name: one for name, one in new.items() if name in columns})

    return write


def saying(**changes: Any) -> Callable[..., Any]:
    return lambda session, count: said(session, count) | changes


def careless(**changes: Any) -> Callable[..., Any]:
    """Return a decision on rosier facts."""
    return lambda facts, ruleset: decide(dataclasses.replace(facts, **changes), ruleset)


def keep_alias(session: Session, **known: Any) -> Any:
    """Write the void, but leave the two joined."""
    alias = session.get_one(PersonAlias, known["duplicate_key"])
    kept = (alias.person_key, alias.joined_to, alias.seq)
    entry = separate(session, **known)
    session.add(PersonAlias(person_key=kept[0], joined_to=kept[1], seq=kept[2]))
    session.flush()
    return entry


def blind(block: Block) -> Callable[..., Any]:
    """Return a decision that does not see one reason."""

    def see(facts: Any, ruleset: Any) -> Any:
        verdict = decide(facts, ruleset)
        if verdict.blocks == (block,):
            return dataclasses.replace(verdict, decision=retention.Decision.COUNT, blocks=())
        return verdict

    return see


separate = persons.separate_persons
digest = chain.Entry.digest.fget

FAULTS: Mapping[str, tuple[Any, str, Any]] = {
    "no guard against a second count": (rows, "live_count", lambda *_args: None),
    "no idempotency": (rows, "entry_with_key", lambda *_args: None),
    "merging leaves both counts": (persons, "_cancel_doubles", lambda *_args, **_known: None),
    "writing to a closed month": (rows, "closed_until", lambda _session: ""),
    "a move that only arrives": (ledger, "append", without(EntryKind.MOVE_OUT)),
    "a move that only leaves": (ledger, "append", without(EntryKind.MOVE_IN)),
    "aliases ignored": (rows, "root_of", lambda _session, key: key),
    "a reversal without cause": (ledger, "append", writing(cause=None)),
    "a reversal that names no count": (ledger, "append", writing(cancels_seq=None)),
    "one officer reverses alone": (ledger, "check_two", lambda *_args: None),
    "one officer joins two persons": (persons, "check_two", lambda *_args: None),
    "sums are not kept": (ledger, "_sum_up", lambda *_args: None),
    "a reversal takes nothing away": (ledger, "SIGNS", {**ledger.SIGNS, EntryKind.REVERSE: 0}),
    "a reversal adds": (ledger, "SIGNS", {**ledger.SIGNS, EntryKind.REVERSE: 1}),
    "a reversal in another unit": (ledger, "_said", saying(unit="420103")),
    "a reversal of another month": (ledger, "_said", saying(attributed_month="2026-01")),
    "posted when it happened": (ledger, "_open_month", lambda *_args: "2026-06"),
    "counted when it was posted": (ledger, "month_of", lambda _day: "2026-07"),
    "weak evidence counts": (verifications, "decide", blind(Block.EVIDENCE_TOO_WEAK)),
    "slips need one officer": (evidence.VERIFIERS, Grade.C, 1),
    "contracts need two officers": (evidence.VERIFIERS, Grade.B, 2),
    "a degree nobody verified": (verifications, "decide", blind(Block.DEGREE_UNVERIFIED)),
    "a student counts": (verifications, "decide", blind(Block.NOT_GRADUATED)),
    "before the window": (retention, "window", lambda *_args: (date.min, date.max)),
    "a closed period counts": (retention, "PERIODS_THAT_COUNT", {"open", "closing", "closed"}),
    "a move out of the city": (ledger, "unit_of", lambda place, _on: place),
    "an agreement is enough": (verifications, "decide", careless(onboarded=True)),
    "an internship is work": (retention, "EMPLOYMENT", EMPLOYMENT | {Kind.INTERNSHIP}),
    "before the first day": (verifications, "decide", blind(Block.NOT_STARTED)),
    "below the minimum wage": (retention, "minimum_wage", lambda _day: 0),
    "any cause will do": (reversals, "check_cause", lambda *_args, **_known: None),
    "every period anew": (verifications, "decide", careless(counted_before=None)),
    "the claimant verifies": (verifications, "check_independent", lambda *_args, **_known: None),
    "moves are always followed": (programme.rulesets(), "RS-2026.1", None),
    "a merge that cannot be undone": (persons, "separate_persons", keep_alias),
    "a hash without the unit": (
        chain.Entry, "digest", property(lambda entry: digest(entry._replace(unit="", delta=1))),
    ),
    "rows that are not chained": (chain.Links, "follow", lambda *_args: iter(())),
    "a past day that knows the next": (
        rows, "start_of_day", lambda day: programme_start(day + timedelta(days=1)),
    ),
    "months closed in any order": (closing, "following", lambda _month: "2026-06"),
    "the earlier count goes": (persons, "max", min),
    "a claim outlives its count": (ledger, "move", lambda state, _event: state),
}  # fmt: skip
programme_start = rows.start_of_day


def put_in(fault: tuple[Any, str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, mistake = fault
    if isinstance(place, Mapping):
        mistake = mistake if mistake is not None else programme.rulesets()[FOLLOWS]
        monkeypatch.setitem(place, name, mistake)  # type: ignore[arg-type]
    else:
        monkeypatch.setattr(place, name, mistake, raising=name != "max")


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(session: Session, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        put_in(FAULTS[fault], patch)
        found = [rule.__name__ for rule in RULES if breaks(session, rule)]
    assert found, f"no rule notices: {fault}"


def breaks(session: Session, rule: Callable[[Session], None]) -> bool:
    """Say whether a story ends in another way than it should; nothing of it stays."""
    savepoint = session.begin_nested()
    try:
        rule(session)
    except (AssertionError, PlatformError, DBAPIError, LookupError, AttributeError, pytest.fail.Exception):
        return True
    finally:
        savepoint.rollback()
        session.expire_all()
    return False
